"""What is not kept."""

import datetime

import pytest

from plenara.common import clock
from plenara.contributions.actions import save_draft
from plenara.contributions.models import Draft
from plenara.contributions.retention import sweep
from plenara.moderation.models import Code
from tests import world

pytestmark = pytest.mark.django_db


def in_days(days: int):
    return clock.at(clock.now() + datetime.timedelta(days=days))


def test_a_draft_nobody_touched_goes_after_180_days(participant, thread):
    save_draft(actor=participant, thread=thread, key="k", text="Half a thought")
    with in_days(179):
        assert sweep()["drafts"] == 0
    with in_days(181):
        assert sweep()["drafts"] == 1
    assert not Draft.objects.exists()


def test_a_rejected_text_is_blank_after_a_year_and_its_digest_stays(pending, moderator):
    version = pending.versions.get()
    digest = version.text.sha256
    world.decided(pending, moderator, Code.REJECTED, reason="R5")
    with in_days(364):
        assert sweep()["rejected"] == 0
    with in_days(366):
        assert sweep()["rejected"] == 1
    version.text.refresh_from_db()
    assert (version.text.content, version.text.sha256) == ("", digest)


def test_what_is_published_or_waits_is_kept(edition, participant, thread):
    waiting = world.submitted(participant, thread, "It waits.")
    with in_days(4000):
        sweep()
    edition.text.refresh_from_db()
    assert edition.text.content == world.WORDS
    assert waiting.versions.get().text.content == "It waits."
