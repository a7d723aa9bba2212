"""Checking a bundle whole, file by file, in bounded memory: ids are kept, texts are not. What is checked gives its
figures.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from plenara.bundles.format import (
    CONSULTATION,
    CONTRIBUTIONS,
    DECISIONS,
    DOCUMENTS,
    MANIFEST,
    MATRIX,
    MEETINGS,
    MEGABYTE,
    MOST_JSON,
    MOST_LINE,
    OUTCOMES,
    PARAGRAPHS,
    REQUIRED,
    ROUNDS,
    SUMMARIES,
    THEMES,
)
from plenara.bundles.validation import (
    consultation,
    contributions,
    decisions,
    documents,
    meetings,
    outcomes,
    relations,
    summaries,
)
from plenara.bundles.validation.errors import BadBundle, BundleErrors
from plenara.bundles.validation.index import Decided
from plenara.bundles.validation.outcomes import Known
from plenara.bundles.validation.parsing import Broken, line_of, parse
from plenara.bundles.validation.schemas import Found, Reader, Row
from plenara.bundles.validation.sources import CHUNK, Damaged, Hashed, Source, lines
from plenara.bundles.validation.sources import rounds as rounds_in
from plenara.core.metadata import lasting_symbol
from plenara.core.rows import Json
from plenara.insights.queries.recomputation import Facts, consultation_figures

type Progress = Callable[[int], None]


@dataclass
class Read:
    """What was read of a bundle, whatever it holds."""

    #: What reads a row of each long file.
    readers: ClassVar[Mapping[str, Reader]]
    #: SHA-256 of each file as it is, and of each as we would write it: two spellings of the same content agree.
    raw: dict[str, str] = field(default_factory=dict)
    written: Json = field(default_factory=lambda: defaultdict(hashlib.sha256))

    @property
    def canonical(self) -> dict[str, str]:
        """The checksum of each file as we would write it."""
        return {name: hashed.hexdigest() for name, hashed in self.written.items()}

    @property
    def digest(self) -> str:
        """One checksum for all that the bundle says, however it is spelt."""
        listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.canonical.items()))
        return hashlib.sha256(listing.encode()).hexdigest()

    def is_as_written(self, name: str) -> bool:
        """Say whether a file is, byte for byte, as we would write it."""
        return name in self.written and self.written[name].hexdigest() == self.raw.get(name)


@dataclass
class Checked(Read):
    """What a bundle without error holds, its long files aside: those are read again, row by row."""

    readers: ClassVar[Mapping[str, Reader]] = {
        CONTRIBUTIONS: contributions.read,
        DECISIONS: decisions.read,
        SUMMARIES: summaries.read,
        OUTCOMES: outcomes.read,
        PARAGRAPHS: outcomes.read_paragraph,
        MATRIX: outcomes.read_line,
        MEETINGS: meetings.read,
    }
    consultation: Json = field(default_factory=dict)
    themes: list[Json] = field(default_factory=list)
    everything: contributions.All = field(default_factory=contributions.All)
    minted: relations.Minted = field(default_factory=relations.Minted)
    roots: Mapping[str, int] = field(default_factory=dict)
    documents: dict[str, tuple[str, int]] = field(default_factory=dict)
    symbol_line: int = 1
    decisions: int = 0
    summaries: int = 0
    outcomes: int = 0
    paragraphs: int = 0
    matrix: int = 0
    meetings: int = 0
    #: Lines of the matrix that lead through a document of another consultation: they cannot be recomputed.
    matrix_away: int = 0
    #: The symbols of summaries and outcomes, without revision.
    symbols: set[str] = field(default_factory=set)
    #: Requests for correction: those of the summaries, and those that decisions name, with the first line that does.
    requests: set[tuple[int, int]] = field(default_factory=set)
    requests_decided: dict[tuple[int, int], int] = field(default_factory=dict)
    bodies: set[str] = field(default_factory=set)
    #: Of each outcome ("body/outcome"), what its paragraphs must fit to.
    known: dict[str, Known] = field(default_factory=dict)
    #: Files that an import leaves out, since nothing refers to them.
    left_out: list[str] = field(default_factory=list)
    #: The comment rounds that lie in the bundle.
    rounds: list["Checked"] = field(default_factory=list)
    #: Whether an import found it here, with the same content.
    was_here: bool = False
    #: Consultations that were here and that an import linked with this one.
    linked: list[str] = field(default_factory=list)

    @property
    def slug(self) -> str:
        return str(self.consultation["slug"])

    @property
    def canonical(self) -> dict[str, str]:
        """The checksum of each file as we would write it, the documents too."""
        documents = {path: digest for path, (digest, _size) in self.documents.items()}
        return documents | super().canonical

    def is_away(self, symbol: str) -> bool:
        """Say whether an edition is of another consultation's document."""
        return outcomes.is_away(symbol, self.consultation.get("symbol", ""), self.symbols)


