"""Messages of the source, from Python files, Django templates and files of English texts."""

import ast
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.extract import extract

from plenara.core.languages import CODES, LINE
from tools.messages.templates import messages_of_template

ROOT = Path(__file__).resolve().parents[2]

# The meaning of the arguments; (1, "c") is a context. `_` is gettext or its lazy form.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


class SourceError(Exception):
    """An error in the source that would lose a message, with file and line."""


@dataclass
class Message:
    """One message: its identity, and its locations."""

    msgid: str
    plural: str | None = None
    context: str | None = None
    files: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        return self.context, self.msgid


def collect(root: Path = ROOT) -> dict[tuple[str | None, str], Message]:
    """Return every message below `root`, by context and msgid: file after file, in their order."""
    found: dict[tuple[str | None, str], Message] = {}
    for file in source_files(root):
        for message in messages_in(file, file.relative_to(root).as_posix()):
            known = found.setdefault(message.key, message)
            if known is message:
                continue
            if known.plural and message.plural and known.plural != message.plural:
                raise SourceError(f"{message.files[0]}: {message.msgid!r} has another plural than in {known.files[0]}.")
            known.plural = known.plural or message.plural
            known.files += [name for name in message.files if name not in known.files]
            known.comments += [comment for comment in message.comments if comment not in known.comments]
    return found


def source_files(root: Path) -> list[Path]:
    """Return the files with messages: the product's Python, templates and texts, and tools/vendor_messages.py."""
    package = root / "plenara"
    python = [file for file in package.rglob("*.py") if "migrations" not in file.parts]
    templates = [file for file in package.rglob("templates/**/*") if file.is_file() and not file.name.startswith(".")]
    texts = [*package.glob("accounts/pages/*.md"), *package.glob("moderation/reasons.json")]
    vendor = [file for file in [root / "tools" / "vendor_messages.py"] if file.exists()]
    return sorted(python + templates + texts) + vendor


def messages_in(file: Path, name: str) -> Iterator[Message]:
    """Yield the messages of one file, in order; `name` is its name in errors and catalogues."""
    rows: Iterable[tuple[int, str | tuple[str, ...], list[str], str | None]]
    try:
        if file.suffix == ".py":
            refuse_other_names(file, name)
            with file.open("rb") as source:
                rows = list(
                    extract("python", source, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True)
                )
        elif file.suffix in {".md", ".json"}:
            rows = [(0, text, [], file.stem) for text in lines_of(file)]
        else:
            rows = messages_of_template(file.read_text("utf-8"))
    except (SyntaxError, ValueError) as error:
        raise SourceError(f"{name}: {error}") from error
    for _line, said, comments, context in rows:
        singular, plural = (said[0], said[1]) if isinstance(said, tuple) else (said, None)
        if not singular:
            raise SourceError(f"{name}: an empty message.")
        yield Message(singular, plural, context, [name], list(comments))


def samples(root: Path = ROOT) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the texts of the sample content that exist in English and in other languages, with their file."""
    for file in sorted((root / "plenara_sample" / "content").rglob("*.json")):
        for texts in _in_languages(json.loads(file.read_text("utf-8"))):
            yield file.relative_to(root).as_posix(), texts


def _in_languages(value: object) -> Iterator[dict[str, str]]:
    if isinstance(value, dict):
        if isinstance(value.get("en"), str) and len(value) > 1 and set(value) <= set(CODES):
            yield value
        else:
            for each in value.values():
                yield from _in_languages(each)
    elif isinstance(value, list):
        for each in value:
            yield from _in_languages(each)


def lines_of(file: Path) -> list[str]:
    """Return the lines of a page in Markdown, or of the texts of each object in JSON."""
    text = file.read_text("utf-8")
    if file.suffix == ".json":
        text = "\n".join(each for texts in json.loads(text).values() for each in texts.values())
    return [line for _mark, line in LINE.findall(text)]


def refuse_other_names(file: Path, name: str) -> None:
    """Refuse imports that give a translating function another name, under which its messages would not be found."""
    for node in ast.walk(ast.parse(file.read_bytes(), filename=name)):
        if not (isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"):
            continue
        for imported in node.names:
            if imported.name not in KEYWORDS or imported.asname is None or imported.asname == imported.name:
                continue
            if not (imported.asname == "_" and KEYWORDS[imported.name] is None):
                raise SourceError(
                    f"{name}:{node.lineno}: {imported.name} is called {imported.asname} here, "
                    "and what it marks would not be found; call it by its own name (gettext may be _)."
                )
