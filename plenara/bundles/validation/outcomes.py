"""What rows of `outcomes.jsonl`, `paragraphs.jsonl` and `matrix.jsonl` may hold: a body and its outcome, a paragraph
with what it cites, a contribution with what was made of it.
"""

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from plenara.bundles.format import MATRIX, PARAGRAPHS, SUMMARIES
from plenara.bundles.validation import fields
from plenara.bundles.validation.contributions import All
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.fields import SIGNATURES, SLUG, SLUG_NAME
from plenara.bundles.validation.index import Rows
from plenara.bundles.validation.schemas import Field, Found, Row, Schema, by
from plenara.core.languages import CODES
from plenara.core.metadata import lasting_symbol
from plenara.core.vocabulary import StakeholderGroup
from plenara.outcomes.bundle import AGREEMENTS, COUNTED, COVERAGE, PARTS, STAGES, TAKEN, TREATMENTS


@dataclass
class Known:
    """What paragraphs have to fit to: an outcome's language, and symbol and sections of its versions by revision."""

    source: str
    symbols: dict[int, str] = field(default_factory=dict)
    sections: dict[int, set[int]] = field(default_factory=dict)


def _is_day(value: str) -> str | None:
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return f"is {value!r}, which is not a valid date"
    return None


_DAY = fields.code(r"\d{4}-\d{2}-\d{2}", 10, "a day such as 2026-10-14").then(_is_day)
_MEMBER = Schema(
    {
        "part": fields.choice(PARTS, required=True),
        "name": fields.line(120),
        "stakeholder_group": fields.choice(StakeholderGroup.values),
        "organization": fields.line(200),
        "country": fields.country(),
        "since": _DAY,
        "until": _DAY,
    }
)
_BODY: Mapping[str, Field] = {
    "body": fields.inner(
        Schema(
            {
                "slug": fields.slug(required=True),
                "name": fields.line_by_language(required=True),
                "mandate": fields.texts(),
                "begins_on": _DAY,
                "ends_on": _DAY,
                "published_at": fields.moment(required=True),
                "members": fields.inners(_MEMBER),
            }
        ),
        required=True,
    )
}
_SECTION = Schema(
    {
        "number": fields.small(required=True),
        "slug": fields.slug(required=True),
        "title": fields.line_by_language(required=True),
    }
)
_VERSION = Schema(
    {
        "revision": fields.small(least=0, required=True),
        "symbol": fields.symbol(80, required=True),
        "is_correction": fields.flag(),
        "stage": fields.choice(STAGES, required=True),
        "draft": fields.small(),
        "published_at": fields.moment(),
        "title": fields.line_by_language(),
        "title_outdated": fields.codes("[a-z]{2}", 2, "the six languages", order=sorted),
        "languages": fields.of_the_six(required=True),
        "machine": fields.of_the_six(),
        "sections": fields.inners(_SECTION, required=True),
        "why_left": fields.line_by_language(),
        "coverage": fields.inner(
            Schema(dict.fromkeys(COUNTED, fields.integer()) | dict.fromkeys(COVERAGE, fields.counts(2)))
        ),
        **SIGNATURES,
    }
)
_OPENING = Schema({"revision": fields.small(least=0, required=True), "consultation": fields.slug(required=True)})


def _are_in_order(row: Row, outcome: Found) -> None:
    versions = outcome.get("versions", [])
    for at, version in enumerate(versions[1:], 1):
        if version.get("revision", 0) <= versions[at - 1].get("revision", 0):
            row.error(f"versions[{at}].revision", "is not higher than that of the version before it")


#: Reads a body, and its outcome where there is one.
read = by(
    "slug",
    {None: Schema(_BODY)},
    Schema(
        {
            **_BODY,
            "slug": fields.slug(required=True),
            "number": fields.small(required=True),
            "symbol": fields.symbol(80, required=True),
            "source_language": fields.choice(CODES, required=True),
            "answers": fields.codes(SLUG, 80, SLUG_NAME, order=sorted),
            "openings": fields.inners(
                _OPENING,
                order=lambda found: sorted(
                    found, key=lambda each: (each.get("revision", 0), each.get("consultation", ""))
                ),
            ),
            "versions": fields.inners(_VERSION, required=True, empty="is empty"),
        },
        _are_in_order,
    ),
)


