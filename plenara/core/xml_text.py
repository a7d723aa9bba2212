"""Texts on their way into XML: escaped, and without what XML cannot hold."""

import re
from xml.sax.saxutils import escape, quoteattr

# XML 1.0, section 2.2: the characters that no document may hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_text(value: str) -> str:
    """Return a text as it stands between tags."""
    return escape(_NOT_XML.sub("", str(value)))


def as_attribute(value: str) -> str:
    """Return a text as an attribute's value, with its quotation marks."""
    return quoteattr(_NOT_XML.sub("", str(value)))