def check(source: Source, errors: BundleErrors, progress: Progress = lambda _bytes: None) -> Checked:
    """Return what the bundle holds, and its comment rounds. Raises `BadBundle` with every error where it has any."""
    checked = _check(source, errors, progress)
    for each in rounds_in(source):
        inner = _check(each, BundleErrors(prefix=each.prefix), progress)
        if each.prefix != f"{ROUNDS}{inner.slug}/":
            message = f"is {inner.slug!r}; it must be the same as the name of its folder"
            errors.add(message, f"{each.prefix}{CONSULTATION}", 1, "slug")
        errors.refuse()
        checked.rounds.append(inner)
    return checked


def _check(source: Source, errors: BundleErrors, progress: Progress) -> Checked:
    errors.refuse()
    checked = Checked()
    for name in REQUIRED:
        if name not in source.sizes:
            errors.add(documents.why_missing(source, name), name)
    if CONSULTATION in source.sizes:
        checked.consultation, line_at = read_json(source, CONSULTATION, consultation.read, errors, checked)
        checked.symbol_line = line_at("symbol")
    if THEMES in source.sizes:
        found, _line_at = read_json(source, THEMES, consultation.read_themes, errors, checked, key="themes")
        checked.themes = found.get("themes", [])
    if CONTRIBUTIONS in source.sizes:
        _contributions(source, errors, checked, progress)
    # Each takes what it remembers of earlier rows.
    checks: tuple[tuple[str, Callable], ...] = (
        (DECISIONS, _decision),
        (SUMMARIES, _summary),
        (OUTCOMES, _outcome),
        (PARAGRAPHS, _paragraph),
        (MATRIX, _line),
        (MEETINGS, _meeting),
    )
    for name, each in checks:
        if name in source.sizes:
            before: Decided | dict = Decided(checked.everything.seen) if name == DECISIONS else {}
            count = 0
            for row, line in rows(source, name, errors, checked.raw, progress):
                found = checked.readers[name](row)
                each(row, found, line, checked, before)
                checked.written[name].update(dumped(found))
                count += 1
            setattr(checked, name.removesuffix(".jsonl"), count)
    for (number, request), line in checked.requests_decided.items():
        if (number, request) not in checked.requests:
            message = f"is request {request} for correction of summary {number}, but {SUMMARIES} does not have it"
            errors.add(message, DECISIONS, line, "request")
    if not errors.count:
        checked.matrix_away = outcomes.check_matrix(checked.everything.seen, errors, has_matrix=MATRIX in source.sizes)
    if MANIFEST in source.sizes:
        documents.check_manifest(source, checked.raw, errors)
    checked.left_out = [name for name in source.sizes if _is_unused(name, checked)]
    errors.refuse()
    return checked


def _is_unused(name: str, checked: Checked) -> bool:
    return name.startswith(DOCUMENTS) and name not in checked.documents