def fit(
    row: Row, outcome: Found, symbol: str, known: dict[str, Known], before: dict[object, object], line: int
) -> None:
    """Note where an outcome does not fit to itself or to those before it, and keep what its paragraphs must fit to."""
    body = outcome.get("body", {})
    if before.setdefault(f"body {body.get('slug')}", body) != body:
        row.error("body", f"describes {body.get('slug')!r} differently from an earlier line")
    if "versions" not in outcome:
        return
    if outcome.get("slug") in TAKEN:
        row.error("slug", f"is {outcome['slug']!r}, but a page of its body already has this address")
    if symbol and not outcome.get("symbol", f"{symbol}/").startswith(f"{symbol}/"):
        row.error("symbol", f"is {outcome['symbol']!r}; it must begin with {symbol}/")
    source, name = outcome.get("source_language", ""), f"{body.get('slug')}/{outcome.get('slug')}"
    for key, value in (("slug", name), ("number", outcome.get("number")), ("symbol", outcome.get("symbol"))):
        if before.setdefault(f"{key} {value}", line) != line:
            row.error(key, f"{value} is already on line {before[f'{key} {value}']}")
    known_versions = known.setdefault(name, Known(source))
    for at, version in enumerate(outcome["versions"]):
        own = version.get("symbol", "")
        if symbol and own and not own.startswith(f"{symbol}/"):
            row.error(f"versions[{at}].symbol", f"is {own!r}; it must begin with {symbol}/")
        if before.setdefault(f"version {own}", (line, at)) != (line, at):
            row.error(f"versions[{at}].symbol", f"is {own!r}, but another version already has this symbol")
        if source and source not in version.get("languages", ()):
            row.error(f"versions[{at}].languages", f"lacks the source language, {source}")
        sections = [each.get("number") for each in version.get("sections", ())]
        if len(set(sections)) != len(sections):
            row.error(f"versions[{at}].sections", "has a number twice")
        if len({each.get("slug") for each in version.get("sections", ())}) != len(sections):
            row.error(f"versions[{at}].sections", "has a slug twice")
        known_versions.symbols[version.get("revision", 0)] = own
        known_versions.sections[version.get("revision", 0)] = set(sections)
    for at, opening in enumerate(outcome.get("openings", ())):
        revision = opening.get("revision")
        if revision not in known_versions.sections:
            row.error(f"openings[{at}].revision", f"is {revision}, but there is no such version")
        if before.setdefault(f"opening {name} {revision}", (line, at)) != (line, at):
            row.error(f"openings[{at}].revision", f"is {revision}, which has already been opened")


OUTCOME, OUTCOME_NAME = rf"{SLUG}/{SLUG}", "the addresses of a body and an outcome, with a slash between them"


_HOW: Mapping[str, Field] = {"treatment": fields.choice(TREATMENTS), "reason": fields.line_by_language()}
_STATEMENT: Mapping[str, Field] = {"symbol": fields.symbol(80, required=True), "number": fields.small(required=True)}
_CITE = Schema(
    {
        "revision": fields.small(least=0, required=True),
        "id": fields.line(100, required=True),
        "consultation": fields.slug(),
        "words": fields.text(),
        **_HOW,
    }
)
_OBJECTION = Schema(
    {"name": fields.line(120), "reason": fields.line(500), "language": fields.choice(CODES, required=True)}
)
#: Reads a paragraph.
read_paragraph = Schema(
    {
        "outcome": fields.code(OUTCOME, 161, OUTCOME_NAME, required=True),
        "number": fields.small(required=True),
        "place": fields.small(required=True),
        "section": fields.small(required=True),
        "kind": fields.reason(),
        "text": fields.texts(required=True),
        "heading": fields.line_by_language(),
        "outdated": fields.of_the_six(),
        "agreement": fields.choice(AGREEMENTS, required=True),
        "objections": fields.inners(_OBJECTION),
        "refers": fields.inners(Schema({**_STATEMENT, **_HOW})),
        "version": fields.small(least=0, required=True),
        "cites": fields.inners(_CITE, required=True, default=list),
    }
)


def fit_paragraph(
    row: Row, paragraph: Found, everything: All, known: dict[str, Known], before: dict[object, int], line: int
) -> None:
    """Note where a paragraph does not fit to its version, or cites what the bundle does not have."""
    name, version = paragraph.get("outcome", ""), paragraph.get("version")
    outcome = known.get(name)
    if outcome is None:
        row.error("outcome", f"is {name!r}, but outcomes.jsonl has no such row")
        return
    if version not in outcome.sections:
        row.error("version", f"is {version}, but {name!r} has no such version")
        return
    if paragraph.get("section") not in outcome.sections[version]:
        row.error("section", f"is {paragraph.get('section')}, but this version has no such section")
    if paragraph.get("text") and outcome.source not in paragraph["text"]:
        row.error("text", f"has no text in the source language, {outcome.source}")
    for key in ("number", "place"):
        if before.setdefault((name, version, key, paragraph.get(key)), line) != line:
            earlier = before[name, version, key, paragraph.get(key)]
            row.error(key, f"{paragraph.get(key)} is already on line {earlier}")
    referred: set[tuple[object, object]] = set()
    for at, refer in enumerate(paragraph.get("refers", ())):
        statement = (refer.get("symbol"), refer.get("number"))
        if statement in referred:
            row.error(f"refers[{at}]", "appears twice")
        referred.add(statement)
    for at, cite in enumerate(paragraph["cites"]):
        if "consultation" not in cite:
            revision = (f"cites[{at}].revision", cite.get("revision"))
            everything.check_cited(row, f"cites[{at}].id", cite.get("id"), revision)


