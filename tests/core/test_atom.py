"""Atom feeds are well formed whatever is in them."""

import datetime
from xml.etree import ElementTree

import pytest

from plenara.core import atom

AT = datetime.datetime(2026, 10, 14, 12, 0, tzinfo=datetime.UTC)
NS = {"a": "http://www.w3.org/2005/Atom", "thr": "http://purl.org/syndication/thread/1.0"}
HOSTILE = '<script>alert(1)</script> & "quoted" ]]> \x00\x0b\ud800 \ufffe 𝄞'


def feed(*entries, **changes):
    head = atom.Feed(
        id="tag:example.org,2026:f",
        title="Title",
        updated=AT,
        url="https://example.org/f",
        home="https://example.org/",
        language="zh",
        **changes,
    )
    return ElementTree.fromstring("".join(atom.write(head, entries)).encode())


def entry(**changes):
    return atom.Entry(
        **{"id": "tag:example.org,2026:1", "title": "T", "updated": AT, "url": "https://example.org/1", **changes}
    )


def test_a_feed_names_itself_its_page_and_its_language():
    root = feed()
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hans"
    links = {link.get("rel"): link.get("href") for link in root.findall("a:link", NS)}
    assert links == {"self": "https://example.org/f", "alternate": "https://example.org/"}
    assert root.findtext("a:author/a:name", namespaces=NS) == "Title"
    assert root.findtext("a:updated", namespaces=NS) == "2026-10-14T12:00:00Z"


@pytest.mark.parametrize("field", ["id", "title", "author", "html", "summary", "rights", "language", "url"])
def test_hostile_text_in_any_field_of_an_entry_stays_text(field):
    root = feed(entry(**{field: HOSTILE}))
    assert len(root.findall("a:entry", NS)) == 1
    assert not [e for e in root.iter() if e.tag.endswith("script")]


def test_hostile_text_in_categories_links_and_answers_stays_text():
    root = feed(entry(categories=((HOSTILE, HOSTILE),), links=(atom.Link(HOSTILE),), answers=(HOSTILE, HOSTILE)))
    assert root.find("a:entry/thr:in-reply-to", NS) is not None


def test_an_entry_has_the_language_of_its_words_and_its_content_is_html():
    one = feed(entry(language="ar", html="<p>نص</p>")).find("a:entry", NS)
    assert one.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    content = one.find("a:content", NS)
    assert content.get("type") == "html"
    assert content.text == "<p>نص</p>"


def test_an_archive_says_so_and_a_tombstone_names_what_is_gone():
    root = feed(atom.Deleted("tag:example.org,2026:9", AT), is_archive=True)
    assert root.find("{http://purl.org/syndication/history/1.0}archive") is not None
    gone = root.find("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert (gone.get("ref"), gone.get("when")) == ("tag:example.org,2026:9", "2026-10-14T12:00:00Z")


def test_a_tag_has_host_and_day_without_port():
    assert atom.tag("http://127.0.0.1:8000", AT, "/s/1") == "tag:127.0.0.1,2026-10-14:/s/1"
