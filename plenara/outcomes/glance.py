"""Outcomes at a glance: how many paragraphs are agreed, in brackets and open. Four queries, for one or for many."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from plenara.documents.models import ParagraphText
from plenara.outcomes import rules
from plenara.outcomes.models import Agreement, Member, Outcome, Position, Stand
from plenara.outcomes.states import Held, agreement


@dataclass
class Glance:
    """How many paragraphs stand where; `sections` has the same for each section, by its id."""

    agreed: int = 0
    bracketed: int = 0
    open: int = 0
    sections: dict[int, "Glance"] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return self.agreed + self.bracketed + self.open

    def add(self, state: str) -> None:
        """Count one more paragraph."""
        name = {Agreement.AGREED: "agreed", Agreement.BRACKETED: "bracketed"}.get(Agreement(state), "open")
        setattr(self, name, getattr(self, name) + 1)


def glances(outcomes: Iterable[Outcome]) -> dict[int, Glance]:
    """Return how the paragraphs of outcomes stand among their members now, by the outcome's id."""
    known = list(outcomes)
    found = {each.pk: Glance() for each in known}
    deciding = _deciding({each.body_id for each in known})
    words = {
        (text.paragraph_id, text.language): text.digest
        for text in ParagraphText.objects.filter(paragraph__document__in=[each.document_id for each in known])
    }
    source = {each.pk: each.document.source_language for each in known}
    bodies = {each.pk: each.body_id for each in known}
    positions: dict[int, list[tuple[str, Held]]] = {}
    for row in Position.objects.filter(paragraph__stand__section__outcome__in=known):
        positions.setdefault(row.paragraph_id, []).append((row.digest, Held(row.member_id, row.holds)))
    stands = Stand.objects.filter(section__outcome__in=known).select_related("section")
    for stand in stands:
        outcome = stand.section.outcome_id
        now = words.get((stand.paragraph_id, source[outcome]), "")
        state = agreement(
            (held for digest, held in positions.get(stand.paragraph_id, []) if digest == now),
            deciding.get(bodies[outcome], set()),
            is_declared=stand.agreed_at is not None and stand.agreed_digest == now,
        )
        found[outcome].add(state)
        found[outcome].sections.setdefault(stand.section_id, Glance()).add(state)
    return found


def _deciding(bodies: set[int]) -> dict[int, set[int]]:
    now = rules.today()
    members = Member.objects.filter(
        Q(since=None) | Q(since__lte=now), Q(until=None) | Q(until__gte=now), body__in=bodies,
        part__in=rules.DECIDING, person__isnull=False,
    )  # fmt: skip
    found: dict[int, set[int]] = {}
    for pk, body in members.values_list("pk", "body_id"):
        found.setdefault(body, set()).add(pk)
    return found
