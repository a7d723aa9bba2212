"""What rows of `outcomes.jsonl`, `paragraphs.jsonl` and `matrix.jsonl` may hold: a body and its outcome, a paragraph
with what it cites, a contribution with what was made of it.
"""

import datetime
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from plenara.bundles.errors import BundleErrors
from plenara.bundles.format import MATRIX, PARAGRAPHS, SUMMARIES
from plenara.bundles.validation import fields
from plenara.bundles.validation.consultation import SLUG, SLUG_NAME, symbol
from plenara.bundles.validation.contributions import CODE, All, code_of
from plenara.bundles.validation.fields import SMALL, Row
from plenara.bundles.validation.index import REJECTED, Rows
from plenara.core.languages import CODES
from plenara.core.metadata import lasting_symbol
from plenara.core.rows import without_absent
from plenara.core.vocabulary import StakeholderGroup, country_names
from plenara.outcomes.bundle import AGREEMENTS, COUNTED, COVERAGE, PARTS, STAGES, TAKEN, TREATMENTS

_DAY = r"\d{4}-\d{2}-\d{2}"


@dataclass
class Known:
    """What paragraphs have to fit to: an outcome's language, and symbol and sections of its versions by revision."""

    source: str
    symbols: dict[int, str] = field(default_factory=dict)
    sections: dict[int, set[int]] = field(default_factory=dict)


def read(row: Row) -> dict[str, Any]:
    """Return a body, and its outcome if there is one, with the keys that have a value, clean."""
    found = without_absent(body=_body(row))
    if row.has("slug"):
        found |= without_absent(
            slug=row.code("slug", SLUG, 80, SLUG_NAME, required=True),
            number=row.integer("number", least=1, most=SMALL, required=True),
            symbol=symbol(row, 80, required=True),
            source_language=row.choice("source_language", CODES, required=True),
            answers=sorted(row.codes("answers", SLUG, 80, SLUG_NAME)),
            openings=_openings(row),
            versions=_versions(row),
        )
    row.finish()
    return found


def _body(row: Row) -> dict[str, Any]:
    body = row.row("body", required=True)
    if body is None:
        return {}
    found = without_absent(
        slug=body.code("slug", SLUG, 80, SLUG_NAME, required=True),
        name=body.texts("name", required=True, one_line=True),
        mandate=body.texts("mandate"),
        begins_on=_day(body, "begins_on"),
        ends_on=_day(body, "ends_on"),
        published_at=body.moment("published_at", required=True),
        members=[_member(each) for each in body.rows("members")],
    )
    body.finish()
    return found


def _member(row: Row) -> dict[str, Any]:
    found = without_absent(
        part=row.choice("part", PARTS, required=True),
        name=row.line("name", 120),
        stakeholder_group=row.choice("stakeholder_group", StakeholderGroup.values),
        organization=row.line("organization", 200),
        country=row.country("country", country_names("en")),
        since=_day(row, "since"),
        until=_day(row, "until"),
    )
    row.finish()
    return found


def _day(row: Row, key: str) -> str | None:
    value = row.code(key, _DAY, 10, "a day such as 2026-10-14")
    if value is not None:
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            row.fault(key, f"is {value!r}, which is no day")
            return None
    return value


def _openings(row: Row) -> list[dict[str, Any]]:
    found = []
    for each in row.rows("openings"):
        found.append(
            {"revision": each.integer("revision", most=SMALL, required=True)}
            | without_absent(consultation=each.code("consultation", SLUG, 80, SLUG_NAME, required=True))
        )
        each.finish()
    return sorted(found, key=lambda each: (each["revision"] or 0, each.get("consultation", "")))


def _versions(row: Row) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for each in row.rows("versions", required=True):
        version = _version(each)
        if found and (version.get("revision") or 0) <= (found[-1].get("revision") or 0):
            each.fault("revision", "is not higher than that of the version before it")
        found.append(version)
    if row.has("versions") and not found:
        row.fault("versions", "is empty")
    return found


