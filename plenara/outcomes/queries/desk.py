"""Bodies and outcomes in the desk's lists, and a person's pending work on them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.permissions import may_act, roles_of
from plenara.consultations.presenters.desk import ToDo, Urgency, task_provider
from plenara.contributions.models import Edition
from plenara.core.languages import Localized
from plenara.core.vocabulary import language_in_sentence
from plenara.documents.models import Citation, Comment, RenditionState, State
from plenara.outcomes import permissions
from plenara.outcomes.models import Body, Outcome, OutcomeEdition, Proposal
from plenara.outcomes.queries.contributions import version_name
from plenara.outcomes.queries.positions import Glance, glances

#: The roles in a body's home that may see its desk.
DESK_ROLES = (RoleName.ORGANIZER, RoleName.RAPPORTEUR, RoleName.TRANSLATOR)


def bodies_of(person: Person) -> list[Body]:
    """Return the bodies that a person sees at the desk, their own first, read once for each request. One query."""
    if not hasattr(person, "_bodies"):
        memberships = set(permissions.memberships_of(person))
        homes = {where for where, name, _language in roles_of(person) if name in DESK_ROLES}
        found = Body.objects.filter(Q(pk__in=memberships) | Q(consultation__in=homes)).select_related("consultation")
        person._bodies = sorted(found.order_by("pk"), key=lambda body: body.pk not in memberships)  # type: ignore[attr-defined]
    return list(person._bodies)  # type: ignore[attr-defined]


def body_rows(bodies: Iterable[Body]) -> list[dict]:
    """Return bodies with their outcomes and number of members, for lists."""
    known = list(bodies)
    by_body: dict[int, list[dict]] = {}
    for row in outcome_rows(known):
        by_body.setdefault(row["outcome"].body_id, []).append(row)
    present = Q(members__until=None) | Q(members__until__gte=permissions.today())
    counts = dict(
        Body.objects.filter(pk__in=[each.pk for each in known])
        .annotate(count=Count("members", filter=present))
        .values_list("pk", "count")
    )
    return [{"body": each, "outcomes": by_body.get(each.pk, []), "members": counts.get(each.pk, 0)} for each in known]


def outcome_rows(bodies: Iterable[Body]) -> list[dict]:
    """Return the outcomes of bodies with their state, versions, languages and answered contributions. Eight queries."""
    by_pk = {each.pk: each for each in bodies}
    outcomes = list(
        Outcome.objects.filter(body__in=by_pk)
        .select_related("document__consultation")
        .prefetch_related("document__renditions")
        .order_by("pk")
    )
    seen: dict[int, Glance] = glances(outcomes)
    versions: dict[int, list[OutcomeEdition]] = {}
    for version in OutcomeEdition.objects.filter(outcome__in=outcomes).select_related("edition").order_by("edition"):
        versions.setdefault(version.outcome_id, []).append(version)
    rows = []
    for each in outcomes:
        each.body = by_pk[each.body_id]
        document, published = each.document, versions.get(each.pk, [])
        rows.append(
            {
                "outcome": each,
                "document": document,
                "title": Localized(document.title.get(document.source_language, ""), document.source_language),
                "glance": seen[each.pk],
                "versions": len(published),
                "latest": version_name(published[-1].stage, published[-1].draft) if published else "",
                "figures": published[-1].figures if published else {},
                "languages": sum(one.state == "published" for one in document.renditions.all()),
            }
        )
    return rows


@dataclass(frozen=True)
class _OwnPart:
    """A person's part in one outcome."""

    writes: bool
    leads: bool  # approves and publishes
    renders: frozenset[str]


