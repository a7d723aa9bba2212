"""Every public page says what it is: JSON-LD as search engines ask of its type, Open Graph, hreflang, Signposting.

The rules are those of schema.org and of Google's documentation for each type, and the profile of signposting.org.
"""

import json
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from lxml import html

from plenara.contributions.actions import revise
from plenara.core.languages import CODES, html_code
from plenara.moderation.actions import decide
from tests import world
from tests.answers import HERE, THREAD, give_paper
from tests.summaries import making

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # the queries are those of test_pages.py
SITE = settings.SITE_URL

PAGES = {
    HERE: "Dataset",
    THREAD: "CollectionPage",
    f"{HERE}contributions/1/": "DiscussionForumPosting",
    f"{HERE}contributions/1/rev/0/": "DiscussionForumPosting",
    f"{HERE}contributions/2/": "Comment",
    f"{HERE}summaries/1/": "Report",
    f"{HERE}summaries/1/rev/0/": "Report",
    f"{HERE}decisions/": "Dataset",
    f"{HERE}decisions/turnaround/": "Dataset",
    f"{HERE}figures/": "Dataset",
    f"{HERE}downloads/": "Dataset",
}
#: Pages without a type of their own.
OTHERS = [
    "/en/",
    "/en/consultations/",
    "/en/about/how/",
    f"{HERE}summaries/",
    f"{HERE}summaries/1/changes/1/",
    f"{HERE}summaries/compilation/",
    f"{HERE}summaries/1/corrections/",
]
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")
LINK = re.compile(r'<([^<>]+)>; rel="([a-z-]+)"(?:; type="([^"]+)")?(?:, |$)')

#: By type, what must be there; each a rule of its own below.
REQUIRED = {
    "DiscussionForumPosting": {"author", "datePublished", "text", "url", "headline", "license"},
    "Comment": {"author", "datePublished", "text", "url", "parentItem", "license"},
    "CollectionPage": {"name", "url", "description", "isPartOf", "license"},
    "Report": {"name", "reportNumber", "url", "datePublished", "publisher", "isPartOf", "license"},
    "Dataset": {"name", "description", "url", "creator", "isAccessibleForFree", "license"},
}
#: By type, the relations that a page of it has in its `Link` header, besides those that all have.
SIGNPOSTS = {
    "DiscussionForumPosting": {"cite-as", "describedby", "collection"},
    "Comment": {"cite-as", "describedby", "collection"},
    "CollectionPage": {"cite-as", "describedby", "collection", "author", "item"},
    "Report": {"cite-as", "describedby", "collection", "author"},
    "Dataset": {"collection"},
}


@pytest.fixture
def everything(consultation, edition, reply, author, moderator, rapporteur, organizer, thread, machine_made):
    """A record of which every page of the table is there."""
    version = revise(actor=author, contribution=edition.contribution, text="Four weeks.", language="en")
    decide(actor=moderator, kind="contribution", pk=edition.contribution_id, version_id=version.pk, code="APPROVED")
    world.published(author, moderator, consultation.threads.get(number=2), "No question is left empty.")
    give_paper(reply)


@pytest.fixture
def machine_made(consultation, edition, rapporteur, organizer, author, moderator, thread):
    """A summary with two editions."""
    from plenara.documents import actions

    world.published(author, moderator, consultation.threads.get(number=2), "Nor is this one.")
    it = making.summary(rapporteur, consultation)
    statement = making.statement_of(rapporteur, it, edition)
    making.published(rapporteur, organizer, it)
    actions.reopen(actor=rapporteur, document=it.document)
    making.statement_of(rapporteur, it, edition, "A second statement.")
    it.refresh_from_db()
    return statement, making.published(rapporteur, organizer, it)


def page_of(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer, html.document_fromstring(answer.content.decode())


def linked(answer):
    header = answer.get("Link", "")
    assert re.sub(LINK, "", header) == "", header
    return [(rel, url, kind) for url, rel, kind in LINK.findall(header)]


def data_of(page):
    (script,) = page.xpath("//script[@type='application/ld+json']")
    return json.loads(script.text)


def errors_of(data, kind):
    """Return what is wrong with a page's JSON-LD."""
    found = [] if data["@context"] == "https://schema.org" and data["@type"] == kind else [f"type {data['@type']}"]
    found += [f"without {name}" for name in sorted(REQUIRED[kind] - set(data))]
    for name in ("url", "@id", "license"):
        found += [] if urlsplit(data.get(name, "https://x")).netloc else [f"{name} is not absolute"]
    found += [] if MOMENT.fullmatch(data.get("datePublished", "2026-01-01")) else ["datePublished"]
    authors = data.get("author", [])
    for author in authors if isinstance(authors, list) else [authors]:
        found += [] if author["@type"] in {"Person", "Organization"} and author["name"].strip() else ["author"]
    if kind == "Dataset":
        found += [] if 50 <= len(data["description"]) <= 5000 else [f"description of {len(data['description'])}"]
        # The page of downloads names the files that there are, which tasks make.
        for each in data.get("distribution", []):
            found += [] if each["@type"] == "DataDownload" and each["contentUrl"].startswith(SITE) else ["distribution"]
            found += [] if "/" in each["encodingFormat"] else ["encodingFormat"]
    found += [] if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]+)*", data["inLanguage"]) else ["inLanguage"]
    return found


