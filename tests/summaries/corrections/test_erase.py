"""Erasure and export of a person's requests."""

import json
import zipfile
from io import BytesIO

import pytest
from django.conf import settings

from plenara.accounts.actions import erase
from plenara.accounts.personal_data.erasure import ErasureChoice, published_by
from plenara.accounts.personal_data.export import write_export
from plenara.contributions.models import Text
from plenara.core.models import Revision
from plenara.moderation.models import Decision, Item
from plenara.summaries.corrections.personal_data import blank_rejected
from plenara.summaries.models import Correction
from tests.summaries.corrections import making

pytestmark = pytest.mark.django_db

PAGE = "/en/consultations/internet-governance/summaries/1/corrections/"


def only():
    return making.fresh(Correction.objects.get())


def test_a_published_one_stays_under_a_participant_and_its_answer_with_it(
    participant, organizer, correction, consultation, client
):
    making.answered(organizer, correction, "refused", reason="It says two.")
    before = Revision.objects.get(cache_tag=consultation.cache_tag).number
    erase(actor=participant, choice=ErasureChoice.PARTICIPANT)
    it = only()
    assert (it.person, it.name, it.byline.name, it.text, it.state) == (None, "", "", making.WORDS, "published")
    page = client.get(PAGE).content.decode()
    assert "A participant" in page
    assert "Daniel Okafor" not in page
    assert "It says two." in page
    assert Revision.objects.get(cache_tag=consultation.cache_tag).number > before


def test_or_its_words_go_and_a_notice_stands_in_its_place(participant, correction, client):
    erase(actor=participant, choice=ErasureChoice.TOMBSTONES)
    it = only()
    assert (it.state, it.reason, it.text, it.byline, it.number) == ("withdrawn", "ERASED", "", None, 1)
    assert not Text.objects.filter(content=making.WORDS).exists()
    assert "was withdrawn by its author" in client.get(PAGE).content.decode()


def test_what_was_never_published_goes_whatever_is_chosen(participant, moderator, asked):
    making.decided(asked, moderator, "REJECTED", reason="C3", sentence="Please be polite.")
    erase(actor=participant, choice=ErasureChoice.PARTICIPANT)
    assert not Text.objects.filter(content=making.WORDS).exists()
    assert Decision.objects.get(kind="correction").sentence == ""
    assert not Item.objects.filter(kind="correction").exists()


def test_a_text_rejected_long_ago_is_not_kept_and_its_digest_is(moderator, asked):
    rejected = making.decided(asked, moderator, "REJECTED", reason="C3")
    sha256 = rejected.versions.get().text.sha256
    assert blank_rejected() == 0
    with making.later(days=settings.KEEP_DAYS["rejected"] + 1):
        assert blank_rejected() == 1
    text = rejected.versions.get().text
    assert (text.content, text.sha256) == ("", sha256)


def test_what_waits_waits_no_more(participant, asked):
    erase(actor=participant, choice=ErasureChoice.PARTICIPANT)
    assert only().state == "withdrawn"
    assert not Item.objects.filter(kind="correction").exists()


def test_in_an_archived_consultation_the_text_stays(participant, correction, consultation):
    consultation.stage = "archived"
    consultation.save()
    assert published_by(participant).bound == 1
    erase(actor=participant, choice=ErasureChoice.TOMBSTONES)
    assert only().text == making.WORDS
    assert only().name == ""


def test_an_answer_stays_when_who_gave_it_leaves(second_organizer, organizer, correction):
    making.answered(second_organizer, correction, "refused", reason="It says two.")
    erase(actor=second_organizer, choice=ErasureChoice.PARTICIPANT)
    assert (only().answer, only().answered_by) == ("It says two.", None)


def test_ones_data_hold_requests_decisions_and_answers(participant, organizer, moderator, correction):
    making.answered(organizer, correction, "refused", reason="It says two.")

    def exported(person, name):
        file = BytesIO()
        write_export(person, file)
        with zipfile.ZipFile(file) as archive:
            return json.loads(archive.read(f"{name}.json"))

    (row,) = exported(participant, "corrections")
    assert (row["text"], row["answer"], row["statement"]) == (making.WORDS, "It says two.", 1)
    (decision,) = exported(participant, "decisions")
    assert decision["correction"] == correction.pk
    (answer,) = exported(organizer, "answers")
    assert answer["answer"] == "It says two."
