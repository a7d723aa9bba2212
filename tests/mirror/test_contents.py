"""The content of a copy: the whole public record at the same addresses, for any web server, and nothing private."""

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from plenara.core.languages import CODES
from plenara.core.views import PublicView
from plenara.mirror.queries import contents
from tests.mirror.conftest import ASKED, SECRETS
from tests.mirror.served import crawl, files_of, texts

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # files of a copy: operations/test_mirror.py makes one on both
HERE = "consultations/internet-governance"


def named(resolver=None, spaces=()):
    """Yield (name, view) of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or ""]), pattern.callback


def test_every_public_address_is_in_a_copy_or_left_out_for_a_reason():
    public = {name for name, view in named() if issubclass(getattr(view, "view_class", object), PublicView)}
    listed = contents.PAGES.keys() | contents.FORMS.keys() | contents.REFERENCES.keys() | contents.LEFT_OUT.keys()
    assert public - listed == set()
    assert listed - public == set()


def test_a_copy_has_the_same_addresses_in_six_languages(made):
    found = files_of(made.folder)
    below = [
        "index.html", "feed.atom", "data.csv", "data.json", "threads/1/index.html", "threads/2/index.html",
        "threads/1/raw.txt", "threads/1/mbox.gz", "threads/1/feed.atom", "contributions/1/index.html",
        "contributions/1/rev/0/index.html", "contributions/1/cite.bib", "contributions/1/rev/0/cite.json",
        "contributions/1/document.txt", "contributions/1/rev/0/document.txt", "contributions/6/rev/0/index.html",
        "contributions/6/rev/1/index.html", "decisions/index.html", "decisions/data.csv", "decisions/schema.json",
        "decisions/turnaround/index.html", "decisions/turnaround.svg", "summaries/index.html", "summaries/feed.atom",
        "summaries/1/index.html", "summaries/1/summary.txt", "summaries/1/cite.ris", "summaries/since/index.html",
        "summaries/1/corrections/index.html", "summaries/compilation/index.html", "downloads/index.html",
        "figures/index.html", "figures/figures.csv", "figures/figures.json", "figures/days.svg",
    ]  # fmt: skip
    wanted = {f"{code}/{HERE}/{each}" for code in CODES for each in below}
    wanted |= {f"{code}/about/privacy/index.html" for code in CODES}
    report = [
        "index.html", "rev/0/index.html", "rev/1/index.html", "paragraphs/1/index.html", "changes/1/index.html",
        "matrix/index.html", "matrix.csv", "coverage/index.html", "answers/index.html", "unanswered/index.html",
        "cite.bib", "rev/0/paragraphs/1/cite.json",
    ]  # fmt: skip
    wanted |= {f"{code}/outcomes/wgig/{each}" for code in CODES for each in ("index.html", "feed.atom")}
    wanted |= {f"{code}/outcomes/wgig/report/{each}" for code in CODES for each in report}
    wanted |= {f"exports/internet-governance/{name}" for name in ("bundle.zip", "bundle.zip.sha256", "bagit.zip")}
    assert wanted - found == set()


@pytest.mark.parametrize("path", [path for path in ASKED if not path.endswith("/")])
def test_a_file_holds_what_its_address_answers(made, path):
    assert (made.folder / path[1:]).read_bytes() == made.answers[path]


def test_a_page_is_the_sites_own_but_for_its_links(made):
    for path in (path for path in ASKED if path.endswith("/")):
        live, there = (
            text.replace(settings.SITE_URL, "").split("<body", 1)[1]
            for text in (made.answers[path].decode(), (made.folder / path[1:] / "index.html").read_text())
        )
        assert there.replace(f"{path}?order", "?order") == live.replace(f"{path}?order", "?order")


def test_what_is_gone_is_a_tombstone_without_words(made):
    for number in (4, 5):
        for page in (f"contributions/{number}/index.html", f"contributions/{number}/rev/0/index.html"):
            html = (made.folder / "en" / HERE / page).read_text()
            assert "The content of this page is no longer shown" in html
            assert f"{made.symbol}/Q1/{number}" in html
        assert not (made.folder / "en" / HERE / f"contributions/{number}/cite.bib").exists()


def test_permalinks_are_pages_that_offer_the_six_languages(made):
    first = f"/s/{made.symbol}/Q1/1/"
    for address in ("/", made.permalink, first, f"{first}Rev.0/"):
        html = (made.folder / address[1:] / "index.html").read_text()
        assert [f'href="/{code}/' in html for code in CODES] == [True] * 6
    for symbol in ("", "/Q2", "/Q2/6/Rev.1", "/SUM/1", "/OUT/1", "/OUT/1/Rev.1"):
        assert (made.folder / f"s/{made.symbol}{symbol}" / "index.html").is_file()


def test_no_link_in_a_copy_is_broken_and_every_page_of_it_is_linked(made):
    seen, broken = crawl(made.folder)
    assert broken == []
    reached = {path.lstrip("/") + ("index.html" if path.endswith("/") else "") for path in seen}
    pages = {name for name in files_of(made.folder) if name.endswith("/index.html") and name[:2] in CODES}
    # Where citations point, and what the site itself links only where there is more than one page or request.
    quiet = (
        "/rev/",
        "/summaries/compilation/0/",
        "/summaries/compilation/1/",
        "/summaries/1/corrections/",
        "/members/",
        "/report/comments/",
    )
    assert {name for name in pages - reached if not any(each in name for each in quiet)} == set()


def test_what_a_copy_cannot_do_leads_to_the_site(made):
    html = (made.folder / "en" / HERE / "threads/1/index.html").read_text()
    for path in (
        f"{HERE}/threads/1/?order=newest", "account/login/", "consultations/", "contribute/internet-governance/1/",
    ):  # fmt: skip
        assert f'href="{settings.SITE_URL}/en/{path}"' in html
    assert f'<form class="filters" method="get" action="{settings.SITE_URL}/en/{HERE}/threads/1/"' in html
    front = (made.folder / "en" / "index.html").read_text()
    assert f'href="{settings.SITE_URL}/en/{HERE}/"' in front and "Static copy" in front


def test_nothing_private_stands_in_any_file(made):
    shown = ""
    for name, text in texts(made.folder):
        assert [secret for secret in SECRETS if secret in text] == [], name
        shown += text if name.endswith(".html") else ""
    assert "Words of somebody who is not named." in shown
