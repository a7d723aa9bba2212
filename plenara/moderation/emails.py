"""E-mails to authors about decisions (the desk shows them first) and appeals, to readers about reports, to moderators
about pending items.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from plenara.accounts.models import Person
from plenara.consultations.models import RETURN_DAYS, Consultation, Role, RoleName
from plenara.consultations.models import State as ConsultationState
from plenara.consultations.working_time import Calendar, promised_minutes, works_on
from plenara.core import clock
from plenara.core.languages import django_code, in_language
from plenara.core.life_cycle import Moderated, State
from plenara.core.prepared import find
from plenara.core.tasks import task
from plenara.core.text import clean, digest
from plenara.core.transaction import writes, writing
from plenara.email import delivery
from plenara.moderation.kinds import KINDS, appeal_path, reason_in_words, reason_label
from plenara.moderation.models import APPEALABLE, APPROVING, Appeal, Code, Decision, Item, Preference, Redaction, Report
from plenara.moderation.queries import decisions
from plenara.moderation.queries.queue import age_since
from plenara.moderation.validation import can_come_back


@dataclass(frozen=True)
class DecisionEmail:
    """The author's e-mail about a decision: the same at the desk, before it is sent, and in the e-mail itself."""

    language: str  # of the e-mail
    subject: str
    says: str
    adds: str  # names the moderator, and says that the sentence is not translated where that is so
    sentence: str  # in the moderator's own words
    sentence_language: str
    then: str  # the next steps

    @property
    def digest(self) -> str:
        """Return the digest by which the form recognizes the e-mail that it showed."""
        return digest("\n".join([self.language, self.subject, self.says, self.adds, self.sentence, self.then]))


def decision_email(decision: Decision, thing: Moderated, language: str) -> DecisionEmail:
    """Return the e-mail about a decision, saved or only proposed, in a language. At most three queries."""
    return _email(thing, "decision", decision, context_of(decision, thing, language), language)


def redaction_email(proposal: Redaction, thing: Moderated, language: str) -> DecisionEmail:
    """Return the e-mail that asks an author about a redaction, in a language. It quotes no omitted words."""
    context = {
        **KINDS[thing.kind].email_context(thing, None, language),
        "reason_label": reason_label(proposal.reason, language),
        "foreign": proposal.sentence_language if proposal.sentence_language != language else "",
        "can_come_back": can_come_back(thing),
        "url": f"{settings.SITE_URL}{KINDS[thing.kind].author_path(thing, language)}redaction/",
    }
    return _email(thing, "redaction", proposal, context, language)


def _email(
    thing: Moderated, name: str, about: Decision | Redaction, context: dict[str, object], language: str
) -> DecisionEmail:
    folder = KINDS[thing.kind].templates.mail
    templates = {part: f"{folder}/{name}_{part}.txt" for part in ("subject", "says", "then")}
    if about.sentence:
        templates["adds"] = "moderation/mail/decision_adds.txt"
    with translation.override(django_code(language)):
        made = {part: clean(render_to_string(template, context)) for part, template in templates.items()}
    return DecisionEmail(
        language=language, sentence=about.sentence, sentence_language=about.sentence_language, **{"adds": "", **made}
    )


def context_of(decision: Decision, thing: Moderated, language: str) -> dict[str, object]:
    """Return the context of the e-mail's templates, in the author's language."""
    context = KINDS[thing.kind].email_context(thing, decision.version_id, language)
    if decision.moved_to and decision.moved_to != thing.thread.number:
        thread = thing.consultation.threads.filter(number=decision.moved_to).first() or thing.thread
        context["question"] = in_language(thread.question, language).text
    return {
        **context,
        "code": str(Code.APPROVED if decision.code in APPROVING else decision.code),
        "codes": {code.name: str(code) for code in Code},
        "publishes": decision.before.get("publishes", True),
        "number": decision.moved_to,
        **reason_in_words(None if decision.code in APPROVING else decision, language),
        "foreign": decision.sentence_language if decision.sentence_language != language else "",
        "can_come_back": can_come_back(thing),
        "return_days": RETURN_DAYS,
        "appeal_until": _appeal_until(decision, thing),
        "appeal_url": f"{settings.SITE_URL}{appeal_path(thing, language)}",
    }


