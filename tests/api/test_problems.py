"""How the API behaves where there is nothing, where nothing has changed but the clock, and with hostile names."""

import datetime
import email.utils
import json

import pytest
from django.utils import translation

from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.models import Revision
from tests.answers import body as content
from tests.api.answers import HERE, ROOT, ask

pytestmark = pytest.mark.django_db


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
            modified = email.utils.parsedate_to_datetime(client.get(path)["Last-Modified"])
            assert modified == consultation.closes_at.replace(microsecond=0)


def test_without_a_known_change_there_is_no_last_modified(client, edition):
    Revision.objects.all().delete()
    answer = client.get(f"{HERE}/contributions")
    assert not answer.has_header("Last-Modified")
    assert answer.has_header("ETag")


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


def test_where_nothing_is_a_problem_says_so(client, edition):
    for path in NOWHERE:
        said = ask(client, f"{ROOT}{path}", 404)
        assert (said["status"], said["title"]) == (404, "Not found"), path[:40]


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
