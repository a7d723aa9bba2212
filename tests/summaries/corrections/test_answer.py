"""Answering a request: by somebody who did not write the summary, with a reason, in fourteen days."""

import datetime

import pytest

from plenara.consultations.presenters.desk import pending_tasks
from plenara.core import clock
from plenara.core.models import AuditEntry, Revision
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.documents.models import Document
from plenara.summaries.corrections import actions, permissions
from tests.summaries.corrections import making

pytestmark = pytest.mark.django_db


def test_an_organizer_who_did_not_write_it_answers_and_it_is_public_at_once(organizer, correction, consultation):
    before = Revision.objects.get(cache_tag=consultation.cache_tag).number
    it = making.answered(organizer, correction, "refused", reason="Le texte le dit.", language="fr")
    assert (it.verdict, it.answer, it.answer_language) == ("refused", "Le texte le dit.", "fr")
    assert (it.answered_by, it.self_answered) == (organizer, False)
    assert Revision.objects.get(cache_tag=consultation.cache_tag).number > before


def test_who_wrote_in_the_summary_does_not_answer_where_somebody_else_can(rapporteur, organizer, correction):
    with pytest.raises(NotPermitted, match="did not write it"):
        making.answered(rapporteur, correction)


def test_another_rapporteur_may(other_rapporteur, correction):
    assert making.answered(other_rapporteur, correction, "refused").verdict == "refused"


def test_the_only_one_left_may_and_the_page_says_so(rapporteur, organizer, correction, client):
    organizer.suspended_at = clock.now()
    organizer.save()
    it = making.answered(rapporteur, correction, "refused")
    assert it.self_answered
    page = client.get("/en/consultations/internet-governance/summaries/1/corrections/").content.decode()
    assert "because no one else was available" in page


def test_neither_moderators_nor_translators_nor_participants_answer(moderator, translator, author, correction):
    for somebody in (moderator, translator, author):
        with pytest.raises(NotPermitted, match="Only organizers and rapporteurs"):
            making.answered(somebody, correction)


def test_nobody_answers_what_they_asked_themselves(organizer, second_organizer, moderator, published):
    correction = making.published(organizer, moderator, published)
    with pytest.raises(NotPermitted, match="made this request yourself"):
        making.answered(organizer, correction)
    assert making.answered(second_organizer, correction).verdict == "upheld"


def test_only_what_is_published_is_answered(organizer, asked):
    with pytest.raises(NotPermitted, match="published"):
        making.answered(organizer, asked)


def test_an_answer_has_a_verdict_a_reason_and_a_language(organizer, correction):
    with pytest.raises(InvalidInput, match="Choose an answer"):
        making.answered(organizer, correction, "")
    with pytest.raises(InvalidInput, match="Enter the reason"):
        making.answered(organizer, correction, reason=" ")
    with pytest.raises(InvalidInput, match="shorten it by"):
        making.answered(organizer, correction, reason="word " * 10_000)
    with pytest.raises(InvalidInput, match="language"):
        making.answered(organizer, correction, language="de")


def test_a_double_click_answers_once_and_the_second_of_two_hears_who_was_first(organizer, other_rapporteur, correction):
    making.answered(organizer, correction)
    making.answered(organizer, correction)
    assert AuditEntry.objects.filter(verb="correction.answered").count() == 1
    with pytest.raises(AlreadyDone, match="Wei Zhang has already answered this request: Upheld"):
        making.answered(other_rapporteur, correction, "refused")
    with pytest.raises(AlreadyDone):
        making.answered(organizer, correction, "refused")


def test_upheld_the_summary_is_opened_again_and_refused_it_is_not(organizer, correction):
    document = correction.edition.document
    making.answered(organizer, correction, "refused")
    assert Document.objects.get(pk=document.pk).state == "published"


@pytest.mark.parametrize("verdict", ["upheld", "partly"])
def test_upheld_also_in_part_the_summary_is_opened_again(organizer, correction, verdict):
    making.answered(organizer, correction, verdict)
    assert Document.objects.get(pk=correction.edition.document_id).state == "draft"


