"""Contributions and their papers are found as the record has them, from the transaction that publishes them on."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from plenara.accounts.personal_data.erasure import ErasureChoice, erase
from plenara.contributions import actions
from plenara.contributions.actions import papers, revise, withdraw
from plenara.contributions.models import Byline, Edition, Extraction, Paper
from plenara.contributions.queries.signatures import draft_digest
from plenara.core.tasks import run_all
from plenara.moderation.actions import decide_campaign, remove, restore, take_out
from plenara.moderation.models import Campaign, Code
from plenara.search.actions import repair
from plenara.search.entries import kind_of
from plenara.search.models import Entry
from plenara.search.queries.results import Asked, newest
from plenara.search.query import parse
from tests import world

pytestmark = pytest.mark.django_db


def found(text="", kind="contribution", **filters):
    """Return the ids of what is found, the newest first; the index is what the record would give, whatever was done."""
    assert repair.errors() == []
    page = newest(Asked(parse(text), {"kind": [kind], **{name: [value] for name, value in filters.items()}}))
    return [hit.object_id for hit in page.hits]


def test_what_is_pending_is_not_found_and_what_is_published_is(pending, moderator):
    assert found("meeting") == []

    edition = world.decided(pending, moderator).editions.get()

    assert found("meeting") == [edition.pk]
    assert found("meetings", language="en") == [edition.pk]
    assert found("meeting", language="fr") == []


def test_what_is_returned_or_rejected_is_not_found(author, moderator, thread):
    for code, reason in ((Code.RETURNED, "R3"), (Code.REJECTED, "R3")):
        world.decided(world.submitted(author, thread, f"Not published: {code}."), moderator, code, reason=reason)

    assert not Entry.objects.exists()


def test_a_publication_that_does_not_come_about_leaves_nothing_in_the_index(pending, moderator):
    def publish_in_vain():
        with transaction.atomic():
            world.decided(pending, moderator)
            assert found("meeting")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish_in_vain()
    assert found("meeting") == []
    assert not Entry.objects.exists()


def test_a_withdrawal_that_fails_leaves_what_was_found(edition, author):
    def withdraw_in_vain():
        with transaction.atomic():
            withdraw(actor=author, contribution=edition.contribution)
            assert found("meeting") == []
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        withdraw_in_vain()
    assert found("meeting") == [edition.pk]


def test_what_is_withdrawn_is_not_found(edition, author):
    withdraw(actor=author, contribution=edition.contribution)

    assert found("meeting") == []
    assert not Entry.objects.exists()


def test_what_is_removed_is_not_found_until_it_is_restored(edition, moderator):
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R3")
    assert not Entry.objects.exists()

    restore(actor=moderator, kind="contribution", pk=edition.contribution_id)
    assert found("meeting") == [edition.pk]
    assert found("author:Diallo") == [edition.pk]


def test_a_revision_is_found_by_its_own_words_and_no_more_by_those_before(edition, author, moderator):
    revise(actor=author, contribution=edition.contribution, text="Better words.", language="en")
    assert found("meeting") == [edition.pk], "the published edition stays while the revision waits"

    world.decided(edition.contribution, moderator)

    assert found("meeting") == []
    (pk,) = found("better")
    assert Edition.objects.get(pk=pk).revision == 1
    assert found(f"{edition.symbol}/Rev.1") == [pk]


def test_it_is_found_by_symbol_thread_group_country_channel_and_signatory(edition, thread, consultation):
    for symbol in (edition.symbol, edition.symbol.lower(), consultation.symbol, f"{consultation.symbol}/Q1"):
        assert found(symbol) == [edition.pk], symbol
    for filters in (
        {"thread": str(thread.pk)},
        {"consultation": str(consultation.pk)},
        {"group": "civil_society"},
        {"country": "ML"},
        {"channel": "web"},
        {"author": "aminata sahel"},
    ):
        assert found("meeting", **filters) == [edition.pk], filters
    assert found("auteur:numérique") == [edition.pk], "the organization"
    assert found("meeting", thread=str(consultation.threads.get(number=2).pk)) == []


def test_a_withheld_name_or_country_is_in_no_entry(moderator, thread):
    shy = world.person("Very Shy", withholds_name=True, withholds_country=True, country="ML")
    edition = world.published(shy, moderator, thread)

    assert found("meeting") == [edition.pk]
    assert found("author:Shy") == []
    assert found("meeting", country="ML") == []
    (entry,) = Entry.objects.all()
    assert "shy" not in entry.filters
    assert "¤y" not in entry.filters


def test_an_erased_name_is_not_found_though_the_words_are(edition, author):
    assert found("author:Diallo") == [edition.pk]

    erase(actor=author, choice=ErasureChoice.PARTICIPANT)

    assert found("meeting") == [edition.pk]
    assert found("author:Diallo") == found("author:sahel") == []
    assert found("meeting", country="ML") == [edition.pk], "the figures rest on it"


def test_words_that_go_with_an_account_are_not_found(edition, author):
    erase(actor=author, choice=ErasureChoice.TOMBSTONES)

    assert not Entry.objects.exists()


def test_a_person_who_signed_with_the_author_is_found_until_they_are_erased(participant, moderator, thread):
    lena = world.person("Lena Fischer", organization="Netzwerk Berlin", capacity="organization")
    draft = actions.save_draft(actor=participant, thread=thread, key="k", text=world.WORDS, language="en")
    (asked,) = actions.ask_to_sign(actor=participant, draft=draft, addresses=[lena.email], language="en")
    actions.confirm(
        signatory=asked,
        sha256=draft_digest(draft),
        name="Lena Fischer",
        stakeholder_group="civil_society",
        capacity="organization",
        organization="Netzwerk Berlin",
        country="DE",
    )
    contribution = actions.submit(actor=participant, thread=thread, text=world.WORDS, language="en", key="k")
    edition = world.decided(contribution, moderator).editions.get()
    assert found("author:Okafor") == found("author:Fischer") == found("author:Berlin") == [edition.pk]

    erase(actor=lena, choice=ErasureChoice.PARTICIPANT)

    assert found("author:Fischer") == found("author:Berlin") == []
    assert found("author:Okafor") == [edition.pk]


def test_a_campaign_s_text_is_found_once_in_the_first_and_then_in_the_next(moderator, thread):
    campaign = world.campaign(thread, 3)
    decide_campaign(actor=moderator, campaign=campaign, code=Code.APPROVED, until=10**9)
    first, second, third = Edition.objects.order_by("number")
    assert found("network open") == [first.pk]

    withdraw(actor=first.contribution.author, contribution=first.contribution)
    assert found("network open") == [second.pk]

    revise(actor=second.contribution.author, contribution=second.contribution, text="My own words.", language="en")
    world.decided(second.contribution, moderator)
    assert found("network open") == [third.pk]
    assert len(found("own words")) == 1


def test_a_campaign_s_text_is_found_by_the_names_of_all_who_sent_it_until_they_leave(moderator, thread):
    decide_campaign(actor=moderator, campaign=world.campaign(thread, 4), code=Code.APPROVED, until=10**9)
    first, second, third, fourth = Edition.objects.order_by("number")
    assert found('"Person 0"') == found('"Person 2"') == found("author:Person") == [first.pk]

    withdraw(actor=second.contribution.author, contribution=second.contribution)
    assert found('"Person 1"') == []

    erase(actor=third.contribution.author, choice=ErasureChoice.PARTICIPANT)
    assert found('"Person 2"') == []

    withdraw(actor=first.contribution.author, contribution=first.contribution)
    assert found('"Person 0"') == []
    assert found('"Person 3"') == [third.pk]

    revise(actor=fourth.contribution.author, contribution=fourth.contribution, text="My own words.", language="en")
    world.decided(fourth.contribution, moderator)
    assert found('"Person 3"') == list(fourth.contribution.editions.filter(in_force=True).values_list("pk", flat=True))


def test_a_withheld_name_in_a_campaign_is_in_no_entry(moderator, thread):
    campaign = world.campaign(thread, 3)
    Byline.objects.filter(name="Person 1").update(name="", withheld=True)
    decide_campaign(actor=moderator, campaign=campaign, code=Code.APPROVED, until=10**9)

    assert len(found('"Person 0"')) == 1
    assert found('"Person 1"') == []


def test_what_is_taken_out_of_a_campaign_is_found_by_itself(moderator, thread):
    decide_campaign(actor=moderator, campaign=world.campaign(thread, 3), code=Code.APPROVED, until=10**9)
    first, second, third = Edition.objects.order_by("number")

    take_out(actor=moderator, campaign=Campaign.objects.get(), pk=second.contribution_id)
    assert set(found("network open")) == {first.pk, second.pk}
    assert found('"Person 1"') == [second.pk]

    take_out(actor=moderator, campaign=Campaign.objects.get(), pk=first.contribution_id)
    assert set(found("network open")) == {first.pk, second.pk, third.pk}


@pytest.fixture
def with_paper(author, moderator, thread, tmp_path, settings):
    """A published contribution with a paper whose words are not read yet."""
    settings.DOCUMENTS = tmp_path / "documents"
    draft = actions.save_draft(actor=author, thread=thread, key="p", text="See the paper.", language="en")
    actions.attach(actor=author, draft=draft, data=b"Submarine cables need redundancy.", name="cables.txt")
    contribution = actions.submit(actor=author, thread=thread, text="See the paper.", language="en", key="p")
    return world.decided(contribution, moderator).editions.get()


def test_a_paper_is_found_once_its_words_were_read_and_goes_with_its_contribution(with_paper, author):
    assert found("redundancy", kind="paper") == []

    run_all()

    assert found("redundancy", kind="paper") == [with_paper.pk]
    assert found("cables", kind="paper") == [with_paper.pk]
    assert found("redundancy") == [], "the contribution has other words"
    assert found("redundancy author:Diallo", kind="paper") == [with_paper.pk]

    withdraw(actor=author, contribution=with_paper.contribution)
    assert not Entry.objects.exists()


def test_papers_that_nobody_read_are_queued_once(with_paper):
    run_all()
    Paper.objects.update(extraction=Extraction.NONE, text="")
    repair.repair_index()

    assert papers.enqueue_missing_extractions() == 1
    assert papers.enqueue_missing_extractions() == 0
    assert Paper.objects.get().extraction == Extraction.WAITING


def test_a_paper_of_a_million_characters_is_one_thing_in_several_parts(with_paper):
    Paper.objects.update(
        text="Cables of the first page. " + "word of the middle " * 50_000 + "and the last page: zebras."
    )
    repair.repair_index()

    assert Entry.objects.filter(kind="paper").count() > 1
    for word in ("cables", "middle", "zebras"):
        page = newest(Asked(parse(word), {"kind": ["paper"]}))
        assert ([hit.object_id for hit in page.hits], page.count, page.next) == ([with_paper.pk], 1, None)


def test_what_is_found_is_shown_with_its_byline_in_two_queries_however_many(thread, django_assert_num_queries):
    world.many(thread, 40)
    ids = list(Edition.objects.values_list("pk", flat=True))
    kind = kind_of("contribution")
    for some in (ids[:2], ids):
        with django_assert_num_queries(2):
            things = kind.found(some)
            assert {each.byline.stakeholder_group for each in things.values()}
            assert all(each.consultation.slug in each.url and each.thread_number == 1 for each in things.values())
        assert things.keys() == set(some)


def test_what_is_gone_is_not_shown_whatever_was_found(edition, author):
    withdraw(actor=author, contribution=edition.contribution)

    assert kind_of("contribution").found([edition.pk]) == kind_of("paper").found([edition.pk]) == {}


def test_publishing_asks_a_few_queries_more_whatever_the_size_of_the_index(author, moderator, thread):
    counts = []
    for more in (0, 200):
        world.many(thread, more)
        repair.repair_index()
        contribution = world.submitted(author, thread, f"Text after {more}.")
        with CaptureQueriesContext(connection) as asked:
            world.decided(contribution, moderator)
        counts.append(sum("search_" in each["sql"] for each in asked.captured_queries))
    assert counts[0] == counts[1] < 15


def test_a_byline_is_no_reason_to_be_found_where_it_was_blanked(edition):
    Byline.objects.update(name="", organization="")
    repair.repair_index()

    assert found("author:Diallo") == []
