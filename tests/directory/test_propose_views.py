"""The pages on which an entry is proposed and maintained."""

import re

import pytest

from plenara.accounts.models import Invitation
from plenara.core import clock, tasks
from plenara.core.languages import CODES
from plenara.core.models import BackgroundTask
from plenara.directory import actions
from plenara.directory.models import Listing
from tests import world
from tests.directory import making

pytestmark = pytest.mark.django_db

FORM = {
    "name_en": "Sahel Digital Network",
    "name_fr": "Réseau Sahel Numérique",
    "acronym": "RSN",
    "group": "civil_society",
    "country": "ML",
    "site": "https://www.sahel-numerique.example/",
    "description_fr": "Nous formons des bibliothécaires.",
}


@pytest.fixture
def owner(db):
    return world.person("Aminata Diallo")


@pytest.fixture
def curator(db):
    return making.curator()


def sealed(page):
    return re.search(r'name="seal" value="([^"]+)"', page.content.decode())[1]


def propose(client, kind="organizations", **form):
    """Go through the two pages, and return the response."""
    address = f"/en/{kind}/propose/"
    first = client.get(address)
    form = {"seal": sealed(first), **form}
    look = client.post(address, form)
    assert look.status_code == 200 and "Check your entry and submit it" in look.content.decode()
    return client.post(address, {**form, "send": "1"})


def test_an_organization_is_proposed_over_two_pages(owner, sign_in):
    answer = propose(sign_in(owner), **FORM)
    listing = Listing.objects.get()
    assert answer.status_code == 302 and answer["Location"] == f"/en/my/listings/{listing.pk}/"
    assert listing.versions.get().details == {
        "name": {"en": "Sahel Digital Network", "fr": "Réseau Sahel Numérique"},
        "acronym": "RSN",
        "group": "civil_society",
        "country": "ML",
        "site": "https://www.sahel-numerique.example/",
        "description": {"fr": "Nous formons des bibliothécaires."},
    }
    assert "Waiting for a moderator" in sign_in(owner).get(answer["Location"]).content.decode()


def test_the_same_form_sent_twice_makes_one(owner, sign_in):
    client = sign_in(owner)
    form = {"seal": sealed(client.get("/en/organizations/propose/")), **FORM, "send": "1"}
    client.post("/en/organizations/propose/", form)
    client.post("/en/organizations/propose/", form)
    assert Listing.objects.count() == 1


def test_a_person_and_a_project_are_proposed(owner, curator, sign_in):
    organization = making.published(world.person("Someone else"), curator)
    client = sign_in(owner)
    propose(client, "people", name="Aminata Diallo", affiliation_name="RÉSEAU SAHEL NUMÉRIQUE", languages=["fr"],
            languages_more="Bambara, portuguese", about_en="I teach.")  # fmt: skip
    details = Listing.objects.get(of="person").versions.get().details
    assert details["affiliation"] == organization.number and details["languages"] == ["fr", "bm", "pt"]
    propose(client, "projects", title_en="Libraries", organizations=f"/en/organizations/{organization.number}/",
            countries=["ML", "FJ"], starts="2026-02", progress="running")  # fmt: skip
    details = Listing.objects.get(of="project").versions.get().details
    assert details["organizations"] == [organization.number] and details["countries"] == ["ML", "FJ"]


