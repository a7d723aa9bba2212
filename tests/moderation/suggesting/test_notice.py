"""What is noticed about a text that came in, and when."""

import pytest

from plenara.contributions.actions import revise, withdraw
from plenara.core import clock, tasks
from plenara.core.models import BackgroundTask
from plenara.moderation.actions import suggestions
from plenara.moderation.models import Campaign, CampaignMember, Item, Likeness, Suggestion
from tests import world

pytestmark = pytest.mark.django_db

LETTER = world.LETTER


def look():
    """Make the suggestions that are enqueued, and nothing else."""
    BackgroundTask.objects.exclude(task="moderation.make_suggestions").update(done_at=clock.now())
    tasks.run_all()
    assert not BackgroundTask.objects.filter(task="moderation.make_suggestions", done_at=None).exists()


def found(contribution):
    return {each.what: each.details for each in Suggestion.objects.filter(object_id=contribution.pk)}


def copies(thread, how_many, text=LETTER):
    made = [world.submitted(world.person(f"Person {n}"), thread, text) for n in range(how_many)]
    look()
    return made


def test_a_text_waits_before_it_was_looked_at_and_the_desk_says_nothing(pending):
    item = Item.objects.get()
    assert not item.is_flagged
    assert not Suggestion.objects.exists()


def test_an_address_in_the_text_is_noticed_where_it_stands(author, thread):
    text = "Ask me: aminata@reseau-sahel.org, or come to our office on any working day."
    contribution = world.submitted(author, thread, text, title="An offer")
    look()
    [[kind, start, end]] = found(contribution)["personal"]["places"]
    assert (kind, f"An offer\n{text}"[start:end]) == ("mail", "aminata@reseau-sahel.org")
    assert Item.objects.get().is_flagged


def test_no_words_of_the_author_are_stored_with_what_was_noticed(author, thread):
    contribution = world.submitted(author, thread, "Ask me: aminata@reseau-sahel.org, or see https://reseau.example/x")
    look()
    assert "aminata" not in str(found(contribution))
    assert found(contribution)["links"] == {"links": 1}


def test_links_are_noticed_in_a_first_contribution_alone(author, moderator, thread):
    world.published(author, moderator, thread, "Something that is published.")
    contribution = world.submitted(author, thread, "See https://reseau.example/x and https://reseau.example/y")
    look()
    assert "links" not in found(contribution)


def test_another_language_than_declared_is_noticed_with_its_share(author, thread):
    text = "Nous demandons que les documents soient publiés trois semaines avant la réunion, dans nos langues."
    contribution = world.submitted(author, thread, text, "en")
    look()
    assert found(contribution)["language"] == {"found": "fr", "share": 100}


def test_many_accounts_from_one_place_within_an_hour_are_noticed(thread):
    people = [world.person(f"Person {n}", joined_from="a" * 64) for n in range(10)]
    alone = world.person("Alone", joined_from="b" * 64)
    one, other = (world.submitted(who, thread, f"Words of {who.name}.") for who in (people[0], alone))
    look()
    assert found(one)["sign_ups"] == {"accounts": 10}
    assert found(other) == {}


def test_what_the_organizer_switched_off_is_not_noticed(author, thread, consultation):
    consultation.suggestions_off = ["personal", "links", "language", "same"]
    consultation.save()
    contribution = world.submitted(author, thread, "Demandez à aminata@reseau-sahel.org, ou voyez https://reseau.org/x")
    copies(thread, 3)
    assert found(contribution) == {}
    assert not Campaign.objects.exists()
    assert Likeness.objects.exists()  # so that it can be switched on again


def test_two_that_are_the_same_know_of_each_other(thread):
    one, other = copies(thread, 2)
    assert found(one)["same"] == {"with": [[other.pk, 100]]}
    assert found(other)["same"] == {"with": [[one.pk, 100]]}
    assert not Campaign.objects.exists()


def test_three_that_are_the_same_are_a_campaign_and_the_first_represents_all(thread):
    contributions = copies(thread, 5)
    campaign = Campaign.objects.get()
    assert campaign.first_id == contributions[0].pk
    assert list(campaign.members.order_by("object_id").values_list("shared", flat=True)) == [100] * 5
    assert set(Item.objects.values_list("campaign", flat=True)) == {campaign.pk}
    assert set(Likeness.objects.values_list("object_id", flat=True)) == {contributions[0].pk}


def test_one_person_s_three_copies_are_no_campaign(author, thread, elsewhere):
    for n in range(3):
        world.submitted(author, thread, f"{LETTER} {n}")
    look()
    assert not Campaign.objects.exists()


