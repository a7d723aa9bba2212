"""What the feed validator of the W3C refuses or warns of, as far as it can concern a feed of ours."""

import re
from email.utils import parseaddr
from html.parser import HTMLParser
from urllib.parse import urlsplit

import feedparser
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
THREAD = "{http://purl.org/syndication/thread/1.0}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"
NAMESPACES = {ATOM, "{http://purl.org/atompub/tombstones/1.0}", THREAD, HISTORY}

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
TAG = re.compile(r"tag:[A-Za-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&.+^_-]+/[A-Za-z0-9!#$&.+^_-]+(; ?[a-z-]+=[\w.-]+)*")
#: Relations that IANA knows and that a feed of ours may use.
RELATIONS = {"alternate", "self", "license", "enclosure", "prev-archive", "next-archive", "current", "search"}
#: What a feed has once, and what an entry has once or never.
FEED_ONCE = ("id", "title", "updated")
AT_MOST_ONCE = ("subtitle", "rights", "generator", "icon", "logo", "published", "summary", "content")
#: What readers of feeds leave in a text; anything else they take away, and the validator warns of it.
TAGS = {"p", "div", "span", "em", "strong", "ul", "ol", "li", "blockquote", "a", "br", "h2", "h3", "mark"}
ATTRIBUTES = {"href", "rel", "lang", "dir", "value", "start", "title", "datetime"}


def errors(content: bytes, address: str, media_type: str) -> list[str]:
    """Return what is wrong with a feed that was asked for at an address."""
    found = [] if media_type == "application/atom+xml; charset=utf-8" else [f"media type {media_type}"]
    root = etree.fromstring(content)
    found += [f"tag {each.tag}" for each in root.iter() if not str(each.tag).startswith(tuple(NAMESPACES))]
    parsed = feedparser.parse(content)
    found += [str(parsed.bozo_exception)] if parsed.bozo else []
    found += [] if LANGUAGE.fullmatch(root.get(f"{XML}lang", "")) else ["no language"]
    found += _element(root, "feed")
    (own,) = [each.get("href") for each in root.findall(f"{ATOM}link[@rel='self']")] or [""]
    found += [] if own == address else [f"self is {own}, asked was {address}"]
    found += [] if root.find(f"{ATOM}author/{ATOM}name") is not None else ["no author"]
    found += _archive(root)
    entries = root.findall(f"{ATOM}entry")
    ids = [each.findtext(f"{ATOM}id") for each in entries]
    found += [f"twice {each}" for each in set(ids) if ids.count(each) > 1]
    for each in entries:
        found += [f"{each.findtext(f'{ATOM}id')}: {error}" for error in _entry(each)]
    for each in root.findall(DELETED):
        ref, when = each.get("ref", ""), each.get("when", "")
        found += [] if TAG.fullmatch(ref) and MOMENT.fullmatch(when) else [f"deleted {ref} {when}"]
        found += [f"deleted and there {ref}"] if ref in ids else []
    found += [] if [each.tag for each in root].index(f"{ATOM}id") == 0 else ["the head is not first"]
    return found


def _element(element: etree._Element, name: str) -> list[str]:
    found = []
    for child in FEED_ONCE:
        texts = [each.text or "" for each in element.findall(f"{ATOM}{child}")]
        found += [] if len(texts) == 1 and texts[0].strip() else [f"{name} without one {child}"]
    for child in AT_MOST_ONCE:
        found += [f"{name} with two {child}"] if len(element.findall(f"{ATOM}{child}")) > 1 else []
    own_id = element.findtext(f"{ATOM}id") or ""
    found += [] if TAG.fullmatch(own_id) else [f"id {own_id!r}"]
    for child in ("updated", "published"):
        at = element.findtext(f"{ATOM}{child}")
        found += [] if at is None or MOMENT.fullmatch(at) else [f"{child} {at!r}"]
    for author in element.findall(f"{ATOM}author"):
        found += [] if (author.findtext(f"{ATOM}name") or "").strip() else ["an author without a name"]
        email = author.findtext(f"{ATOM}email")
        found += [] if email is None or parseaddr(email)[1] else [f"email {email}"]
    links = element.findall(f"{ATOM}link")
    for link in links:
        found += _link(link)
    for rel in ("alternate", "self"):
        same = [(each.get("type"), each.get("hreflang")) for each in links if each.get("rel", "alternate") == rel]
        found += [f"two links {rel}"] if len(same) != len(set(same)) else []
    found += [] if any(each.get("rel", "alternate") == "alternate" for each in links) else ["no alternate"]
    for category in element.findall(f"{ATOM}category"):
        scheme = category.get("scheme")
        found += [] if category.get("term") else ["a category without a term"]
        found += [] if scheme is None or _is_absolute(scheme) else [f"scheme {scheme}"]
    return found


