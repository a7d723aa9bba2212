"""What a meeting's dossier may be: its event, its agenda, what it discusses, what was decided."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from plenara.contributions.models import Contribution, Edition
from plenara.core import clock
from plenara.core.languages import NAMES, current
from plenara.core.refusals import Answer, No
from plenara.core.vocabulary import language_name
from plenara.documents.models import Document, DocumentEdition, PublishedParagraph
from plenara.events.models import Event, Occurrence
from plenara.outcomes.models import AgendaItem, Body, Dossier, Opening, Outcome

#: The most characters of each text, in any language.
MOST = {"intro": 10_000, "title": 300, "note": 5_000, "report": 60_000, "text": 2_000}
MOST_ITEMS, MOST_MATTERS, MOST_DECISIONS, MOST_PARAGRAPHS = 60, 200, 200, 100


def texts_fit(name: str, texts: Mapping[str, str]) -> Answer:
    """A text in several languages says something in each, and is not too long in any."""
    for code, text in texts.items():
        field = f"{name}_{code}"
        if code not in NAMES:
            return No(_("A text can be in one of the six languages."), "language", field)
        if len(text) > MOST[name]:
            return No(
                _("%(language)s: this has %(count)d characters. It can have %(limit)d at most.")
                % {"language": language_name(code), "count": len(text), "limit": MOST[name]},
                "too_long",
                field,
            )
        if not any(letter.isalnum() for letter in text):
            return No(_("%(language)s: this has no words.") % {"language": language_name(code)}, "empty", field)
    return True


def in_some_language(name: str, texts: Mapping[str, str]) -> Answer:
    """A text exists in at least one language."""
    return any(texts.values()) or No(_("Write this in at least one language."), "missing", f"{name}_{current()}")


def item_is_gone() -> str:
    """Return the sentence that refuses to change an item that somebody has taken away."""
    return _("Somebody has taken this item from the agenda meanwhile.")


def choose_a_language() -> str:
    """Return the sentence that refuses a language that is none of the six."""
    return _("Choose among the six languages.")


def consultations_of(body: Body) -> set[int]:
    """Return the ids of the consultations that a body works on: its home, what its outcomes answer, their drafts.

    Three queries.
    """
    answered = set(Outcome.objects.filter(body=body).values_list("consultations", flat=True))
    opened = set(Opening.objects.filter(outcome__body=body).values_list("consultation", flat=True))
    return {pk for pk in {body.consultation_id, *answered, *opened} if pk}


def may_have_a_dossier(event: Event, body: Body) -> Answer:
    """A published event that the calendar announces for a consultation of the body, and no other body's meeting."""
    if not event.is_published:
        return No(_("This event is not in the calendar."), "gone", "event")
    if event.prepares_id not in consultations_of(body):
        return No(
            _("Choose a meeting that the calendar announces for a consultation of this body."), "elsewhere", "event"
        )
    taken = Dossier.objects.filter(event=event).exclude(body=body).exists()
    return not taken or No(_("Another body has a dossier for this event."), "taken", "event")


def has_items(dossier: Dossier) -> Answer:
    """There is something to be discussed."""
    return dossier.items.exists() or No(_("Add an item to the agenda first."), "empty", "title")


def has_begun(event: Event) -> Answer:
    """A meeting is reported on once it has begun."""
    now = clock.now()
    begun = Occurrence.objects.filter(event=event, cancelled_at=None, starts_at__lte=now).exists()
    return begun or No(_("The meeting has not begun yet. Its report is published afterwards."), "early")


def something_to_report(report: Mapping[str, str], dossier: Dossier) -> Answer:
    """There is a report, or a decision."""
    return (
        bool(report)
        or dossier.decisions.exists()
        or No(_("Write the report, or a decision."), "empty", f"report_{current()}")
    )


def outcome_is_shown(outcome: Outcome, body: Body) -> Answer:
    """A version of the outcome is public, and it is this body's, or answers one of the same consultations."""
    if outcome.body_id != body.pk and not (
        set(outcome.consultations.values_list("pk", flat=True)) & consultations_of(body)
    ):
        return No(_("This outcome is of another consultation."), "elsewhere", "matter")
    return outcome.editions.filter(edition__in_force=True).exists() or No(
        _("No version of this outcome is published yet."), "unpublished", "matter"
    )


def has_paragraph(outcome: Outcome, mark: int | None) -> Answer:
    """The outcome has, or had, a published paragraph of this number."""
    if mark is None:
        return True
    found = PublishedParagraph.objects.filter(edition__document=outcome.document_id, mark=mark)
    return found.exists() or No(
        _("There is no paragraph %(number)d in any published version.") % {"number": mark}, "unknown", "matter"
    )


def summary_is_shown(summary: Document, body: Body) -> Answer:
    """The summary is in force, of a consultation of the body."""
    found = DocumentEdition.objects.filter(document=summary, kind="summary", in_force=True)
    return found.filter(consultation__in=consultations_of(body)).exists() or No(
        _("Choose a published summary of a consultation of this body."), "elsewhere", "matter"
    )


def contribution_is_shown(contribution: Contribution, body: Body) -> Answer:
    """The contribution is published, in a consultation of the body."""
    found = Edition.objects.filter(contribution=contribution, in_force=True, status=Edition.Status.PUBLISHED)
    return found.filter(consultation__in=consultations_of(body)).exists() or No(
        _("Choose a published contribution to a consultation of this body."), "elsewhere", "matter"
    )


def item_is_of(item: AgendaItem | None, dossier: Dossier) -> Answer:
    """A decision is taken under an item of its own meeting, or under none."""
    return item is None or item.dossier_id == dossier.pk or No(_("Choose an item of this meeting."), "item", "item")


def paragraphs_are(chosen: Sequence[tuple[Outcome, int]], body: Body) -> Iterable[Answer]:
    """The paragraphs that a decision changed are published ones, and not too many."""
    if len(chosen) > MOST_PARAGRAPHS:
        return [too_many(MOST_PARAGRAPHS, "paragraphs")]
    answers: list[Any] = []
    for outcome, mark in chosen:
        for answer in (outcome_is_shown(outcome, body), has_paragraph(outcome, mark)):
            answers.append(No(answer.sentence, answer.code, "paragraphs") if isinstance(answer, No) else answer)
    return answers


def few_enough(count: int, limit: int) -> Answer:
    """One more still fits."""
    return count < limit or too_many(limit, "")


def too_many(limit: int, field: str) -> No:
    """Return the refusal of one too many."""
    return No(_("There is room for %(limit)d at most.") % {"limit": limit}, "too_many", field)
