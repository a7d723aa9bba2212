"""Requests for correction in the moderators' queue: decided on like contributions, with the decisions that apply."""

import datetime

import pytest

from plenara.core import clock
from plenara.core.models import BackgroundTask
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.exports.presenters import moderation
from plenara.moderation import actions as desk
from plenara.moderation.models import Appeal, Code, Decision, Item
from plenara.moderation.queries import queue
from plenara.moderation.queries.register import RegisterFilters, all_entries, register_page
from plenara.summaries.corrections import actions
from tests import world
from tests.summaries.answers import body
from tests.summaries.corrections import making

pytestmark = pytest.mark.django_db

QUEUE = "/en/desk/moderation/"


@pytest.fixture
def waiting(author, thread):
    """A pending contribution beside the request."""
    return world.submitted(author, thread, "Another text, which waits too.")


def test_approved_it_has_a_number_its_words_a_frozen_byline_and_a_day_for_its_answer(participant, correction):
    participant.name = "Somebody Else"
    participant.save()
    it = making.fresh(correction)
    assert (it.state, it.number, it.text, it.language) == ("published", 1, making.WORDS, "en")
    assert (it.name, it.stakeholder_group, it.byline.country) == ("Daniel Okafor", "civil_society", "NG")
    assert it.due_day == it.published_at.astimezone(it.consultation.zone).date() + datetime.timedelta(days=14)


def test_numbers_count_in_the_summary(participant, author, moderator, published):
    assert making.published(participant, moderator, published).number == 1
    assert making.published(author, moderator, published, "And this.").number == 2


def test_the_queue_shows_both_kinds_each_with_what_it_is_about(moderator, sign_in, asked, waiting):
    page = sign_in(moderator).get(QUEUE).content.decode()
    assert "Request for correction" in page
    assert "Statement 1" in page
    assert "Question 1" in page
    page, count = queue.rows(moderator)
    assert count == 2
    assert {row.url for row in page.rows} == {
        f"{QUEUE}correction/{asked.pk}/",
        f"{QUEUE}contribution/{waiting.pk}/",
    }


def test_the_queue_can_be_asked_for_one_kind(moderator, sign_in, asked, waiting):
    page = sign_in(moderator).get(f"{QUEUE}?kind=correction").content.decode()
    assert f"{QUEUE}correction/{asked.pk}/" in page
    assert f"{QUEUE}contribution/{waiting.pk}/" not in page


def test_its_page_shows_the_statement_and_offers_neither_moving_nor_leaving_out(moderator, sign_in, asked):
    page = sign_in(moderator).get(f"{QUEUE}correction/{asked.pk}/").content.decode()
    assert "Documents come too late." in page
    assert making.WORDS in page
    assert "Decide on a request for correction" in page
    assert 'value="MOVED"' not in page
    assert "/redact/" not in page
    assert "of 300" in page


def test_it_is_approved_from_that_page(moderator, sign_in, asked):
    version = asked.versions.get()
    answer = sign_in(moderator).post(f"{QUEUE}correction/{asked.pk}/", {"code": "APPROVED", "version": version.pk})
    assert answer.status_code == 302
    with making.later(seconds=30):
        run_all()
    assert making.fresh(asked).state == "published"


def test_it_is_rejected_only_with_the_email_that_was_shown(moderator, sign_in, asked):
    version = asked.versions.get()
    sent = {"code": "REJECTED", "reason": "C3", "version": version.pk, "sentence_language": "en"}
    client = sign_in(moderator)
    page = client.post(f"{QUEUE}correction/{asked.pk}/", sent)
    assert "Your request for correction was not published" in page.content.decode()
    assert making.fresh(asked).state == "pending"
    shown = page.context["digest"]
    assert client.post(f"{QUEUE}correction/{asked.pk}/", {**sent, "shown": shown}).status_code == 302
    assert making.fresh(asked).state == "rejected"


def test_moving_or_leaving_words_out_is_refused_with_a_sentence(moderator, asked, consultation):
    version = asked.versions.get()
    about = {"actor": moderator, "kind": "correction", "pk": asked.pk, "version_id": version.pk}
    with pytest.raises(InvalidInput, match="does not belong to a question"):
        desk.decide(**about, code=Code.MOVED, thread=consultation.threads.get(number=1))
    with pytest.raises(NotPermitted, match="You cannot leave words out of this text"):
        desk.propose_redaction(**about, text="Less.", reason="R7")


def test_a_moderator_who_asked_does_not_decide_on_it(moderator, other_moderator, published):
    own_correction = making.asked(moderator, published)
    with pytest.raises(NotPermitted, match="wrote this text yourself"):
        making.decided(own_correction, moderator)
    assert making.decided(own_correction, other_moderator).state == "published"