def _version(each: Row) -> dict[str, Any]:
    found = {"revision": each.integer("revision", most=SMALL, required=True)} | without_absent(
        symbol=symbol(each, 80, required=True),
        is_correction=each.truth("is_correction") or None,
        stage=each.choice("stage", STAGES, required=True),
        draft=each.integer("draft", least=1, most=SMALL),
        published_at=each.moment("published_at"),
        title=each.texts("title", one_line=True),
        title_outdated=sorted(each.codes("title_outdated", "[a-z]{2}", 2, "the six languages")),
        languages=sorted(each.codes("languages", "|".join(CODES), 2, "the six languages", required=True)),
        machine=sorted(each.codes("machine", "|".join(CODES), 2, "the six languages")),
        sections=[_section(section) for section in each.rows("sections", required=True)],
        why_left=each.texts("why_left", one_line=True),
        coverage=_coverage(each),
        **fields.read_signatures(each),
    )
    each.finish()
    return found


def _section(row: Row) -> dict[str, Any]:
    found = without_absent(
        number=row.integer("number", least=1, most=SMALL, required=True),
        slug=row.code("slug", SLUG, 80, SLUG_NAME, required=True),
        title=row.texts("title", required=True, one_line=True),
    )
    row.finish()
    return found


def _coverage(row: Row) -> dict[str, Any]:
    inner = row.row("coverage")
    if inner is None:
        return {}
    counted = {key: inner.integer(key) for key in COUNTED}
    found = without_absent(**counted, **{key: inner.numbers(key, 2) for key in COVERAGE})
    inner.finish()
    return found


def fit(
    row: Row, outcome: dict[str, Any], symbol: str, known: dict[str, Known], before: dict[Any, Any], line: int
) -> None:
    """Note where an outcome does not fit to itself or to those before it, and keep what its paragraphs must fit to."""
    body = outcome.get("body", {})
    if before.setdefault(f"body {body.get('slug')}", body) != body:
        row.fault("body", f"says otherwise of {body.get('slug')!r} than an earlier line")
    if "versions" not in outcome:
        return
    if outcome.get("slug") in TAKEN:
        row.fault("slug", f"is {outcome['slug']!r}, where a page of its body stands")
    if symbol and not outcome.get("symbol", f"{symbol}/").startswith(f"{symbol}/"):
        row.fault("symbol", f"is {outcome['symbol']!r}; it must begin with {symbol}/")
    source, name = outcome.get("source_language", ""), f"{body.get('slug')}/{outcome.get('slug')}"
    for key, value in (("slug", name), ("number", outcome.get("number")), ("symbol", outcome.get("symbol"))):
        if before.setdefault(f"{key} {value}", line) != line:
            row.fault(key, f"{value} stands on line {before[f'{key} {value}']} already")
    known_versions = known.setdefault(name, Known(source))
    for at, version in enumerate(outcome["versions"]):
        own = version.get("symbol", "")
        if symbol and own and not own.startswith(f"{symbol}/"):
            row.fault(f"versions[{at}].symbol", f"is {own!r}; it must begin with {symbol}/")
        if before.setdefault(f"version {own}", (line, at)) != (line, at):
            row.fault(f"versions[{at}].symbol", f"is {own!r}, which another version has")
        if source and source not in version.get("languages", ()):
            row.fault(f"versions[{at}].languages", f"lacks the source language, {source}")
        sections = [each.get("number") for each in version.get("sections", ())]
        if len(set(sections)) != len(sections):
            row.fault(f"versions[{at}].sections", "has a number twice")
        if len({each.get("slug") for each in version.get("sections", ())}) != len(sections):
            row.fault(f"versions[{at}].sections", "has a slug twice")
        known_versions.symbols[version.get("revision") or 0] = own
        known_versions.sections[version.get("revision") or 0] = set(sections)
    for at, opening in enumerate(outcome.get("openings", ())):
        if opening["revision"] not in known_versions.sections:
            row.fault(f"openings[{at}].revision", f"is {opening['revision']}, which no version has")
        if before.setdefault(f"opening {name} {opening['revision']}", (line, at)) != (line, at):
            row.fault(f"openings[{at}].revision", f"is {opening['revision']}, which was opened already")


