"""Calendar files: strict parsers read them, and their content is what was announced."""

import datetime
import itertools

import icalendar
import pytest
import vobject

from plenara.core import clock
from plenara.core.languages import CODES
from plenara.events.models import Event, Occurrence
from plenara.events.presenters import icalendar as presenters_icalendar
from plenara.events.presenters.icalendar import calendar_of, event_text
from plenara.events.queries import calendar
from plenara.events.queries.calendar import Filters
from tests import world
from tests.events import entered

pytestmark = pytest.mark.django_db

HOSTILE = [
    'Quotation "marks", commas; semicolons: and \\ strokes \\n',
    "One line\r\nBEGIN:VALARM\r\nACTION:AUDIO",
    "A lone\rCR, a lone\nLF, \x0b\x0c\x1b\x85 and \u2028 separators",
    "ي" * 200,
    "漢字" * 100 + "😀" * 60,
    "END:VEVENT",
]


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "http://testserver"


def sent(language="en", **filters):
    return b"".join(calendar_of(Filters(**filters), language))


def read(data):
    """Return the file as both parsers read it, after the rules that neither of them checks."""
    assert data.endswith(b"END:VCALENDAR\r\n") and b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is cut
    found = icalendar.Calendar.from_ical(data)
    assert not found.errors and not any(each.errors for each in found.walk())
    assert vobject.readOne(data.decode()).serialize()
    return found


def events(data):
    return {str(each["UID"]): each for each in read(data).walk("VEVENT")}


def test_a_calendar_says_what_it_is_and_how_often_to_come_again():
    found = read(sent(theme="C4"))
    assert (found["VERSION"], found["METHOD"], found["CALSCALE"]) == ("2.0", "PUBLISH", "GREGORIAN")
    assert found["NAME"] == found["X-WR-CALNAME"] == "Plenara: calendar"
    assert found["SOURCE"] == "http://testserver/en/events/calendar.ics?theme=C4"
    assert found["REFRESH-INTERVAL"].dt == datetime.timedelta(hours=4)
    assert "Plenara" in found["PRODID"]


def test_an_event_has_all_that_calendars_have_a_property_for():
    world.consultation("internet-governance")
    entered.event(
        {"fr": "Réunion régionale", "ar": "اجتماع"},
        description={"fr": "**Deux** jours.\n\nAvec interprétation."},
        online="https://meet.example.org/a",
        themes=["C4", "C7-e-health"],
        organizer_name="Réseau Sahel",
        prepares="internet-governance",
        documents=[{"title": "Agenda", "url": "https://example.org/agenda.pdf"}],
        report={"url": "https://example.org/report.pdf"},
    )
    one = events(sent("fr"))["event-1-1@testserver"]
    assert one["UID"] == "event-1-1@testserver"
    assert (one["SUMMARY"], one["SUMMARY"].params["LANGUAGE"]) == ("Réunion régionale", "fr")
    assert one["LOCATION"] == "Maison des Jeunes, Bamako"
    assert one["URL"] == "http://testserver/fr/events/1/"
    assert one["CONFERENCE"] == "https://meet.example.org/a"
    assert one["CATEGORIES"].cats == ["C4", "C7-e-health"]
    assert one["ATTACH"] == "https://example.org/agenda.pdf"
    assert (one["SEQUENCE"], one["STATUS"]) == (0, "CONFIRMED")
    for words in ("Deux jours.", "Réseau Sahel", "Governing the Internet (fr)", "https://example.org/report.pdf"):
        assert words in one["DESCRIPTION"]


def test_each_date_of_a_series_has_a_name_of_its_own_that_stays():
    event = entered.event(dates=entered.days("2026-12-01T09:00", "2026-12-08T09:00"))
    before = {uid: (int(each["SEQUENCE"]), each["DTSTAMP"].dt) for uid, each in events(sent()).items()}
    assert list(before) == ["event-1-1@testserver", "event-1-2@testserver"]
    with clock.at(clock.now() + datetime.timedelta(days=1)):
        entered.revised(event, dates=entered.days("2026-12-01T09:00", "2026-12-09T09:00"))
        after = {uid: (int(each["SEQUENCE"]), each["DTSTAMP"].dt) for uid, each in events(sent()).items()}
    assert after["event-1-1@testserver"] == before["event-1-1@testserver"]
    assert (
        after["event-1-2@testserver"][0] == 1 and after["event-1-2@testserver"][1] > before["event-1-2@testserver"][1]
    )


def test_the_same_record_gives_the_same_bytes_whenever_it_is_asked(noon):
    world.consultation("internet-governance")
    entered.event()
    first = sent()
    with clock.at(noon + datetime.timedelta(days=400)):
        assert sent() == first


def test_what_is_cancelled_stays_for_good_and_says_so(noon):
    with clock.at(noon):
        entered.cancelled(entered.event())
    with clock.at(noon + datetime.timedelta(days=91)):
        (one,) = events(sent()).values()
    assert (one["STATUS"], one["SEQUENCE"], one["SUMMARY"]) == ("CANCELLED", 1, "Cancelled: Regional meeting")


def test_what_is_withdrawn_is_in_no_file():
    entered.gone(entered.event())
    assert not events(sent())


def test_whole_days_end_with_the_day_after_the_last():
    entered.event(dates=[{"number": 1, "start": "2026-12-01", "end": "2026-12-03"}])
    (one,) = events(sent()).values()
    assert (one["DTSTART"].dt, one["DTEND"].dt) == (datetime.date(2026, 12, 1), datetime.date(2026, 12, 4))


