"""Atom feeds (RFC 4287), written piece by piece, so that a long one is never whole in memory; and escaped texts
for XML.
"""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from plenara.core.languages import html_code
from plenara.core.templatetags.plenara import iso

# XML 1.0, section 2.2: the characters that no document may hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(value: str) -> str:
    """Return a text escaped for the place between tags."""
    return escape(_NOT_XML.sub("", str(value)))


def xml_attribute(value: str) -> str:
    """Return a text as the value of an attribute, with its quotation marks."""
    return quoteattr(_NOT_XML.sub("", str(value)))


MEDIA_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Link:
    """A link of a feed or an entry: an absolute address and its relation."""

    href: str
    rel: str = "alternate"
    type: str = ""
    hreflang: str = ""
    title: str = ""
    length: int = 0  # bytes of an enclosure


@dataclass(frozen=True)
class Deleted:
    """The tombstone of an entry that was deleted."""

    ref: str
    when: datetime.datetime


@dataclass(frozen=True)
class Entry:
    """One entry. `language` is that of its text, which may differ from the feed's."""

    id: str
    title: str
    updated: datetime.datetime
    url: str
    published: datetime.datetime | None = None
    language: str = ""
    author: str = ""
    html: str = ""  # the content, as safe HTML
    summary: str = ""  # plain text
    categories: tuple[tuple[str, str], ...] = ()  # (scheme or "", term)
    links: tuple[Link, ...] = ()
    answers: tuple[str, str] | None = None  # (id, address) of the entry that this one answers
    rights: str = ""


@dataclass(frozen=True)
class Feed:
    """The head of a feed. `url` is its address; `home` the page that it follows."""

    id: str
    title: str
    updated: datetime.datetime
    url: str
    home: str
    language: str
    subtitle: str = ""
    author: str = ""
    rights: str = ""
    links: tuple[Link, ...] = ()  # prev-archive, current, …
    is_archive: bool = False


def tag(site_url: str, day: datetime.date | datetime.datetime, specific: str) -> str:
    """Return a `tag:` id (RFC 4151). `day`, on which the site owned its name, must never change."""
    host = urlsplit(site_url).hostname or "localhost"
    if isinstance(day, datetime.datetime):
        day = day.astimezone(datetime.UTC).date()
    return f"tag:{host},{day.isoformat()}:{specific}"


def write(feed: Feed, entries: Iterable[Entry | Deleted]) -> Iterator[str]:
    """Yield the feed as XML text, the head first, then one piece an entry."""
    yield "".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>\n',
            '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0"',
            ' xmlns:fh="http://purl.org/syndication/history/1.0" xmlns:at="http://purl.org/atompub/tombstones/1.0"',
            f" xml:lang={xml_attribute(html_code(feed.language))}>\n",
            _element("id", feed.id),
            _element("title", feed.title),
            _element("subtitle", feed.subtitle) if feed.subtitle else "",
            _element("updated", iso(feed.updated)),
            _link(Link(feed.url, "self", "application/atom+xml")),
            _link(Link(feed.home, "alternate", "text/html", html_code(feed.language))),
            *(_link(link) for link in feed.links),
            # An entry without an author has the feed's (RFC 4287, 4.2.1), so there is always one.
            f"<author>{_element('name', feed.author or feed.title).strip()}</author>\n",
            _element("rights", feed.rights) if feed.rights else "",
            "<fh:archive/>\n" if feed.is_archive else "",
        ]
    )
    for each in entries:
        yield _deleted(each) if isinstance(each, Deleted) else _entry(each)
    yield "</feed>\n"


def _entry(entry: Entry) -> str:
    language = f" xml:lang={xml_attribute(html_code(entry.language))}" if entry.language else ""
    parts = [
        f"<entry{language}>\n",
        _element("id", entry.id),
        _element("title", entry.title),
        _element("updated", iso(entry.updated)),
        _element("published", iso(entry.published)) if entry.published else "",
        _link(Link(entry.url, "alternate", "text/html")),
        *(_link(link) for link in entry.links),
        f"<author>{_element('name', entry.author).strip()}</author>\n" if entry.author else "",
        *(
            f"<category term={xml_attribute(term)}{f' scheme={xml_attribute(scheme)}' if scheme else ''}/>\n"
            for scheme, term in entry.categories
        ),
    ]
    if entry.answers:
        ref, href = entry.answers
        parts.append(f'<thr:in-reply-to ref={xml_attribute(ref)} href={xml_attribute(href)} type="text/html"/>\n')
    if entry.summary:
        parts.append(_element("summary", entry.summary))
    if entry.html:
        # A link without a host is relative to the page of the text, not to the feed.
        parts.append(f'<content type="html" xml:base={xml_attribute(entry.url)}>{xml_text(entry.html)}</content>\n')
    if entry.rights:
        parts.append(_element("rights", entry.rights))
    parts.append("</entry>\n")
    return "".join(parts)


def _deleted(deleted: Deleted) -> str:
    return f"<at:deleted-entry ref={xml_attribute(deleted.ref)} when={xml_attribute(iso(deleted.when))}/>\n"


def _link(link: Link) -> str:
    given = {"rel": link.rel, "type": link.type, "hreflang": link.hreflang, "title": link.title, "href": link.href}
    given |= {"length": str(link.length) if link.length else ""}
    return "<link" + "".join(f" {name}={xml_attribute(value)}" for name, value in given.items() if value) + "/>\n"


def _element(name: str, value: str) -> str:
    return f"<{name}>{xml_text(value)}</{name}>\n"