def test_the_second_of_two_moderators_hears_who_was_first(moderator, other_moderator, asked):
    version = asked.versions.get()
    making.decided(asked, moderator)
    with pytest.raises(AlreadyDone, match="Ana Prieto"):
        desk.decide(
            actor=other_moderator, kind="correction", pk=asked.pk, version_id=version.pk, code="REJECTED", reason="C1"
        )


def test_the_person_who_asked_is_notified_in_their_language(author, moderator, published, mailoutbox):
    made = making.asked(author, published, language="fr")
    making.decided(made, moderator, Code.REJECTED, reason="C3", sentence="Please be polite.")
    with making.later(minutes=1):
        run_all()
    email = next(each for each in mailoutbox if "Please be polite." in each.body)
    assert email.to == [author.email]
    assert f"/fr/my/corrections/{made.pk}/" in email.body
    assert f"/fr/my/appeals/correction/{made.pk}/" in email.body
    assert "(anglais)" in email.body  # the sentence is in another language, and is marked so


def test_returned_it_can_be_sent_again_and_is_decided_on_anew(participant, moderator, other_moderator, asked):
    returned = making.decided(asked, moderator, Code.RETURNED, reason="C3")
    assert returned.state == "returned"
    version = actions.send_again(
        actor=participant, correction=returned, text="In other words.", language="en", key="again"
    )
    twice = actions.send_again(
        actor=participant, correction=returned, text="In other words.", language="en", key="again"
    )
    assert version == twice
    assert Item.objects.get(kind="correction").was_returned
    it = making.decided(making.fresh(asked), other_moderator)
    assert (it.state, it.text) == ("published", "In other words.")
    assert Decision.objects.filter(kind="correction", object_id=asked.pk).count() == 2


def test_only_a_text_that_was_returned_is_sent_again_and_only_in_time(participant, moderator, asked):
    with pytest.raises(NotPermitted, match="returned"):
        actions.send_again(actor=participant, correction=asked, text="More.", language="en")
    returned = making.decided(asked, moderator, Code.RETURNED, reason="C3")
    with making.later(days=38), pytest.raises(NotPermitted, match="The time for requests has ended"):
        actions.send_again(actor=participant, correction=returned, text="More.", language="en")


def test_a_decision_can_be_undone_within_half_a_minute_and_what_is_published_cannot(moderator, asked):
    making.decided(asked, moderator, Code.REJECTED, reason="C3")
    decision = Decision.objects.get(kind="correction")
    desk.undo(actor=moderator, decision=decision)
    assert making.fresh(asked).state == "pending"
    assert not BackgroundTask.objects.filter(key=f"decision-{decision.pk}").exists()
    making.decided(making.fresh(asked), moderator, can_undo=True)
    desk.undo(actor=moderator, decision=Decision.objects.get(kind="correction", undone_at=None))
    assert making.fresh(asked).state == "pending"
    making.decided(making.fresh(asked), moderator)
    with pytest.raises(NotPermitted, match="you can remove it"):
        desk.undo(actor=moderator, decision=Decision.objects.get(kind="correction", undone_at=None))


def test_claims_and_holds_work_as_for_contributions(moderator, other_moderator, asked):
    item = Item.objects.get(kind="correction")
    assert desk.claim(actor=moderator, item=item)
    with pytest.raises(InvalidInput, match="Ana Prieto"):
        making.decided(asked, other_moderator)
    day = clock.now().date() + datetime.timedelta(days=3)
    desk.hold(actor=moderator, item=Item.objects.get(pk=item.pk), reason="We ask the rapporteur.", until=day)
    assert queue.count(moderator) == 0


def test_removed_a_notice_stays_and_restored_its_words_come_back(moderator, sign_in, client, correction):
    desk.remove(actor=moderator, kind="correction", pk=correction.pk, reason="C4")
    gone = making.fresh(correction)
    assert (gone.state, gone.text, gone.name, gone.byline) == ("removed", "", "", None)
    page = sign_in(moderator).get(f"{QUEUE}correction/{correction.pk}/published/")
    assert "Restore a request for correction" in body(page)
    public = body(client.get("/en/consultations/internet-governance/summaries/1/corrections/"))
    assert "Request 1 was removed by a moderator on" in public
    assert "Reason: Unlawful or harmful content" in public
    assert making.WORDS not in public
    desk.restore(actor=moderator, kind="correction", pk=correction.pk)
    back = making.fresh(correction)
    assert (back.state, back.text, back.name) == ("published", making.WORDS, "Daniel Okafor")