ZONES = [
    "Europe/Berlin", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "Africa/Bamako",
    "Europe/Dublin", "Australia/Lord_Howe", "America/New_York", "Asia/Tehran", "Africa/Cairo", "UTC",
]  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_the_rules_of_a_zone_give_every_hour_to_a_client_without_its_data(zone):
    """The rules in the file alone give the stored moments, in each month of many years."""
    starts = [
        f"{year}-{month:02}-{15 + month % 13}T10:00"
        for year in (2007, 2011, 2018, 2026, 2034)
        for month in range(1, 13)
    ]
    starts += ["2026-03-29T03:30", "2026-10-25T02:30", "2011-12-29T22:00", "2011-12-31T01:00"]
    entered.event(dates=entered.days(*starts), timezone=zone)
    data = sent()
    found = read(data)
    rules = {str(each["TZID"]): each for each in found.walk("VTIMEZONE")}
    for one in Occurrence.objects.all():
        start = next(e for e in found.walk("VEVENT") if e["UID"] == f"event-1-{one.number}@testserver")["DTSTART"]
        if zone == "UTC":
            assert start.dt == one.starts_at
            continue
        assert start.params["TZID"] == zone
        assert start.dt.replace(tzinfo=None) - offset_by(
            rules[zone], start.dt.replace(tzinfo=None)
        ) == one.starts_at.replace(tzinfo=None)


def offset_by(rules, at):
    """Return the offset that a VTIMEZONE's own rules give a local time: that of the last beginning before it."""
    beginnings = []
    for rule in rules.subcomponents:
        dates = [rule["DTSTART"].dt]
        more = rule.get("RDATE", [])
        for each in more if isinstance(more, list) else [more]:
            dates += [d.dt for d in each.dts]
        for each in dates:
            beginnings.append((each, rule["TZOFFSETFROM"].td, rule["TZOFFSETTO"].td))
    offset = None
    for beginning, before, after in sorted(beginnings, key=lambda each: each[0] - each[1]):
        # Of an hour that occurs twice the first is meant: the offset before is valid until its end.
        if at >= max(beginning, beginning + (after - before)) if after > before else at >= beginning:
            offset = after
    return offset


def test_hours_of_the_far_past_and_future_have_their_rules():
    entered.event(dates=entered.days("1969-07-20T09:00", "2060-07-20T09:00"), timezone="Europe/Paris")
    found = read(sent())
    assert [each["DTSTART"].dt.utcoffset().seconds // 3600 for each in found.walk("VEVENT")] == [1, 2]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_text_gets_out_of_its_line(words):
    entered.event(
        {"en": words},
        description={"en": words},
        place=words,
        themes=[words[:100]],
        organizer_name=words,
        online=f"https://example.org/{words}",
        documents=[{"title": words, "url": f"https://example.org/{words}"}],
    )
    found = read(sent())
    (one,) = found.walk("VEVENT")
    assert not found.walk("VALARM") and one["UID"] == "event-1-1@testserver"
    letters = "".join(each for each in str(one["SUMMARY"]) if each.isalnum())
    assert letters == "".join(each for each in words if each.isalnum())


def test_days_on_which_consultations_open_and_close_are_lines_of_their_own():
    consultation = world.consultation("internet-governance", timezone="Europe/Zurich")
    found = events(sent())
    closes = found["consultation-internet-governance-closes@testserver"]
    assert closes["DTSTART"].dt == consultation.closes_at.replace(microsecond=0)
    assert str(closes["SUMMARY"]).startswith("Consultation closes: Governing")
    assert not events(sent(theme="C4")) and len(events(sent(consultation="internet-governance"))) == 2


@pytest.mark.parametrize("language", CODES)
def test_there_is_a_file_in_each_language(language):
    entered.event(world.six("Meeting"))
    (one,) = events(sent(language)).values()
    assert one["SUMMARY"] == f"Meeting ({language})" and f"/{language}/events/1/" in one["URL"]


def test_filters_keep_what_is_marked_so():
    entered.event("Of health", themes=["C7-e-health"], country="ML", languages=["fr"])
    entered.event("Of access", themes=["C3"], country="FR", languages=["fr", "en"])

    def titles(**filters):
        return [str(each["SUMMARY"]) for each in events(sent(**filters)).values()]

    assert titles(theme="C7", themes=("C7", "C7-e-health")) == ["Of health"]
    assert titles(language="fr") == ["Of health", "Of access"]
    assert titles(language="fr", country="FR") == ["Of access"]
    assert titles(country="CH") == []


def test_a_file_of_very_many_dates_leaves_out_the_earliest(monkeypatch):
    monkeypatch.setattr(presenters_icalendar, "MOST", 3)
    entered.event(dates=entered.days(*(f"2026-12-{day:02}T09:00" for day in range(1, 6))))
    assert [uid[8] for uid in events(sent())] == ["3", "4", "5"]


def test_an_event_has_a_file_with_all_its_dates_and_no_others():
    entered.event("Another")
    event = entered.event(dates=entered.days("2026-12-01T09:00", "2026-12-08T09:00"))
    data = "".join(event_text(Event.objects.get(pk=event.pk))).encode()
    assert list(events(data)) == ["event-2-1@testserver", "event-2-2@testserver"]


def test_a_long_calendar_is_written_piece_by_piece_with_a_fixed_number_of_queries(django_assert_num_queries):
    def make(count):
        for number in range(count):
            entered.event(f"Meeting {number}", dates=entered.days("2026-12-01T09:00", "2026-12-02T09:00"))

    make(3)
    with django_assert_num_queries(6):
        few = list(calendar.dates(Filters())) and list(calendar_of(Filters(), "en"))
    make(20)
    with django_assert_num_queries(6):
        many = list(calendar.dates(Filters())) and list(calendar_of(Filters(), "en"))
    assert len(many) - len(few) == 40
    assert max(map(len, itertools.chain(few[1:], many[1:]))) < 1500
