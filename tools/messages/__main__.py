"""bin/messages: the message catalogues in locale/.

extract              bring the catalogues up to date with the source: translations stay, a changed message is missing
check                fail on what is missing, stale or wrong, and name it
missing LANGUAGE     print what is not translated as JSON, to be filled in ("msgstr") and given to `fill`
fill LANGUAGE FILE   put translations from such JSON, or from {"msgid": "msgstr or [plural forms]"}, into the catalogue
vendor [--write]     list what allauth and Django cannot say in a language; write the list to tools/vendor_messages.py
compile              make django.mo beside each django.po (bin/_env does it at the first start)
"""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.messages import catalogues, checks, english, terms, vendor
from tools.messages.catalogues import Translation, Translations
from tools.messages.languages import LANGUAGES, Language, language
from tools.messages.source import ROOT, Message, SourceError, collect, samples

Messages = dict[tuple[str | None, str], Message]
SHOWN = 8


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bin/messages", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in ("extract", "check", "compile"):
        commands.add_parser(name)
    commands.add_parser("vendor").add_argument("--write", action="store_true")
    commands.add_parser("missing").add_argument("language", type=language_argument)
    fill_parser = commands.add_parser("fill")
    fill_parser.add_argument("language", type=language_argument)
    fill_parser.add_argument("file", type=Path)
    asked = parser.parse_args()
    try:
        match asked.command:
            case "extract":
                return extract()
            case "check":
                return check()
            case "missing":
                return missing(asked.language)
            case "fill":
                return fill(asked.language, asked.file)
            case "vendor":
                return list_vendor(write=asked.write)
        catalogues.compile_all()
        return 0
    except SourceError as error:
        print(error, file=sys.stderr)
        return 1


def language_argument(code: str) -> Language:
    try:
        return language(code)
    except KeyError:
        raise argparse.ArgumentTypeError(f"{code!r} is none of {', '.join(LANGUAGES)}") from None


def known(of: Language, messages: Messages) -> Translations:
    """Return the translations of the catalogue, and for gaps listed from other packages what those have themselves."""
    ours = catalogues.translations(catalogues.read(of))
    listed = {m.key for m in messages.values() if vendor.LIST.as_posix() in m.files}
    return {key: said for key, said in vendor.known(of).items() if key[:2] in listed} | ours


def extract() -> int:
    messages = collect()
    for of in LANGUAGES.values():
        has = known(of, messages)
        catalogues.write(of, messages.values(), has)
        untranslated = sum((m.context, m.msgid, m.plural) not in has for m in messages.values())
        print(f"{of.code}: {len(messages)} messages" + (f", {untranslated} missing" if not of.is_source else ""))
    return 0


def check() -> int:
    """Return 1 after naming everything missing, stale or wrong in the catalogues."""
    messages = collect()
    found = {of.code: list(problems(of, messages)) for of in LANGUAGES.values()}
    wrong = sum(map(len, found.values()))
    for code, sentences in found.items():
        for sentence in sentences[:SHOWN]:
            print(f"{code}: {sentence}")
        if len(sentences) > SHOWN:
            print(f"{code}: … and {len(sentences) - SHOWN} more")
    if (ROOT / vendor.LIST).read_text("utf-8") != vendor.listing():
        wrong += 1
        print(f"{vendor.LIST} is not what the packages installed need: run bin/messages vendor --write.")
    print(f"{len(messages)} messages in {len(LANGUAGES)} languages: " + (f"{wrong} problems" if wrong else "complete"))
    return 1 if wrong else 0


