"""Calendar, directory and themes by keyboard alone: every page from end to end, and what is done there."""

import pytest

from tests.directory import everywhere as directory
from tests.directory import listed
from tests.directory import making as listings
from tests.events import everywhere as events
from tests.events import making
from tests.journeys.keyboard import faults_of_walk
from tests.journeys.test_every_page import calendar
from tests.themes import everywhere as themes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

DESK = "desk/consultations/internet-governance/"
#: Who opens which pages.
PAGES = {
    None: [
        "events/?language=fr&tz=Asia/Shanghai", "events/past/", "events/month/2090-12/", "events/{event}/",
        "organizations/?letter=R", "organizations/{listed_organization}/", "people/", "people/{listed_person}/",
        "projects/", "projects/{listed_project}/", "organizations/figures/", "themes/", "themes/C7-e-health/",
        "directory/confirm/no-such-link/", "organizations/verify/no-such-link/", "community/downloads/",
    ],
    "author": [
        "events/propose/", "my/events/", "my/events/{series}/cancel/", "my/events/{own_event}/withdraw/",
        "my/events/{own_event}/outcome/", "my/events/import/", "my/events/import/{calendar_file}/",
        "organizations/propose/", "people/propose/", "projects/propose/", "my/listings/",
        "my/listings/{organization}/change/", "my/listings/{organization}/hand-over/",
        "my/listings/{organization}/verify/", "my/listings/{organization}/representatives/",
        "my/disputes/new/{public_id}/", "my/disputes/",
    ],
    "head": ["desk/directory/", "desk/directory/organization/{organization_number}/"],
    "moderator": [f"{DESK}disputes/", f"{DESK}disputes/{{dispute}}/"],
    "organizer": [f"desk/themes/{page}" for page in themes.DESK],
}  # fmt: skip


@pytest.fixture
def head(db):
    """Who moderates calendar and directory."""
    return listings.keeper("Olga Lind")


@pytest.fixture
def place(edition, author, head, moderator):
    """Something of every kind in calendar, directory and themes, and the ids that the pages above name."""
    own = events.places(author)
    return {
        **themes.places(),
        "own_event": own["event"],
        "calendar_file": own["calendar_file"],
        "series": making.published(author, head, making.series(3)).pk,
        **calendar(),
        **listed.of_every_kind(edition),
        **directory.places(author, edition),
    }


@pytest.mark.parametrize(("language", "width"), [("en", "desk"), ("ar", "phone")])
def test_every_page_can_be_gone_through(language, width, place, visitor, request):
    faults = []
    for role, paths in PAGES.items():
        someone = visitor(language=language, width=width)
        if role:
            someone.is_signed_in_as(request.getfixturevalue(role))
        for path in paths:
            faults += faults_of_walk(someone.goes_to(f"/{language}/{path.format(**place)}"), path)
    assert not faults, "\n".join(faults)