def test_it_is_removed_from_its_page_at_the_desk(moderator, sign_in, correction):
    client, address = sign_in(moderator), f"{QUEUE}correction/{correction.pk}/published/"
    sent = {"remove": "", "reason": "C4", "sentence_language": "en"}
    page = client.post(address, sent)
    assert "Your request for correction was removed" in page.content.decode()
    client.post(address, {**sent, "shown": page.context["digest"]})
    assert making.fresh(correction).state == "removed"


def test_a_rejection_can_be_appealed_and_somebody_else_upholds_it(
    participant, moderator, other_moderator, asked, sign_in
):
    with making.later(minutes=-2):
        making.decided(asked, moderator, Code.REJECTED, reason="C3")
    address = f"/en/my/appeals/correction/{asked.pk}/"
    client = sign_in(participant)
    decision = client.get(address).context["decision"]
    assert client.post(address, {"decision": decision.pk, "text": "It is polite."}).status_code == 302
    appeal = Appeal.objects.get()
    page = sign_in(other_moderator).get(f"/en/desk/moderation/appeals/{appeal.pk}/")
    assert making.WORDS in page.content.decode()
    with pytest.raises(NotPermitted):
        desk.decide_appeal(actor=moderator, appeal_id=appeal.pk, outcome="upheld", answer="Yes.")
    desk.decide_appeal(actor=other_moderator, appeal_id=appeal.pk, outcome="upheld", answer="It is polite indeed.")
    assert making.fresh(asked).state == "published"


def test_an_appeal_is_nobody_elses(author, moderator, asked, sign_in):
    assert sign_in(author).get(f"/en/my/appeals/correction/{asked.pk}/").status_code == 404
    assert sign_in(author).get(f"/en/my/appeals/nonsense/{asked.pk}/").status_code == 404


def test_the_register_lists_the_decision_with_the_summary_and_no_rejected_ones(
    participant, author, moderator, published, consultation, django_assert_max_num_queries
):
    made = making.published(participant, moderator, published)
    making.decided(making.asked(author, published, "No."), moderator, Code.REJECTED, reason="C3")
    with django_assert_max_num_queries(7):
        page = register_page(consultation, RegisterFilters())
    rejected, approved = page.entries[0], page.entries[1]
    assert (approved.kind, approved.symbol, approved.path) == (
        "correction",
        made.edition.document.symbol,
        "summaries/1/corrections/#r1",
    )
    assert (rejected.kind, rejected.symbol) == ("correction", "")
    rows = [moderation.statement_row(each, consultation) for each in all_entries(consultation, RegisterFilters())]
    assert [row.get("kind") for row in rows] == [None, "correction", "correction"]


def test_a_note_and_what_else_they_asked_for_stand_beside_it(moderator, participant, asked, published, sign_in):
    making.asked(participant, published, "And this.", statement=None)
    desk.leave_note(actor=moderator, kind="correction", pk=asked.pk, text="Ask the rapporteur first.")
    page = body(sign_in(moderator).get(f"{QUEUE}correction/{asked.pk}/"))
    assert "Ask the rapporteur first." in page
    assert "Requests for correction: 2" in page


def test_a_machine_looks_for_personal_data_and_not_for_questions_or_campaigns(moderator, participant, published):
    made = making.asked(participant, published, "Call me at +41 22 917 00 00. Documents should reach us in time.")
    run_all()
    from plenara.moderation.models import Suggestion

    assert set(Suggestion.objects.filter(kind="correction", object_id=made.pk).values_list("what", flat=True)) == {
        "personal"
    }


def test_its_email_gives_a_reason_of_requests_for_correction_in_the_askers_language(
    participant, moderator, asked, mailoutbox
):
    participant.language = "fr"
    participant.save()
    with pytest.raises(InvalidInput, match="Choose the reason"):
        making.decided(asked, moderator, Code.REJECTED, reason="R1")
    making.decided(asked, moderator, Code.REJECTED, reason="C2")
    with making.later(seconds=30):
        run_all()
    email = next(each for each in reversed(mailoutbox) if each.to == [participant.email])
    words = " ".join(email.body.split())
    assert "indiquez ce que le résumé devrait dire" in words


def test_a_decision_that_has_a_contributions_reason_is_still_read_in_words(sign_in, participant, moderator, asked):
    making.decided(asked, moderator, Code.REJECTED, reason="C1")
    Decision.objects.filter(kind="correction").update(reason="R5")
    with making.later(seconds=30):
        page = sign_in(participant).get(f"/en/my/corrections/{asked.pk}/").content.decode()
    assert "Advertising" in page and "R5" not in page
