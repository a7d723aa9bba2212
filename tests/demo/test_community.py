"""The demo's calendar and directory: alive on any day of the week, in six languages, with something to decide on."""

import datetime
import json
import zoneinfo
from collections import Counter
from pathlib import Path

import pytest

from plenara import themes
from plenara.bundles.format import ENTRIES
from plenara.bundles.queries.community_bundle import Nameable, entry_rows, head
from plenara.consultations.models import Consultation, Role, Thread
from plenara.contributions.models import Dispute, OrganizationMark
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.directory.models import Kind, Listing, Representative, Verification
from plenara.events.models import Event, Occurrence
from plenara.moderation.models import Decision, Item
from plenara.themes.models import Theme
from plenara_sample import SLUGS, community, content
from plenara_sample.community import FILES

ROWS = [(kind, row) for name, kind in FILES.items() for row in content(f"community/{name}")]


def listed(kind):
    return Listing.objects.filter(of=kind, state="published", archived_at=None, merged_into=None)


def test_there_are_as_many_as_a_reader_needs_to_see_what_it_is_for(demo):
    assert Event.objects.filter(state="published").count() >= 29
    assert listed(Kind.ORGANIZATION).count() >= 40
    assert listed(Kind.PERSON).count() >= 25
    assert listed(Kind.PROJECT).count() >= 20


def test_every_entry_of_the_content_has_its_fate(demo):
    wanted = Counter((kind, row.get("fate", "published")) for kind, row in ROWS)
    found = Counter(Listing.objects.values_list("of", "state"))
    found += Counter(("event", state) for state in Event.objects.values_list("state", flat=True))
    assert found == wanted


def test_the_bundle_has_all_that_was_ever_published_and_nothing_else(demo):
    published = Counter(kind for kind, row in ROWS if row.get("fate", "published") == "published")
    assert {kind: len(list(entry_rows(kind, Nameable()))) for kind in ENTRIES.values()} == published
    assert head()["last"] == published


def test_they_are_in_six_languages_of_every_group_and_from_every_part_of_the_world(demo):
    for kind in Kind.values:
        details = list(listed(kind).values_list("details", flat=True))
        texts = [each.get("description") or each.get("about") or {} for each in details]
        assert {language for text in texts for language in text} == set(CODES), kind
    organizations = list(listed(Kind.ORGANIZATION).values_list("details", flat=True))
    assert len({each["group"] for each in organizations}) == 6
    assert len({each["country"] for each in organizations}) >= 25
    assert sum(len(each["name"]) > 1 for each in organizations) >= 12
    events = list(Event.objects.filter(state="published").values_list("details", flat=True))
    assert {language for each in events for language in each["title"]} == set(CODES)
    assert len({each["timezone"] for each in events}) >= 18


def test_some_are_past_most_are_to_come_one_is_today_a_series_has_dates_and_two_are_cancelled(demo):
    now = clock.now()
    shown = Occurrence.objects.filter(is_shown=True)
    assert shown.filter(ends_at__lt=now).values("event").distinct().count() >= 9
    assert shown.filter(starts_at__gt=now).values("event").distinct().count() >= 15
    assert shown.filter(is_whole_days=True).exists()
    series = Event.objects.filter(occurrences__number=4)
    assert series.count() == 3
    assert Event.objects.filter(cancelled_at__isnull=False).count() == 2
    assert shown.filter(cancelled_at__isnull=False, event__cancelled_at=None).count() == 1
    reported = [each for each in Event.objects.filter(state="published") if each.details.get("report")]
    assert len(reported) == 6


def test_both_consultations_have_meetings_that_prepare_them(demo):
    for slug in SLUGS:
        assert Event.objects.filter(prepares__slug=slug, state="published").count() >= 6
        assert Occurrence.objects.filter(event__prepares__slug=slug, starts_at__gt=clock.now()).exists()


def test_every_question_has_themes_of_the_list(demo):
    found = Thread.objects.filter(consultation__parent=None).values_list("themes", flat=True)
    assert len(found) == 7
    assert all(each and set(each) <= set(Theme.objects.values_list("code", flat=True)) for each in found)


def test_something_of_each_kind_waits_and_two_were_returned(demo):
    where = Consultation.objects.get(is_community=True)
    waits = Item.objects.filter(consultation=where, why="pending")
    assert set(waits.values_list("kind", flat=True)) == {"event", "organization", "person", "project"}
    assert Event.objects.filter(state="returned").count() + Listing.objects.filter(state="returned").count() == 2
    assert set(Role.objects.filter(consultation=where).values_list("name", flat=True)) == {"organizer", "moderator"}
    decided = Decision.objects.filter(consultation=where)
    assert decided.count() > 100
    assert not decided.exclude(moderator__email="nayeli@secretariat.example").exists()


