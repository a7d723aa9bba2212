"""What is not kept."""

import datetime

import pytest

from plenara.contributions.actions import save_draft, save_sheet
from plenara.contributions.models import Draft
from plenara.contributions.personal_data import delete_expired
from plenara.core import clock
from plenara.moderation.models import Code
from tests import world
from tests.contributions.entered import entered

pytestmark = pytest.mark.django_db


def in_days(days: int):
    return clock.at(clock.now() + datetime.timedelta(days=days))


def test_a_draft_nobody_touched_goes_after_180_days(participant, thread):
    save_draft(actor=participant, thread=thread, key="k", text="Half a thought")
    with in_days(179):
        assert delete_expired()["drafts"] == 0
    with in_days(181):
        assert delete_expired()["drafts"] == 1
    assert not Draft.objects.exists()


def test_a_rejected_text_is_blank_after_a_year_and_its_digest_stays(pending, moderator):
    version = pending.versions.get()
    digest = version.text.sha256
    world.decided(pending, moderator, Code.REJECTED, reason="R5")
    with in_days(364):
        assert delete_expired()["rejected"] == 0
    with in_days(366):
        assert delete_expired()["rejected"] == 1
    version.text.refresh_from_db()
    assert (version.text.content, version.text.sha256) == ("", digest)


def test_what_is_published_or_waits_is_kept(edition, participant, thread):
    waiting = world.submitted(participant, thread, "It waits.")
    with in_days(4000):
        delete_expired()
    edition.text.refresh_from_db()
    assert edition.text.content == world.WORDS
    assert waiting.versions.get().text.content == "It waits."


def test_a_sheet_that_nobody_confirmed_goes_after_a_week(consultation, moderator):
    rows = [(2, {"question": "1"})]
    save_sheet(actor=moderator, consultation=consultation, name="a.csv", sha256="0" * 64, rows=rows)
    with in_days(6):
        assert delete_expired()["sheets"] == 0
    with in_days(8):
        assert delete_expired()["sheets"] == 1


def test_how_an_author_agreed_is_forgotten_with_a_letter_that_was_rejected(consultation, moderator, other_moderator):
    letter = entered(moderator, consultation, date=f"{clock.now():%Y-%m-%d}")
    world.decided(letter, other_moderator, Code.REJECTED, reason="R5")
    with in_days(364):
        delete_expired()
        letter.refresh_from_db()
        assert letter.consent
    with in_days(366):
        delete_expired()
    letter.refresh_from_db()
    assert letter.consent == ""