def test_every_page_in_every_language_says_what_it_is_and_where_its_translations_are(client, everything):
    """Each page is asked for once in each language, and looked at for all that it has to say."""
    asked = {own(path, code): page_of(client, own(path, code)) for path in [*PAGES, *OTHERS] for code in CODES}
    for path, kind in PAGES.items():
        for code in CODES:
            data = data_of(asked[own(path, code)][1])
            assert errors_of(data, kind) == [], (path, code)
            if kind == "Dataset" and "downloads" not in path:
                assert data["distribution"], (path, code)
            has_open_graph(asked[own(path, code)][1], path, code)
    for path in [*PAGES, *OTHERS]:
        they_name_each_other(client, path, asked)


def own(path, code):
    return path.replace("/en/", f"/{code}/")


def has_open_graph(page, path, code):
    values = {each.get("property"): each.get("content") for each in page.xpath("//meta[@property]")}
    assert {"og:title", "og:type", "og:url", "og:site_name", "og:locale"} <= set(values), path
    assert all(value.strip() for value in values.values())
    assert values["og:locale"] == {"zh": "zh_CN"}.get(code, code)
    (canonical,) = page.xpath("//link[@rel='canonical']/@href")
    if "/rev/" not in path:
        assert values["og:url"] == canonical, path


def they_name_each_other(client, path, asked):
    named = set()
    for code in CODES:
        answer, page = asked[own(path, code)]
        alternates = {each.get("hreflang"): each.get("href") for each in page.xpath("//link[@hreflang]")}
        assert alternates[html_code(code)] == SITE + own(path, code)
        assert page.get("lang") == html_code(code) == answer["Content-Language"]
        (canonical,) = page.xpath("//link[@rel='canonical']/@href")
        there = canonical.removeprefix(SITE)
        assert there in asked or client.get(there).status_code == 200
        assert canonical.startswith(f"{SITE}/{code}/")
        named.add(tuple(sorted(alternates.items())))
    assert len(named) == 1
    assert len(named.pop()) == len(CODES)


def test_signposts_are_complete_and_lead_to_what_is_there(client, everything):
    for path, kind in PAGES.items():
        they_are_complete(client, path, kind)


def they_are_complete(client, path, kind):
    answer, page = page_of(client, path)
    found = linked(answer)
    assert SIGNPOSTS[kind] | {"type", "license"} <= {rel for rel, _url, _kind in found}, path
    assert next(url for rel, url, _kind in found if rel == "type") == f"https://schema.org/{kind}"
    assert len([rel for rel, _url, _kind in found if rel == "cite-as"]) <= 1
    for rel, url, media_type in found:
        if url.startswith(SITE):
            there = client.get(url.removeprefix(SITE))
            # What a task makes within the hour answers 503 until then.
            assert there.status_code in ({200, 302, 503} if rel == "item" else {200, 302}), (rel, url)
            if media_type and there.status_code == 200:
                # oEmbed calls its JSON so in links alone.
                assert there["Content-Type"].split(";")[0] == media_type.split(";")[0].removesuffix("+oembed"), url
    ids = {url for rel, url, _kind in found if rel == "cite-as"}
    assert not ids or data_of(page)["@id"] in ids


def test_what_is_cited_leads_back_and_what_is_earlier_leads_on(client, everything):
    for below in ("", "threads/1/", "contributions/1/", "contributions/1/rev/0/", "summaries/1/", "summaries/1/rev/0/"):
        for ending in ("bib", "ris", "json"):
            answer = client.get(f"{HERE}{below}cite.{ending}")
            assert linked(answer) == [("describes", f"{SITE}{HERE}{below}", "text/html")]
    for below in ("contributions/1/", "summaries/1/"):
        answer = client.get(f"{HERE}{below}rev/0/")
        assert ("latest-version", f"{SITE}{HERE}{below}", "text/html") in linked(answer)


def test_a_contribution_and_a_summary_name_the_record_that_harvesters_get(client, everything):
    for below in ("contributions/2/", "summaries/1/"):
        (record,) = [url for _rel, url, _kind in linked(client.get(f"{HERE}{below}")) if "/oai?" in url]
        assert b"<metadata>" in client.get(record.removeprefix(SITE)).content


def test_a_text_of_unknown_date_is_dated_by_its_submission(client, edition):
    from plenara.contributions.models import Edition

    Edition.objects.update(published_at=None)
    _answer, page = page_of(client, f"{HERE}contributions/1/")
    assert data_of(page)["datePublished"] == f"{edition.submitted_at:%Y-%m-%dT%H:%M:%SZ}"
