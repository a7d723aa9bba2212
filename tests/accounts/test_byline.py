"""Setting a byline."""

import pytest

from plenara.accounts import actions
from plenara.accounts.models import Person
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from tests import world

pytestmark = pytest.mark.django_db

BYLINE = {"stakeholder_group": "civil_society", "capacity": "individual", "organization": "", "country": "ML"}


@pytest.fixture
def new(db):
    """Registered, and has not said yet for whom they speak."""
    return actions.register(name="Noor Haddad", email="noor@people.example")


def test_it_is_asked_with_the_reason_why_and_leads_back(client, new, sign_in):
    sign_in(new)
    page = client.get("/en/my/byline/?next=/en/about/how/").content.decode()
    assert "Readers want to know who holds each view." in page
    answer = client.post("/en/my/byline/", {**BYLINE, "next": "/en/about/how/"})
    assert answer.url == "/en/about/how/"
    new.refresh_from_db()
    assert new.has_byline


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_to_another_site(client, new, sign_in, elsewhere):
    sign_in(new)
    assert client.post("/en/my/byline/", {**BYLINE, "next": elsewhere}).url == "/en/my/settings/"


def test_a_stranger_signs_in_first_and_comes_back(client):
    assert client.get("/en/my/byline/").url == "/en/account/login/?next=/en/my/byline/"


def test_the_page_says_that_copies_cannot_be_called_back_and_what_was_published_stays(client, new, sign_in):
    sign_in(new)
    page = client.get("/en/my/byline/").content.decode()
    assert "Others can copy what is published on this site, and we cannot delete their copies." in page
    assert "What is already published keeps the details that you gave when you submitted it." in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"stakeholder_group": ""}, "stakeholder_group"),
        ({"stakeholder_group": "royalty"}, "stakeholder_group"),
        ({"capacity": ""}, "capacity"),
        ({"capacity": "organization"}, "organization"),
        ({"capacity": "organization", "organization": "\u200b"}, "organization"),
        ({"capacity": "organization", "organization": "x" * 161}, "organization"),
        ({"country": ""}, "country"),
        ({"country": "XX"}, "country"),
        ({"country": "EU"}, "country"),
    ],
)
def test_what_is_missing_is_named_at_its_field_and_the_rest_stays(client, new, sign_in, change, field):
    sign_in(new)
    answer = client.post("/en/my/byline/", {**BYLINE, **change})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    if "country" not in change:
        assert '<option value="ML" selected>' in answer.content.decode()
    new.refresh_from_db()
    assert not new.has_byline


def test_every_error_is_named_in_the_first_round(client, new, sign_in):
    sign_in(new)
    answer = client.post("/en/my/byline/", {})
    assert set(answer.context["form"].errors) == {"stakeholder_group", "capacity", "country"}
    assert "Choose your country, or ask us to withhold it." in answer.content.decode()
    answer = client.post("/en/my/byline/", {"capacity": "organization", "withholds_country": "on"})
    assert set(answer.context["form"].errors) == {"stakeholder_group", "organization"}


def test_a_country_that_is_withheld_may_be_left_out(new):
    actions.set_byline(actor=new, **{**BYLINE, "country": ""}, withholds_country=True)
    assert new.has_byline


def test_an_organization_is_kept_only_of_who_speaks_for_one(new):
    actions.set_byline(actor=new, **{**BYLINE, "organization": "Left over"})
    assert Person.objects.get(pk=new.pk).organization == ""
    actions.set_byline(actor=new, **{**BYLINE, "capacity": "organization", "organization": " Ilima\nLibrary "})
    assert Person.objects.get(pk=new.pk).organization == "Ilima Library"


def test_the_audit_entry_has_nothing_of_what_is_withheld(new):
    actions.set_byline(actor=new, **BYLINE, withholds_name=True, withholds_country=True)
    assert AuditEntry.objects.get(verb="person.told_byline").details == {}


def test_countries_stand_in_the_language_and_order_of_the_page(client, new, sign_in):
    sign_in(new)
    page = client.get("/fr/my/byline/").content.decode()
    assert (
        page.index(">Afghanistan<") < page.index(">Allemagne<") < page.index(">États-Unis<") < page.index(">Zimbabwe<")
    )
    assert ">毛里求斯<" in client.get("/zh/my/byline/").content.decode()


def test_a_suspended_person_cannot_change_their_byline(client, organizer, sign_in):
    person = world.person("Noor Haddad")
    actions.suspend(actor=organizer, person=person, reason="spam")
    person.refresh_from_db()
    with pytest.raises(NotPermitted, match="suspended"):
        actions.set_byline(actor=person, **BYLINE)
    sign_in(person)
    answer = client.get("/en/my/byline/")
    assert answer.status_code == 403
    assert "You can only read." in answer.content.decode()


def test_an_invented_group_is_refused_below_the_form_too(new):
    with pytest.raises(InvalidInput):
        actions.set_byline(actor=new, **{**BYLINE, "stakeholder_group": "royalty"})
