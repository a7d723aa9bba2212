"""A draft in the making: the parts that a model has still to rephrase, and what it returned for the others."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import batched, groupby
from typing import Any

from plenara.summaries.drafting.said import Said
from plenara.summaries.drafting.statements import Quote, Statement
from plenara.summaries.drafting.validating import Refusal
from plenara.summaries.models import Draft

type Row = dict[str, Any]


@dataclass
class Work:
    """Kept in the draft's row between two tasks, and emptied with the last."""

    parts: list[list[Row]]
    frames: int = 0  # that are planned besides
    done: int = 0
    taken: list[Row] = field(default_factory=list)
    refusals: list[Row] = field(default_factory=list)
    failure: str = ""

    @classmethod
    def of(cls, rows: Sequence[Row], at_once: int, frames: int) -> "Work":
        """Return the work of a plan: parts of `at_once` statements, none of which stands under two questions."""
        parts = [
            list(part) for _thread, some in groupby(rows, lambda row: row["thread"]) for part in batched(some, at_once)
        ]
        return cls(parts, frames)

    @classmethod
    def read(cls, draft: Draft) -> "Work | None":
        """Return the work of a draft; nothing where it was not begun."""
        return cls(**deepcopy(draft.work)) if draft.work else None

    def as_json(self) -> dict[str, Any]:
        """Return it as the draft's row keeps it."""
        return {
            "parts": self.parts, "frames": self.frames, "done": self.done, "taken": self.taken,
            "refusals": self.refusals, "failure": self.failure,
        }  # fmt: skip

    @property
    def waits(self) -> bool:
        """Whether a part is left."""
        return self.done < len(self.parts)

    @property
    def next_part(self) -> list[Row]:
        return self.parts[self.done]

    @property
    def rows(self) -> list[Row]:
        """All that was planned."""
        return [row for part in self.parts for row in part]

    def put(self, part: list[Row], taken: list[Statement], refused: list[Refusal], failure: str) -> None:
        """Keep what came of the next part. After a failure nothing more is asked: somebody is waiting."""
        assert part is self.next_part
        self.taken += [_row(each) for each in taken]
        self.refusals += [each.as_row() for each in refused]
        self.failure = failure
        self.done = len(self.parts) if failure else self.done + 1

    def statements(self) -> list[Statement]:
        """Return what the model made and we took."""
        return [_statement(row) for row in self.taken]

    def refused(self) -> list[Refusal]:
        """Return what the model made and we did not take."""
        return [Refusal(row["text"], row["reason"]) for row in self.refusals]


def _row(statement: Statement) -> Row:
    quotes = [[vars(quote.said), quote.side] for quote in statement.quotes]
    return {
        "thread": statement.thread, "kind": statement.kind, "text": statement.text, "against": statement.against,
        "machine": statement.machine, "quotes": quotes,
    }  # fmt: skip


def _statement(row: Row) -> Statement:
    quotes = [Quote(Said(**said), side) for said, side in row["quotes"]]
    return Statement(row["thread"], row["kind"], row["text"], quotes, row["against"], row["machine"])
