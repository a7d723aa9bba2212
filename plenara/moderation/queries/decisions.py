"""Decisions that can be appealed and until when, proposed redactions, readers' reports; and their outcomes."""

import datetime
from collections.abc import Sequence
from itertools import groupby

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Role, RoleName
from plenara.consultations.permissions import may_organize
from plenara.consultations.presenters.desk import ToDo, Urgency, task_provider
from plenara.core import clock, life_cycle
from plenara.core.differences import ADDED, REMOVED, SAME, runs, tokens
from plenara.core.life_cycle import Moderated, OfKind, State
from plenara.core.text import digest
from plenara.moderation import kinds
from plenara.moderation.kinds import KINDS, latest_version
from plenara.moderation.models import APPEAL_DAYS, APPEALABLE, Appeal, Code, Decision, Item, Redaction, Report

#: The state of a version that each decision before publication refused.
_SET_ASIDE = {Code.RETURNED: State.RETURNED, Code.REJECTED: State.REJECTED}


def decision_on(kind: str, thing: Moderated) -> Decision | None:
    """Return the decision against a thing that its author can appeal or has appealed, if there is one. Two queries."""
    found = Decision.objects.filter(kind=kind, object_id=thing.pk, code__in=APPEALABLE, undone_at=None)
    decision = found.select_related("consultation").order_by("-number").first()
    return decision if decision and is_in_force(decision, thing) else None


def last_appeal_of(kind: str, thing: Moderated) -> Appeal | None:
    """Return the latest appeal against a decision on a thing, in any state."""
    found = Appeal.objects.filter(decision__kind=kind, decision__object_id=thing.pk)
    return found.select_related("decision").order_by("-at", "-pk").first()


def is_in_force(decision: Decision, thing: Moderated) -> bool:
    """Return whether a decision still is in force: nothing was sent again, withdrawn, restored or erased."""
    if decision.at is None or decision.undone_at or decision.code not in APPEALABLE:
        return False
    if decision.code == Code.REMOVED:
        return thing.state == State.REMOVED and version_of(decision, thing) is not None
    latest = latest_version(thing)
    return (
        latest is not None
        and latest.pk == decision.version_id
        and latest.state == _SET_ASIDE[Code(decision.code)]
        and latest.text.erased_at is None
        and bool(life_cycle.allows(thing, "publish"))
    )


def version_of(decision: Decision, thing: Moderated) -> OfKind:
    """Return the version that a decision is about: the refused one, or the removed one."""
    if decision.code == Code.REMOVED:
        return latest_version(thing, State.PUBLISHED)
    return KINDS[decision.kind].load([decision.version_id or 0]).get(decision.version_id or 0)


def last_day_of_appeal(decision: Decision, consultation: Consultation) -> datetime.date:
    """Return the last day on which a decision can be appealed, in the consultation's zone."""
    taken = decision.at or clock.now()
    return taken.astimezone(consultation.zone).date() + datetime.timedelta(days=APPEAL_DAYS)


def appeal_is_over(decision: Decision, consultation: Consultation) -> bool:
    """Return whether that day is past."""
    return clock.now().astimezone(consultation.zone).date() > last_day_of_appeal(decision, consultation)


def pending_appeals(kind: str, pk: int) -> QuerySet[Appeal]:
    """Return the pending appeals against decisions on a thing: one at most, unless something was removed."""
    return Appeal.objects.filter(decision__kind=kind, decision__object_id=pk, status=Appeal.Status.PENDING)


#: The mark in the place of omitted words.
OMITTED = "[…]"
_ONE = "\ue000"


def open_redaction(kind: str, pk: int) -> Redaction | None:
    """Return the proposal that a thing's author has not answered yet, with its reason in words. One query."""
    found = Redaction.objects.filter(kind=kind, object_id=pk, consented_at=None, declined_at=None)
    proposal = found.select_related("moderator").order_by("pk").last()
    if proposal:
        proposal.reason_label = kinds.reason_label(proposal.reason)  # type: ignore[attr-defined]
    return proposal


def redaction_of_version(kind: str, version_id: int) -> Redaction | None:
    """Return the proposal about a version, answered or not. One query."""
    return Redaction.objects.filter(kind=kind, version_id=version_id).select_related("moderator").first()


def agreed_redaction(kind: str, pk: int) -> Redaction | None:
    """Return the last proposal that a thing's author agreed to. One query."""
    agreed = Redaction.objects.filter(kind=kind, object_id=pk, consented_at__isnull=False)
    return agreed.order_by("consented_at").last()


