"""The pages on which entries are proposed, kept, verified, merged, disputed: accessible, nothing scrolls sideways."""

import pytest

from plenara.directory import yearly
from plenara.directory.models import Listing
from tests.directory import everywhere, making
from tests.journeys.conftest import axe_script
from tests.journeys.test_every_page import faults_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

DESK = "desk/consultations/internet-governance/"
#: Who opens which pages.
PAGES = {
    None: [
        "directory/confirm/{token}/", "organizations/verify/no-such-link/",
        "consultations/internet-governance/contributions/1/",
    ],
    "author": [
        "organizations/propose/", "people/propose/", "projects/propose/", "my/listings/", "my/listings/{organization}/",
        "my/listings/{organization}/change/", "my/listings/{organization}/withdraw/", "my/disputes/",
        "my/listings/{organization}/confirm/", "my/listings/{organization}/hand-over/",
        "my/listings/{organization}/verify/", "my/listings/{organization}/representatives/",
        "my/representing/{speaks}/end/", "my/disputes/new/{public_id}/",
    ],
    "head": [
        "desk/directory/", "desk/directory/organization/{organization_number}/", "desk/moderation/project/{project}/",
    ],
    "moderator": [f"{DESK}disputes/", f"{DESK}disputes/{{dispute}}/"],
}  # fmt: skip


@pytest.fixture
def head(db):
    """Who moderates the community."""
    return making.keeper("Olga Lind")


@pytest.fixture
def place(edition, author, head, moderator):
    ids = everywhere.places(author, edition)
    token = yearly.token_of(author, [Listing.objects.get(pk=ids["organization"])])
    return {**ids, "token": token}


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_every_page_is_accessible(language, place, visitor, request):
    axe, faults = axe_script(), []
    for role, paths in PAGES.items():
        someone = visitor(language=language)
        if role:
            someone.is_signed_in_as(request.getfixturevalue(role))
        for path in paths:
            faults += faults_of(someone.goes_to(f"/{language}/{path.format(**place)}"), axe, path)
    assert not faults, "\n".join(faults)


def test_an_organization_is_proposed_on_a_phone_without_a_script(author, head, visitor):
    making.published(author, head)
    someone = visitor(scripts=False, width="phone")
    someone.is_signed_in_as(author)
    page = someone.goes_to("/en/organizations/propose/")
    page.get_by_label("English", exact=True).first.fill("Sahel Digital Net")
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_text("Choose the stakeholder group.").count() == 2
    page.get_by_label("Civil society").check()
    page.get_by_role("button", name="Continue").click()
    assert page.get_by_text("Is it one of these?").count() == 1
    page.get_by_role("button", name="Change something").click()
    assert page.get_by_label("English", exact=True).first.input_value() == "Sahel Digital Net"
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send it").click()
    assert page.get_by_text("We have received it").count() == 1
    assert Listing.objects.filter(state="pending").count() == 1
    assert not someone.faults
