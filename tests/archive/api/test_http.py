"""How the API behaves as HTTP: revalidation, openness to scripts, problems, a fixed cost."""

import datetime
import email.utils
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from plenara.common import clock
from plenara.common.languages import CODES
from plenara.ledger.models import Revision
from tests import world
from tests.archive.api.answers import COMMUNITY, HERE, PATHS, ROOT, ask
from tests.archive.test_register import many as many_decisions

pytestmark = pytest.mark.django_db
ADDRESSES = list(PATHS.values())


def content(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_who_has_it_already_is_told_so(client, whole):
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


def test_a_change_of_the_record_makes_it_new(client, whole, participant, moderator, thread):
    paths = [path for path in ADDRESSES if path not in {ROOT, f"{ROOT}openapi.json", *COMMUNITY}]
    first = {path: client.get(path)["ETag"] for path in paths}
    world.published(participant, moderator, thread, "One thing more.")
    for path, etag in first.items():
        assert client.get(path, headers={"if-none-match": etag}).status_code == 200, path


def test_what_the_clock_alone_changes_makes_it_new_too(client, consultation, edition):
    with clock.at(clock.now().replace(microsecond=0)):
        paths = [HERE, f"{HERE}/contributions", f"{ROOT}consultations"]
        before = {path: client.get(path) for path in paths}
    with clock.at(consultation.closes_at + datetime.timedelta(minutes=1)):
        for path, earlier in before.items():
            for headers in ({"if-none-match": earlier["ETag"]}, {"if-modified-since": earlier["Last-Modified"]}):
                answer = client.get(path, headers=headers)
                assert answer.status_code == 200, (path, headers)
                assert '"state":"closed"' in answer.content.decode()
            told = email.utils.parsedate_to_datetime(client.get(path)["Last-Modified"])
            assert told == consultation.closes_at.replace(microsecond=0)


def test_without_a_known_change_no_time_is_told(client, edition):
    Revision.objects.all().delete()
    answer = client.get(f"{HERE}/contributions")
    assert not answer.has_header("Last-Modified")
    assert answer.has_header("ETag")


def test_it_is_open_to_scripts_kept_by_caches_and_sets_no_cookie(client, whole):
    for path in ADDRESSES:
        answer = client.get(path)
        assert answer["Access-Control-Allow-Origin"] == "*", path
        assert {"ETag", "Link"} <= set(answer["Access-Control-Expose-Headers"].split(", "))
        assert "s-maxage" in answer["Cache-Control"], path
        assert not answer.cookies
        assert "cookie" not in answer.get("Vary", "").lower()
        asked = client.options(path, headers={"origin": "https://x.example", "access-control-request-method": "GET"})
        assert asked.status_code == 200
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


def test_a_problem_speaks_the_readers_language(client, db):
    details = set()
    for code in CODES:
        answer = client.get(f"{ROOT}nothing", headers={"accept-language": code})
        assert answer["Content-Language"] == {"zh": "zh-Hans"}.get(code, code)
        assert "Accept-Language" in answer["Vary"]
        details.add(answer.json()["type"])
    assert len(details) == 1


NOWHERE = [
    "nothing",
    "consultations/nowhere",
    "consultations/nowhere/contributions",
    "consultations/internet-governance/threads/9",
    "consultations/internet-governance/threads/0",
    "consultations/internet-governance/contributions/99",
    "consultations/internet-governance/contributions/9999999999",
    "consultations/internet-governance/contributions/99999999999999999999999999",
    "consultations/internet-governance/contributions/1/editions/9999999999",
    "consultations/internet-governance/contributions/-1",
    "consultations/internet-governance/contributions/1.5",
    "consultations/internet-governance/summaries/1",
    "consultations/internet-governance/summaries/1/corrections",
    "consultations/%00",
    "consultations/%ff%fe/threads",
    "consultations/a%0Ab",
    "consultations/" + "x" * 10_000,
    "../../etc/passwd",
    "consultations//contributions",
    "%F0%9F%98%80",
    "consultations/internet-governance/contributions/%D9%A1",  # 1 in Arabic digits
]


@pytest.mark.parametrize("path", NOWHERE, ids=lambda path: path[:40])
def test_where_nothing_is_a_problem_says_so(path, client, edition):
    said = ask(client, f"{ROOT}{path}", 404)
    assert (said["status"], said["title"]) == (404, "Not found")


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


def test_every_address_takes_the_same_queries_at_10_and_at_200_contributions(client, whole, thread):
    paths = [*ADDRESSES, f"{HERE}/contributions?group=government&language=fr&country=ML&since=2026-01-01"]

    def counted():
        found = {}
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                content(client.get(path))
            found[path] = len(captured)
        return found

    world.many(thread, 10)
    many_decisions(thread, 10)
    few = counted()
    world.many(thread, 190)
    many_decisions(thread, 190)
    assert counted() == few
    assert max(few.values()) <= 16


def test_a_name_with_anything_in_it_is_json_all_the_same(client, hostile):
    rows = []
    path = f"{HERE}/contributions?limit=100"
    while path:
        said = ask(client, path)
        rows += said["contributions"]
        path = said.get("next")
    assert [(row["text"], row["name"]) for row in rows] == [(text, name) for text, name, _edition in hostile]
    with translation.override("ar"):
        assert json.loads(content(client.get(rows[0]["self"].removeprefix("http://127.0.0.1:8000"))))