def mark_omissions(before: str, after: str) -> str:
    """Return a redacted text with the mark at each omission that has none."""
    # One character for the mark: its brackets could be mistaken for those of the text.
    found = runs(before.replace(OMITTED, _ONE), after.replace(OMITTED, _ONE))
    made: list[str] = []
    for is_same, group in groupby(found, lambda run: run.kind == SAME):
        change = list(group)
        gone, added = ("".join(run.text for run in change if run.kind == kind) for kind in (REMOVED, ADDED))
        if is_same:
            made += [run.text for run in change]
        elif _ONE in added or not _words(gone.replace(_ONE, " ")):
            made.append(added)
        elif added.strip():  # too much has changed to find the exact place: it is at the start of the passage
            made += [_ONE, " ", added]
        else:
            made += _in_place_of(tokens(gone))
    return "".join(made).replace(_ONE, OMITTED)


def _in_place_of(gone: list[str]) -> list[str]:
    """Return the mark with the punctuation and the white space at the edges of the omitted words."""
    words = [at for at, token in enumerate(gone) if any(letter.isalnum() for letter in token)]
    words = words or [at for at, token in enumerate(gone) if not token.isspace()]
    return [*gone[: words[0]], _ONE, *gone[words[-1] + 1 :]]


def same_words(before: str, after: str) -> bool:
    """Return whether two texts have the same words, marks aside."""
    return _words(before) == _words(after)


def first_added(before: str, after: str) -> str | None:
    """Return the first word of a redacted text that is not, in its order, in the original text; marks aside."""
    own = iter(_words(before))
    return next((word for word in _words(after) if word not in own), None)


def _words(text: str) -> list[str]:
    return [token for token in tokens(text.replace(OMITTED, " ")) if not token.isspace()]


def pending_reports(kind: str, pk: int) -> QuerySet[Report]:
    """Return a thing's verified reports that nobody has decided on, oldest first."""
    found = Report.objects.filter(kind=kind, object_id=pk, verified_at__isnull=False, decided_at=None)
    return found.select_related("person").order_by("verified_at", "pk")


def report_of_token(token: str) -> Report | None:
    """Return the report of a link, whether it counts already or not."""
    # Excluding empty tokens lets SQLite use the index.
    known = Report.objects.exclude(token_digest="").select_related("consultation")
    return known.filter(token_digest=digest(token)).first()


def reader_of(report: Report) -> str:
    """Return the key of a reader: several reports of one reader count once."""
    return (report.person.email if report.person else report.address).lower()


@task_provider
def appeals_without_moderator(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for organizers, pending appeals whose moderators all decided before, or are the author. Two queries."""
    organized = {one.pk: one for one in consultations if may_organize(person, one)}
    found = list(
        Item.objects.filter(why=Item.Why.APPEAL, consultation_id__in=organized)
        .select_related("appeal__decision")
        .order_by("since", "pk")
    )
    if not found:
        return []
    deciders: dict[int, set[int]] = {}
    roles = Role.objects.filter(name__in=[RoleName.MODERATOR, RoleName.ORGANIZER], consultation_id__in=organized)
    for where, who in roles.filter(person__suspended_at=None, person__is_active=True).values_list(
        "consultation_id", "person_id"
    ):
        deciders.setdefault(where, set()).add(who)
    stuck: dict[int, list[Item]] = {}
    for item in found:
        barred = {item.appeal.decision.moderator_id if item.appeal else None, item.author_id, item.entered_by_id}
        where = item.consultation_id or 0
        if not deciders.get(where, set()) - barred:
            stuck.setdefault(where, []).append(item)
    return [_appoint_to_do(organized[where], waiting) for where, waiting in stuck.items()]


def _appoint_to_do(consultation: Consultation, waiting: list[Item]) -> ToDo:
    sentence = ngettext(
        "%(count)d appeal is waiting for a decision. Everyone who could decide on it took the decision "
        "under appeal. Appoint another moderator.",
        "%(count)d appeals are waiting for a decision. Everyone who could decide on them took the "
        "decisions under appeal. Appoint another moderator.",
        len(waiting),
    ) % {"count": len(waiting)}
    address = reverse("desk_roles", args=[consultation.slug])
    return ToDo(sentence, address, _("Appoint a moderator"), Urgency.NOW, consultation, waiting[0].since)
