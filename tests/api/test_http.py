"""How the API behaves as HTTP: revalidation, openness to scripts, problems, a fixed cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import world
from tests.api.answers import COMMUNITY, HERE, PATHS, ROOT
from tests.site.test_register import many as many_decisions

pytestmark = pytest.mark.django_db
ADDRESSES = list(PATHS.values())


def content(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_a_client_that_has_it_gets_304(client, whole):
    for path in ADDRESSES:
        first = client.get(path)
        conditions = [{"if-none-match": first["ETag"]}, {"if-none-match": f"W/{first['ETag']}"}]
        if first.has_header("Last-Modified"):
            conditions.append({"if-modified-since": first["Last-Modified"]})
        for headers in conditions:
            answer = client.get(path, headers=headers)
            assert answer.status_code == 304, (path, headers)
            assert content(answer) == b""
            assert answer["Access-Control-Allow-Origin"] == "*"
        assert client.get(path, headers={"if-none-match": '"another"'}).status_code == 200
        assert content(client.get(path)) == content(client.get(path))


def test_a_change_of_the_record_makes_it_new(client, whole, made_whole):
    paths = [path for path in ADDRESSES if path not in {ROOT, f"{ROOT}openapi.json", *COMMUNITY}]
    first = {path: client.get(path)["ETag"] for path in paths}
    cast, thread = made_whole.cast, whole.threads.get(number=1)
    world.published(cast["participant"], cast["moderator"], thread, "One thing more.")
    for path, etag in first.items():
        assert client.get(path, headers={"if-none-match": etag}).status_code == 200, path


def test_it_is_open_to_scripts_kept_by_caches_and_sets_no_cookie(client, whole):
    for path in ADDRESSES:
        answer = client.get(path)
        assert answer["Access-Control-Allow-Origin"] == "*", path
        assert {"ETag", "Link"} <= set(answer["Access-Control-Expose-Headers"].split(", "))
        assert "s-maxage" in answer["Cache-Control"], path
        assert not answer.cookies
        assert "cookie" not in answer.get("Vary", "").lower()
        asked = client.options(path, headers={"origin": "https://x.example", "access-control-request-method": "GET"})
        assert asked.status_code == 204
        assert asked["Access-Control-Allow-Origin"] == "*", path
        assert "GET" in asked["Access-Control-Allow-Methods"]


def test_head_says_what_get_would(client, whole):
    for path in ADDRESSES:
        got, head = client.get(path), client.head(path)
        assert head.status_code == 200, path
        assert content(head) == b""
        for name in ("Content-Type", "ETag", "Link", "Cache-Control"):
            assert head.get(name) == got.get(name), (path, name)
    assert client.head(f"{HERE}/contributions/3").status_code == 410
    assert client.head(f"{HERE}/nothing").status_code == 404


def test_links_lead_to_description_licence_permalink_and_what_follows(client, whole):
    site = "http://127.0.0.1:8000"
    answer = client.get(f"{HERE}/contributions?limit=2")
    assert f'<{site}{ROOT}openapi.json>; rel="describedby"' in answer["Link"]
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in answer["Link"]
    assert f'<{answer.json()["next"]}>; rel="next"' in answer["Link"]
    one = client.get(f"{HERE}/contributions/1")
    assert f'<{one.json()["address"]}>; rel="cite-as"' in one["Link"]
    assert 'rel="next"' not in one["Link"]


def test_whoever_asks_in_whatever_language_gets_the_same(client, whole):
    for path in ADDRESSES:
        answers = [client.get(path, headers={"accept-language": language}) for language in ("ar", "zh", "fr")]
        assert len({content(answer) for answer in answers}) == 1, path
        assert not any(answer.has_header("Content-Language") for answer in answers), path


def test_nobody_writes(whole):
    client = Client(enforce_csrf_checks=True)
    for path in [*ADDRESSES, f"{ROOT}nothing"]:
        for method in ("post", "put", "patch", "delete", "trace"):
            answer = getattr(client, method)(path)
            assert answer.status_code == 405, (path, method)
            assert answer["Allow"] == "GET, HEAD, OPTIONS"
            assert answer["Access-Control-Allow-Origin"] == "*"
            assert answer.json()["status"] == 405
            assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.once
def test_every_address_takes_the_same_queries_at_3_and_at_40_contributions(client, whole):
    thread = whole.threads.get(number=1)
    paths = [*ADDRESSES, f"{HERE}/contributions?group=government&language=fr&country=ML&since=2026-01-01"]

    def counted():
        found = {}
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                content(client.get(path))
            found[path] = len(captured)
        return found

    world.many(thread, 3)
    many_decisions(thread, 3)
    few = counted()
    world.many(thread, 37)
    many_decisions(thread, 37)
    assert counted() == few
    assert max(few.values()) <= 16


@pytest.mark.django_db
def test_an_address_without_its_slash_leads_scripts_of_other_sites_on(client):
    answer = client.get("/api/v1", headers={"origin": "https://x.example"})
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/")
    assert answer["Access-Control-Allow-Origin"] == "*"
