"""What the tests of desk pages share: addresses, and a form filled in as a browser sends it."""

import re
from html import unescape
from html.parser import HTMLParser


def at(consultation, tail="", language="en"):
    """Return the address of a page of a consultation's desk."""
    slug = getattr(consultation, "slug", consultation)
    return f"/{language}/desk/consultations/{slug}/{tail}"


class _Fields(HTMLParser):
    """Collects what a browser would send of a page's forms, but for the buttons."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.data, self.area, self.select = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, value = attrs.get("name"), attrs.get("value") or ""
        if tag == "input" and name:
            kind = attrs.get("type", "text")
            if kind in {"checkbox", "radio"}:
                if "checked" in attrs:
                    self.data.setdefault(name, []).append(value)
            else:
                self.data.setdefault(name, []).append(value)
        elif tag == "textarea":
            self.area = name
            self.data[name] = [""]
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in attrs and self.select:
            self.data[self.select] = [value]

    def handle_data(self, data):
        if self.area:
            self.data[self.area][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser drops the line break that follows the opening tag.
            self.data[self.area][0] = self.data[self.area][0].removeprefix("\n")
            self.area = None
        if tag == "select":
            self.select = None


def filled(response, **changes):
    """Return what a browser would send of a page, with some fields changed."""
    reader = _Fields()
    reader.feed(response.content.decode())
    return {**{name: values for name, values in reader.data.items() if name != "csrfmiddlewaretoken"}, **changes}


def errors(response):
    """Return the sentences of a page's error summary."""
    page = response.content.decode()
    found = re.search(r'<div class="errors" role="alert"[^>]* aria-labelledby="errors">(.*?)</ul>', page, re.S)
    return [unescape(re.sub("<[^>]+>", "", line)) for line in re.findall("<li>(.*?)</li>", found[1])] if found else []


def text(response):
    """Return a page's text, as a reader sees it."""
    page = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", response.content.decode())
    return " ".join(unescape(re.sub("<[^>]+>", " ", page)).split())


__all__ = ["at", "errors", "filled", "text"]
