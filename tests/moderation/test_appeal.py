"""An appeal: once for a decision, within thirty days, decided by somebody who did not take it."""

import datetime

import pytest
from django.core import mail

from plenara.consultations.models import Consultation, Role
from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition, Version
from plenara.core import clock, tasks
from plenara.core.models import AuditEntry, Revision
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.moderation.actions import appeal, decide_appeal, remove, restore
from plenara.moderation.models import UNDO_TIME, Appeal, Code, Decision, Item
from plenara.moderation.queries.decisions import appeals_without_moderator
from tests import world

pytestmark = pytest.mark.django_db

WHY = "The sentence is a quotation from the report, not my words."


@pytest.fixture
def consultation(noon, db):
    """An open consultation, from ten days before noon to ten days after."""
    return world.consultation()


@pytest.fixture
def later(noon):
    """A minute after noon, when what was decided at noon is final."""

    def at_time(**span):
        return clock.at(noon + datetime.timedelta(**(span or {"minutes": 1})))

    return at_time


@pytest.fixture
def rejected(author, moderator, thread, noon):
    return world.decided(world.submitted(author, thread), moderator, Code.REJECTED, reason="R3")


@pytest.fixture
def returned(author, moderator, thread, noon):
    return world.decided(world.submitted(author, thread), moderator, Code.RETURNED, reason="R3")


@pytest.fixture
def removed(edition, moderator, noon):
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R3")
    return edition.contribution


def appealed(author, contribution, text=WHY):
    decision = Decision.objects.filter(object_id=contribution.pk).latest("number")
    return appeal(actor=author, kind="contribution", pk=contribution.pk, decision_id=decision.pk, text=text)


def decided(who, one, outcome=Appeal.Status.UPHELD, answer="It is a quotation, and marked as one."):
    return decide_appeal(actor=who, appeal_id=one.pk, outcome=outcome, answer=answer)


def emails():
    """Send what is enqueued, and return the letters about appeals."""
    mail.outbox.clear()
    tasks.run_all()
    return [each for each in mail.outbox if "appeal" in each.subject or "recours" in each.subject]


# --- appealing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["rejected", "returned", "removed"])
def test_what_was_returned_rejected_or_removed_can_be_appealed_and_is_pending(
    state, author, later, request, consultation
):
    contribution = request.getfixturevalue(state)
    before = Revision.objects.get(cache_tag=consultation.cache_tag).number if state == "removed" else None
    with later():
        made = appealed(author, contribution)
        item = Item.objects.get()
        assert (item.why, item.appeal, item.author, item.since) == ("appeal", made, author, made.at)
    if before:
        assert Revision.objects.get(cache_tag=consultation.cache_tag).number > before, "the register shows it"


def test_the_record_of_it_holds_no_words(author, rejected, later):
    with later():
        appealed(author, rejected)
    act = AuditEntry.objects.get(verb="moderation.appealed")
    assert act.details == {"decision": 1}


def test_a_double_click_is_one_appeal(author, rejected, later):
    with later():
        assert appealed(author, rejected) == appealed(author, rejected)
    assert Item.objects.count() == Appeal.objects.count() == 1


def test_a_decision_is_appealed_once(author, rejected, other_moderator, later):
    with later():
        decided(other_moderator, appealed(author, rejected), Appeal.Status.OVERRULED)
        with pytest.raises(NotPermitted, match="only once"):
            appealed(author, rejected, "Once more.")


def test_on_the_last_day_it_is_taken_and_on_the_next_not(author, rejected, thread, moderator, later):
    # The consultation is in Zurich, where the thirtieth day ends at 23:00 UTC.
    with later(days=31, hours=0), pytest.raises(NotPermitted, match="The 30 days for an appeal have ended"):
        appealed(author, rejected)
    with later(days=30, hours=10):
        assert appealed(author, rejected)


def test_a_decision_that_can_still_be_undone_is_not_appealed(author, rejected, later):
    with later(seconds=29), pytest.raises(NotPermitted, match="a moment ago"):
        appealed(author, rejected)
    with later(seconds=UNDO_TIME.seconds):
        assert appealed(author, rejected)


