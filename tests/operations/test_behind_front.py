"""Django's headers for the front: what makes pages stale, their parameters, when the clock changes them."""

import datetime
import inspect
import os

import pytest
from django.urls import get_resolver

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.views import PublicView
from plenara.operations.middleware import next_change, with_peers
from tests.world import consultation

FRONT = {"HTTP_X_PLENARA_FRONT": "1"}


def views(patterns=None):
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if hasattr(each, "url_patterns"):
            yield from views(each.url_patterns)
        elif isinstance(view := getattr(each.callback, "view_class", None), type):
            yield view


def reads_parameters(view):
    ours = [each for each in view.__mro__ if issubclass(each, PublicView) and each.__module__.startswith("plenara.")]
    return any("request.GET" in inspect.getsource(each) for each in ours)


@pytest.mark.once
def test_a_public_page_that_reads_parameters_says_which():
    reading = {view for view in views() if issubclass(view, PublicView) and reads_parameters(view)}
    assert len(reading) > 20
    assert [view.__qualname__ for view in reading if view.known_parameters == ()] == []


def test_a_thread_names_its_cache_tags_and_parameters_and_is_not_compressed_here(db, client):
    made = consultation()
    answer = client.get(f"/en/consultations/{made.slug}/threads/1/", HTTP_ACCEPT_ENCODING="gzip", **FRONT)
    assert answer["X-Plenara-Cache-Tags"].split() == [made.cache_tag, "themes", "directory"]
    assert answer["Surrogate-Key"] == answer["X-Plenara-Cache-Tags"]
    assert answer["X-Plenara-Parameters"] == "group language channel order"
    assert not answer.has_header("Content-Encoding")


def test_a_page_that_gathers_stands_on_every_cache_tag(db, client):
    assert client.get("/en/", **FRONT)["X-Plenara-Cache-Tags"] == "*"


@pytest.mark.parametrize("address", ["/health/", "/en/account/login/", "/en/consultations/none/", "/en/my/"])
def test_what_is_not_for_everybody_or_not_there_names_none(db, client, address):
    assert not {"X-Plenara-Cache-Tags", "Surrogate-Key"} & set(client.get(address, **FRONT).headers)


def test_nobody_but_the_front_gets_the_headers(db, client):
    answer = client.get("/en/")
    assert not [name for name in answer.headers if name.startswith("X-Plenara")]


def test_the_next_opening_or_closing_ends_what_is_kept(db, client):
    made = consultation()
    now = clock.now()
    opens, closes = now + datetime.timedelta(hours=1), now + datetime.timedelta(days=3)
    Consultation.objects.filter(pk=made.pk).update(opens_at=opens, closes_at=closes)
    assert next_change() == opens
    assert float(client.get("/en/", **FRONT)["X-Plenara-Until"]) == pytest.approx(opens.timestamp(), abs=0.01)
    Consultation.objects.filter(pk=made.pk).update(opens_at=now - datetime.timedelta(hours=1))
    assert next_change() == closes
    Consultation.objects.update(opens_at=None, closes_at=None)
    assert next_change() is None
    assert not client.get("/en/", **FRONT).has_header("X-Plenara-Until")


@pytest.mark.once
def test_django_sees_who_connected_to_the_front():
    seen = []
    application = with_peers(lambda environ, _start: seen.append(environ) or [b""])
    application({"REMOTE_ADDR": "", "HTTP_X_PLENARA_PEER": "192.0.2.7"}, lambda *_: None)
    assert seen == [{"REMOTE_ADDR": "192.0.2.7"}]


@pytest.mark.once
def test_the_front_hears_which_process_answers():
    heard = []

    def page(_environ, start):
        start("200 OK", [("Content-Type", "text/plain")])
        return [b""]

    with_peers(page)(
        {"HTTP_X_PLENARA_PEER": "192.0.2.7"}, lambda status, headers, _error: heard.append((status, headers))
    )
    assert heard == [("200 OK", [("Content-Type", "text/plain"), ("X-Plenara-Process", str(os.getpid()))])]
