"""What every answer says to the browser."""

import re

import pytest
from django.urls import resolve

from plenara.common.doors import PublicView
from tests.test_addresses import ADDRESSES, place  # noqa: F401 - the world that the addresses name

pytestmark = pytest.mark.django_db


def test_every_page_forbids_what_we_did_not_write(place, client, organizer):  # noqa: F811
    client.force_login(organizer, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address, _welcome in ADDRESSES:
        answer = client.get(address.format(**place))
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"


def test_no_page_asks_another_host_for_anything(place, client, organizer):  # noqa: F811
    client.force_login(organizer, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address, _welcome in ADDRESSES:
        answer = client.get(address.format(**place))
        if answer.streaming:
            continue  # a table
        html = answer.content.decode()
        asked = re.findall(r'<(?:script|img|iframe|source|video|audio|embed)[^>]+src="([^"]+)"', html)
        asked += re.findall(r'<link rel="(?:stylesheet|icon|preload)"[^>]+href="([^"]+)"', html)
        assert [each for each in asked if not each.startswith(("/static/", "/mark/"))] == []


def test_whether_it_is_well_is_true_of_this_moment_alone(client):
    answer = client.get("/health/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert not answer.has_header("ETag")


def test_what_depends_on_the_person_is_never_kept_by_a_cache(place, client, organizer):  # noqa: F811
    client.force_login(organizer, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address, welcome in ADDRESSES:
        answer = client.get(address.format(**place))
        kept = answer.get("Cache-Control", "")
        if answer.status_code != 200:
            continue
        if issubclass(resolve(address.format(**place).partition("?")[0]).func.view_class, PublicView):
            assert "outsider" in welcome
            assert "public" in kept
        else:
            assert "no-store" in kept and "private" in kept