def test_only_its_author_appeals(participant, moderator, rejected, later):
    for someone in (participant, moderator):
        with later(), pytest.raises(NotPermitted, match="Only the author"):
            appealed(someone, rejected)


def test_in_an_archive_nothing_is_appealed(author, rejected, consultation, later):
    Consultation.objects.update(stage="archived")
    with later(), pytest.raises(NotPermitted, match="archived"):
        appealed(author, rejected)


def test_an_approval_is_not_appealed(author, edition, noon):
    with pytest.raises(NotPermitted, match="no decision"):
        appealed(author, edition.contribution)


@pytest.mark.parametrize(("text", "sentence"), [(" … ", "Say why"), ("x" * 5001, "5001 characters")])
def test_what_an_appeal_must_be(text, sentence, author, rejected, later):
    with later(), pytest.raises(InvalidInput, match=sentence):
        appealed(author, rejected, text)


def test_an_appeal_against_an_older_decision_is_refused(author, moderator, returned, later):
    with later(hours=1):
        revise(actor=author, contribution=returned, text="Other words.", language="en")
        world.decided(returned, moderator, Code.REJECTED, reason="R5")
    with later(hours=2), pytest.raises(AlreadyDone, match="another decision"):
        appeal(
            actor=author, kind="contribution", pk=returned.pk, decision_id=Decision.objects.get(number=1).pk, text=WHY
        )


def test_whoever_sends_again_takes_the_appeal_back(author, returned, moderator, other_moderator, later):
    with later():
        made = appealed(author, returned)
        revise(actor=author, contribution=returned, text="Other words.", language="en")
        made.refresh_from_db()
        assert (made.status, made.decided_at) == ("withdrawn", clock.now())
        assert list(Item.objects.values_list("why", flat=True)) == ["pending"]
        with pytest.raises(AlreadyDone, match="withdrawn the appeal"):
            decided(other_moderator, made)


def test_whoever_withdraws_takes_the_appeal_back(author, returned, later):
    with later():
        made = appealed(author, returned)
        withdraw(actor=author, contribution=returned)
    made.refresh_from_db()
    assert made.status == "withdrawn"
    assert not Item.objects.exists()


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_upheld_what_was_rejected_is_published_by_a_decision_that_overrules_the_first(
    author, rejected, other_moderator, later
):
    with later():
        one = decided(other_moderator, appealed(author, rejected))
    rejected.refresh_from_db()
    assert (rejected.state, rejected.number) == ("published", 1)
    first, second = Decision.objects.all()
    assert (second.code, second.overrules, second.moderator) == (Code.APPROVED, first, other_moderator)
    assert (one.status, one.role, one.decided_at) == ("upheld", "moderator", second.at)
    edition = Edition.objects.get()
    assert edition.text.content == world.WORDS
    assert not edition.admitted_after_closing
    assert not Item.objects.exists()


def test_upheld_after_closing_it_is_admitted_after_closing(author, returned, other_moderator, later):
    with later(days=20):
        decided(other_moderator, appealed(author, returned))
        assert Edition.objects.get().admitted_after_closing


def test_upheld_what_was_removed_is_restored(author, removed, other_moderator, later):
    with later(days=20):
        decided(other_moderator, appealed(author, removed))
    removed.refresh_from_db()
    assert removed.state == "published"
    assert Decision.objects.latest("number").code == Code.RESTORED
    edition = Edition.objects.get()
    assert (edition.status, edition.admitted_after_closing) == ("published", False)


def test_upheld_a_revision_succeeds_the_edition_that_stands(author, edition, moderator, other_moderator, later):
    contribution = edition.contribution
    revise(actor=author, contribution=contribution, text="Other words.", language="en")
    world.decided(contribution, moderator, Code.REJECTED, reason="R3")
    with later():
        decided(other_moderator, appealed(author, contribution))
    assert Edition.objects.get(in_force=True).symbol.endswith("/Rev.1")