def _appeal_until(decision: Decision, thing: Moderated) -> datetime.date | None:
    """Return the last day on which the author can appeal; nothing where nobody can."""
    consultation = thing.consultation
    if decision.code not in APPEALABLE or consultation.state == ConsultationState.ARCHIVED:
        return None
    return decisions.last_day_of_appeal(decision, consultation)


def appeal_context_of(appeal: Appeal, thing: Moderated, language: str) -> dict:
    """Return the context of the e-mail about an appeal, in the author's language."""
    moderated_kind = KINDS[thing.kind]
    is_upheld = appeal.status == Appeal.Status.UPHELD
    return {
        **moderated_kind.email_context(thing, None, language),
        "is_upheld": is_upheld,
        "appeal": appeal,
        "kind": moderated_kind,
        "says_template": f"{moderated_kind.templates.mail}/appeal_outcome_says.txt",
        "public_path": moderated_kind.public_path(thing, language) if is_upheld else "",
        "author_path": moderated_kind.author_path(thing, language),
        "foreign": appeal.answer_language if appeal.answer_language != language else "",
    }


def appeal_email(appeal: Appeal, thing: Moderated, language: str) -> str:
    """Return the text of the e-mail about an appeal, decided or only proposed, in a language."""
    with translation.override(django_code(language)):
        context = appeal_context_of(appeal, thing, language)
        return render_to_string(context["says_template"], context).strip()


def report_context_of(report: Report, thing: Moderated, language: str) -> dict[str, object]:
    """Return the context of the e-mails about a report, in the language of their reader. It has none of its words."""
    moderated_kind = KINDS[report.kind]
    context = {
        "contribution": thing,
        "question": in_language(thing.thread.question, language).text if thing.thread else "",
        "title": moderated_kind.email_context(thing, None, language).get("title", ""),
        "public_path": moderated_kind.public_path(thing, language),
        "reported": reason_label(report.reason, language),
        "outcome": str(report.outcome),
        "outcomes": {outcome.name: str(outcome) for outcome in Report.Outcome},
    }
    if report.outcome == Report.Outcome.REMOVED:
        removed = Decision.objects.filter(kind=report.kind, object_id=report.object_id, code=Code.REMOVED)
        decision = removed.order_by("-number").first()
        context["removed_for"] = reason_label(decision.reason if decision else "", language)
    return context


@task
def notify_author(*, decision_id: int) -> None:
    """Send the author the decision, its reason, and the next steps, in their language."""
    decision = find(Decision, decision_id)
    if decision is None or decision.object_id is None or decision.undone_at:
        return  # erased in the meantime, or undone
    moderated_kind = KINDS[decision.kind]
    thing = moderated_kind.find(decision.object_id)
    if thing is None or thing.author is None:
        return
    author = thing.author
    is_public = decision.code != Code.REMOVED and thing.state == State.PUBLISHED
    delivery.send(
        to=author,
        template="moderation/mail/decision",
        context={
            "email": decision_email(decision, thing, author.language),
            "kind": moderated_kind,
            "public_path": moderated_kind.public_path(thing, author.language) if is_public else "",
            "symbol": getattr(thing, "symbol", ""),
            "author_path": moderated_kind.author_path(thing, author.language),
        },
        key=f"decision-{decision.pk}",
    )


@task
def ask_redaction(*, redaction_id: int) -> None:
    """Ask an author about a redaction, in their language; does nothing where it was answered or decided already."""
    proposal = Redaction.objects.filter(pk=redaction_id, consented_at=None, declined_at=None).first()
    thing = KINDS[proposal.kind].find(proposal.object_id) if proposal else None
    if proposal is None or thing is None or thing.author is None:
        return
    language = thing.author.language
    delivery.send(
        to=thing.author,
        template="moderation/mail/decision",
        context={
            "email": redaction_email(proposal, thing, language),
            "kind": KINDS[proposal.kind],
            "author_path": KINDS[proposal.kind].author_path(thing, language),
        },
        key=f"redaction-{proposal.pk}",
    )


