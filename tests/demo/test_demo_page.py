"""The demo's first page: in six languages, one click to be anybody of the cast, and in a demo alone."""

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import Resolver404, resolve

from plenara.config import settings as production
from plenara.core.languages import NAMES, direction, html_code
from plenara.demo.presenters import PARTS, cast
from plenara.demo.views import open as views

KEYS = [key for part in PARTS for key in part.keys]


@pytest.mark.once
@pytest.mark.parametrize("lang", NAMES)
def test_it_is_there_in_each_language_with_the_language_bar_leading_back(demo, client, lang):
    answer = client.get("/demo/", {"lang": lang})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{html_code(lang)}" dir="{direction(lang)}">' in html
    assert all(f'href="/demo/?lang={code}"' in html for code in NAMES)
    assert all(f'value="{key}"' in html for key in KEYS)
    assert f'href="/{lang}/consultations/internet-governance/threads/1/"' in html
    assert 'href="/ar/consultations/internet-governance/summaries/1/"' in html


def test_without_a_choice_it_speaks_as_the_browser_prefers(demo, client):
    assert 'lang="zh-Hans" dir="ltr"' in client.get("/demo/", headers={"accept-language": "zh-CN"}).content.decode()
    assert 'lang="en"' in client.get("/demo/", {"lang": "tlh"}).content.decode()


def test_every_part_has_somebody_who_plays_it(demo):
    assert all(people for _part, people in cast())
    assert [key for _part, people in cast() for key, _person in people] == KEYS


@pytest.mark.once
@pytest.mark.parametrize("key", KEYS)
def test_one_click_signs_in_and_leads_to_where_the_work_is(demo, client, key):
    answer = client.post("/demo/", {"person": key, "lang": "fr"}, follow=True)
    assert answer.status_code == 200
    assert answer.wsgi_request.user.is_authenticated
    path = answer.redirect_chain[0][0]
    assert path.startswith("/fr/")
    expected = {
        "organizer": "/fr/desk/",
        "moderator-1": "/fr/desk/moderation/",
        "rapporteur": "/fr/desk/consultations/internet-governance/summaries/",
        "operator": "/fr/desk/",
        "p-bjarni": "/fr/my/",
        "newcomer": "/fr/contribute/internet-governance/1/",
    }
    assert expected.get(key, path) == path
    if key.startswith("translator-"):
        assert path.endswith(f"/renditions/{key[-2:]}/")


def test_another_click_makes_somebody_else_of_the_visitor(demo, client):
    client.post("/demo/", {"person": "organizer", "lang": "en"})
    first = client.session.session_key
    client.post("/demo/", {"person": "newcomer", "lang": "en"})
    page = client.get("/demo/")
    assert page.wsgi_request.user.name == "Anneliese Tamura"
    assert client.session.session_key != first


@pytest.mark.parametrize("key", ["", "p-petra", "nobody", "organizer\x00", "1"])
def test_only_the_cast_can_be_signed_in_as(demo, client, key):
    answer = client.post("/demo/", {"person": key, "lang": "en"})
    assert answer.status_code == 404
    assert not client.get("/demo/").wsgi_request.user.is_authenticated


def test_a_form_from_elsewhere_signs_nobody_in(demo):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post("/demo/", {"person": "organizer", "lang": "en"}).status_code == 403


def test_an_installation_that_is_no_demo_has_no_such_address():
    assert production.DEMO is False
    with pytest.raises(Resolver404):
        resolve("/demo/", urlconf="plenara.config.urls")
    with pytest.raises(Resolver404):
        resolve("/demo/mail/", urlconf="plenara.config.urls")


@pytest.mark.once
@pytest.mark.parametrize("view", [views.Demo, views.Emails, views.OneEmail, views.EmailAsHtml])
@pytest.mark.parametrize("method", ["get", "post", "head", "options"])
def test_the_views_stay_shut_where_it_is_no_demo_even_if_somebody_lays_a_path_to_them(settings, view, method):
    settings.DEMO = False
    request = getattr(RequestFactory(), method)("/demo/", {"person": "organizer"} if method == "post" else {})
    with pytest.raises(Http404):
        view.as_view()(request, name="any")