def dumped(row: Json) -> bytes:
    """Return a row as a line of a bundle."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def dumped_whole(value: object) -> bytes:
    """Return an object or a list as a file of a bundle."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def read_json(
    source: Source, name: str, read: Reader, errors: BundleErrors, checked: Read, *, key: str = ""
) -> tuple[Json, Callable[[str], int]]:
    """Return what a file says that is short enough to be in memory, and what gives the line of a key.

    It says nothing where it is too long or damaged, which is noted. `key` is for a file that is a list.
    """
    if source.sizes[name] > MOST_JSON:
        errors.add(f"is larger than {MOST_JSON // MEGABYTE} MB", name)
        return {}, lambda _path: 1
    try:
        with source.open(name) as file:
            hashed = Hashed(file)
            raw = b"".join(iter(hashed.read, b""))
        checked.raw[name] = hashed.digest
        # Our reader reads objects.
        value = parse(b'{"%s":%b}' % (key.encode(), raw) if key else raw)
    except Damaged as damage:
        errors.add(str(damage), name)
        return {}, lambda _path: 1
    except Broken as broken:
        errors.add(str(broken), name, broken.line)
        return {}, lambda _path: 1
    text = raw.decode()

    def line(path: str) -> int:
        return line_of(text, path.removeprefix(key))

    found = read(Row(value, errors, name, line))
    checked.written[name].update(dumped_whole(found[key] if key else found))
    return found, line


def rows(
    source: Source,
    name: str,
    errors: BundleErrors,
    raw: dict[str, str],
    progress: Progress = lambda _bytes: None,
    parsed: Callable[[bytes], Json] = parse,
) -> Iterator[tuple[Row, int]]:
    """Yield each object of a `.jsonl` file with its line; lines without one are noted, or passed over where empty."""
    try:
        with source.open(name) as file:
            hashed = Hashed(file)
            reported = 0
            for number, line in lines(hashed):
                if hashed.size - reported >= CHUNK:
                    progress(hashed.size - reported)
                    reported = hashed.size
                if line is None:
                    errors.add(f"is longer than {MOST_LINE // MEGABYTE} MB", name, number)
                elif line.strip():
                    try:
                        yield Row(parsed(line), errors, name, number), number
                    except (Broken, ValueError) as broken:
                        errors.add(str(broken), name, number)
            progress(hashed.size - reported)
            raw[name] = hashed.digest
    except Damaged as damage:
        errors.add(str(damage), name)


def again(source: Source, name: str, checked: Read, progress: Progress = lambda _bytes: None) -> Iterator[Json]:
    """Yield the rows of a file, where there is one, a second time. Raises `BadBundle` if it is not what was checked."""
    if name not in source.sizes:
        return
    errors = BundleErrors()
    raw: dict[str, str] = {}
    if checked.is_as_written(name):
        # As our own export writes it: what was checked is what stands there, and the checksum says whether it still is.
        for row, _line in rows(source, name, errors, raw, progress, json.loads):
            yield row.value
    else:
        yield from _read_again(rows(source, name, errors, raw, progress), checked.readers[name], errors)
    if errors.count or raw.get(name) != checked.raw[name]:
        changed = BundleErrors()
        changed.add("changed while it was read", name)
        raise BadBundle(changed)


def _read_again(found: Iterator[tuple[Row, int]], read: Reader, errors: BundleErrors) -> Iterator[Json]:
    for row, _line in found:
        value = read(row)
        if errors.count:
            break
        yield value