@task
def notify_of_appeal(*, appeal_id: int) -> None:
    """Send the author the outcome of an appeal and its reason, in their language."""
    appeal = Appeal.objects.select_related("decision", "person").filter(pk=appeal_id).first()
    thing = KINDS[appeal.decision.kind].find(appeal.decision.object_id or 0) if appeal else None
    if appeal is None or appeal.person is None or thing is None:
        return
    delivery.send(
        to=appeal.person,
        template="moderation/mail/appeal_outcome",
        context=appeal_context_of(appeal, thing, appeal.person.language),
        key=f"appeal-{appeal.pk}",
    )


@task
def ask_reporter(*, report_id: int, token: str) -> None:
    """Ask the reader to confirm an address: the link opens a page, the page has a button."""
    report = Report.objects.select_related("consultation").filter(pk=report_id, verified_at=None).first()
    contribution = KINDS[report.kind].find(report.object_id) if report else None
    if report is None or contribution is None or contribution.number is None:
        return
    slug, number = report.consultation.slug, contribution.number
    with translation.override(django_code(report.language)):
        named = ("report_confirm", [slug, number, token])
        if report.kind != "contribution":
            named = (f"report_{report.kind}_confirm", [number, token])
        link = settings.SITE_URL + reverse(f"moderation:{named[0]}", args=named[1])
    delivery.send(
        to=report.address,
        template="moderation/mail/report_ask",
        context={**report_context_of(report, contribution, report.language), "link": link},
        key=f"ask-report-{report.pk}",
        language=report.language,
    )


@task
def notify_reporter(*, report_id: int) -> None:
    """Send a reader the outcome of a report, once; then delete the address."""
    report = Report.objects.select_related("person").filter(pk=report_id).first()
    contribution = KINDS[report.kind].find(report.object_id) if report else None
    if report is None or contribution is None or not (report.person or report.address):
        return
    language = report.person.language if report.person else report.language
    delivery.send(
        to=report.person or report.address,
        template="moderation/mail/report_outcome",
        context=report_context_of(report, contribution, language),
        key=f"report-{report.pk}",
        language=language,
    )
    with writes():
        decided = Report.objects.filter(kind=report.kind, object_id=report.object_id, decided_at__isnull=False)
        decided.filter(address=report.address).update(address="", token_digest="")


#: The hour of a working day, in a consultation's zone, from which its moderators' digests are sent.
MORNING = 8
#: Items that are marked as notified in one transaction.
BATCH = 500


@writing
def enqueue_reminders() -> None:
    """Enqueue the hourly check of pending items. Several workers enqueue the same one."""
    remind.using(key=f"remind-{clock.now():%Y-%m-%dT%H}").enqueue()


@task
def remind() -> None:
    """Enqueue the e-mails that are due: about late items, and the daily or weekly digests."""
    consultations_pending = Consultation.objects.filter(pk__in=_pending().values("consultation_id"))
    consultations = list(consultations_pending.order_by("pk"))
    readers = _readers(consultations)
    for consultation in consultations:
        enqueue_late(consultation, readers[consultation.pk])
    enqueue_digests(consultations, readers)


@writing
def enqueue_late(consultation: Consultation, readers: Iterable[int]) -> None:
    """Mark items that are late by half the promise, and enqueue an e-mail about them to moderators who want one."""
    late_since = Calendar(consultation, clock.now()).moment_before(promised_minutes(consultation) / 2)
    found = _pending().filter(consultation=consultation, late_notified_at=None, since__lt=late_since)
    late = list(found.order_by("since", "pk").values_list("pk", flat=True)[:BATCH])
    if not late:
        return
    Item.objects.filter(pk__in=late).update(late_notified_at=clock.now())
    silent = set(
        Preference.objects.filter(person_id__in=readers, notify_late=False).values_list("person_id", flat=True)
    )
    for person_id in sorted(set(readers) - silent):
        send_late.using(key=f"late-{late[-1]}-{clock.now():%Y-%m-%dT%H:%M}-{person_id}").enqueue(
            person_id=person_id, consultation_id=consultation.pk
        )


