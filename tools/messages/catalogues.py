"""The catalogues in locale/: read, written so that diffs stay small, compiled."""

import os
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import TypeGuard

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tools.messages.languages import LANGUAGES, Language
from tools.messages.source import ROOT, Message

Translation = str | tuple[str, ...]
Translations = dict[tuple[str | None, str, str | None], Translation]


class OurCatalog(Catalog):
    """A catalogue whose header says only what programs need, so that no date in it ever changes."""

    def __init__(self, language: Language) -> None:
        super().__init__(locale=language.code, fuzzy=False, header_comment=f"# Plenara in {language.name}.")
        self.language = language

    @property
    def num_plurals(self) -> int:
        return len(self.language.forms)

    @property
    def plural_expr(self) -> str:
        return self.language.plural

    @property  # type: ignore[misc]
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [
            ("Project-Id-Version", "Plenara"),
            ("Language", self.language.code),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.language.plural_forms),
        ]


def po_file(language: Language, root: Path = ROOT) -> Path:
    return root / "locale" / language.code / "LC_MESSAGES" / "django.po"


def read(language: Language, root: Path = ROOT) -> Catalog:
    """Return the catalogue; an empty one if there is none yet."""
    file = po_file(language, root)
    if not file.exists():
        return OurCatalog(language)
    with file.open("rb") as stream:
        return read_po(stream, locale=language.code, ignore_obsolete=True)


def translations(catalog: Catalog) -> Translations:
    """Return what is translated, by context, msgid and plural (another plural, another message); nothing fuzzy."""
    found: Translations = {}
    for message in catalog:
        if message.id and not message.fuzzy and is_complete(message.string):
            msgid, plural = message.id if isinstance(message.id, (tuple, list)) else (message.id, None)
            string = message.string
            found[message.context, msgid, plural] = string if isinstance(string, str) else tuple(string)
    return found


def is_complete(string: str | Iterable[str] | None) -> TypeGuard[str | Iterable[str]]:
    return bool(string) if isinstance(string, str) or not string else all(string)


def write(language: Language, messages: Iterable[Message], known: Translations, root: Path = ROOT) -> None:
    """Write the catalogue of these messages with the translations known, whole or not at all.

    English is the language of the messages: by default a translation is the message itself.
    """
    catalog = OurCatalog(language)
    for message in messages:
        said = (message.msgid, message.plural) if message.plural else message.msgid
        nothing = said if language.is_source else ("",) * len(language.forms) if message.plural else ""
        catalog.add(
            said,
            known.get((message.context, message.msgid, message.plural)) or nothing,
            # File names only: a line number would change with every edit above it.
            locations=[(name, 0) for name in message.files],
            auto_comments=message.comments,
            context=message.context,
        )
    file = po_file(language, root)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}.new")
    text = BytesIO()
    write_po(text, catalog, width=0, include_lineno=False)
    fresh.write_bytes(text.getvalue().rstrip() + b"\n")  # other programs write no empty line at the end
    fresh.replace(file)


def compile_all(root: Path = ROOT) -> None:
    """Compile each catalogue beside itself, without untranslated messages, so that the source is shown."""
    for language in LANGUAGES.values():
        file = po_file(language, root)
        if not file.exists():
            continue
        catalog = OurCatalog(language)
        for (context, msgid, plural), string in translations(read(language, root)).items():
            catalog.add((msgid, plural) if plural else msgid, string, context=context)
        fresh = file.with_suffix(f".{os.getpid()}.new")
        with fresh.open("wb") as stream:
            write_mo(stream, catalog)
        fresh.replace(file.with_suffix(".mo"))