def _link(link: etree._Element) -> list[str]:
    found = [] if _is_absolute(link.get("href", "")) else [f"link {link.get('href')}"]
    found += [] if link.get("rel", "alternate") in RELATIONS else [f"relation {link.get('rel')}"]
    kind, language, length = link.get("type"), link.get("hreflang"), link.get("length")
    found += [] if kind is None or MEDIA_TYPE.fullmatch(kind) else [f"type {kind}"]
    found += [] if language is None or LANGUAGE.fullmatch(language) else [f"hreflang {language}"]
    found += [] if length is None or length.isdecimal() else [f"length {length}"]
    found += (
        ["an enclosure without type and length"] if link.get("rel") == "enclosure" and not (kind and length) else []
    )
    return found


def _entry(entry: etree._Element) -> list[str]:
    found = _element(entry, "entry")
    published, updated = (entry.findtext(f"{ATOM}{name}") for name in ("published", "updated"))
    found += ["published after it was updated"] if published and updated and published > updated else []
    if (language := entry.get(f"{XML}lang")) is not None:
        found += [] if LANGUAGE.fullmatch(language) else [f"language {language}"]
    content, summary = entry.find(f"{ATOM}content"), entry.find(f"{ATOM}summary")
    found += [] if content is not None or summary is not None else ["neither content nor summary"]
    if content is not None:
        found += [] if content.get("type") == "html" and content.text else ["content is no HTML"]
        found += _html(content.text or "", content.get(f"{XML}base", ""))
    for answers in entry.findall(f"{THREAD}in-reply-to"):
        found += [] if TAG.fullmatch(answers.get("ref", "")) else ["in-reply-to without a ref"]
        found += [] if _is_absolute(answers.get("href", "")) else ["in-reply-to nowhere"]
    return found


def _archive(root: etree._Element) -> list[str]:
    """RFC 5005: an archive page says that it is one and names the current page; that one is none."""
    relations = [each.get("rel") for each in root.findall(f"{ATOM}link")]
    is_archive = root.find(f"{HISTORY}archive") is not None
    found = [f"two links {rel}" for rel in ("prev-archive", "next-archive", "current") if relations.count(rel) > 1]
    found += ["an archive page without a current one"] if is_archive and "current" not in relations else []
    found += ["the current page is no archive"] if not is_archive and "next-archive" in relations else []
    return found


class _Reader(HTMLParser):
    def __init__(self, base: str):
        super().__init__()
        self.base, self.found, self.open = base, [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [] if tag in TAGS else [f"tag {tag}"]
        self.found += [f"attribute {name}" for name, _value in attrs if name not in ATTRIBUTES]
        for name, value in attrs:
            if name == "href" and not (_is_absolute(value or "") or (value or "").startswith("mailto:")):
                self.found += [] if self.base else [f"relative {value}"]
            if name == "href" and urlsplit(value or "").scheme not in {"", "http", "https", "mailto"}:
                self.found.append(f"scheme {value}")
            if name == "lang" and not LANGUAGE.fullmatch(value or ""):
                self.found.append(f"lang {value}")
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"end of {tag}")


def _html(text: str, base: str) -> list[str]:
    reader = _Reader(base)
    reader.feed(text)
    reader.close()
    return reader.found + [f"never ended {tag}" for tag in reader.open]


def _is_absolute(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r'[\s<>"{}|\\^`]', address)
