"""Where the paragraphs of an outcome stand among its members now: a pure reading, four queries whatever the length."""

from dataclasses import dataclass, field

from django.db.models import Q

from plenara.documents.models import ParagraphText
from plenara.outcomes import rules
from plenara.outcomes.models import Agreement, Member, Outcome, Position, Stand
from plenara.outcomes.states import Held, agreement


@dataclass(frozen=True)
class Standing:
    """A paragraph among the members: what counts is what they hold of its present words."""

    paragraph: int
    agreement: str
    is_declared: bool  # the chair declared these words agreed
    digest: str  # of the words that it has
    agreeing: list[Position] = field(default_factory=list)
    objections: list[Position] = field(default_factory=list)
    lapsed: list[Position] = field(default_factory=list)  # of other words


def deciding_members(outcome: Outcome) -> set[int]:
    """Return the ids of the members who agree or object now: those with an account, while they are in the body."""
    now = rules.today()
    found = Member.objects.filter(
        Q(since=None) | Q(since__lte=now), Q(until=None) | Q(until__gte=now), body=outcome.body_id,
        part__in=rules.DECIDING, person__isnull=False,
    )  # fmt: skip
    return set(found.values_list("pk", flat=True))


def standings_of(outcome: Outcome, paragraph: int | None = None) -> dict[int, Standing]:
    """Return where each paragraph stands, by its id; or one of them alone."""
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
    for stand in Stand.objects.filter(section__outcome=outcome, **one):
        now = digests.get(stand.paragraph_id, "")
        held = [each for each in positions.get(stand.paragraph_id, []) if each.member_id in deciding]
        present = [each for each in held if each.digest == now]
        is_declared = stand.agreed_at is not None and stand.agreed_digest == now
        state = agreement((Held(each.member_id, each.holds) for each in present), deciding, is_declared=is_declared)
        found[stand.paragraph_id] = Standing(
            paragraph=stand.paragraph_id,
            agreement=state,
            digest=now,
            is_declared=is_declared and state == Agreement.AGREED,
            agreeing=[each for each in present if each.holds == Position.Holds.AGREES],
            objections=[each for each in present if each.holds == Position.Holds.OBJECTS],
            lapsed=[each for each in held if each.digest != now],
        )
    return found