def test_the_same_words_below_another_question_are_noticed_and_not_grouped(thread, consultation):
    one, _other = copies(thread, 2)
    third = world.submitted(world.person("Third"), consultation.threads.get(number=2), LETTER)
    look()
    assert [one.pk, 100] in found(third)["same"]["with"]
    assert not Campaign.objects.exists()


def test_a_text_with_one_more_not_is_another_text(thread):
    contributions = copies(thread, 3)
    turned = LETTER.replace("should be made in public", "should not be made in public")
    opposite = world.submitted(world.person("Opposite"), thread, turned)
    look()
    assert "same" not in found(opposite)
    assert CampaignMember.objects.count() == len(contributions)


def test_looking_again_changes_nothing(thread):
    copies(thread, 4)
    before = [list(each.objects.order_by("pk").values()) for each in (Campaign, CampaignMember, Suggestion, Likeness)]
    BackgroundTask.objects.filter(task="moderation.make_suggestions").update(done_at=None)
    for queued in BackgroundTask.objects.filter(task="moderation.make_suggestions"):
        version_id = int(queued.key.rsplit("-", 1)[1])
        BackgroundTask.objects.filter(pk=queued.pk).update(arguments={"of": "contribution", "version_id": version_id})
    look()
    after = [list(each.objects.order_by("pk").values()) for each in (Campaign, CampaignMember, Suggestion, Likeness)]

    def without(rows):
        return [[{k: v for k, v in row.items() if k != "at"} for row in each] for each in rows]

    assert without(before) == without(after)


def test_a_person_who_sends_other_words_leaves_the_campaign_and_the_next_one_is_first(thread, moderator):
    contributions = copies(thread, 4)
    first = contributions[0]
    world.decided(first, moderator, "RETURNED_FOR_REVISION", reason="R1")
    revise(actor=first.author, contribution=first, text="Something else that I have to say about it.", language="en")
    look()
    assert Campaign.objects.get().first_id == contributions[1].pk
    assert not CampaignMember.objects.filter(object_id=first.pk).exists()
    assert set(Likeness.objects.values_list("object_id", flat=True)) == {first.pk, contributions[1].pk}


def test_a_withdrawn_text_is_no_longer_found(thread):
    contributions = copies(thread, 4)
    withdraw(actor=contributions[0].author, contribution=contributions[0])
    assert Campaign.objects.get().first_id == contributions[1].pk
    assert not Likeness.objects.filter(object_id=contributions[0].pk).exists()


def test_a_text_that_was_withdrawn_before_the_look_is_not_looked_at(pending):
    withdraw(actor=pending.author, contribution=pending)
    look()
    assert not Suggestion.objects.exists() and not Likeness.objects.exists()


def test_the_bands_can_be_made_again(thread):
    one, other = copies(thread, 2)
    kept = sorted(Likeness.objects.values_list("object_id", "band"))
    Likeness.objects.all().delete()
    suggestions.rebuild_likeness("contribution", thread.consultation_id, [one.pk, other.pk])
    assert sorted(Likeness.objects.values_list("object_id", "band")) == kept


def test_what_an_import_brought_is_compared_with_what_comes_later(thread, moderator, monkeypatch):
    monkeypatch.setattr(suggestions, "LEARNED_AT_ONCE", 2)
    for contribution in copies(thread, 3):
        world.decided(contribution, moderator)
    kept = sorted(Likeness.objects.values_list("object_id", "band"))
    Likeness.objects.all().delete()
    suggestions.learn.call(of="contribution", consultation_id=thread.consultation_id)
    tasks.run_all()
    assert len(Likeness.objects.values("object_id").distinct()) == 3
    assert set(kept) <= set(Likeness.objects.values_list("object_id", "band"))


def test_what_was_undone_is_flagged_and_grouped_as_before(thread, moderator):
    from plenara.moderation.actions import undo

    contributions = copies(thread, 3)
    world.decided(contributions[1], moderator, "REJECTED", reason="R1")
    decision = contributions[1].consultation.decisions.get()
    undo(actor=moderator, decision=decision)
    item = Item.objects.get(object_id=contributions[1].pk)
    assert item.is_flagged
    assert item.campaign == Campaign.objects.get()


def test_ten_thousand_words_are_looked_at_as_any_others(author, thread, consultation):
    consultation.word_limit = None
    consultation.save()
    words = " ".join(f"word{n % 977} and" for n in range(5000)) + " 2004 12 13 " * 200 + "x@y." * 300
    contribution = world.submitted(author, thread, words)
    look()
    assert Likeness.objects.filter(object_id=contribution.pk).exists()
