"""Links in the pages of a copy: what is in it stays as it is, everything else leads to the site that it was made of.

The pages are ours and well-formed: in an attribute every `"`, `<` and `>` is escaped, so an expression finds them all.
"""

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import urljoin, urlsplit

_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_ADDRESS = re.compile(r'(?<=\s)(href|src|action)="([^"]*)"')
#: Schemes of addresses that are none of ours.
_FOREIGN = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//")


def rewritten(html: str, at: str, *, site: str, where: Callable[[str], str]) -> str:
    """Return a page with its links put right. `where` gives the address in the copy, if any, for a path."""

    def tag(match: re.Match[str]) -> str:
        text = match[0]
        name = text[1 : _end_of_name(text)].lower()
        if ' rel="external"' in text:
            return text  # it leads to the site on purpose
        if name == "form" and not re.search(r"\saction=", text):
            text = f'{text[:-1]} action="">'  # a form without an address is sent to its own page
        return _ADDRESS.sub(lambda found: attribute(name, found), text)

    def attribute(name: str, match: re.Match[str]) -> str:
        address = unescape(match[2])
        is_form = match[1] == "action"
        if name == "a" and address.startswith(f"{site}/"):
            address = address.removeprefix(site)  # what is in the copy can be read in it
        if _FOREIGN.match(address) or (address.startswith("#") and not is_form):
            return match[0]
        return f'{match[1]}="{escape(_leading(address, at, is_form, site, where))}"'

    return _TAG.sub(tag, html)


def _leading(address: str, at: str, is_form: bool, site: str, where: Callable[[str], str]) -> str:
    whole = urljoin(at, address)
    parts = urlsplit(whole)
    if not is_form and not parts.query and (target := where(parts.path)):
        if target == parts.path:
            return address  # relative as it was, or from the root
        return f"{target}#{parts.fragment}" if parts.fragment else target
    return f"{site}{whole}"


def _end_of_name(tag: str) -> int:
    return next(i for i, letter in enumerate(tag) if i and not letter.isalnum())


def addresses(html: str) -> Iterator[tuple[str, str]]:
    """Yield (element, address) of every link, picture and form of a page."""
    for tag in _TAG.findall(html):
        for match in _ADDRESS.finditer(tag):
            yield tag[1 : _end_of_name(tag)].lower(), unescape(match[2])
