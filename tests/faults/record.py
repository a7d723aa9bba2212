"""What must be true of the record after whatever happened."""

from dataclasses import dataclass

from tests.installations import Installation

#: Each counts what there must be none of.
NEVER = {
    "a contribution without a version": "SELECT count(*) FROM contributions_contribution AS it WHERE NOT EXISTS "
    "(SELECT 1 FROM contributions_version AS version WHERE version.contribution_id = it.id)",
    "a contribution without its act": "SELECT count(*) FROM contributions_contribution AS it WHERE NOT EXISTS "
    "(SELECT 1 FROM core_auditentry AS act WHERE act.verb = 'contribution.submitted' "
    "AND act.about_id = CAST(it.id AS text))",
    "a version without its receipt": "SELECT count(*) FROM contributions_version AS it WHERE NOT EXISTS "
    "(SELECT 1 FROM core_backgroundtask AS task WHERE task.key = 'receipt-' || it.id)",
    "a published contribution without an edition": "SELECT count(*) FROM contributions_contribution AS it "
    "WHERE it.state = 'published' AND NOT EXISTS "
    "(SELECT 1 FROM contributions_edition AS edition WHERE edition.contribution_id = it.id)",
    "an edition of what is not published": "SELECT count(*) FROM contributions_edition AS edition "
    "JOIN contributions_contribution AS it ON it.id = edition.contribution_id WHERE it.state <> 'published'",
    "an edition that has not its contribution's number": "SELECT count(*) FROM contributions_edition AS edition "
    "JOIN contributions_contribution AS it ON it.id = edition.contribution_id "
    "WHERE it.number IS NULL OR it.number <> edition.number",
    "a number twice or left out": "SELECT count(*) FROM (SELECT consultation_id FROM contributions_edition "
    "GROUP BY consultation_id HAVING count(*) <> max(number) OR count(DISTINCT number) <> max(number)) AS it",
    "a text taken twice": "SELECT count(*) FROM (SELECT text.sha256 FROM contributions_version AS version "
    "JOIN contributions_text AS text ON text.id = version.text_id GROUP BY text.sha256 HAVING count(*) > 1) AS it",
}
KEPT = (
    "SELECT version.contribution_id, text.sha256 FROM contributions_version AS version "
    "JOIN contributions_text AS text ON text.id = version.text_id"
)
QUEUED = "SELECT count(*) FROM core_backgroundtask WHERE key LIKE 'receipt-%' AND done_at IS NULL AND failed_at IS NULL"


@dataclass(frozen=True)
class Found:
    """What was found of the record: receipts that are lost, and how much is half done, by its name."""

    lost: frozenset[int]
    never: dict[str, int]

    @property
    def half(self) -> int:
        return sum(self.never.values())


def look(installation: Installation, receipts: dict[int, str]) -> Found:
    """Return what is found; `receipts` has the digest of each text for which a receipt was shown."""
    kept = dict(installation.ask(KEPT))
    never = {name: int(installation.ask(statement)[0][0]) for name, statement in NEVER.items()}
    return Found(
        frozenset(key for key, digest in receipts.items() if kept.get(key) != digest),
        {name: number for name, number in never.items() if number},
    )


def queued(installation: Installation) -> int:
    """Return how many receipts are still to be sent."""
    return int(installation.ask(QUEUED)[0][0])