@task_provider
def pending_work(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return a person's pending work on the outcomes of bodies whose home is among these consultations.

    Six queries at most, whatever the number of consultations and outcomes.
    """
    where = {each.pk: each for each in consultations}
    roles = [role for role in roles_of(person) if role[0] in where]
    if not may_act(person) or not where or not (roles or permissions.memberships_of(person)):
        return []
    found = Outcome.objects.filter(body__consultation__in=where).select_related("body", "document")
    outcomes = list(found.prefetch_related("document__renditions").order_by("pk"))
    parts = {each.pk: _own_part(person, each, roles) for each in outcomes}
    outcomes = [each for each in outcomes if parts[each.pk]]
    if not outcomes:
        return []
    written = [each.pk for each in outcomes if (own := parts[each.pk]) and own.writes]
    counts = {
        "proposals": _proposals(written),
        "comments": _comments(person, written),
        "public": _unanswered_comments(written),
    }
    tasks = []
    for outcome in outcomes:
        own = parts[outcome.pk]
        assert own is not None
        home = where[outcome.body.consultation_id]
        tasks += [*_of_state(outcome, own, home), *_of_translations(outcome, own, home)]
        tasks += _of_counts(outcome, counts, home)
    return tasks


def _own_part(person: Person, outcome: Outcome, roles: list[tuple[int, str, str]]) -> _OwnPart | None:
    member = permissions.memberships_of(person).get(outcome.body_id)
    part = member.part if member else ""
    here = [role for role in roles if role[0] == outcome.body.consultation_id]
    renders = frozenset(language for _where, name, language in here if name == RoleName.TRANSLATOR)
    organizes = any(name == RoleName.ORGANIZER for _where, name, _language in here)
    own = _OwnPart(part in permissions.WRITING, organizes or part in permissions.LEADING, renders)
    return own if own.writes or own.leads or own.renders else None


def _of_state(outcome: Outcome, own: _OwnPart, home: Consultation) -> Iterator[ToDo]:
    document, called = outcome.document, {"outcome": _title(outcome)}
    review = _address(outcome, "review")
    if document.state == State.IN_REVIEW and own.leads:
        yield ToDo(
            _("“%(outcome)s” is waiting for approval.") % called,
            review,
            pgettext("label", "Read and decide"),
            consultation=home,
        )
    if document.state == State.DRAFT and document.note and own.writes:
        bench = _address(outcome, "workbench")
        sentence = _("“%(outcome)s” has been sent back to its writers.") % called
        yield ToDo(sentence, bench, pgettext("label", "Revise the text"), consultation=home)
    if document.state == State.APPROVED and own.leads:
        sentence = _("“%(outcome)s” has been approved and can be published.") % called
        yield ToDo(sentence, review, pgettext("label", "Publish"), consultation=home)


def _of_translations(outcome: Outcome, own: _OwnPart, home: Consultation) -> Iterator[ToDo]:
    document = outcome.document
    if document.state not in {State.APPROVED, State.PUBLISHED}:
        return
    states = {each.language: each.state for each in document.renditions.all()}
    for language in sorted(own.renders - {document.source_language}):
        if states.get(language) in {RenditionState.PUBLISHED, RenditionState.REVIEWED}:
            continue
        sentence = _("“%(outcome)s” is waiting to be translated (%(language)s).")
        yield ToDo(
            sentence % {"outcome": _title(outcome), "language": language_in_sentence(language)},
            _address(outcome, "rendition", language),
            pgettext("label", "Open the translation"),
            Urgency.SOON,
            home,
            document.approved_at,
        )


def _of_counts(outcome: Outcome, counts: dict[str, Counter[int]], home: Consultation) -> Iterator[ToDo]:
    if count := counts["proposals"][outcome.pk]:
        sentence = ngettext(
            "%(count)d proposal from a member is waiting for an answer: “%(outcome)s”.",
            "%(count)d proposals from members are waiting for an answer: “%(outcome)s”.",
            count,
        )
        proposed = f"{_address(outcome, 'workbench')}?show=proposals#paragraphs"
        yield ToDo(_filled(sentence, outcome, count), proposed, _("Accept or decline"), consultation=home)
    if count := counts["comments"][outcome.pk]:
        sentence = ngettext(
            "%(count)d comment from a member is not resolved: “%(outcome)s”.",
            "%(count)d comments from members are not resolved: “%(outcome)s”.",
            count,
        )
        address = _address(outcome, "comments")
        yield ToDo(
            _filled(sentence, outcome, count), address, pgettext("label", "Resolve the comments"), consultation=home
        )
    if count := counts["public"][outcome.pk]:
        sentence = ngettext(
            "%(count)d public comment has no response yet: “%(outcome)s”.",
            "%(count)d public comments have no response yet: “%(outcome)s”.",
            count,
        )
        received = _address(outcome, "received")
        yield ToDo(
            _filled(sentence, outcome, count), received, pgettext("label", "Answer the comments"), Urgency.IN_TIME, home
        )


def _proposals(outcomes: list[int]) -> Counter[int]:
    found = Proposal.objects.filter(state=Proposal.State.PENDING, paragraph__document__outcome__in=outcomes)
    return _counted(found.values_list("paragraph__document__outcome"))


def _comments(person: Person, outcomes: list[int]) -> Counter[int]:
    found = Comment.objects.filter(document__outcome__in=outcomes, resolved_at=None, language="").exclude(by=person)
    return _counted(found.values_list("document__outcome"))


def _unanswered_comments(outcomes: list[int]) -> Counter[int]:
    """Return how many contributions to the openings of drafts have no response with a reason yet."""
    answered = Citation.objects.filter(
        paragraph__document=OuterRef("consultation__opening__outcome__document"),
        edition__contribution=OuterRef("contribution"),
        reason__isnull=False,
    ).exclude(response="")
    found = Edition.objects.filter(
        ~Exists(answered), consultation__opening__outcome__in=outcomes, in_force=True, status=Edition.Status.PUBLISHED
    )
    return _counted(found.order_by().values_list("consultation__opening__outcome"))


def _counted(rows: QuerySet) -> Counter[int]:
    return Counter(dict(rows.annotate(count=Count("pk")).order_by()))


def _filled(sentence: str, outcome: Outcome, count: int) -> str:
    return sentence % {"count": count, "outcome": _title(outcome)}


def _title(outcome: Outcome) -> str:
    title: str = outcome.document.title.get(outcome.document.source_language, "")
    return title


def _address(outcome: Outcome, name: str, *args: object) -> str:
    return reverse(f"outcomes:{name}", args=[outcome.body.slug, outcome.slug, *args])
