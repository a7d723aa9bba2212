"""An export of an import is the first export, byte for byte; what is in it is all that is public, and nothing else."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.bundles.actions.community import import_community
from plenara.bundles.format import COMMUNITY_FILES
from plenara.bundles.queries import community_bundle
from plenara.core.life_cycle import version_in_force
from plenara.core.models import AuditEntry, Revision
from plenara.directory.models import Counter, Listing, Mark, Place, Verification
from plenara.events.models import Event, EventMark, Occurrence
from plenara.search.models import Entry
from plenara.themes.models import Theme
from tests.bundles.bundles import contents
from tests.bundles.community.making import ORGANIZATION, published

pytestmark = pytest.mark.django_db
MODELS = (EventMark, Occurrence, Event, Mark, Place, Verification, Listing, Counter, Entry)


def clear():
    """Leave nothing of the community."""
    Listing.objects.update(merged_into=None)
    for model in MODELS:
        model.objects.all().delete()
    Theme.objects.update(broader=None, replaced_by=None)
    Theme.objects.all().delete()


def rows(path, name):
    return [json.loads(line) for line in (path / name).read_text("utf-8").splitlines()]


def test_an_export_of_an_import_is_the_first_export(whole, write_out):
    first = write_out()
    clear()
    _checked, outcome = import_community(first)
    assert outcome.made == {"organization": 4, "person": 2, "project": 1, "event": 4}
    assert contents(write_out()) == contents(first)


def test_a_zip_comes_in_as_a_folder_does(whole, write_out):
    first, packed = write_out(), write_out(".zip")
    clear()
    import_community(packed)
    assert contents(write_out()) == contents(first)


def test_the_same_again_changes_nothing(whole, write_out):
    path = write_out()
    before = (
        AuditEntry.objects.count(),
        list(Revision.objects.order_by("cache_tag").values_list("cache_tag", "number")),
    )
    _checked, outcome = import_community(path)
    assert outcome.is_nothing
    assert (
        AuditEntry.objects.count(),
        list(Revision.objects.order_by("cache_tag").values_list("cache_tag", "number")),
    ) == before


def test_the_files_are_those_of_the_format_with_a_manifest(whole, write_out):
    assert set(contents(write_out())) == {*COMMUNITY_FILES, "manifest-sha256.txt"}


def test_nothing_unpublished_and_nothing_private_is_in_it(whole, write_out):
    for name, content in contents(write_out()).items():
        assert b"hush" not in content.lower(), name
        assert b"@" not in content, name


def test_what_is_gone_is_a_stub_and_what_was_merged_says_where_it_went(whole, write_out):
    organizations = rows(write_out(), "organizations.jsonl")
    assert organizations[2].keys() == {"number", "status", "merged_into", "published_at", "changed_at"} | (
        {"revision"} & organizations[2].keys()
    )
    assert organizations[2]["merged_into"] == 1
    assert (organizations[3]["status"], organizations[3]["reason"]) == ("removed", "R7")
    assert organizations[3].keys() <= {
        "number", "status", "reason", "gone_at", "published_at", "changed_at", "revision",
    }  # fmt: skip


def test_dates_come_with_how_they_stand_in_calendars(whole, write_out):
    event = rows(write_out(), "events.jsonl")[0]
    assert [(each["number"], each.get("sequence", 0), "cancelled_at" in each) for each in event["dates"]] == [
        (1, 1, True), (3, 0, False), (2, 1, True),
    ]  # fmt: skip
    assert event["dates"][2]["left_out"] is True
    assert event["prepares"] == "internet-governance"


def test_an_import_keeps_how_dates_stand(whole, write_out):
    fields = ("number", "sequence", "changed_at", "starts_local", "starts_at", "ends_at", "timezone", "is_whole_days")
    before = list(Occurrence.objects.filter(is_shown=True).order_by("event__number", "number").values_list(*fields))
    path = write_out()
    clear()
    import_community(path)
    assert list(Occurrence.objects.order_by("event__number", "number").values_list(*fields)) == before


def test_what_came_in_is_found_and_has_no_owner(whole, write_out):
    marks, places = Mark.objects.count(), Place.objects.count()
    dates = EventMark.objects.count()
    indexed = Entry.objects.count()
    path = write_out()
    clear()
    import_community(path)
    assert (Mark.objects.count(), Place.objects.count(), Entry.objects.count()) == (marks, places, indexed)
    assert EventMark.objects.count() == dates
    event = Event.objects.get(number=1)
    assert event.owner is None
    assert event.organizer == Listing.objects.get(of="organization", number=1)
    assert event.prepares == whole
    assert version_in_force(event).details == event.details


def test_the_next_number_comes_after_those_that_came_in(whole, write_out):
    path = write_out()
    clear()
    import_community(path)
    assert published("organization", ORGANIZATION).number == 5
    assert published("person", {"name": "New"}).number == 3


def test_the_verification_that_stands_comes_with_its_method_and_date(whole, write_out):
    kept = Verification.objects.get(ended_at=None)
    path = write_out()
    clear()
    import_community(path)
    found = Verification.objects.get()
    assert (found.method, found.domain, found.at, found.note) == ("mail", "water.example", kept.at, "")


@pytest.mark.once
def test_an_export_asks_as_often_for_five_entries_as_for_fifty(whole, write_out):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            write_out()
        return len(captured)

    few = asked()
    for number in range(45):
        published("organization", {**ORGANIZATION, "name": {"en": f"Forum {number}"}})
    assert asked() == few


def test_themes_and_organizations_that_are_not_here_are_named_by_nobody(whole, write_out):
    published("project", {"title": {"en": "Stray"}, "organizations": [99, 1], "themes": ["nowhere", "C2"]})
    row = rows(write_out(), "projects.jsonl")[-1]
    assert (row["organizations"], row["themes"]) == ([1], ["C2"])


def test_every_key_that_details_can_have_is_exported():
    from plenara.bundles.validation import community_rows
    from plenara.directory import models
    from plenara.events.models import Details

    assert {*community_rows.DETAILS["event"], "dates"} == set(Details.__annotations__)
    for kind, described in (
        ("organization", models.OrganizationDetails),
        ("person", models.PersonDetails),
        ("project", models.ProjectDetails),
    ):
        assert set(community_rows.DETAILS[kind]) == set(described.__annotations__), kind


def test_what_has_a_name_in_the_checker_is_what_the_tables_have():
    from plenara.bundles.format import ENTRIES
    from plenara.bundles.validation.community_rows import METHODS
    from plenara.directory.models import Kind

    assert set(ENTRIES.values()) == {*Kind.values, "event"}
    assert set(METHODS) == set(Verification.Method.values)
    assert community_bundle.numbered("person").model is Listing


def test_codes_of_themes_are_held_to_what_the_list_holds_them_to():
    from plenara.bundles.validation import community
    from plenara.themes import validation

    assert (community.MOST, community.ENDINGS, community.TAKEN) == (
        validation.MOST,
        validation.ENDINGS,
        validation._TAKEN,
    )
