"""What all the other forms share: revalidation, languages, openness to scripts, a fixed cost, no cookie."""

import datetime
import email.utils
import math

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.models import Revision
from plenara.exports import addresses
from plenara.exports.views.public.contributions import CHUNK
from tests import world
from tests.answers import FORMS, HERE, THREAD, body, queries

pytestmark = pytest.mark.django_db
IN_A_LANGUAGE = [path for path in FORMS if path.startswith("/en/")]
WITHOUT = [path for path in FORMS if path not in IN_A_LANGUAGE]


@pytest.mark.once
def test_a_client_that_has_it_gets_304_and_nothing_is_made(client, edition, reply, exported):
    for path in FORMS:
        first = client.get(path)
        assert first.status_code == 200, path
        content = body(first)
        conditions = [{"if-none-match": first["ETag"]}, {"if-none-match": f"W/{first['ETag']}"}]
        if first.has_header("Last-Modified"):
            conditions.append({"if-modified-since": first["Last-Modified"]})
        for headers in conditions:
            with CaptureQueriesContext(connection) as captured:
                answer = client.get(path, headers=headers)
            assert answer.status_code == 304, (path, headers)
            assert answer["ETag"] == first["ETag"]
            assert body(answer) == b""
            assert len(captured) <= 4, path
        assert client.get(path, headers={"if-none-match": '"another"'}).status_code == 200, path
        assert body(client.get(path)) == content, path  # the same record, the same bytes


def test_a_change_of_the_record_makes_it_new(client, edition, reply, participant, moderator, thread, exported):
    first = {path: client.get(path) for path in FORMS if not path.endswith(("robots.txt", "dictionary.csv"))}
    before = {path: body(answer) for path, answer in first.items()}
    with clock.at(clock.now() + datetime.timedelta(minutes=1)):  # files say when, to the second
        world.published(participant, moderator, thread, "One thing more.")
        exported()
    for path, answer in first.items():
        again = client.get(path, headers={"if-none-match": answer["ETag"]})
        assert again.status_code == 200, path
        if not any(name in path for name in ("cite", "sitemap", ".svg")):
            assert body(again) != before[path], path


@pytest.mark.once
def test_it_is_open_to_scripts_kept_by_caches_and_sets_no_cookie(client, edition, reply, exported):
    for path in FORMS:
        answer = client.get(path)
        assert answer["Access-Control-Allow-Origin"] == "*", path
        assert "ETag" in answer["Access-Control-Expose-Headers"]
        assert "s-maxage" in answer["Cache-Control"], path
        assert not answer.cookies
        assert "cookie" not in answer.get("Vary", "").lower()
        asked = client.options(path)
        assert asked["Access-Control-Allow-Origin"] == "*", path
        assert "GET" in asked["Access-Control-Allow-Methods"]
        assert client.post(path).status_code == 405, path


@pytest.mark.once
def test_head_says_what_get_would_and_sends_nothing(client, edition, reply, exported):
    for path in FORMS:
        whole, head = client.get(path), client.head(path)
        assert head.status_code == 200, path
        assert body(head) == b""
        for name in ("Content-Type", "ETag", "Content-Language", "Content-Disposition", "Link", "Cache-Control"):
            assert head.get(name) == whole.get(name), (path, name)
        assert head.get("Content-Length") in {None, whole.get("Content-Length")}, path


@pytest.mark.once
def test_parameters_that_a_page_does_not_know_change_nothing(client, edition, reply, exported):
    odd = "utm_source=x&group=%3Cscript%3E&language=x%00&page=2&order=newest"
    for path in FORMS:
        plain, with_them = client.get(path), client.get(f"{path}?{odd}")
        assert with_them["ETag"] == plain["ETag"], path
        assert body(with_them) == body(plain), path


@pytest.mark.once
def test_it_is_there_in_six_languages(client, edition, reply):
    for path in IN_A_LANGUAGE:
        for language in CODES:
            answer = client.get(path.replace("/en/", f"/{language}/"), headers={"accept-language": "es"})
            assert answer.status_code == 200, path
            assert answer["Content-Language"] == {"zh": "zh-Hans"}.get(language, language), path