_CITED = "SELECT outcome, name, paragraph, treatment, symbol, number FROM treated WHERE symbol = ''"
_BENEATH = (
    "SELECT t.outcome, c.name, t.paragraph, t.treatment, t.symbol, t.number FROM treated t JOIN cited c ON c.symbol = "
    "t.symbol AND c.number = t.number"
)
_MISSING = (
    "SELECT line, symbol, number FROM treated WHERE symbol <> '' AND NOT away AND (symbol, number) NOT IN (SELECT "
    "symbol, number FROM statements) ORDER BY line"
)
_DIFFERING = f"""
    SELECT outcome, name, paragraph, treatment, symbol, number, sum(count), max(line) FROM (
        SELECT *, 1 AS count, NULL AS line FROM ({_CITED} UNION ALL {_BENEATH})
        UNION ALL SELECT outcome, name, paragraph, treatment, symbol, number, -1, line FROM matrix WHERE NOT away
    ) GROUP BY outcome, name, paragraph, treatment, symbol, number HAVING sum(count) <> 0
    UNION ALL SELECT outcome, name, paragraph, treatment, symbol, number, -1, line FROM matrix m WHERE away
        AND NOT EXISTS (SELECT 1 FROM treated t WHERE t.outcome = m.outcome AND t.paragraph = m.paragraph
            AND t.treatment = m.treatment AND t.symbol = m.symbol AND t.number = m.number)
    ORDER BY 8 NULLS LAST, 1, 3, 2
"""  # noqa: S608 - made of constants


def is_away(symbol: str, own: str, documents: Collection[str]) -> bool:
    """Say whether a document is another consultation's: what it cites is in no file of this bundle.

    `own` is this consultation's symbol; `documents` are the symbols, without revision, of what is in the bundle.
    """
    document = lasting_symbol(symbol)
    return document not in documents and not re.fullmatch(rf"{re.escape(own)}/[A-Z]+/[0-9]+", document)


#: Reads a line of the matrix.
read_line = Schema(
    {
        "through": fields.inner(Schema(_STATEMENT)),
        "outcome": fields.code(OUTCOME, 161, OUTCOME_NAME, required=True),
        "id": fields.line(100, required=True),
        "paragraph": fields.small(required=True),
        "treatment": fields.choice(TREATMENTS),
    }
)


def fit_line(row: Row, line: Found, everything: All, known: dict[str, Known], number: int, *, is_away: bool) -> None:
    """Note where a line names what the bundle does not have; keep it, to be compared when all are read."""
    if line.get("outcome") not in known:
        row.error("outcome", f"is {line.get('outcome')!r}, but outcomes.jsonl has no such row")
    everything.check_cited(row, "id", line.get("id"))
    through = line.get("through", {})
    values = (line.get(key) for key in ("outcome", "id", "paragraph"))
    everything.seen.change(
        "INSERT INTO matrix VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(number, *values, line.get("treatment", ""), through.get("symbol", ""), through.get("number", 0), is_away)],
    )


def note_statement(seen: Rows, symbol: str, number: int | None, names: Iterable[str]) -> None:
    """Keep that a paragraph, by the symbol of its edition and its number there, cites contributions of this bundle."""
    seen.change("INSERT OR IGNORE INTO statements VALUES (?, ?)", [(symbol, number)])
    seen.change("INSERT INTO cited VALUES (?, ?, ?)", ((symbol, number, name) for name in names))


def note_paragraph(seen: Rows, paragraph: Found, known: Known, line: int, is_away: Callable[[str], bool]) -> None:
    """Keep what a paragraph of an outcome cites of this bundle; of the version in force also how it treats it."""
    version, number = paragraph.get("version", -1), paragraph.get("number")
    cites = [each for each in paragraph["cites"] if "consultation" not in each]
    note_statement(seen, known.symbols.get(version, ""), number, (each.get("id", "") for each in cites))
    if version != max(known.symbols, default=None):
        return
    own = (line, paragraph["outcome"], number)
    treated = [(*own, each.get("id"), each.get("treatment", ""), "", 0, False) for each in cites]
    for each in paragraph.get("refers", ()):
        symbol = each.get("symbol", "")
        treated.append((*own, None, each.get("treatment", ""), symbol, each.get("number", 0), is_away(symbol)))
    seen.change("INSERT INTO treated VALUES (?, ?, ?, ?, ?, ?, ?, ?)", treated)


def check_matrix(seen: Rows, errors: BundleErrors, *, has_matrix: bool) -> int:
    """Recompute the matrix and note what differs. Return how many lines lead through other consultations."""
    before = errors.count
    for line, outcome, number in seen.ask(_MISSING):
        errors.add(
            f"names paragraph {number} of {outcome}, but this bundle does not have it", PARAGRAPHS, line, "refers"
        )
    if not has_matrix or errors.count > before:
        return 0
    for outcome, name, paragraph, treatment, summary, number, count, line in seen.ask(_DIFFERING):
        what = f"{name!r} in paragraph {paragraph} of {outcome}, {treatment or 'without a treatment'}"
        if summary:
            what += f", through paragraph {number} of {summary}"
        if count > 0:
            errors.add(f"lacks a line: {what}", MATRIX)
        else:
            errors.add(f"does not follow from {PARAGRAPHS} and {SUMMARIES}: {what}", MATRIX, line)
    return int(next(seen.ask("SELECT count(*) FROM matrix WHERE away"))[0])
