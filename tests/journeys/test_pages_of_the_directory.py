"""An organization is proposed on a phone: no script is needed. How the pages look is seen in `test_every_page.py`."""

import pytest

from plenara.directory.models import Listing
from tests.directory import making

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def head(db):
    """Who moderates the community."""
    return making.curator("Olga Lind")


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
    assert page.get_by_text("Is one of these entries the same as yours?").count() == 1
    page.get_by_role("button", name="Make changes").click()
    assert page.get_by_label("English", exact=True).first.input_value() == "Sahel Digital Net"
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Submit").click()
    assert page.get_by_text("We have received your proposal.").count() == 1
    assert Listing.objects.filter(state="pending").count() == 1
    assert not someone.errors
