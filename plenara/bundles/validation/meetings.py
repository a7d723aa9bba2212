"""What a row of `meetings.jsonl` may hold: the dossier of a meeting, with its agenda, report and decisions."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from plenara.bundles.validation.consultation import SLUG, SLUG_NAME
from plenara.bundles.validation.consultation import symbol as symbol_of
from plenara.bundles.validation.contributions import All
from plenara.bundles.validation.fields import SMALL, Row
from plenara.bundles.validation.index import REJECTED
from plenara.bundles.validation.outcomes import Known
from plenara.core.metadata import lasting_symbol
from plenara.core.rows import without_absent


def read(row: Row) -> dict[str, Any]:
    """Return a dossier with the keys that have a value, clean."""
    found = without_absent(
        body=row.code("body", SLUG, 80, SLUG_NAME, required=True),
        event=_event(row),
        published_at=row.moment("published_at", required=True),
        reported_at=row.moment("reported_at"),
        intro=row.texts("intro"),
        report=row.texts("report"),
        items=[_item(each) for each in row.rows("items")],
        decisions=[_decision(each) for each in row.rows("decisions")],
    )
    row.finish()
    return found


def _event(row: Row) -> dict[str, Any]:
    event = row.row("event", required=True)
    if event is None:
        return {}
    found = without_absent(
        number=event.integer("number", least=1, required=True),
        published_at=event.moment("published_at", required=True),
    )
    event.finish()
    return found


def _item(row: Row) -> dict[str, Any]:
    found = without_absent(
        number=row.integer("number", least=1, most=SMALL, required=True),
        title=row.texts("title", required=True, one_line=True),
        note=row.texts("note"),
        matters=[_matter(each) for each in row.rows("matters")],
    )
    if len(found.get("matters", ())) > SMALL:
        row.fault("matters", f"has more than {SMALL} entries")
    row.finish()
    return found


def _matter(row: Row) -> dict[str, Any]:
    found = without_absent(
        id=row.line("id", 100),
        consultation=row.code("consultation", SLUG, 80, SLUG_NAME),
        symbol=symbol_of(row, 80) if row.has("symbol") else None,
        number=row.integer("number", least=1, most=SMALL),
    )
    if row.has("id") == row.has("symbol"):
        row.fault("id", "must stand there, or symbol, and not both")
    for key, beside in (("consultation", "id"), ("number", "symbol")):
        if row.has(key) and not row.has(beside):
            row.fault(key, f"stands without {beside}")
    row.drop("symbol")
    row.finish()
    return found


def _decision(row: Row) -> dict[str, Any]:
    found = without_absent(
        number=row.integer("number", least=1, most=SMALL, required=True),
        text=row.texts("text", required=True),
        item=row.integer("item", least=1, most=SMALL),
        at=row.moment("at", required=True),
        paragraphs=sorted(
            (_paragraph(each) for each in row.rows("paragraphs")),
            key=lambda each: (each.get("symbol", ""), each.get("number", 0)),
        ),
    )
    row.finish()
    return found


def _paragraph(row: Row) -> dict[str, Any]:
    found = without_absent(
        symbol=symbol_of(row, 80, required=True), number=row.integer("number", least=1, most=SMALL, required=True)
    )
    row.finish()
    return found


@dataclass(frozen=True)
class There:
    """What meetings may name: what was read of the bundle before them."""

    everything: All
    bodies: Collection[str]
    #: The symbols of summaries and outcomes, without revision.
    symbols: Collection[str]
    #: The outcomes, by body and slug.
    outcomes: Mapping[str, Known]
    is_away: Callable[[str], bool]

    def fault_of(self, symbol: str, number: int | None) -> str:
        """Say why a document, or a paragraph of one, cannot be named; nothing where it can, or is elsewhere."""
        if self.is_away(symbol):
            return ""
        if symbol not in self.symbols:
            return f"is {symbol!r}, which no summary and no outcome of this bundle is"
        if number is None:
            return ""
        every = (each for known in self.outcomes.values() for each in known.symbols.values())
        editions = {each for each in every if lasting_symbol(each) == symbol}
        marks = ",".join("?" * len(editions))
        asked = f"SELECT 1 FROM statements WHERE number = ? AND symbol IN ({marks})"  # noqa: S608 - marks alone
        if next(self.everything.seen.ask(asked, (number, *sorted(editions))), None) is None:
            return f"is {symbol!r}, in which no version of an outcome has a paragraph {number}"
        return ""


def fit(row: Row, meeting: dict[str, Any], there: There, before: dict[Any, int], line: int) -> None:
    """Note where a dossier does not fit to itself, to those before it or to the rest of the bundle."""
    if "body" in meeting and meeting["body"] not in there.bodies:
        row.fault("body", f"is {meeting['body']!r}, which no row of outcomes.jsonl has")
    event = meeting.get("event", {})
    known = (event.get("number"), event.get("published_at"))
    if None not in known and before.setdefault(known, line) != line:
        row.fault("event", f"stands on line {before[known]} already")
    for key in ("report", "decisions"):
        if key in meeting and "reported_at" not in meeting:
            row.fault("reported_at", f"is missing, and there is a key {key}")
    items: set[Any] = set()
    for at, item in enumerate(meeting.get("items", ())):
        row.once(f"items[{at}].number", item.get("number"), items)
        for place, matter in enumerate(item.get("matters", ())):
            _fit_matter(row, f"items[{at}].matters[{place}]", matter, there)
    decisions: set[Any] = set()
    for at, decision in enumerate(meeting.get("decisions", ())):
        row.once(f"decisions[{at}].number", decision.get("number"), decisions)
        if "item" in decision and decision["item"] not in items:
            row.fault(f"decisions[{at}].item", f"is {decision['item']}, which is no item of this agenda")
        paragraphs: set[Any] = set()
        for place, each in enumerate(decision.get("paragraphs", ())):
            path = f"decisions[{at}].paragraphs[{place}]"
            row.once(path, f"{each.get('symbol')}, {each.get('number')}", paragraphs)
            if fault := there.fault_of(each.get("symbol", ""), each.get("number")):
                row.fault(f"{path}.symbol", fault)


def _fit_matter(row: Row, path: str, matter: dict[str, Any], there: There) -> None:
    if "symbol" in matter:
        if fault := there.fault_of(matter["symbol"], matter.get("number")):
            row.fault(f"{path}.symbol", fault)
    elif "id" in matter and "consultation" not in matter:
        seen = there.everything.seen.get(matter["id"])
        if seen is None:
            row.fault(f"{path}.id", f"is {matter['id']!r}, which no row of contributions.jsonl is")
        elif seen.status == REJECTED:
            row.fault(f"{path}.id", f"is {matter['id']!r}, which was never published")
