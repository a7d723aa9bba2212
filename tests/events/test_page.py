"""The pages of the calendar and of an event, as readers get them."""

import datetime
import json
import re

import pytest

from plenara.core import clock
from plenara.core.languages import CODES
from plenara.events.queries import calendar
from tests import world
from tests.events import entered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(noon):
    """It is 14 October 2026."""
    with clock.at(noon):
        yield noon


def get(client, address="", status=200):
    answer = client.get(f"/en/events/{address}")
    assert answer.status_code == status
    return answer.content.decode()


def titles(page):
    return re.findall(r'<h3 class="question">(?:<s>)?<a [^>]*>([^<]*)</a>', page)


def test_the_calendar_shows_what_is_to_come_under_its_months(client):
    entered.event("In December", dates=entered.days("2026-12-01T09:00"))
    entered.event("In November", dates=entered.days("2026-11-03T09:00"))
    entered.event("It is over", dates=entered.days("2026-10-13T09:00"))
    page = get(client)
    assert titles(page) == ["In November", "In December"]
    assert page.index("November 2026</h2>") < page.index("In November") < page.index("December 2026</h2>")
    assert "09:00 to 10:00 in Bamako (09:00 to 10:00 UTC)" in page


def test_what_goes_on_now_is_not_over(client):
    entered.event("Three days", dates=[{"number": 1, "start": "2026-10-13", "end": "2026-10-15"}])
    entered.event("This hour", dates=[{"number": 1, "start": "2026-10-14T11:30", "end": "2026-10-14T12:30"}])
    assert titles(get(client)) == ["Three days", "This hour"]
    assert titles(get(client, "past/")) == []


def test_the_past_begins_with_the_newest(client):
    entered.event("First", dates=entered.days("2026-09-01T09:00"))
    entered.event("Second", dates=entered.days("2026-10-01T09:00"))
    assert titles(get(client, "past/")) == ["Second", "First"]


def test_a_month_has_what_takes_place_in_it_by_the_clock_at_the_place(client):
    entered.event("New Year’s Eve", dates=entered.days("2026-12-31T22:00"), timezone="America/New_York")
    entered.event("From November", dates=[{"number": 1, "start": "2026-11-29", "end": "2026-12-02"}])
    entered.event("New Year’s Day", dates=entered.days("2027-01-01T00:30"), timezone="Pacific/Auckland")
    assert titles(get(client, "month/2026-12/")) == ["From November", "New Year’s Eve"]
    assert titles(get(client, "month/2027-01/")) == ["New Year’s Day"]


@pytest.mark.parametrize(
    "address", ["month/2026-13/", "month/1800-01/", "month/2026-1/", "month/99999-01/", "9/", "0/"]
)
def test_what_never_was_is_not_found(client, address):
    get(client, address, 404)


def test_hours_are_shown_by_the_reader_s_clock_too(client):
    entered.event(dates=entered.days("2026-12-01T20:00"), timezone="America/New_York")
    assert "20:00 to 21:00 in New York (on 2 Dec: 09:00 to 10:00 in Shanghai)" in get(client, "?tz=Asia/Shanghai")
    assert "(on 2 Dec: 01:00 to 02:00 UTC)" in get(client)
    assert "(on 2 Dec: 09:00 to 10:00 in Shanghai)" in get(client, "1/?tz=Asia/Shanghai")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "posixrules", "Etc/GMT+3", "asia/shanghai"])
def test_a_zone_that_is_no_place_on_the_list_is_as_if_none_were_asked(client, zone):
    entered.event()
    pages = [client.get("/en/events/", query).content.decode() for query in ({"tz": zone}, {})]
    asked, plain = (re.search(r"<main.*</main>", page, re.DOTALL)[0] for page in pages)
    assert asked == plain


def test_what_is_cancelled_is_struck_through_with_the_word(client):
    entered.cancelled(entered.event("No more"))
    for address in ("", "1/"):
        page = get(client, address)
        assert "<s>" in page and "Cancelled" in page
    assert "This event was cancelled." in page


def test_one_cancelled_date_of_a_series_leaves_the_others(client):
    event = entered.event("Weekly", dates=entered.days("2026-12-01T09:00", "2026-12-08T09:00"))
    event = entered.changed(event, dates=[{**event.details["dates"][0], "cancelled": True}, event.details["dates"][1]])
    page = get(client, "1/")
    assert page.count(">Cancelled<") == 1 and "This event was cancelled." not in page
    assert "Event with 2 dates" in page