OUTCOME, OUTCOME_NAME = rf"{SLUG}/{SLUG}", "the addresses of a body and an outcome, a slash between them"


def read_paragraph(row: Row) -> dict[str, Any]:
    """Return a paragraph with the keys that have a value, clean."""
    found = without_absent(
        outcome=row.code("outcome", OUTCOME, 161, OUTCOME_NAME, required=True),
        number=row.integer("number", least=1, most=SMALL, required=True),
        place=row.integer("place", least=1, most=SMALL, required=True),
        section=row.integer("section", least=1, most=SMALL, required=True),
        kind=row.code("kind", CODE, 40, code_of(40)),
        text=row.texts("text", required=True),
        heading=row.texts("heading", one_line=True),
        outdated=sorted(row.codes("outdated", "|".join(CODES), 2, "the six languages")),
        agreement=row.choice("agreement", AGREEMENTS, required=True),
        objections=[_objection(each) for each in row.rows("objections")],
        refers=[_refer(each) for each in row.rows("refers")],
    )
    found["version"] = row.integer("version", most=SMALL, required=True)
    found["cites"] = [_cite(each) for each in row.rows("cites", required=True)]
    row.finish()
    return found


def _objection(row: Row) -> dict[str, Any]:
    found = without_absent(
        name=row.line("name", 120),
        reason=row.line("reason", 500),
        language=row.choice("language", CODES, required=True),
    )
    row.finish()
    return found


def _how(row: Row) -> dict[str, Any]:
    return without_absent(treatment=row.choice("treatment", TREATMENTS), reason=row.texts("reason", one_line=True))


def _cite(row: Row) -> dict[str, Any]:
    found = {"revision": row.integer("revision", most=SMALL, required=True)} | without_absent(
        id=row.line("id", 100, required=True),
        consultation=row.code("consultation", SLUG, 80, SLUG_NAME),
        words=row.text("words"),
    )
    found |= _how(row)
    row.finish()
    return found


def _refer(row: Row) -> dict[str, Any]:
    found = without_absent(
        symbol=symbol(row, 80, required=True),
        number=row.integer("number", least=1, most=SMALL, required=True),
    )
    found |= _how(row)
    row.finish()
    return found


def fit_paragraph(
    row: Row, paragraph: dict[str, Any], everything: All, known: dict[str, Known], before: dict[Any, int], line: int
) -> None:
    """Note where a paragraph does not fit to its version, or cites what the bundle does not have."""
    name, version = paragraph.get("outcome", ""), paragraph.get("version")
    outcome = known.get(name)
    if outcome is None:
        row.fault("outcome", f"is {name!r}, which no row of outcomes.jsonl is")
        return
    if version not in outcome.sections:
        row.fault("version", f"is {version}, which {name!r} does not have")
        return
    if paragraph.get("section") not in outcome.sections[version]:
        row.fault("section", f"is {paragraph.get('section')}, which this version does not have")
    if paragraph.get("text") and outcome.source not in paragraph["text"]:
        row.fault("text", f"has no text in the source language, {outcome.source}")
    for key in ("number", "place"):
        if before.setdefault((name, version, key, paragraph.get(key)), line) != line:
            earlier = before[name, version, key, paragraph.get(key)]
            row.fault(key, f"{paragraph.get(key)} stands on line {earlier} already")
    referred: set[tuple[Any, Any]] = set()
    for at, refer in enumerate(paragraph.get("refers", ())):
        statement = (refer.get("symbol"), refer.get("number"))
        if statement in referred:
            row.fault(f"refers[{at}]", "is told already")
        referred.add(statement)
    for at, cite in enumerate(paragraph["cites"]):
        if "consultation" not in cite and "id" in cite:
            _fit_cite(row, f"cites[{at}]", cite, everything)


