"""The documentation as a site: no link is dead, nothing comes from another host, each role has a path, search works."""

import re
import shutil
import subprocess
import sys
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html
from playwright.sync_api import expect

from plenara.core.languages import CODES
from plenara.operations import health
from tests import databases
from tests.journeys.looking import axe_script
from tools.docs.build import START, paths, place
from tools.messages.source import ROOT

pytestmark = pytest.mark.once

ROLES = [
    "Participant",
    "Moderator, rapporteur, translator",
    "Organizer",
    "Operator",
    "Librarian, researcher",
    "Developer",
]
LABELS = {
    "ar": "الوثائق (بالإنكليزية)",
    "en": "Documentation (in English)",
    "es": "Documentación (en inglés)",
    "fr": "Documentation (en anglais)",
    "ru": "Документация (на английском языке)",
    "zh": "文档（英文）",
}


@pytest.fixture(scope="module")
def site(run_folder):
    """The folder of the built site, which all processes read. Sphinx warns of nothing, or it is not built."""
    folder = run_folder / "docs"
    with databases.turn(folder):
        if not (folder / "site").exists():
            subprocess.run([sys.executable, "-m", "tools.docs", folder / "half"], cwd=ROOT, check=True)
            (folder / "half").rename(folder / "site")
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site):
    """Every page of the site, by its file."""
    return {file: html.fromstring(file.read_bytes()) for file in site.rglob("*.html")}


@pytest.fixture
def shown(site, settings):
    """An installation that shows the documentation."""
    settings.DOCS = site


def links_of(tree):
    """Yield (element, address) of whatever a page links to, loads or sends a form to."""
    for name in ("href", "src", "action"):
        yield from ((element, element.get(name)) for element in tree.iter() if element.get(name) is not None)


def target_of(file, address):
    """Return the file that an address of a page leads to."""
    path = unquote(urlsplit(address).path)
    return (file.parent / path).resolve() if path else file


def test_no_link_is_dead_and_nothing_comes_from_another_host(site, pages):
    wrong = []
    for file, tree in pages.items():
        for element, address in links_of(tree):
            parts = urlsplit(address)
            if parts.scheme:
                is_right = element.tag == "a" and parts.scheme in {"http", "https", "mailto"}
            else:
                target = target_of(file, address)
                there = pages.get(target)
                is_right = not parts.netloc and target.is_relative_to(site) and target.is_file()
                is_right &= not parts.fragment or (
                    there is not None and bool(there.xpath("//@id[.=$id]", id=parts.fragment))
                )
            if not is_right:
                wrong.append((file.relative_to(site).as_posix(), address))
    assert wrong == []
    assert len(pages) > 200
    styles = "".join(file.read_text() for file in (site / "_static").glob("*.css"))
    assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", styles)


def test_links_lead_from_the_start_page_to_every_page_without_scripts(site, pages):
    waiting, seen = [site / "index.html"], {site / "index.html"}
    while waiting:
        file = waiting.pop()
        found = {
            target_of(file, address) for _element, address in links_of(pages[file]) if not urlsplit(address).scheme
        }
        new = (found & set(pages)) - seen
        seen |= new
        waiting += new
    assert seen == set(pages)


def test_a_page_has_no_script_or_style_of_its_own_and_runs_scripts_only_to_search(site, pages):
    for file, tree in pages.items():
        assert not tree.xpath("//style | //@style | //script[not(@src)] | //@*[starts-with(name(), 'on')]"), file
        assert bool(tree.xpath("//script")) == (file == site / "search.html"), file


def test_the_start_page_leads_each_role_through_every_page_in_order(site, pages):
    assert list(paths()) == ROLES
    for role, names in paths().items():
        assert len(set(names)) == len(names)
        for name, following in zip(names, [*names[1:], None], strict=True):
            file = site / f"{name}.html"
            onward = pages[file].xpath("//p[@class='next'][starts-with(., $role)]/a/@href", role=f"{role}, next:")
            assert [target_of(file, address) for address in onward] == (
                [site / f"{following}.html"] if following else []
            )
    texts = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "docs" / "decisions"]
    named = {name for names in paths().values() for name in names}
    assert {str(place(each).with_suffix("")) for each in texts if each != ROOT / START} <= named