def _contributions(source: Source, errors: BundleErrors, checked: Checked, progress: Progress) -> None:
    threads = {thread.get("number") for thread in checked.consultation.get("threads", ())}
    codes = {theme.get("code") for theme in checked.themes} if THEMES in source.sizes else None
    for row, line in rows(source, CONTRIBUTIONS, errors, checked.raw, progress):
        contribution = contributions.read(row)
        # Threads that could not be read are told once, not again on each line.
        known = threads or {contribution.get("thread"), contribution.get("moved_from")}
        checked.everything.add(row, contribution, line, known, codes)
        checked.written[CONTRIBUTIONS].update(dumped(contribution))
    seen = checked.everything.seen
    before = errors.count
    relations.check_replies(seen, errors)
    relations.check_campaigns(seen, errors)
    checked.minted = relations.mint(seen, checked.consultation.get("symbol", ""), errors)
    if errors.count == before:
        checked.roots = relations.tops(seen)
    checked.documents = documents.read(source, checked.everything.documents, errors, CONTRIBUTIONS)
    for path, (digest, _size) in checked.documents.items():
        checked.raw[path] = digest


def _decision(row: Row, decision: Found, line: int, checked: Checked, before: Decided) -> None:
    threads = {thread.get("number") for thread in checked.consultation.get("threads", ())}
    decisions.fit(row, decision, checked.everything, threads, before, line)
    if decision.get("kind") and len(request := decision.get("request", {})) == 2:
        checked.requests_decided.setdefault((request["summary"], request["number"]), line)


def _summary(row: Row, summary: Found, line: int, checked: Checked, before: dict[int | str, int]) -> None:
    threads = {thread.get("number") for thread in checked.consultation.get("threads", ())}
    symbol = checked.consultation.get("symbol", "")
    summaries.fit(row, summary, checked.everything, symbol, threads, before, line)
    for each in (*summary.get("earlier", ()), summary):
        own = each.get("symbol") or f"{symbol}/{summaries.LETTERS}/{summary.get('number')}"
        checked.symbols.add(lasting_symbol(own))
        for statement in each["statements"]:
            names = (cite.get("contribution", "") for cite in statement["cites"])
            outcomes.note_statement(checked.everything.seen, own, statement.get("number"), names)
    checked.requests.update(
        (summary.get("number", 0), each.get("number", 0)) for each in summary.get("corrections", ())
    )


def _outcome(row: Row, outcome: Found, line: int, checked: Checked, before: dict[object, object]) -> None:
    outcomes.fit(row, outcome, checked.consultation.get("symbol", ""), checked.known, before, line)
    checked.symbols.update(lasting_symbol(each.get("symbol", "")) for each in outcome.get("versions", ()))
    checked.bodies.add(outcome.get("body", {}).get("slug", ""))


def _paragraph(row: Row, paragraph: Found, line: int, checked: Checked, before: dict[object, int]) -> None:
    outcomes.fit_paragraph(row, paragraph, checked.everything, checked.known, before, line)
    if (known := checked.known.get(paragraph.get("outcome", ""))) is not None:
        outcomes.note_paragraph(checked.everything.seen, paragraph, known, line, checked.is_away)


def _line(row: Row, line: Found, number: int, checked: Checked, _before: dict[object, object]) -> None:
    is_away = "through" in line and checked.is_away(line["through"].get("symbol", ""))
    outcomes.fit_line(row, line, checked.everything, checked.known, number, is_away=is_away)


def _meeting(row: Row, meeting: Found, line: int, checked: Checked, before: dict[object, int]) -> None:
    there = meetings.There(checked.everything, checked.bodies, checked.symbols, checked.known, checked.is_away)
    meetings.fit(row, meeting, there, before, line)


def figures_in(source: Source, checked: Checked, progress: Progress = lambda _bytes: None) -> Json:
    """Return the figures. Raises `BadBundle` where the files are no longer what was checked."""
    facts = Facts()
    for row in again(source, CONTRIBUTIONS, checked, progress):
        facts.add(row, checked.minted.numbers.get(row["id"]))
    decided, published = (list(again(source, name, checked, progress)) for name in (DECISIONS, SUMMARIES))
    return consultation_figures(checked.consultation, facts, decided, published)
