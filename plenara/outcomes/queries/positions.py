"""The members' present agreement on each paragraph, and how many are agreed, in brackets and open."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from plenara.documents.models import ParagraphText
from plenara.outcomes import permissions
from plenara.outcomes.models import Agreement, Member, Outcome, OutcomeParagraph, Position
from plenara.outcomes.states import CurrentPosition, agreement


@dataclass
class Glance:
    """The number of paragraphs by agreement; `sections` has the same for each section, by its id."""

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
    """Return the present agreement on the paragraphs of outcomes, by the outcome's id."""
    known = list(outcomes)
    found = {each.pk: Glance() for each in known}
    deciding = _deciding({each.body_id for each in known})
    words = {
        (text.paragraph_id, text.language): text.digest
        for text in ParagraphText.objects.filter(paragraph__document__in=[each.document_id for each in known])
    }
    source = {each.pk: each.document.source_language for each in known}
    bodies = {each.pk: each.body_id for each in known}
    positions: dict[int, list[tuple[str, CurrentPosition]]] = {}
    for row in Position.objects.filter(paragraph__outcome_paragraph__section__outcome__in=known):
        positions.setdefault(row.paragraph_id, []).append((row.digest, CurrentPosition(row.member_id, row.holds)))
    outcome_paragraphs = OutcomeParagraph.objects.filter(section__outcome__in=known).select_related("section")
    for outcome_paragraph in outcome_paragraphs:
        outcome = outcome_paragraph.section.outcome_id
        now = words.get((outcome_paragraph.paragraph_id, source[outcome]), "")
        state = agreement(
            (held for digest, held in positions.get(outcome_paragraph.paragraph_id, []) if digest == now),
            deciding.get(bodies[outcome], set()),
            is_declared=outcome_paragraph.agreed_at is not None and outcome_paragraph.agreed_digest == now,
        )
        found[outcome].add(state)
        found[outcome].sections.setdefault(outcome_paragraph.section_id, Glance()).add(state)
    return found


def _deciding(bodies: set[int]) -> dict[int, set[int]]:
    now = permissions.today()
    members = Member.objects.filter(
        Q(since=None) | Q(since__lte=now), Q(until=None) | Q(until__gte=now), body__in=bodies,
        part__in=permissions.DECIDING, person__isnull=False,
    )  # fmt: skip
    found: dict[int, set[int]] = {}
    for pk, body in members.values_list("pk", "body_id"):
        found.setdefault(body, set()).add(pk)
    return found


@dataclass(frozen=True)
class ParagraphState:
    """The members' agreement on a paragraph. Only positions on its present words count."""

    paragraph: int
    agreement: str
    is_declared: bool  # the chair declared these words agreed
    digest: str  # of the words that it has
    agreeing: list[Position] = field(default_factory=list)
    objections: list[Position] = field(default_factory=list)
    lapsed: list[Position] = field(default_factory=list)  # of other words


def deciding_members(outcome: Outcome) -> set[int]:
    """Return the ids of the members who agree or object now: those with an account, while they are in the body."""
    now = permissions.today()
    found = Member.objects.filter(
        Q(since=None) | Q(since__lte=now), Q(until=None) | Q(until__gte=now), body=outcome.body_id,
        part__in=permissions.DECIDING, person__isnull=False,
    )  # fmt: skip
    return set(found.values_list("pk", flat=True))


def paragraph_states(outcome: Outcome, paragraph: int | None = None) -> dict[int, ParagraphState]:
    """Return the state of each paragraph by its id, or of only one."""
    deciding = deciding_members(outcome)
    document = outcome.document
    one = {"paragraph": paragraph} if paragraph else {}
    digests = {
        text.paragraph_id: text.digest
        for text in ParagraphText.objects.filter(paragraph__document=document, language=document.source_language, **one)
    }
    positions: dict[int, list[Position]] = {}
    for each in Position.objects.filter(paragraph__document=document, **one).select_related("member"):
        positions.setdefault(each.paragraph_id, []).append(each)
    found = {}
    for outcome_paragraph in OutcomeParagraph.objects.filter(section__outcome=outcome, **one):
        now = digests.get(outcome_paragraph.paragraph_id, "")
        held = [each for each in positions.get(outcome_paragraph.paragraph_id, []) if each.member_id in deciding]
        present = [each for each in held if each.digest == now]
        is_declared = outcome_paragraph.agreed_at is not None and outcome_paragraph.agreed_digest == now
        state = agreement(
            (CurrentPosition(each.member_id, each.holds) for each in present), deciding, is_declared=is_declared
        )
        found[outcome_paragraph.paragraph_id] = ParagraphState(
            paragraph=outcome_paragraph.paragraph_id,
            agreement=state,
            digest=now,
            is_declared=is_declared and state == Agreement.AGREED,
            agreeing=[each for each in present if each.holds == Position.Holds.AGREES],
            objections=[each for each in present if each.holds == Position.Holds.OBJECTS],
            lapsed=[each for each in held if each.digest != now],
        )
    return found