def test_two_organizations_are_verified_and_one_of_them_is_spoken_for_by_two(demo):
    current = Verification.objects.filter(ended_at=None)
    assert Counter(current.values_list("method", flat=True)) == {"mail": 1, "secretariat": 1}
    sauti = current.get(method="secretariat").organization
    assert Representative.objects.filter(organization=sauti, until=None).count() == 2
    marks = OrganizationMark.objects.filter(organization=sauti).select_related("edition__byline")
    assert Counter(each.edition.byline.name for each in marks) == {"Wanjiru Gathoni": 3, "Rose Achieng Odera": 1}


def test_a_byline_is_disputed_and_the_moderator_has_not_decided(demo):
    dispute = Dispute.objects.get()
    assert dispute.status == "pending"
    assert dispute.edition.byline.name == "Dennis Kibet Rono"


def test_one_entry_is_doubted_one_archived_one_confirmed_and_one_merged(demo):
    published = Listing.objects.filter(of=Kind.ORGANIZATION, number__isnull=False)
    by_name = {name: each for each in published for name in each.details["name"].values()}
    assert by_name["North Atlantic Cable Forum"].doubted_at and not by_name["North Atlantic Cable Forum"].archived_at
    assert by_name["Ardcarrig Village Hall Network"].archived_at
    assert by_name["Joint Secretariat for Cross-Border Services"].confirmed_at
    assert by_name["Lagoon Radio, Fiji"].merged_into == by_name["Lagoon Community Radio"]
    assert Listing.objects.exclude(doubted_at=None).count() == 2


def test_what_a_moderator_of_the_community_and_its_organizer_see_first(demo, client):
    client.post("/demo/", {"person": "moderator-4", "lang": "en"})
    queue = client.get("/en/desk/moderation/").content.decode()
    assert "Lagoon Fibre Ltd" in queue and "Encuentro de corresponsales" in queue
    client.post("/demo/", {"person": "organizer", "lang": "en"})
    assert "Calendar and directory" in client.get("/en/desk/").content.decode()


def test_the_content_names_only_whom_and_what_there_is():
    organizations = {row["key"] for kind, row in ROWS if kind == Kind.ORGANIZATION}
    people = {person["key"] for slug in SLUGS for person in content(f"{slug}/people")}
    people |= {person["key"] for person in (*content("cast")["people"], *content("community/people_before"))}
    codes = {
        row["code"] for row in json.loads((Path(themes.__file__).parent / "data" / "wsis.json").read_text("utf-8"))
    }
    keys = [(kind, row["key"]) for kind, row in ROWS]
    assert len(keys) == len(set(keys))
    for _kind, row in ROWS:
        details = row["details"]
        assert row["by"] in people
        assert set(details.get("themes", [])) <= codes, row["key"]
        named = {details.get("organizer"), details.get("affiliation"), *details.get("organizations", [])} - {None}
        assert named <= organizations, row["key"]
        assert details.get("prepares", SLUGS[0]) in SLUGS
        for address in (details.get("site"), details.get("online"), details.get("link")):
            assert not address or (address.startswith("https://") and ".example/" in address)


@pytest.mark.parametrize("days", range(7))
def test_dates_fall_on_the_day_of_the_week_that_they_are_for(days):
    for row in content("community/events"):
        zone = zoneinfo.ZoneInfo(row["details"]["timezone"])
        today = datetime.datetime(2026, 11, 23, 12, tzinfo=zone).date() + datetime.timedelta(days=days)
        shift = community._shift(today, row["dates"][0], row["falls"])
        dates = [community._date(today + shift, date) for date in row["dates"]]
        first = datetime.date.fromisoformat(dates[0]["start"][:10])
        assert all(date["start"] < date["end"] or len(date["start"]) == 10 for date in dates)
        if row["falls"] == "working_day":
            assert first.isoweekday() <= 5
        elif row["falls"] != "any":
            assert first.isoweekday() == row["falls"]
        if row["dates"][0]["in_days"] < 0:
            assert first < today
        # Nothing is notified twice, whatever the day of the week.
        last = datetime.date.fromisoformat(dates[-1]["end"][:10])
        report_ago = [row["report"]["days_ago"]] if "report" in row else []
        assert all(today - datetime.timedelta(days=ago) > last for ago in report_ago), row["key"]
        if "days_ago" in row:
            assert today - datetime.timedelta(days=row["days_ago"]) <= first, row["key"]
