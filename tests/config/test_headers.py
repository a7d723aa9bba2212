"""What answers say to browsers and caches. Those of every address, whoever asks: `security/test_authorization.py`."""

import pytest

from plenara.core.languages import CODES

pytestmark = pytest.mark.django_db


def test_whether_it_is_well_is_true_of_this_moment_alone(client):
    answer = client.get("/health/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert not answer.has_header("ETag")


def test_an_address_that_is_wrong_leads_on_in_its_language(client):
    page = client.get("/ar/no/such/page/").content.decode()
    for path in ("", "search/", "consultations/", "events/", "organizations/"):
        assert f'href="/ar/{path}"' in page, path


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_a_language_without_a_slash_leads_to_its_first_page(client, method):
    for code in CODES:
        answer = client.generic(method, f"/{code}?q=1")
        assert (answer.status_code, answer["Location"]) == (301, f"/{code}/?q=1")
    assert client.generic(method, "/xx").status_code == 404
