"""What is logged of an answer that failed: what went wrong and the route, never the path."""

import logging

import pytest
from django.test import Client

from plenara.config.logs import JsonLines

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def logged(caplog):
    """A function that returns the lines of what Django logged, as they are written."""
    caplog.set_level(logging.WARNING, "django.request")
    return lambda: [JsonLines().format(record) for record in caplog.records if record.name == "django.request"]


@pytest.mark.parametrize("failed", [lambda *_args, **_named: 1 / 0, None], ids=["raised", "answered"])
def test_of_a_page_that_failed_no_path_is_logged_since_it_can_hold_a_token(monkeypatch, logged, failed):
    from django.http import HttpResponse

    monkeypatch.setattr(
        "plenara.accounts.views.open.OneTimeLink.get", failed or (lambda *_args, **_named: HttpResponse(status=500))
    )
    answer = Client(raise_request_exception=False).get("/en/account/link/a-token-of-somebody/")
    assert answer.status_code == 500
    [line] = logged()
    assert '"message": "Internal Server Error"' in line and '"route": "en/account/link/<str:token>/"' in line
    assert "a-token-of-somebody" not in line
