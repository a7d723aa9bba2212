"""What a row of `outcomes.jsonl` may hold: a body, and one outcome of it with every version."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from plenara.archive.bundle.checking import signatures
from plenara.archive.bundle.checking.consultation import SLUG, SLUG_NAME
from plenara.archive.bundle.checking.consultation import symbol as symbol_of
from plenara.archive.bundle.checking.fields import SMALL, Row, present
from plenara.core.languages import CODES
from plenara.core.vocabulary import StakeholderGroup, country_names
from plenara.outcomes.bundling import COUNTED, COVERAGE, PARTS, STAGES, TAKEN

_DAY = r"\d{4}-\d{2}-\d{2}"


@dataclass
class Known:
    """What paragraphs have to fit to: an outcome's language, and symbol and sections of its versions by revision."""

    source: str
    symbols: dict[int, str] = field(default_factory=dict)
    sections: dict[int, set[int]] = field(default_factory=dict)


def read(row: Row) -> dict[str, Any]:
    """Return a body, and its outcome if there is one, with the keys that have a value, clean."""
    found = present(body=_body(row))
    if row.has("slug"):
        found |= present(
            slug=row.code("slug", SLUG, 80, SLUG_NAME, required=True),
            number=row.integer("number", least=1, most=SMALL, required=True),
            symbol=symbol_of(row, 80, required=True),
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
    found = present(
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
    found = present(
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
            | present(consultation=each.code("consultation", SLUG, 80, SLUG_NAME, required=True))
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
    found = {"revision": each.integer("revision", most=SMALL, required=True)} | present(
        symbol=symbol_of(each, 80, required=True),
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
        **signatures.read(each),
    )
    each.finish()
    return found


def _section(row: Row) -> dict[str, Any]:
    found = present(
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
    found = present(**counted, **{key: inner.numbers(key, 2) for key in COVERAGE})
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
    told = known.setdefault(name, Known(source))
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
        told.symbols[version.get("revision") or 0] = own
        told.sections[version.get("revision") or 0] = set(sections)
    for at, opening in enumerate(outcome.get("openings", ())):
        if opening["revision"] not in told.sections:
            row.fault(f"openings[{at}].revision", f"is {opening['revision']}, which no version has")
        if before.setdefault(f"opening {name} {opening['revision']}", (line, at)) != (line, at):
            row.fault(f"openings[{at}].revision", f"is {opening['revision']}, which was opened already")