@writing
def enqueue_digests(consultations: list[Consultation], readers: dict[int, set[int]]) -> None:
    """Enqueue the digests that are due, to moderators in one of whose consultations it is morning."""
    awake = [one for one in consultations if _is_morning(one)]
    people = {person_id for one in awake for person_id in readers[one.pk]}
    preferences = {one.person_id: one for one in Preference.objects.filter(person_id__in=people)}
    for person_id in sorted(people):
        preference = preferences.get(person_id) or Preference(person_id=person_id)
        if _is_due(preference):
            preference.digest_at = clock.now()
            preference.save()
            send_digest.using(key=f"digest-{person_id}-{clock.now():%Y-%m-%d}").enqueue(person_id=person_id)


def _is_due(preference: Preference) -> bool:
    if preference.digest == Preference.Digest.NEVER:
        return False
    days = {Preference.Digest.DAILY: 1, Preference.Digest.WEEKLY: 7}[Preference.Digest(preference.digest)]
    last = preference.digest_at
    return last is None or (clock.now().date() - last.date()).days >= days


def _is_morning(consultation: Consultation) -> bool:
    local = clock.now().astimezone(consultation.zone)
    return local.hour >= MORNING and works_on(local.date(), consultation)


def _pending() -> QuerySet[Item]:
    """Return all items that are pending for a moderator: neither on hold nor with the author."""
    return Item.objects.exclude(Q(held_until__gt=clock.now()) | Q(awaits_author=True))


def _readers(consultations: list[Consultation]) -> dict[int, set[int]]:
    """Return the recipients for each consultation: its moderators, or its organizers where it has none. One query."""
    roles = Role.objects.filter(
        consultation__in=consultations,
        name__in=[RoleName.MODERATOR, RoleName.ORGANIZER],
        person__suspended_at=None,
        person__is_active=True,
    )
    people: dict[str, dict[int, set[int]]] = {RoleName.MODERATOR: {}, RoleName.ORGANIZER: {}}
    for name, where, person_id in roles.values_list("name", "consultation_id", "person_id"):
        people[name].setdefault(where, set()).add(person_id)
    return {
        one.pk: people[RoleName.MODERATOR].get(one.pk) or people[RoleName.ORGANIZER].get(one.pk, set())
        for one in consultations
    }


@task
def send_late(*, person_id: int, consultation_id: int) -> None:
    """Notify a moderator of an item that is late by half the promise, unless it was decided in the meantime."""
    _send_reminder("late", person_id, Consultation.objects.filter(pk=consultation_id), of_late=True)


@task
def send_digest(*, person_id: int) -> None:
    """Send a moderator the pending items in each of their consultations."""
    where = Role.objects.filter(person_id=person_id, name__in=[RoleName.MODERATOR, RoleName.ORGANIZER])
    _send_reminder(
        "digest", person_id, Consultation.objects.filter(pk__in=where.values("consultation_id")), of_late=False
    )


def _send_reminder(template: str, person_id: int, consultations: QuerySet[Consultation], *, of_late: bool) -> None:
    person = Person.objects.filter(pk=person_id, is_active=True, suspended_at=None).first()
    found = list(consultations.order_by("pk"))
    readers = _readers(found)
    lines = [line for one in found if person_id in readers[one.pk] and (line := _line(one))]
    if person is None or not lines or (of_late and not any(line["wait"].is_late for line in lines)):
        return
    delivery.send(
        to=person,
        template=f"moderation/mail/{template}",
        context={"lines": lines, "total": sum(line["count"] for line in lines)},
        key=f"{template}-{person_id}-{clock.now():%Y-%m-%dT%H}",
    )


def _line(consultation: Consultation) -> dict | None:
    """Return what is pending in a consultation, for an e-mail; nothing where nothing is. One query."""
    counts = (
        _pending()
        .filter(consultation=consultation)
        .aggregate(
            count=Count("pk"),
            oldest=Min("since"),
            reported=Count("pk", filter=Q(why=Item.Why.REPORT)),
            appeals=Count("pk", filter=Q(why=Item.Why.APPEAL)),
        )
    )
    if not counts["count"]:
        return None
    return {**counts, "consultation": consultation, "wait": age_since(counts["oldest"], consultation)}
