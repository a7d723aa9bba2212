"""What a summary's row may say of its coverage: as it was when the summary was published, where that has changed."""

from typing import Any

from plenara.archive.bundle.checking.contributions import All
from plenara.archive.bundle.checking.fields import Row, present
from plenara.archive.bundle.checking.seen import REJECTED

#: Shares [all, cited], by what they are of.
SHARES = ("groups", "by_language", "countries", "channels", "threads")
SIDES = ("held", "against")
_MOST_TICKS = 1_000_000


def read(row: Row) -> dict[str, Any]:
    """Return the coverage with the keys that have a value, and `ticks` always; nothing where the row has none."""
    told = row.row("coverage")
    if told is None:
        return {}
    ticks = told.code("ticks", "[01]*", _MOST_TICKS, "a 1 or a 0 for each contribution of the period", required=True)
    found = {"ticks": ticks or ""} | present(
        **{name: told.numbers(name, 2) for name in SHARES},
        held={statement: _sides(each) for statement, each in told.rows_by("held").items()},
        left_out=told.strings("left_out", 100),
    )
    told.finish()
    return found


def _sides(statement: Row) -> dict[str, Any]:
    sides = {}
    for side in SIDES:
        if (each := statement.row(side)) is not None:
            groups = {group: counts[0] for group, counts in each.numbers("groups", 1).items()}
            sides[side] = {"groups": groups, "outside": each.integer("outside") or 0}
            each.finish()
    statement.finish()
    return sides


def fit(row: Row, path: str, edition: dict[str, Any], everything: All) -> None:
    """Note where an edition's coverage contradicts itself or names what is not there. `path` leads to the edition."""
    told = edition.get("coverage")
    if not told:
        return
    every, cited = len(told["ticks"]), told["ticks"].count("1")
    for name in SHARES:
        counts = told.get(name, {}).values()
        if counts and (sum(each[0] for each in counts), sum(each[1] for each in counts)) != (every, cited):
            row.fault(f"{path}coverage.{name}", f"does not come to {cited} of {every}, as the ticks say")
    left = told.get("left_out", [])
    if len(set(left)) != len(left):
        row.fault(f"{path}coverage.left_out", "names one twice")
    for position, name in enumerate(left):
        seen = everything.seen.get(name)
        if seen is None or seen.status == REJECTED:
            row.fault(f"{path}coverage.left_out[{position}]", f"is {name!r}, which was never published here")