def test_it_is_small_enough_for_a_wheel(site, tmp_path):
    assert (ROOT / shutil.make_archive(str(tmp_path / "docs"), "zip", site)).stat().st_size <= 3_000_000


@pytest.mark.django_db
def test_an_installation_shows_it_under_its_own_policy(client, shown, site):
    for name, kind in {
        "": "text/html; charset=utf-8",
        "operating.html": "text/html; charset=utf-8",
        "_static/plenara.css": "text/css; charset=utf-8",
        "_static/searchtools.js": "text/javascript; charset=utf-8",
        "_static/favicon.svg": "image/svg+xml",
        "_images/thread.png": "image/png",
    }.items():
        answer = client.get(f"/about/docs/{name}?v=1")
        assert (answer.status_code, answer["Content-Type"]) == (200, kind)
        assert answer.content == (site / (name or "index.html")).read_bytes()
        assert "script-src 'self';" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Language"] == "en"
        assert not answer.cookies and "Cookie" not in answer.get("Vary", "")
        # Whoever has it asks again with its checksum.
        assert "max-age=0" in answer["Cache-Control"]
        again = client.get(f"/about/docs/{name}", headers={"If-None-Match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert client.post("/about/docs/").status_code == 405
    # The page cache stores it.
    assert client.get("/about/docs/", headers={"X-Plenara-Front": "1"})["X-Plenara-Cache-Tags"] == "installation"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "../site/index.html", "..%2fsite/index.html", "%2e%2e/%2e%2e/etc/passwd", "/etc/passwd", "%2fetc%2fpasswd",
        "_static/../index.html", "_static/..%2findex.html", "_static", "_static/", "index.html/", "index.html%00",
        "./index.html", "_static//plenara.css", "..\\index.html", "nothing.html",
    ],
)  # fmt: skip
def test_no_other_file_is_served(name, client, shown):
    assert client.get(f"/about/docs/{name}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("language", CODES)
def test_every_page_leads_to_it_if_it_is_shown(language, client, settings, site):
    link = '<a href="/about/docs/" hreflang="en">'
    assert link not in client.get(f"/{language}/about/how/").content.decode()
    assert client.get("/about/docs/").status_code == 404
    settings.DOCS = site
    footer = client.get(f"/{language}/about/how/").content.decode().split("<footer")[1]
    assert re.search(rf"{re.escape(link)}\s*{re.escape(LABELS[language])}\s*</a>", footer)


def test_plenara_check_says_that_a_checkout_has_none(settings, monkeypatch, site):
    assert list(health._docs()) == []
    monkeypatch.setenv("PLENARA_DOCS", "on")
    settings.DOCS = None
    assert [each.subject for each in health._docs()] == ["PLENARA_DOCS"]
    settings.DOCS = site
    assert list(health._docs()) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_reader_searches_it(visitor, server, shown):
    reader = visitor()
    asked = []
    reader.page.on("request", lambda request: asked.append(request.url))
    page = reader.goes_to("/about/docs/")
    page.get_by_role("searchbox").fill("restore backup")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="Operating an installation").click()
    expect(page.get_by_role("heading", name="Operating an installation")).to_be_visible()
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(server.url).netloc}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_scripts_the_search_leads_to_the_list_of_pages(visitor, shown):
    page = visitor(scripts=False).goes_to("/about/docs/search.html?q=backup")
    page.get_by_role("link", name="the list of all pages").click()
    page.get_by_role("link", name="Operating").click()
    expect(page.get_by_role("heading", name="Operating an installation")).to_be_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "colours"), [("phone", "light"), ("desk", "dark")])
def test_its_pages_are_accessible_and_have_room(visitor, shown, width, colours):
    looker, levels = visitor(width=width), ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    looker.page.emulate_media(color_scheme=colours)
    found = {}
    for name in (
        "",
        "operating.html",
        "vocabulary.html",
        "bundle.html",
        "search.html?q=backup",
        "decisions/index.html",
    ):
        page = looker.goes_to(f"/about/docs/{name}")
        page.evaluate(axe_script())
        broken = page.evaluate("levels => axe.run({ runOnly: levels }).then(each => each.violations)", levels)
        found[name] = [(each["id"], each["nodes"][0]["html"]) for each in broken]
        found[name] += page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth") * [
            "wide"
        ]
    assert not any(found.values()), found
