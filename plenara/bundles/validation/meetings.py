"""What a row of `meetings.jsonl` may hold: the dossier of a meeting, with its agenda, report and decisions."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from plenara.bundles.validation import fields
from plenara.bundles.validation.contributions import All
from plenara.bundles.validation.fields import SMALL
from plenara.bundles.validation.outcomes import Known
from plenara.bundles.validation.schemas import Found, Row, Schema
from plenara.core.metadata import lasting_symbol


def _names_one_thing(row: Row, _matter: Found) -> None:
    there = {key for key, value in row.value.items() if value is not None}
    if ("id" in there) == ("symbol" in there):
        row.error("id", "give either id or symbol, and not both")
    for key, beside in (("consultation", "id"), ("number", "symbol")):
        if key in there and beside not in there:
            row.error(key, f"needs the key {beside}")


def _is_short_enough(row: Row, item: Found) -> None:
    if len(item.get("matters", ())) > SMALL:
        row.error("matters", f"has more than {SMALL} entries")


_MATTER = Schema(
    {"id": fields.line(100), "consultation": fields.slug(), "symbol": fields.symbol(80), "number": fields.small()},
    _names_one_thing,
)
_ITEM = Schema(
    {
        "number": fields.small(required=True),
        "title": fields.line_by_language(required=True),
        "note": fields.texts(),
        "matters": fields.inners(_MATTER),
    },
    _is_short_enough,
)
_PARAGRAPH = Schema({"symbol": fields.symbol(80, required=True), "number": fields.small(required=True)})
_DECISION = Schema(
    {
        "number": fields.small(required=True),
        "text": fields.texts(required=True),
        "item": fields.small(),
        "at": fields.moment(required=True),
        "paragraphs": fields.inners(
            _PARAGRAPH,
            order=lambda found: sorted(found, key=lambda each: (each.get("symbol", ""), each.get("number", 0))),
        ),
    }
)
#: Reads a dossier.
read = Schema(
    {
        "body": fields.slug(required=True),
        "event": fields.inner(
            Schema({"number": fields.integer(least=1, required=True), "published_at": fields.moment(required=True)}),
            required=True,
        ),
        "published_at": fields.moment(required=True),
        "reported_at": fields.moment(),
        "intro": fields.texts(),
        "report": fields.texts(),
        "items": fields.inners(_ITEM),
        "decisions": fields.inners(_DECISION),
    }
)


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

    def error_of(self, symbol: str, number: int | None) -> str:
        """Say why a document, or a paragraph of one, cannot be named; nothing where it can, or is elsewhere."""
        if self.is_away(symbol):
            return ""
        if symbol not in self.symbols:
            return f"is {symbol!r}, but this bundle has no such summary or outcome"
        if number is None:
            return ""
        every = (each for known in self.outcomes.values() for each in known.symbols.values())
        editions = {each for each in every if lasting_symbol(each) == symbol}
        marks = ",".join("?" * len(editions))
        asked = f"SELECT 1 FROM statements WHERE number = ? AND symbol IN ({marks})"  # noqa: S608 - marks alone
        if next(self.everything.seen.ask(asked, (number, *sorted(editions))), None) is None:
            return f"is {symbol!r}, but no version of this outcome has a paragraph {number}"
        return ""


def fit(row: Row, meeting: Found, there: There, before: dict[object, int], line: int) -> None:
    """Note where a dossier does not fit to itself, to those before it or to the rest of the bundle."""
    if "body" in meeting and meeting["body"] not in there.bodies:
        row.error("body", f"is {meeting['body']!r}, but outcomes.jsonl has no such body")
    event = meeting.get("event", {})
    known = (event.get("number"), event.get("published_at"))
    if None not in known and before.setdefault(known, line) != line:
        row.error("event", f"is already on line {before[known]}")
    for key in ("report", "decisions"):
        if key in meeting and "reported_at" not in meeting:
            row.error("reported_at", f"is missing, and there is a key {key}")
    items = {item.get("number") for item in meeting.get("items", ())}
    row.once("items", meeting.get("items", ()), "number")
    for at, item in enumerate(meeting.get("items", ())):
        for place, matter in enumerate(item.get("matters", ())):
            _fit_matter(row, f"items[{at}].matters[{place}]", matter, there)
    row.once("decisions", meeting.get("decisions", ()), "number")
    for at, decision in enumerate(meeting.get("decisions", ())):
        if "item" in decision and decision["item"] not in items:
            row.error(f"decisions[{at}].item", f"is {decision['item']}, but this agenda has no such item")
        known_paragraphs: set[str] = set()
        for place, each in enumerate(decision.get("paragraphs", ())):
            path, name = f"decisions[{at}].paragraphs[{place}]", f"{each.get('symbol')}, {each.get('number')}"
            if name in known_paragraphs:
                row.error(path, f"{name} appears twice")
            known_paragraphs.add(name)
            if error := there.error_of(each.get("symbol", ""), each.get("number")):
                row.error(f"{path}.symbol", error)


def _fit_matter(row: Row, path: str, matter: Found, there: There) -> None:
    if "symbol" in matter:
        if error := there.error_of(matter["symbol"], matter.get("number")):
            row.error(f"{path}.symbol", error)
    elif "consultation" not in matter:
        there.everything.check_cited(row, f"{path}.id", matter.get("id"))
