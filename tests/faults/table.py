"""The table of faults: a line each, printed at the end of the run."""

import statistics
from dataclasses import dataclass, field

from tests.faults.crowd import Crowd
from tests.faults.record import Found

HEAD = ("fault", "times", "acknowledged", "lost", "half done", "refused, text kept", "public pages", "recovery, s")


@dataclass
class Table:
    """What became of each fault."""

    rows: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, fault: str, times: int, crowd: Crowd, found: Found, recovery: list[float]) -> None:
        """Add a fault's line. `recovery`: seconds after each time until everything answered again."""
        kept = f"{crowd.refused_with_text} of {crowd.refused}" if crowd.refused else "none refused"
        pages = f"{crowd.shown} of {crowd.shown + crowd.not_shown}, {crowd.stale} stale"
        if crowd.broken:
            pages += f", {crowd.broken} cut off"
        again = f"{statistics.median(recovery):.1f} (longest {max(recovery):.1f})" if recovery else "none needed"
        self.rows.append(
            (fault, str(times), str(len(crowd.receipts)), str(len(found.lost)), str(found.half), kept, pages, again)
        )

    def lines(self) -> list[str]:
        """Return the table as text."""
        if not self.rows:
            return []
        widths = [max(len(row[at]) for row in [HEAD, *self.rows]) for at in range(len(HEAD))]
        written = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in self.rows]
        head = "  ".join(cell.ljust(width) for cell, width in zip(HEAD, widths, strict=True))
        return ["", head, "-" * len(head), *written]
