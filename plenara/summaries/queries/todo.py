"""Pending work at the desk for people who write, approve and translate summaries."""

from collections.abc import Iterator, Sequence

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.permissions import roles_of
from plenara.consultations.presenters.desk import ToDo, Urgency, task_provider
from plenara.core import clock
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.vocabulary import language_in_sentence
from plenara.documents.models import Comment, Document, RenditionState, State
from plenara.documents.permissions import other_reviewers
from plenara.documents.queries.translations import workload
from plenara.summaries import periods
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.models import Summary


@task_provider
def summaries_due(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return the unwritten summaries with a due day, for rapporteurs; late ones for organizers too.

    Two queries at most, whatever the number of consultations.
    """
    roles = {(where, name) for where, name, _language in roles_of(person)}
    own_consultations = [
        each for each in consultations if {(each.pk, RoleName.RAPPORTEUR), (each.pk, RoleName.ORGANIZER)} & roles
    ]
    if not own_consultations:
        return []
    found = Summary.objects.filter(
        consultation__in=own_consultations, document__state=State.DRAFT, document__number=None, due_at__isnull=False
    )
    by_pk, now, tasks = {each.pk: each for each in own_consultations}, clock.now(), []
    for summary in found.order_by("due_at"):
        where = by_pk[summary.consultation_id]
        assert summary.due_at is not None
        is_late = now > summary.due_at
        if not is_late and (where.pk, RoleName.RAPPORTEUR) not in roles:
            continue
        sentence = (
            _("The summary for %(period)s was due by %(date)s.")
            if is_late
            else _("The summary for %(period)s is due by %(date)s.")
        )
        values = {
            "period": periods.in_words(summary.period_from, summary.period_to, where),
            "date": date_in_words(summary.due_at.astimezone(where.zone).date()),
        }
        tasks.append(
            ToDo(
                sentence % values,
                reverse("summaries:workbench", args=[where.slug, summary.pk]),
                _("Open the workbench"),
                Urgency.NOW if is_late else Urgency.SOON,
                where,
                since=summary.due_at if is_late else None,
            )
        )
    return tasks


_SETTLED = (State.APPROVED, State.PUBLISHED)


@task_provider
def summaries_pending(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return the summaries that a person can approve, revise, publish, translate or review.

    Three queries at most, whatever the number of consultations; for people who review translations two more, and one
    for each finished translation.
    """
    roles = {(where, name, language) for where, name, language in roles_of(person) if name != RoleName.MODERATOR}
    where = {each.pk: each for each in consultations if any(each.pk == role[0] for role in roles)}
    if not where:
        return []
    documents = Document.objects.filter(kind=NAME, consultation__in=where).select_related("summary")
    found = list(documents.prefetch_related("renditions"))
    finished = _finished(found, roles)
    return [
        task
        for document in found
        for task in (
            *_tasks(person, document, where[document.consultation_id], roles, finished),
            *_to_review(person, document, where[document.consultation_id], roles, finished),
        )
    ]


def _finished(documents: Sequence[Document], roles: set[tuple[int, str, str]]) -> set[tuple[int, str]]:
    """Return the drafts of translations in which nothing is left to translate, by document and language."""
    reviewing = {where for where, name, _language in roles if name in {RoleName.TRANSLATOR, RoleName.RAPPORTEUR}}
    some = [each for each in documents if each.consultation_id in reviewing and each.state in _SETTLED]
    wanted = {
        each.pk: [one.language for one in each.renditions.all() if one.state == RenditionState.DRAFT] for each in some
    }
    some = [each for each in some if wanted[each.pk]]
    if not some:
        return set()
    return {(left.document.pk, left.language) for left in workload(some, wanted) if left.total and left.is_complete}


def _name_of(document: Document) -> str:
    return SUMMARY.label(document.number) if document.number else _("A summary in preparation")


def _to_review(
    person: Person,
    document: Document,
    consultation: Consultation,
    roles: set[tuple[int, str, str]],
    finished: set[tuple[int, str]],
) -> Iterator[ToDo]:
    """Yield the finished translations of a summary that a person may review."""
    named = _name_of(document)
    for rendition in document.renditions.all():
        language = rendition.language
        own_roles = {
            (consultation.pk, RoleName.RAPPORTEUR, ""),
            (consultation.pk, RoleName.TRANSLATOR, language),
        } & roles
        if not own_roles or (document.pk, language) not in finished:
            continue
        if rendition.translator_id == person.pk and other_reviewers(person, document, language):
            continue  # somebody else must review it
        yield ToDo(
            _("%(summary)s has been translated and is waiting for a review (%(language)s).")
            % {"summary": named, "language": language_in_sentence(language)},
            reverse("summaries:rendition", args=[consultation.slug, document.summary.pk, language]),
            pgettext("label", "Open the translation"),
            Urgency.SOON,
            consultation,
            rendition.changed_at,
        )


def _tasks(
    person: Person,
    document: Document,
    consultation: Consultation,
    roles: set[tuple[int, str, str]],
    finished: set[tuple[int, str]],
) -> Iterator[ToDo]:
    named = _name_of(document)
    here = [consultation.slug, document.summary.pk]
    own_roles = {name for place, name, _language in roles if place == consultation.pk}
    if document.state == State.IN_REVIEW and RoleName.ORGANIZER in own_roles:
        yield ToDo(
            _("%(summary)s is waiting for approval.") % {"summary": named},
            reverse("summaries:review", args=here),
            pgettext("label", "Read and decide"),
            Urgency.SOON,
            consultation,
        )
    if document.state == State.DRAFT and document.note and RoleName.RAPPORTEUR in own_roles:
        yield ToDo(
            _("%(summary)s has been sent back to its writers.") % {"summary": named},
            reverse("summaries:workbench", args=here),
            pgettext("label", "Revise the text"),
            Urgency.SOON,
            consultation,
        )
    if document.state == State.APPROVED and own_roles & {RoleName.RAPPORTEUR, RoleName.ORGANIZER}:
        yield ToDo(
            _("%(summary)s has been approved and can be published.") % {"summary": named},
            reverse("summaries:review", args=here),
            pgettext("label", "Publish"),
            Urgency.SOON,
            consultation,
        )
    if document.state in _SETTLED:
        states = {each.language: each for each in document.renditions.all()}
        for place, name, language in sorted(roles):
            if place != consultation.pk or name != RoleName.TRANSLATOR or language == document.source_language:
                continue
            rendition = states.get(language)
            state = rendition.state if rendition else RenditionState.MISSING
            to_review = state == RenditionState.DRAFT and rendition and rendition.translator_id != person.pk
            if state in {RenditionState.PUBLISHED, RenditionState.REVIEWED} or (document.pk, language) in finished:
                continue
            due_at = document.summary.translations_due_at
            is_late = due_at is not None and due_at < clock.now()
            if to_review:
                sentence = _(
                    "Someone else is translating %(summary)s (%(language)s). The translation will need a review."
                )
            elif is_late:
                sentence = _("The translation of %(summary)s was due by %(date)s (%(language)s).")
            elif due_at:
                sentence = _("%(summary)s is waiting to be translated, due by %(date)s (%(language)s).")
            else:
                sentence = _("%(summary)s is waiting to be translated (%(language)s).")
            yield ToDo(
                sentence
                % {"summary": named, "language": language_in_sentence(language), "date": date_in_words(due_at)},
                reverse("summaries:rendition", args=[*here, language]),
                pgettext("label", "Open the translation"),
                Urgency.IN_TIME if to_review else Urgency.NOW if is_late else Urgency.SOON,
                consultation,
                document.approved_at,
            )


@task_provider
def comments_pending(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return the open comments for the people who can resolve them: writers, and translators into a language.

    Two queries, whatever the number of consultations.
    """
    roles = {(where, name, language) for where, name, language in roles_of(person)}
    here = {each.pk: each for each in consultations}
    found = (
        Comment.objects.filter(document__kind=NAME, document__consultation__in=here, resolved_at=None)
        .exclude(by=person)
        .values_list("document__consultation", "document__number", "document__summary", "language")
        .annotate(count=Count("pk"))
        .order_by("document__summary", "language")
    )
    return [
        ToDo(
            ngettext(
                "%(count)d comment is not resolved: %(summary)s.",
                "%(count)d comments are not resolved: %(summary)s.",
                count,
            )
            % {"count": count, "summary": SUMMARY.label(number) if number else _("a summary in preparation")},
            reverse("summaries:rendition", args=[here[where].slug, summary, language])
            if language
            else reverse("summaries:review", args=[here[where].slug, summary]) + "#comments",
            pgettext("label", "Resolve the comments"),
            Urgency.SOON,
            here[where],
        )
        for where, number, summary, language, count in found
        if ((where, RoleName.TRANSLATOR, language) if language else (where, RoleName.RAPPORTEUR, "")) in roles
    ]