@pytest.mark.parametrize(
    ("kind", "field", "value", "sentence"),
    [
        ("organizations", "name_en", "", "Enter the organization’s name"),
        ("organizations", "group", "", "Choose the stakeholder group"),
        ("organizations", "site", "http://sahel.example/", "begins with https://"),
        ("organizations", "site", "https://user:secret@sahel.example/", "begins with https://"),
        ("organizations", "ror", "05a28rw59", "Enter a ROR identifier"),
        ("organizations", "name_en", "x" * 201, "201 characters"),
        ("people", "name", "", "Enter your name"),
        ("people", "orcid", "0000-0002-1825-0098", "Enter an ORCID identifier"),
        ("people", "about_en", "Write to me: aminata@people.example", "Delete the e-mail address"),
        ("people", "about_en", "Call +223 76 00 12 34", "Delete the telephone number"),
        ("people", "languages_more", "Klingonese", "We do not recognize the language"),
        ("projects", "organizations", "Nobody knows it", "is not in the directory"),
        ("projects", "ends", "2026-02-30", "Enter a year, a month or a day"),
        ("projects", "ends", "2019", "The end is before the start"),
    ],
)
def test_what_is_wrong_is_reported_at_its_field_and_nothing_typed_is_lost(owner, sign_in, kind, field, value, sentence):
    client = sign_in(owner)
    address = f"/en/{kind}/propose/"
    whole = {"organizations": {k: v for k, v in FORM.items() if k != "name_fr"},
             "people": {"name": "Aminata", "about_fr": "Bibliothécaire à Bamako"},
             "projects": {"title_en": "Libraries", "starts": "2020", "description_en": "Ten"}}[kind]  # fmt: skip
    page = client.post(address, {"seal": sealed(client.get(address)), **whole, field: value, "send": "1"})
    text = page.content.decode()
    assert page.status_code == 422 and sentence in text and f'href="#id_{field}' in text
    assert not Listing.objects.exists()
    kept = [each for name, each in whole.items() if name != field and name not in {"group", "country"}]
    assert all(each in text for each in kept)


def test_years_are_no_telephone_number(owner, sign_in):
    form = {"name": "Aminata", "about_en": "At the library 1998-2004, 2010 – 2024."}
    assert propose(sign_in(owner), "people", **form).status_code == 302


def test_what_may_be_the_same_is_shown_before_it_is_sent(owner, curator, sign_in):
    making.published(world.person("Someone else"), curator)
    client = sign_in(owner)
    form = {"name_ru": "Сахельская цифровая сеть", "group": "civil_society", "acronym": "RSN"}
    page = client.post("/en/organizations/propose/", {"seal": sealed(client.get("/en/organizations/propose/")), **form})
    assert (
        "Is one of these entries the same as yours?" in page.content.decode()
        and "/en/organizations/1/" in page.content.decode()
    )


def test_a_person_who_is_signed_out_while_writing_finds_it_again(owner, client, sign_in):
    sign_in(owner)
    seal = sealed(client.get("/en/organizations/propose/"))
    client.logout()
    assert client.post("/en/organizations/propose/", {**FORM, "seal": seal}).status_code == 302
    session = client.session
    kept = session["kept_listing"]
    sign_in(owner)
    session = client.session
    session["kept_listing"] = kept
    session.save()
    assert "Réseau Sahel Numérique" in client.get("/en/organizations/propose/").content.decode()


@pytest.mark.once
@pytest.mark.parametrize("language", CODES)
def test_every_page_of_ones_own_answers_in_every_language(owner, curator, sign_in, language):
    listing = making.verified(owner, curator)
    client = sign_in(owner)
    for page in ("", "change/", "withdraw/", "confirm/", "hand-over/", "verify/", "representatives/"):
        assert client.get(f"/{language}/my/listings/{listing.pk}/{page}").status_code == 200, page
    assert client.get(f"/{language}/my/listings/").status_code == 200
    staff = sign_in(curator)
    assert staff.get(f"/{language}/desk/directory/").status_code == 200
    assert staff.get(f"/{language}/desk/directory/organization/{listing.number}/").status_code == 200


def test_an_entry_of_somebody_else_is_not_there(owner, curator, sign_in):
    listing = making.published(owner, curator)
    client = sign_in(world.person("Someone else"))
    for page in ("", "change/", "withdraw/", "confirm/", "hand-over/", "verify/", "representatives/"):
        assert client.get(f"/en/my/listings/{listing.pk}/{page}").status_code == 404
    assert client.get("/en/desk/directory/").status_code == 403