def problems(of: Language, messages: Messages) -> Iterable[str]:
    catalog = catalogues.read(of)
    translated = catalogues.translations(catalog)
    if "nplurals" in (header := dict(catalog.mime_headers).get("Plural-Forms", "")) and header != of.plural_forms:
        yield f"its Plural-Forms must be {of.plural_forms}"
    for entry in catalog:
        msgid = entry.id[0] if isinstance(entry.id, (tuple, list)) else entry.id
        if entry.id and (entry.context, msgid) not in messages:
            yield f"stale, run bin/messages extract: {shown(msgid)}"
        elif entry.id and entry.fuzzy:
            yield f"marked fuzzy: {shown(msgid)}"
    own = [message for message in messages.values() if vendor.LIST.as_posix() not in message.files]
    if of.is_source:
        yield from (f"{shown(message.msgid)} {problem}" for message in own for problem in english.problems(message))
        return
    for message in messages.values():
        string = translated.get((message.context, message.msgid, message.plural))
        if string is None:
            yield f"missing: {shown(message.msgid)} ({message.files[0]})"
            continue
        for problem in (*checks.problems(of, message, string), *terms.problems(of, message, string)):
            yield f"{shown(message.msgid)} {problem}"
    for file, texts in samples():
        if translation := texts.get("zh" if of.code == "zh_Hans" else of.code):
            sample = Message(texts["en"], files=[file])
            for problem in terms.problems(of, sample, translation, terms.OF_SAMPLES):
                yield f"{file}: {shown(sample.msgid)} {problem}"
    yield from terms.same_stems(of)
    yield from terms.different_translations(of, own, translated)


def shown(msgid: str) -> str:
    return repr(msgid if len(msgid) <= 80 else msgid[:79] + "…")


def missing(of: Language) -> int:
    """Print the untranslated messages, each with its context for a translator."""
    messages = collect()
    has = known(of, messages)
    rows = []
    for message in messages.values():
        if (message.context, message.msgid, message.plural) in has:
            continue
        row: dict[str, object] = {"msgid": message.msgid}
        if message.plural is not None:
            row |= {"plural": message.plural, "forms": of.forms}
        if message.context is not None:
            row["context"] = message.context
        if message.comments:
            row["comments"] = message.comments
        rows.append(
            row | {"files": message.files, "msgstr": [""] * len(of.forms) if message.plural is not None else ""}
        )
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def fill(of: Language, file: Path) -> int:
    """Add valid translations to the catalogue; return 1 if some were invalid, after naming them."""
    messages = collect()
    has = known(of, messages)
    refused = filled = 0
    try:
        given = list(given_translations(json.loads(file.read_text("utf-8"))))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(
            f"{file}: not a JSON list of messages with msgstr, nor an object of msgid and msgstr: {error!r}",
            file=sys.stderr,
        )
        return 1
    for context, msgid, translation in given:
        if not catalogues.is_complete(translation):
            continue
        message = messages.get((context, msgid))
        wrong = ["is not a message of the source"] if not message else list(checks.problems(of, message, translation))
        for problem in wrong:
            print(f"{of.code}: {shown(msgid)} {problem}", file=sys.stderr)
        if message and not wrong:
            has[message.context, message.msgid, message.plural] = translation
            filled += 1
        else:
            refused += 1
    catalogues.write(of, messages.values(), has)
    print(f"{of.code}: {filled} filled" + (f", {refused} refused" if refused else ""))
    return 1 if refused else 0


def given_translations(data: object) -> Iterable[tuple[str | None, str, Translation]]:
    """Yield context, msgid and translation from either form; an object joins context and msgid by \\4."""
    if isinstance(data, dict):
        for key, value in data.items():
            context, _, msgid = key.rpartition("\x04")
            yield context or None, msgid, value if isinstance(value, str) else tuple(value)
    else:
        assert isinstance(data, list)
        for row in data:
            value = row["msgstr"]
            yield row.get("context"), row["msgid"], value if isinstance(value, str) else tuple(value)


def list_vendor(*, write: bool) -> int:
    for code, messages in vendor.gaps().items():
        print(f"{code}: {len(messages)}")
        for message in messages:
            print(f"  {shown(message.msgid)} ({message.files[0]})")
    if write:
        (ROOT / vendor.LIST).write_text(vendor.listing(), "utf-8")
        print(f"{vendor.LIST} written: run bin/messages extract.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
