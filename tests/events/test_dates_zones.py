"""When the rules of a time zone change, the local hour stays and the moment moves."""

import shutil
import zoneinfo
from pathlib import Path

import pytest

from plenara.core.cache_tags import revision
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.events.actions import publication
from plenara.events.models import EventMark, Occurrence, ZoneRules
from plenara.events.presenters.icalendar import calendar_text
from plenara.events.queries.calendar import Filters
from tests.events import entered

pytestmark = pytest.mark.django_db


@pytest.fixture
def update(tmp_path):
    """A function that gives a zone the rules of another one, as an update of the zone data does."""
    paths = zoneinfo.TZPATH

    def become(name, other):
        found = next(Path(folder, other) for folder in paths if Path(folder, other).is_file())
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(found, target)
        zoneinfo.reset_tzpath(to=[str(tmp_path), *paths])

    yield become
    zoneinfo.reset_tzpath(to=paths)
    zoneinfo.ZoneInfo.clear_cache()


def hours():
    return [
        (each.starts_local, f"{each.starts_at:%H:%M}", each.sequence) for each in Occurrence.objects.order_by("number")
    ]


def test_only_dates_that_moved_are_updated_in_calendars(update):
    entered.event(dates=entered.days("2026-12-01T09:00", "2027-07-01T09:00"), timezone="Europe/Berlin", country="DE")
    entered.event("Elsewhere", timezone="Africa/Bamako")
    entered.event("Whole days", dates=entered.days("2027-07-01"), timezone="Europe/Berlin")
    publication.recalculate_zones.call()
    before = revision("events")
    assert [each[1:] for each in hours() if each[0] == "2027-07-01T09:00"] == [("07:00", 0)]
    update("Europe/Berlin", "Africa/Tunis")  # as if summer time had been abolished
    publication.recalculate_zones.call()
    assert sorted(hours()) == [
        ("2026-12-01T09:00", "08:00", 0),
        ("2026-12-01T09:00", "09:00", 0),
        ("2027-07-01", "00:00", 0),
        ("2027-07-01T09:00", "08:00", 1),
    ]
    assert EventMark.objects.get(occurrence__number=2).starts_at == Occurrence.objects.get(number=2).starts_at
    assert revision("events") == before + 1
    assert AuditEntry.objects.get(verb="zone.recalculated").details == {"moved": 1}


def test_looking_again_changes_nothing(update):
    entered.event(timezone="Europe/Berlin")
    publication.recalculate_zones.call()
    update("Europe/Berlin", "Africa/Bamako")
    publication.recalculate_zones.call()
    before = (hours(), revision("events"))
    publication.recalculate_zones.call()
    assert (hours(), revision("events")) == before


def test_calendar_files_have_the_new_rules_at_once(update):
    entered.event(timezone="Europe/Berlin")
    assert "TZNAME:CET" in "".join(calendar_text(Filters(), "en"))
    update("Europe/Berlin", "America/New_York")
    assert "TZNAME:EST" in "".join(calendar_text(Filters(), "en"))


def test_the_look_is_queued_once_a_day():
    publication.enqueue_zone_check()
    publication.enqueue_zone_check()
    assert BackgroundTask.objects.filter(task="events.recalculate_zones").count() == 1


def test_a_zone_is_noted_when_it_is_first_used():
    entered.event(timezone="Europe/Berlin")
    publication.recalculate_zones.call()
    assert list(ZoneRules.objects.values_list("timezone", flat=True)) == ["Europe/Berlin"]