def test_an_entry_is_handed_over_to_the_person_who_accepts_the_invitation(owner, curator, sign_in, mailoutbox):
    listing, heir = making.published(owner, curator), world.person("Moussa Keita")
    client = sign_in(owner)
    client.post(f"/en/my/listings/{listing.pk}/hand-over/", {"address": heir.email, "language": "fr"})
    tasks.run_all()
    email = next(each for each in mailoutbox if each.to == [heir.email])
    token = re.search(r"/([\w-]{30,})/", email.body)[1]
    from plenara.accounts.actions import accept_invitation

    accept_invitation(actor=heir, token=token)
    listing.refresh_from_db()
    assert listing.owner == heir


@pytest.mark.parametrize("place", ["hand-over", "representatives"])
def test_invitations_are_listed_with_what_became_of_each(owner, curator, sign_in, place):
    listing, client = making.verified(owner, curator), sign_in(owner)
    address = f"/en/my/listings/{listing.pk}/{place}/"
    for name in ("refused", "withdrawn", "expired", "waiting"):
        client.post(address, {"address": f"{name}@people.example", "language": "fr"})
    refused, withdrawn, expired, _waiting = Invitation.objects.order_by("pk")
    BackgroundTask.objects.filter(key=f"invitation-{refused.pk}").update(
        failed_at=clock.now(), last_error="Abort 550 5.1.1"
    )
    Invitation.objects.filter(pk=expired.pk).update(expires_at=clock.now())
    client.post(address, {"revoke": withdrawn.pk})
    page = client.get(address).content.decode()
    for word in ("not delivered", "550 5.1.1", "withdrawn", "expired", "waiting to be sent"):
        assert f">{word}<" in page
    for name, is_shown in {"refused": True, "waiting": True, "withdrawn": False, "expired": False}.items():
        assert (f"{name}@people.example" in page) == is_shown
    assert page.count('name="revoke"') == 2
    at_desk = sign_in(curator).get(f"/en/desk/directory/organization/{listing.number}/").content.decode()
    assert (">not delivered<" in at_desk) == (place == "hand-over") and 'name="revoke"' not in at_desk


def test_whoever_keeps_an_entry_does_not_read_whom_an_earlier_owner_invited(owner, curator, sign_in):
    listing, heir = making.published(owner, curator), world.person("Moussa Keita")
    actions.hand_over(actor=owner, listing=listing, address="elsewhere@people.example")
    Listing.objects.filter(pk=listing.pk).update(owner=heir)
    page = sign_in(heir).get(f"/en/my/listings/{listing.pk}/hand-over/").content.decode()
    assert "elsewhere@people.example" not in page and "Invitations</h2>" not in page


def test_the_effect_of_withdrawing_is_described_before_and_after_publication(owner, curator, sign_in):
    listing, leaves = making.proposed(owner), "disappears from the directory immediately"
    page = sign_in(owner).get(f"/en/my/listings/{listing.pk}/").content.decode()
    assert "You can withdraw what you submitted. It will not be published." in page and leaves not in page
    making.decided(listing, curator)
    page = sign_in(owner).get(f"/en/my/listings/{listing.pk}/").content.decode()
    assert leaves in page and "It will not be published" not in page


def test_an_address_that_is_none_is_refused_in_our_words(owner, curator, sign_in):
    listing = making.published(owner, curator)
    answer = sign_in(owner).post(f"/en/my/listings/{listing.pk}/hand-over/", {"address": "heir", "language": "fr"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="heir"' in page
    assert "Enter an e-mail address such as name@example.org." in page


def test_what_is_published_is_changed(owner, curator, sign_in):
    listing = making.published(owner, curator)
    client = sign_in(owner)
    address = f"/en/my/listings/{listing.pk}/change/"
    page = client.get(address)
    assert "Réseau Sahel Numérique" in page.content.decode()
    client.post(address, {**FORM, "seal": sealed(page), "acronym": "ReSN", "send": "1"})
    assert making.decided(listing, curator).details["acronym"] == "ReSN"
    assert actions.confirm(actor=owner, listing=listing).confirmed_at
