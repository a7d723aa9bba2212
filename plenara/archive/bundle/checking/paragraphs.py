"""What a row of `paragraphs.jsonl` may hold: a paragraph of a version of an outcome, and what it cites."""

from typing import Any

from plenara.archive.bundle.checking.consultation import SLUG, SLUG_NAME, symbol
from plenara.archive.bundle.checking.contributions import CODE, All, code_of
from plenara.archive.bundle.checking.fields import SMALL, Row, present
from plenara.archive.bundle.checking.outcomes import Known
from plenara.archive.bundle.checking.seen import REJECTED
from plenara.core.languages import CODES
from plenara.outcomes.bundling import AGREEMENTS, TREATMENTS

OUTCOME, OUTCOME_NAME = rf"{SLUG}/{SLUG}", "the addresses of a body and an outcome, a slash between them"


def read(row: Row) -> dict[str, Any]:
    """Return a paragraph with the keys that have a value, clean."""
    found = present(
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
    found = present(
        name=row.line("name", 120),
        reason=row.line("reason", 500),
        language=row.choice("language", CODES, required=True),
    )
    row.finish()
    return found


def _how(row: Row) -> dict[str, Any]:
    return present(treatment=row.choice("treatment", TREATMENTS), reason=row.texts("reason", one_line=True))


def _cite(row: Row) -> dict[str, Any]:
    found = {"revision": row.integer("revision", most=SMALL, required=True)} | present(
        id=row.line("id", 100, required=True),
        consultation=row.code("consultation", SLUG, 80, SLUG_NAME),
        words=row.text("words"),
    )
    found |= _how(row)
    row.finish()
    return found


def _refer(row: Row) -> dict[str, Any]:
    found = present(
        symbol=symbol(row, 80, required=True),
        number=row.integer("number", least=1, most=SMALL, required=True),
    )
    found |= _how(row)
    row.finish()
    return found


def fit(
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
