"""The six languages: their codes in addresses, their own names, and texts that exist in several of them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from django.urls.resolvers import LocalePrefixPattern
from django.utils.functional import lazy
from django.utils.translation import get_language, override, pgettext

#: In the order of the language bar, which never changes.
NAMES = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
CODES = tuple(sorted(NAMES))
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur", "yi", "dv", "sd", "ug", "ckb"})

#: Fallback languages, in this order, for a text that is missing in the reader's language.
FALLBACK = ("en", "fr", "es", "ar", "ru", "zh")

#: A line of a page: the mark of a heading or of a list item, and the text, which is a message of the catalogues.
LINE = re.compile(r"^(#+ |- )?(.+)$", re.MULTILINE)
#: A line break within a paragraph, each line of which is a message.
_LINE_OF_PARAGRAPH = re.compile(r"(?<=[^\n])\n(?=[^\n#-])")


class Localized(NamedTuple):
    """A text and its language, which may differ from the requested one."""

    text: str
    language: str

    def __str__(self) -> str:
        return self.text


def django_code(code: str) -> str:
    """Return Django's name for an address code: only Chinese differs."""
    return "zh-hans" if code == "zh" else code


def address_code(language: str | None) -> str:
    """Return the address code of one of Django's language names."""
    base = (language or "en").split("-")[0]
    return base if base in NAMES else "en"


def html_code(code: str) -> str:
    """Return the BCP 47 tag for HTML: `zh` does not name its script, so it gets one."""
    return "zh-Hans" if code == "zh" else code


def current() -> str:
    """Return the address code of the active language."""
    return address_code(get_language())


def direction(code: str) -> str:
    """Return `rtl` or `ltr` for a language tag."""
    return "rtl" if code.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


def in_language(texts: Mapping[str, str] | None, language: str | None = None) -> Localized:
    """Return the text in `language` (default: the active one), or in the first other language that has it."""
    wanted = language or current()
    texts = texts or {}
    for code in (wanted, *FALLBACK, *texts):
        if texts.get(code):
            return Localized(texts[code], code)
    return Localized("", wanted)


def translate(context: str, text: str, language: str | None = None) -> str:
    """Return the lines of a text from a file whose name is their context, in a language (default: the active one)."""
    code = language or current()
    with override(django_code(code)):
        translated = LINE.sub(lambda line: (line[1] or "") + pgettext(context, line[2]), text)
    return _LINE_OF_PARAGRAPH.sub("" if code == "zh" else " ", translated)


def join_sentences(*sentences: object) -> str:
    """Return sentences as one text in the active language: with spaces between them, but in Chinese."""
    return ("" if current() == "zh" else " ").join(map(str, sentences))


join_sentences_lazy = lazy(join_sentences, str)


def missing(texts: Mapping[str, str] | None) -> list[str]:
    """Return the codes of the six languages in which a text is missing."""
    return [code for code in NAMES if not (texts or {}).get(code)]


class AddressPrefix(LocalePrefixPattern):
    """Django's language prefix, with `zh` in addresses where Django says `zh-hans`."""

    @property
    def language_prefix(self) -> str:
        return f"{current()}/"
