"""Setting up the installation: name, contact, controller, and its own pages."""

import pytest

from plenara.accounts import actions
from plenara.accounts.queries import PAGES, default_page_text, installation, installation_row, page_text
from plenara.core.cache_tags import revision
from plenara.core.languages import NAMES
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.core.text import page_to_html
from tests import world

pytestmark = pytest.mark.django_db

FIELDS = {
    "name_en": "Open Rivers",
    "name_fr": "Rivières ouvertes",
    "contact": "office@rivers.example",
    "controller_en": "River House",
}


def set_up(actor, **change):
    given = {"name": {"en": "Open Rivers"}, "contact": "office@rivers.example", "controller": {"en": "River House"}}
    return actions.set_up(actor=actor, **{**given, **change})


def test_an_organizer_sets_it_up_and_every_page_shows_the_name(client, organizer, sign_in):
    sign_in(organizer)
    answer = client.post("/en/desk/installation/", FIELDS)
    assert answer.url == "/en/desk/installation/"
    assert installation_row().is_set_up
    page = client.get("/fr/about/how/").content.decode()
    assert "Rivières ouvertes" in page
    assert "mailto:office@rivers.example" in page


def test_an_organizer_asks_for_a_second_one_before_an_announcement_and_the_change_is_recorded(
    client, organizer, sign_in
):
    sign_in(organizer)
    assert not installation_row().announcing_takes_two
    client.post("/en/desk/installation/", {**FIELDS, "announcing_takes_two": "on"})
    assert installation_row().announcing_takes_two
    assert AuditEntry.objects.filter(verb="installation.set_up").last().details["announcing_takes_two"] is True
    set_up(organizer)  # whoever does not ask about it leaves it
    assert installation_row().announcing_takes_two
    client.post("/en/desk/installation/", FIELDS)
    assert not installation_row().announcing_takes_two


def test_public_pages_become_stale(organizer):
    before = revision("installation")
    set_up(organizer)
    assert revision("installation") == before + 1
    actions.set_page(actor=organizer, page="how", texts={"en": "So."})
    assert revision("installation") == before + 2
    actions.set_page(actor=organizer, page="how", texts={"en": "So."})  # nothing has changed
    assert revision("installation") == before + 2


def test_only_an_organizer_of_the_installation_may(participant, operator):
    for other in (participant, operator):
        with pytest.raises(NotPermitted):
            set_up(other)
        with pytest.raises(NotPermitted):
            actions.set_page(actor=other, page="how", texts={})


@pytest.mark.once
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name_en": "", "name_fr": ""}, "name_en"),
        ({"name_en": "x" * 121}, "name_en"),
        ({"contact": "office"}, "contact"),
        ({"contact": ""}, "contact"),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_the_rest_stays(client, organizer, sign_in, change, field):
    sign_in(organizer)
    answer = client.post("/en/desk/installation/", {**FIELDS, **change})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'value="River House"' in answer.content.decode()
    assert not installation_row().is_set_up


@pytest.mark.once
def test_missing_languages_of_a_page_are_shown(client, organizer, sign_in, monkeypatch):
    monkeypatch.setattr(
        "plenara.accounts.queries.default_page_text", lambda page, language: "" if language == "ru" else "…"
    )
    sign_in(organizer)
    page = client.get("/en/desk/installation/").content.decode()
    assert page.count(">missing</span>") == len(PAGES) + 2  # and of name and controller
    assert page.count(">default text</span>") == len(PAGES) * 5


# --- the pages --------------------------------------------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", NAMES)
def test_every_page_has_a_default_text_in_every_language(page, language):
    assert default_page_text(page, language)
    assert page_text(page, language).language == language


def test_an_organizers_text_stands_in_place_of_the_default_and_the_others_stay(client, organizer, sign_in):
    sign_in(organizer)
    texts = {code: default_page_text("how", code) for code in NAMES}
    answer = client.post("/en/desk/installation/how/", {**texts, "en": "## Our way\r\n\r\nWe listen."})
    assert answer.url == "/en/desk/installation/"
    assert installation_row().pages == {"how": {"en": "## Our way\n\nWe listen."}}
    assert "We listen." in client.get("/en/about/how/").content.decode()
    assert page_text("how", "fr").text == page_text("how", "fr").text
    assert "your text" in client.get("/en/desk/installation/").content.decode()


def test_an_emptied_field_brings_the_default_back(organizer):
    actions.set_page(actor=organizer, page="how", texts={"en": "We listen."})
    actions.set_page(actor=organizer, page="how", texts={"en": " "})
    assert installation_row().pages == {}


@pytest.mark.parametrize(("page", "version"), [("rules", "2"), ("licence", "2"), ("how", "1"), ("privacy", "1")])
def test_a_change_of_what_people_accept_makes_a_new_version(organizer, page, version):
    actions.set_page(actor=organizer, page=page, texts={"en": "Otherwise."})
    assert installation_row().rules_version == version
    actions.set_page(actor=organizer, page=page, texts={"en": "Otherwise."})
    assert installation_row().rules_version == version
    assert AuditEntry.objects.filter(verb="installation.changed_page").count() == 1


def test_there_are_no_other_pages(client, organizer, sign_in):
    sign_in(organizer)
    assert client.get("/en/desk/installation/secrets/").status_code == 404
    with pytest.raises(InvalidInput):
        actions.set_page(actor=organizer, page="secrets", texts={})


def test_names_are_filled_in_as_words_whatever_they_hold(organizer):
    hostile = "[x](javascript:alert(1)) *Rivers* <script>alert(1)</script> {contact} # h"
    set_up(organizer, name={"en": hostile}, controller={"en": hostile})
    actions.set_page(actor=organizer, page="how", texts={"en": "By {installation}, {controller}, {contact}, {secret}."})
    html = page_to_html(page_text("how", "en").text)
    assert html.count("[x](javascript:alert(1)) *Rivers* &lt;script&gt;alert(1)&lt;/script&gt; {contact} # h") == 2
    assert '<a href="mailto:office@rivers.example" rel="noopener">office@rivers.example</a>' in html
    assert "{secret}" in html
    assert "<em>" not in html


def test_a_page_that_is_missing_in_a_language_is_shown_in_another(organizer, monkeypatch):
    monkeypatch.setattr(
        "plenara.accounts.queries.default_page_text", lambda page, language: "…" if language == "fr" else ""
    )
    assert page_text("how", "ar") == ("…", "fr")


def test_the_name_falls_back_to_another_language(organizer):
    set_up(organizer, name={"fr": "Rivières ouvertes"})
    assert (installation("ar").name, installation("ar").language) == ("Rivières ouvertes", "fr")


def test_who_may_not_set_up_gets_a_sentence(client, participant, sign_in):
    assert client.get("/en/desk/installation/").url == "/en/account/login/?next=/en/desk/installation/"
    sign_in(participant)
    answer = client.get("/en/desk/installation/")
    assert answer.status_code == 403
    assert "Only organizers of this site" in answer.content.decode()


def test_a_suspended_organizer_may_not(client, organizer, sign_in):
    second = world.person("Ana Prieto", is_organizer=True)
    actions.suspend(actor=organizer, person=second, reason="safety")
    sign_in(second)
    assert client.get("/en/desk/installation/").status_code == 403