def test_a_summary_that_is_open_already_stays_as_it_is(organizer, other_rapporteur, author, moderator, correction):
    second = making.published(author, moderator, correction.edition, "Also this.")
    making.answered(organizer, correction)
    assert making.answered(other_rapporteur, second).verdict == "upheld"


def test_who_asked_gets_one_email_with_the_reason(organizer, author, moderator, published, mailoutbox):
    making.answered(
        organizer, making.published(author, moderator, published), "refused", reason="因为原文如此。", language="zh"
    )
    run_all()
    (email,) = [each for each in mailoutbox if "因为原文如此。" in each.body]
    assert email.to == [author.email]


def test_those_who_may_answer_are_notified_at_once_four_days_before_the_end_and_when_it_is_late(
    organizer, rapporteur, other_rapporteur, correction, mailoutbox
):
    def recipients():
        mailoutbox.clear()
        run_all()
        return {each.to[0] for each in mailoutbox if f"/corrections/{correction.pk}/" in each.body}

    answerers = {organizer.email, other_rapporteur.email}
    assert answerers <= recipients()
    due = correction.answer_due_at
    with clock.at(due - datetime.timedelta(days=4, minutes=1)):
        assert recipients() == set()
    with clock.at(due - datetime.timedelta(days=4)):
        assert recipients() == answerers
        assert recipients() == set()
    with clock.at(due + datetime.timedelta(minutes=1)):
        assert recipients() == answerers
        assert recipients() == set()


def test_nobody_is_reminded_of_what_is_answered_or_gone(organizer, participant, correction, mailoutbox):
    run_all()
    actions.withdraw(actor=participant, correction=correction)
    mailoutbox.clear()
    with making.later(days=20):
        run_all()
    assert not [each for each in mailoutbox if "/corrections/" in each.body and organizer.email in each.to]


def test_it_waits_at_the_desk_of_who_may_answer_and_late_at_the_organizers(
    organizer, rapporteur, correction, consultation
):
    def sentences(person):
        return [each.sentence for each in pending_tasks(person, [consultation]) if "correction" in each.sentence]

    assert "1 request for correction is waiting for an answer" in sentences(organizer)[0]
    assert sentences(rapporteur) == []
    with making.later(days=16):
        assert sentences(organizer) == ["The answer to 1 request for correction is overdue."]
    making.answered(organizer, correction, "refused")
    assert sentences(organizer) == []


def test_what_is_late_is_said_on_the_public_page(correction, client):
    address = "/en/consultations/internet-governance/summaries/1/corrections/"
    assert "Waiting for an answer, due by" in client.get(address).content.decode()
    with making.later(days=16):
        assert "Answer overdue since" in client.get(address).content.decode()


def test_the_day_of_the_answer_is_the_consultations_own(participant, moderator, published):
    published.published_at = datetime.datetime(2026, 10, 10, 12, 0, tzinfo=datetime.UTC)
    published.save()
    with clock.at(datetime.datetime(2026, 10, 14, 22, 30, tzinfo=datetime.UTC)):  # the 15th in Zurich
        it = making.published(participant, moderator, published)
    assert it.due_day == datetime.date(2026, 10, 29)
    with clock.at(datetime.datetime(2026, 10, 29, 22, 59, tzinfo=datetime.UTC)):
        assert not making.fresh(it).is_late
    with clock.at(datetime.datetime(2026, 10, 29, 23, 1, tzinfo=datetime.UTC)):
        assert making.fresh(it).is_late


def test_whoever_wrote_is_known_by_signature_by_document_and_by_what_they_changed(
    rapporteur, organizer, other_rapporteur, correction
):
    assert permissions.writers_of(correction) == {rapporteur.pk}
    correction.edition.document.writers.add(other_rapporteur)
    assert permissions.who_may_answer(correction) == {organizer.pk}