def test_overruled_the_decision_stands(author, rejected, other_moderator, later):
    with later():
        one = decided(other_moderator, appealed(author, rejected), Appeal.Status.OVERRULED, "It is still about her.")
    rejected.refresh_from_db()
    assert (rejected.state, one.status) == ("rejected", "overruled")
    assert Decision.objects.count() == 1
    assert not Item.objects.exists()


def test_the_author_gets_one_email_with_the_reason_in_their_language(author, rejected, other_moderator, later):
    with later():
        made = appealed(author, rejected)
        emails()
        decided(other_moderator, made)
        (email,) = emails()
        assert email.to == [author.email]
        assert email.extra_headers["Content-Language"] == "fr"
        assert "It is a quotation, and marked as one." in email.body
        assert "dans une autre langue" in email.body
        assert "/c/" in email.body
        assert f"/fr/my/contributions/{rejected.pk}/" in email.body
        assert emails() == []


def test_the_email_about_a_decision_says_where_and_until_when_to_appeal(author, rejected, later):
    with later():
        tasks.run_all()
    body = mail.outbox[-1].body
    assert f"/fr/my/contributions/{rejected.pk}/appeal/" in body
    assert "13 novembre 2026" in body


def test_a_person_who_took_the_decision_does_not_decide_again(author, rejected, moderator, later):
    with later(), pytest.raises(NotPermitted, match="You took this decision yourself"):
        decided(moderator, appealed(author, rejected))


def test_with_a_single_moderator_the_organizer_decides(author, rejected, organizer, later):
    with later():
        assert decided(organizer, appealed(author, rejected)).role == "organizer"


def test_the_author_does_not_decide_whatever_their_role(author, rejected, consultation, later):
    with later():
        made = appealed(author, rejected)
        with pytest.raises(NotPermitted, match="You wrote this text yourself"):
            decided(world.grant(author, consultation, "organizer"), made)


def test_two_moderators_decide_once_and_the_second_hears_who_was_first(
    author, rejected, other_moderator, organizer, later
):
    with later():
        made = appealed(author, rejected)
        decided(other_moderator, made)
        with pytest.raises(AlreadyDone, match=r"Jean Moreau .* Upheld"):
            decided(organizer, made, Appeal.Status.OVERRULED)
    assert Decision.objects.count() == 2


@pytest.mark.parametrize(
    ("outcome", "answer", "sentence"),
    [("", "Why.", "Choose"), ("pending", "Why.", "Choose"), ("upheld", "", "reason"), ("upheld", "x" * 1001, "1001")],
)
def test_what_the_decision_on_it_must_be(outcome, answer, sentence, author, rejected, other_moderator, later):
    with later():
        made = appealed(author, rejected)
        with pytest.raises(InvalidInput, match=sentence):
            decided(other_moderator, made, outcome, answer)
    assert Item.objects.count() == 1


def test_words_that_were_erased_in_the_meantime_are_not_published(author, rejected, other_moderator, later):
    with later():
        made = appealed(author, rejected)
        text = Version.objects.get().text
        text.content, text.erased_at = "", clock.now()
        text.save()
        with pytest.raises(InvalidInput, match="erased"):
            decided(other_moderator, made)
        assert decided(other_moderator, made, Appeal.Status.OVERRULED).status == "overruled"


def test_while_an_appeal_waits_what_was_removed_is_restored_through_it(author, removed, moderator, later):
    with later():
        appealed(author, removed)
        with pytest.raises(NotPermitted, match="has appealed"):
            restore(actor=moderator, kind="contribution", pk=removed.pk)


def test_organizers_have_a_task_when_nobody_is_left_to_decide(author, thread, organizer, consultation, later):
    contribution = world.decided(world.submitted(author, thread), organizer, Code.REJECTED, reason="R3")
    with later():
        appealed(author, contribution)
    (task,) = appeals_without_moderator(organizer, [consultation])
    assert "Appoint another moderator" in task.sentence
    assert task.url.endswith("/roles/")
    someone = world.grant(world.person("Newly appointed"), consultation, "moderator")
    assert appeals_without_moderator(organizer, [consultation]) == []
    Role.objects.filter(person=someone).update(name="rapporteur")
    assert appeals_without_moderator(organizer, [consultation])