def test_days_of_consultations_are_in_the_calendar(client, today):
    world.consultation("internet-governance", closes_at=today + datetime.timedelta(days=5))
    world.consultation("not-yet", stage="draft")
    page = get(client)
    assert titles(page) == ["Consultation closes"]
    assert "in Zurich" in page and page.count("/en/consultations/internet-governance/") == 1
    assert titles(get(client, "past/")) == ["Consultation opens"]
    assert titles(get(client, "?consultation=internet-governance")) == ["Consultation closes"]


def test_filters_narrow_every_view_and_what_is_unknown_is_ignored(client):
    world.consultation("internet-governance", opens_at=None, closes_at=None)
    entered.event("Here", country="ML", languages=["fr"], prepares="internet-governance")
    entered.event("There", country="FR", languages=["fr", "en"])
    assert titles(get(client, "?country=ML")) == ["Here"]
    assert titles(get(client, "?language=fr")) == ["Here", "There"]
    assert titles(get(client, "?language=fr&country=FR")) == ["There"]
    assert titles(get(client, "?consultation=internet-governance")) == ["Here"]
    assert titles(get(client, "?country=XX&language=<b>&theme=no-such&organization=x&from=never&utm=1")) == [
        "Here",
        "There",
    ]
    assert titles(get(client, "month/2026-12/?country=FR")) == ["There"]


def test_a_theme_includes_what_is_narrower(client):
    from plenara.themes.models import Theme

    broad = Theme.objects.create(code="C7", labels={"en": "Applications"})
    Theme.objects.create(code="C7-e-health", labels={"en": "E-health"}, broader=broad)
    entered.event("Of health", themes=["C7", "C7-e-health"])
    entered.event("Of nothing")
    page = get(client, "?theme=C7")
    assert titles(page) == ["Of health"] and "E-health" in page


def test_the_events_of_an_organization_are_asked_for_by_its_number(client):
    from plenara.directory.models import Listing

    Listing.objects.create(of="organization", number=3, state="published", details={"name": {"en": "Sahel Network"}})
    entered.event("Theirs", organizer=3)
    entered.event("Not theirs")
    page = get(client, "?organization=3")
    assert titles(page) == ["Theirs"] and "<bdi>Sahel Network</bdi>" in page
    assert "Sahel Network" in get(client, "1/")


def test_the_events_of_what_was_merged_are_those_of_where_it_went(client):
    from plenara.directory.models import Listing

    there = Listing.objects.create(of="organization", number=4, state="published", details={"name": {"en": "All"}})
    gone = Listing.objects.create(of="organization", number=3, state="published", details={"name": {"en": "One"}})
    entered.event("Theirs", organizer=3)
    gone.merged_into = there
    gone.save()
    for number in (3, 4):
        assert titles(get(client, f"?organization={number}")) == ["Theirs"]
    assert '<a href="/en/organizations/4/">All</a>' in get(client, "1/")


def walk(client, address):
    """Return the titles on each page from an address on."""
    found = []
    while True:
        page = get(client, address)
        found.append(titles(page))
        onward = re.search(r'<a href="([^"]*)" rel="next">', page)
        if not onward:
            return found
        address = address.split("?")[0] + onward[1].replace("&amp;", "&")


@pytest.mark.parametrize("view", ["", "past/"])
def test_one_leads_from_page_to_page_and_misses_nothing(client, monkeypatch, today, view):
    monkeypatch.setattr(calendar, "PAGE", 4)
    month = "12" if not view else "09"
    for number in range(9):
        # Several begin at the same moment, and consultations close at it.
        entered.event(f"E{number}", dates=entered.days(f"2026-{month}-0{1 + number // 4}T09:00"), timezone="UTC")
    at = datetime.datetime(2026, int(month), 1, 9, tzinfo=datetime.UTC)
    for number in range(3):
        begins = at - datetime.timedelta(days=1)
        world.consultation(f"c{number}", opens_at=begins, closes_at=at)
    pages = walk(client, view)
    found = [title for page in pages for title in page]
    assert [len(page) for page in pages[:-1]] == [4] * (len(pages) - 1)
    assert sorted(found) == sorted([f"E{n}" for n in range(9)] + ["Consultation closes", "Consultation opens"] * 3)