@pytest.mark.once
def test_what_has_no_language_is_the_same_in_each(client, edition, reply, exported):
    for path in WITHOUT:
        answers = [client.get(path, headers={"accept-language": language}) for language in ("ar", "zh", "fr")]
        assert len({body(answer) for answer in answers}) == 1, path
        assert not any(answer.has_header("Content-Language") for answer in answers), path


@pytest.mark.once
def test_what_is_compressed_is_not_compressed_again(client, edition, exported):
    for path in (f"{THREAD}mbox.gz", "/exports/internet-governance/bundle.zip"):
        answer = client.get(path, headers={"accept-encoding": "gzip, br"})
        assert not answer.has_header("Content-Encoding")
        assert answer.has_header("Content-Length")


@pytest.mark.once
def test_other_forms_are_compressed_on_the_way_and_still_known(client, thread, edition):
    world.many(thread, 20)
    answer = client.get(f"{THREAD}data.json", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert answer["ETag"].startswith("W/")
    assert client.get(f"{THREAD}data.json", headers={"if-none-match": answer["ETag"]}).status_code == 304


def test_lists_take_the_same_queries_at_10_and_at_1000_contributions(client, thread, edition, reply):
    paths = [*(path for path in FORMS if "exports" not in path), f"{THREAD}data.csv?group=government&language=fr"]
    world.many(thread, 10)
    few = {path: queries(client, path) for path in paths}
    world.many(thread, 1000)
    # Data are streamed, so that nobody keeps a whole record in memory: who signed is read once for each batch of it.
    more = math.ceil(Edition.objects.count() / CHUNK) - 1
    streamed = {path for path in paths if path.endswith(("/data.csv", "/data.json", "/raw.txt", "/mbox.gz"))}
    streamed -= {path for path in paths if "/decisions/" in path}
    assert {path: queries(client, path) for path in paths} == {
        path: count + (more if path in streamed else 0) for path, count in few.items()
    }
    assert few.pop(f"{HERE}figures/figures.json") <= 30, "it says what every page of the consultation says"
    assert max(few.values()) <= 13


def test_the_time_of_the_last_change_is_that_of_the_record(client, edition, author):
    with clock.at(clock.now().replace(microsecond=0)):
        withdraw(actor=author, contribution=edition.contribution)
        changed = clock.now()
    assert email.utils.parsedate_to_datetime(client.get(f"{THREAD}data.csv")["Last-Modified"]) == changed
    Revision.objects.all().delete()
    assert not client.get(f"{THREAD}data.csv").has_header("Last-Modified")


@pytest.mark.parametrize("number", [0, 3, 99999999999999999999])
def test_a_question_that_is_not_asked_has_no_forms(number, client, consultation):
    for name in ("feed.atom", "data.csv", "data.json", "raw.txt", "mbox.gz"):
        assert client.get(f"{HERE}threads/{number}/{name}").status_code == 404


def test_addresses_are_those_of_the_url_files():
    def path(address):
        return address.removeprefix("http://127.0.0.1:8000")

    with translation.override("zh-hans"):
        assert path(addresses.home()) == reverse("site:home") == "/zh/"
        assert path(addresses.consultation("a-b")) == reverse("site:consultation", args=["a-b"])
        assert path(addresses.thread("a-b", 2)) == reverse("site:thread", args=["a-b", 2])
        assert path(addresses.contribution("a-b", 17)) == reverse("site:contribution", args=["a-b", 17])
        assert path(addresses.edition("a-b", 17, 1)) == reverse("site:edition", args=["a-b", 17, 1])
        assert path(addresses.permalink("abc")) == reverse("machines:contribution", args=["abc"])
        assert path(addresses.of_symbol("A/1/Q2")) == reverse("machines:symbol", args=["A/1/Q2"])
        assert path(addresses.export("a-b", "bundle.zip")) == reverse("machines:export", args=["a-b", "bundle.zip"])