def _fit_cite(row: Row, path: str, cite: dict[str, Any], everything: All) -> None:
    cited = everything.seen.get(cite["id"])
    if cited is None:
        row.fault(f"{path}.id", f"is {cite['id']!r}, which no row of contributions.jsonl is")
    elif cited.status == REJECTED:
        row.fault(f"{path}.id", f"is {cite['id']!r}, which was never published")
    elif not everything.seen.has_revision(cite["id"], cite.get("revision")):
        row.fault(f"{path}.revision", f"is {cite.get('revision')}, which {cite['id']!r} does not have")


_CITED = "SELECT outcome, name, paragraph, treatment, symbol, number FROM treated WHERE symbol = ''"
_BENEATH = (
    "SELECT t.outcome, c.name, t.paragraph, t.treatment, t.symbol, t.number"
    " FROM treated t JOIN cited c ON c.symbol = t.symbol AND c.number = t.number"
)
_MISSING = (
    "SELECT line, symbol, number FROM treated WHERE symbol <> '' AND NOT away"
    " AND (symbol, number) NOT IN (SELECT symbol, number FROM statements) ORDER BY line"
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


def read_line(row: Row) -> dict[str, Any]:
    """Return a line of the matrix with the keys that have a value, clean."""
    through = row.row("through")
    found = without_absent(
        outcome=row.code("outcome", OUTCOME, 161, OUTCOME_NAME, required=True),
        id=row.line("id", 100, required=True),
        paragraph=row.integer("paragraph", least=1, most=SMALL, required=True),
        treatment=row.choice("treatment", TREATMENTS),
    )
    if through is not None:
        found["through"] = without_absent(
            symbol=symbol(through, 80, required=True),
            number=through.integer("number", least=1, most=SMALL, required=True),
        )
        through.finish()
    row.finish()
    return found


def fit_line(
    row: Row, line: dict[str, Any], everything: All, known: dict[str, Known], number: int, *, is_away: bool
) -> None:
    """Note where a line names what the bundle does not have; keep it, to be compared when all are read."""
    if line.get("outcome") not in known:
        row.fault("outcome", f"is {line.get('outcome')!r}, which no row of outcomes.jsonl is")
    seen = everything.seen.get(line.get("id", ""))
    if seen is None:
        row.fault("id", f"is {line.get('id')!r}, which no row of contributions.jsonl is")
    elif seen.status == REJECTED:
        row.fault("id", f"is {line['id']!r}, which was never published")
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


def note_paragraph(
    seen: Rows, paragraph: dict[str, Any], known: Known, line: int, is_away: Callable[[str], bool]
) -> None:
    """Keep what a paragraph of an outcome cites of this bundle; of the version in force also how it treats it."""
    version, number = paragraph["version"], paragraph.get("number")
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


def check_matrix(seen: Rows, faults: BundleErrors, *, has_matrix: bool) -> int:
    """Recompute the matrix and note what differs. Return how many lines lead through other consultations."""
    before = faults.count
    for line, outcome, number in seen.ask(_MISSING):
        faults.add(
            f"names paragraph {number} of {outcome}, which this bundle does not have", PARAGRAPHS, line, "refers"
        )
    if not has_matrix or faults.count > before:
        return 0
    for outcome, name, paragraph, treatment, summary, number, count, line in seen.ask(_DIFFERING):
        what = f"{name!r} in paragraph {paragraph} of {outcome}, {treatment or 'without a treatment'}"
        if summary:
            what += f", through paragraph {number} of {summary}"
        if count > 0:
            faults.add(f"lacks a line: {what}", MATRIX)
        else:
            faults.add(f"does not follow from {PARAGRAPHS} and {SUMMARIES}: {what}", MATRIX, line)
    return int(next(seen.ask("SELECT count(*) FROM matrix WHERE away"))[0])