def test_pages_ask_a_fixed_number_of_questions(client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def make(count):
        for number in range(count):
            entered.event(
                f"E{number}", themes=["C1"], country="ML", languages=["fr"], dates=entered.days("2026-12-01T09:00")
            )

    def counted():
        found = []
        for address in ("", "past/", "month/2026-12/", "?country=ML&language=fr", "1/"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                get(client, address)
            found.append(len(queries))
        return found

    make(5)
    few = counted()
    make(55)
    assert counted() == few
    assert max(few) <= 14


def test_an_event_is_shown_in_each_language_that_it_has(client):
    world.consultation("internet-governance")
    entered.event(
        {"fr": "Réunion", "ar": "اجتماع", "en": "Meeting"},
        description={"fr": "Deux **jours**.", "ar": "يومان."},
        prepares="internet-governance",
        online="https://meet.example.org/a",
        country="ML",
        languages=["fr", "bm"],
        organizer_name="Réseau Sahel",
        documents=[{"title": "Ordre du jour", "url": "https://example.org/a.pdf"}],
        report={"url": "https://example.org/r.pdf", "text": {"fr": "On a parlé."}},
    )
    page = get(client, "1/")
    assert '<section lang="ar" dir="rtl"' in page and "<strong>jours</strong>" in page
    assert 'Prepares the consultation <a href="/en/consultations/internet-governance/">' in page
    for words in (
        "https://meet.example.org/a",
        "Mali",
        "French",
        "Réseau Sahel",
        "Ordre du jour",
        "On a parlé.",
        "event.ics",
    ):
        assert words in page
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert (data["startDate"], data["endDate"]) == ("2026-12-01T09:00:00+00:00", "2026-12-01T17:00:00+00:00")
    assert data["eventStatus"].endswith("/EventScheduled")
    assert data["eventAttendanceMode"].endswith("/MixedEventAttendanceMode")
    assert (data["inLanguage"], data["organizer"]["name"]) == (["fr", "bm"], "Réseau Sahel")
    assert [each["@type"] for each in data["location"]] == ["Place", "VirtualLocation"]


def test_a_series_is_described_date_by_date(client):
    event = entered.event(
        "Weekly", dates=entered.days("2026-12-01T09:00", "2026-12-08T09:00"), timezone="Europe/Berlin"
    )
    entered.changed(event, dates=[{**event.details["dates"][0], "cancelled": True}, event.details["dates"][1]])
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', get(client, "1/"))[1])
    assert [(each["startDate"], each["eventStatus"][-9:]) for each in data["subEvent"]] == [
        ("2026-12-01T09:00:00+01:00", "Cancelled"),
        ("2026-12-08T09:00:00+01:00", "Scheduled"),
    ]


def test_what_is_gone_leaves_its_number_and_a_sentence(client):
    entered.gone(entered.event("A secret"))
    entered.gone(entered.event("Another secret"), "removed", "R4")
    assert "withdrawn by the person who proposed it" in (page := get(client, "1/", 410)) and "secret" not in page
    assert "removed by a moderator" in (page := get(client, "2/", 410)) and "secret" not in page
    entered.event("The next")
    assert "The next" in get(client, "3/")


def test_what_is_pending_for_a_moderator_is_nowhere(client):
    from plenara.events.models import Event

    Event.objects.create(state="pending", details={})
    assert titles(get(client)) == []


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</script><b>", "{{ 7*7 }}"]
)
def test_hostile_words_stay_words(client, words):
    papers = [{"title": words, "url": "https://example.org/"}]
    entered.event({"en": words}, description={"en": words}, place=words, organizer_name=words, documents=papers)
    for address in ("", "1/"):
        page = get(client, address)
        assert "<script>alert" not in page and "<img src=x" not in page and "</script><b>" not in page


@pytest.mark.parametrize("language", CODES)
def test_pages_are_there_in_six_languages(client, language):
    entered.event(world.six("Meeting"))
    for address in ("", "past/", "month/2026-12/", "1/"):
        answer = client.get(f"/{language}/events/{address}")
        assert answer.status_code == 200 and "set-cookie" not in {name.lower() for name in answer.headers}
        assert "٠" not in answer.content.decode()
    assert f"Meeting ({language})" in answer.content.decode()


def test_a_title_in_another_language_is_no_heading_without_a_text_below(client):
    entered.event({"en": "Regional meeting", "fr": "Réunion régionale"})
    page = get(client, "1/")
    assert '<p class="soft" lang="fr" dir="ltr">Réunion régionale</p>' in page
    assert "Réunion régionale</h2>" not in page