# --- the views --------------------------------------------------------------------------------------------------------


@pytest.mark.once
def test_the_author_reads_what_it_means_appeals_and_sees_it_wait(sign_in, author, rejected, later):
    client, page = sign_in(author), f"/en/my/contributions/{rejected.pk}/appeal/"
    with later():
        shown = client.get(page).content.decode()
        assert "until 13 November 2026" in shown
        assert "Discusses a person instead of a view" in shown
        decision = Decision.objects.get().pk
        empty = client.post(page, {"decision": decision, "text": ""})
        assert empty.status_code == 422
        long = client.post(page, {"decision": decision, "text": "word " * 10_000})
        assert long.status_code == 422
        assert long.content.decode().count("word ") >= 10_000, "nothing typed is lost"
        answer = client.post(page, {"decision": decision, "text": "Because <b>I</b> quoted."}, follow=True)
    shown = answer.content.decode()
    assert "Waiting for a moderator who did not take the decision" in shown
    assert "Because &lt;b&gt;I&lt;/b&gt; quoted." in shown
    assert "<textarea" not in shown


@pytest.mark.once
def test_the_page_says_in_a_sentence_why_a_decision_cannot_be_appealed(sign_in, author, participant, rejected, later):
    page = f"/en/my/contributions/{rejected.pk}/appeal/"
    with later(days=40):
        assert (
            "You can no longer appeal. The 30 days for an appeal have ended."
            in sign_in(author).get(page).content.decode()
        )
        assert sign_in(author).post(page, {"decision": Decision.objects.get().pk, "text": WHY}).status_code == 403
    assert sign_in(participant).get(page).status_code == 404


@pytest.mark.once
def test_another_moderator_finds_it_in_the_queue_and_decides(sign_in, author, rejected, other_moderator, later):
    client = sign_in(other_moderator)
    with later():
        made = appealed(author, rejected, "Because <i>I</i> quoted.")
        page = f"/en/desk/moderation/appeals/{made.pk}/"
        assert f'href="{page}"' in client.get("/en/desk/moderation/").content.decode()
        shown = client.get(page).content.decode()
        assert "Because &lt;i&gt;I&lt;/i&gt; quoted." in shown
        assert "Ana Prieto" in shown
        assert client.post(page, {"outcome": "upheld"}).status_code == 422
        chosen = {"outcome": "upheld", "answer": "A quotation.", "answer_language": "en"}
        email = client.post(page, chosen)
        assert "Votre recours est accepté" in email.content.decode()
        assert 'lang="fr"' in email.content.decode()
        assert Decision.objects.count() == 1, "nothing is sent that was not shown"
        assert client.post(page, {**chosen, "shown": email.context["digest"]}).status_code == 302
        other = {"outcome": "overruled", "answer": "No."}
        again = client.post(page, other).context["digest"]
        answer = client.post(page, {**other, "shown": again}, follow=True)
    assert "has already decided on this appeal" in answer.content.decode()
    assert "A quotation." in answer.content.decode()
    assert "A quotation." in sign_in(author).get(f"/en/my/contributions/{rejected.pk}/appeal/").content.decode()


@pytest.mark.once
def test_a_person_who_took_the_decision_sees_why_they_cannot_decide(sign_in, author, rejected, moderator, later):
    with later():
        made = appealed(author, rejected)
        shown = sign_in(moderator).get(f"/en/desk/moderation/appeals/{made.pk}/").content.decode()
    assert "You took this decision yourself" in shown
    assert 'name="outcome"' not in shown


@pytest.mark.once
def test_readers_see_that_it_was_admitted_after_closing(client, author, returned, other_moderator, later):
    with later(days=20):
        decided(other_moderator, appealed(author, returned))
        for page in ("contributions/1/", "threads/1/"):
            shown = client.get(f"/en/consultations/internet-governance/{page}").content.decode()
            assert "Accepted after the closing date" in shown
