"""The gauges in the text format of Prometheus, version 0.0.4. The front process adds what it counts itself."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from plenara import __version__
from plenara.core import clock
from plenara.web.condition import gauges, signs

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Family:
    """A name with its meaning, and its samples: labels and value."""

    name: str
    meaning: str
    samples: list[tuple[dict[str, str], float]] = field(default_factory=list)
    kind: str = "gauge"

    def lines(self) -> Iterator[str]:
        """Yield it as Prometheus reads it."""
        yield f"# HELP {self.name} {self.meaning}"
        yield f"# TYPE {self.name} {self.kind}"
        for labels, value in self.samples:
            told = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
            yield f"{self.name}{f'{{{told}}}' if told else ''} {value:.15g}"


def text() -> str:
    """Return everything, as text. A fixed number of queries."""
    return "".join(f"{line}\n" for family in families() for line in family.lines())


def families() -> list[Family]:
    """Return everything, in order. What is not known has no sample."""
    queued, queues, now = gauges.tasks(), gauges.queues(), clock.now()
    seen, sent = signs.worker()

    def age(moment: datetime.datetime | None) -> float:
        return max((now - moment).total_seconds(), 0.0) if moment else 0.0

    def of_kinds(values: Iterable[tuple[str, float]]) -> list[tuple[dict[str, str], float]]:
        return [({"kind": kind}, value) for kind, value in values]

    def known(moment: datetime.datetime | None) -> list[tuple[dict[str, str], float]]:
        return [({}, age(moment))] if moment else []

    letters, exports = gauges.letters_of(queued), gauges.exports_of(queued)
    oldest = min((each.oldest for each in queues), default=None)
    counted = [({"how": how}, float(sent[how])) for how in sorted(sent)]
    return [
        Family("plenara_info", "Version of the program.", [({"version": __version__}, 1)]),
        Family("plenara_queue_waiting", "Things that wait for a moderator.", [({}, sum(q.waiting for q in queues))]),
        Family("plenara_queue_oldest_seconds", "Seconds that the oldest of them has waited.", [({}, age(oldest))]),
        Family(
            "plenara_tasks_queued",
            "Tasks that are not done, by kind.",
            of_kinds((o.kind, o.waiting) for o in queued),
        ),
        Family("plenara_tasks_due", "Tasks that are due, by kind.", of_kinds((o.kind, o.due) for o in queued)),
        Family(
            "plenara_tasks_again",
            "Tasks that failed and are tried again, by kind.",
            of_kinds((o.kind, o.again) for o in queued),
        ),
        Family(
            "plenara_tasks_failed",
            "Tasks that were given up, by kind.",
            of_kinds((o.kind, o.failed) for o in queued),
        ),
        Family(
            "plenara_tasks_oldest_due_seconds",
            "Seconds that the oldest due task has been due, by kind.",
            of_kinds((o.kind, age(o.oldest)) for o in queued),
        ),
        Family("plenara_letters_waiting", "Letters that are not sent yet.", [({}, letters.waiting)]),
        Family("plenara_letters_failed", "Letters that were given up.", [({}, letters.failed)]),
        Family(
            "plenara_letters_total",
            "Letters since the worker of this machine began, by how they fared.",
            counted,
            kind="counter",
        ),
        Family(
            "plenara_exports_oldest_due_seconds",
            "Seconds that files of the record have been due to be made.",
            [({}, age(exports.oldest))],
        ),
        Family("plenara_texts_unread", "Texts to be read for the search by meaning.", [({}, gauges.unread())]),
        Family("plenara_database_bytes", "Size of the database.", [({}, gauges.database_bytes())]),
        Family(
            "plenara_clock_away_seconds", "Seconds between our clock and the database's.", [({}, gauges.clock_away())]
        ),
        Family("plenara_disk_free_bytes", "Bytes free where the data are.", [({}, signs.free_bytes())]),
        Family("plenara_worker_seen_seconds", "Seconds since the worker of this machine gave a sign.", known(seen)),
        Family(
            "plenara_backup_age_seconds", "Seconds since a backup was made on this machine.", known(signs.last_backup())
        ),
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
