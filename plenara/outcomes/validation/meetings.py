"""Validation of the dossiers of meetings. Each refusal names its field."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from plenara.contributions.models import Contribution, Edition
from plenara.core import clock
from plenara.core.languages import current
from plenara.core.refusals import Answer, Denied
from plenara.documents.models import Document, DocumentEdition, PublishedParagraph
from plenara.events.models import Event, Occurrence
from plenara.outcomes.models import AgendaItem, Body, Dossier, Opening, Outcome
from plenara.outcomes.validation.contents import in_some_language, texts_fit

#: The most characters of each text, in any language.
MEETING_LENGTHS = {"intro": 10_000, "title": 300, "note": 5_000, "report": 60_000, "text": 2_000}
MOST_ITEMS, MOST_MATTERS, MOST_DECISIONS, MOST_PARAGRAPHS = 60, 200, 200, 100


def meeting_texts_fit(name: str, texts: Mapping[str, str]) -> Answer:
    """A text of a meeting is not too long in any of its languages."""
    return texts_fit(name, texts, MEETING_LENGTHS)


def meeting_in_some_language(name: str, texts: Mapping[str, str]) -> Answer:
    """A text of a meeting exists in at least one language."""
    return in_some_language(name, texts, current())


def item_is_gone() -> str:
    """Return the sentence that refuses to change an item that somebody has removed."""
    return _("Someone else has removed this item from the agenda. You can add the item again.")


def choose_a_language() -> str:
    """Return the sentence that refuses a language other than the six."""
    return _("Choose from the six languages.")


def consultations_of_body(body: Body) -> set[int]:
    """Return the ids of the consultations of a body: its home, those that its outcomes answer, those on their drafts.

    Three queries.
    """
    answered = set(Outcome.objects.filter(body=body).values_list("consultations", flat=True))
    opened = set(Opening.objects.filter(outcome__body=body).values_list("consultation", flat=True))
    return {pk for pk in {body.consultation_id, *answered, *opened} if pk}


def may_have_a_dossier(event: Event, body: Body) -> Answer:
    """The event is published for a consultation of the body, and is not another body's meeting."""
    if not event.is_published:
        return Denied(_("This event is not in the calendar. Choose another event."), "gone", "event")
    if event.prepares_id not in consultations_of_body(body):
        return Denied(
            _("Choose a meeting that is in the calendar for a consultation of this body."), "elsewhere", "event"
        )
    taken = Dossier.objects.filter(event=event).exclude(body=body).exists()
    return not taken or Denied(
        _("Another body already has a dossier for this event. Choose another event."), "taken", "event"
    )


def has_items(dossier: Dossier) -> Answer:
    """The agenda has an item."""
    return dossier.items.exists() or Denied(_("Add an item to the agenda first."), "empty", "title")


def has_begun(event: Event) -> Answer:
    """The meeting has begun."""
    now = clock.now()
    begun = Occurrence.objects.filter(event=event, cancelled_at=None, starts_at__lte=now).exists()
    return begun or Denied(
        _("The meeting has not started yet. You can publish its report once it has started."), "early"
    )


def something_to_report(report: Mapping[str, str], dossier: Dossier) -> Answer:
    """There is a report, or a decision."""
    return (
        bool(report)
        or dossier.decisions.exists()
        or Denied(_("Write the report or add a decision first."), "empty", f"report_{current()}")
    )


def outcome_is_shown(outcome: Outcome, body: Body) -> Answer:
    """The outcome has a public version, and is this body's or answers one of the same consultations."""
    if outcome.body_id != body.pk and not (
        set(outcome.consultations.values_list("pk", flat=True)) & consultations_of_body(body)
    ):
        return Denied(_("This outcome belongs to another consultation. Choose another outcome."), "elsewhere", "matter")
    return outcome.editions.filter(edition__in_force=True).exists() or Denied(
        _("No version of this outcome is published yet. Choose another outcome."), "unpublished", "matter"
    )


def has_paragraph(outcome: Outcome, mark: int | None) -> Answer:
    """The outcome has, or had, a published paragraph of this number."""
    if mark is None:
        return True
    found = PublishedParagraph.objects.filter(edition__document=outcome.document_id, mark=mark)
    return found.exists() or Denied(
        _("No published version has a paragraph %(number)d. Check the number.") % {"number": mark}, "unknown", "matter"
    )


def summary_is_shown(summary: Document, body: Body) -> Answer:
    """The summary is in force, of a consultation of the body."""
    found = DocumentEdition.objects.filter(document=summary, kind="summary", in_force=True)
    return found.filter(consultation__in=consultations_of_body(body)).exists() or Denied(
        _("Choose a published summary of a consultation of this body."), "elsewhere", "matter"
    )


def contribution_is_shown(contribution: Contribution, body: Body) -> Answer:
    """The contribution is published, in a consultation of the body."""
    found = Edition.objects.filter(contribution=contribution, in_force=True, status=Edition.Status.PUBLISHED)
    return found.filter(consultation__in=consultations_of_body(body)).exists() or Denied(
        _("Choose a published contribution to a consultation of this body."), "elsewhere", "matter"
    )


def item_is_of(item: AgendaItem | None, dossier: Dossier) -> Answer:
    """A decision belongs to an item of its own meeting, or to none."""
    return (
        item is None
        or item.dossier_id == dossier.pk
        or Denied(_("Choose an agenda item of this meeting."), "item", "item")
    )


def paragraphs_are(chosen: Sequence[tuple[Outcome, int]], body: Body) -> Iterable[Answer]:
    """The paragraphs that a decision changed are published, and not too many."""
    if len(chosen) > MOST_PARAGRAPHS:
        sentence = _("Choose at most %(limit)d paragraphs.") % {"limit": MOST_PARAGRAPHS}
        return [Denied(sentence, "too_many", "paragraphs")]
    answers: list[Answer] = []
    for outcome, mark in chosen:
        for answer in (outcome_is_shown(outcome, body), has_paragraph(outcome, mark)):
            answers.append(Denied(answer.sentence, answer.code, "paragraphs") if isinstance(answer, Denied) else answer)
    return answers


def one_more_item_fits(count: int) -> Answer:
    """There is room for one more item on an agenda."""
    return count < MOST_ITEMS or _too_many(
        _("An agenda has at most %(limit)d items. Remove an item before you add another."), MOST_ITEMS
    )


def one_more_matter_fits(count: int) -> Answer:
    """There is room for one more text under an item."""
    return count < MOST_MATTERS or _too_many(
        _("An item has at most %(limit)d texts for discussion. Remove a text before you add another."), MOST_MATTERS
    )


def one_more_decision_fits(count: int) -> Answer:
    """There is room for one more decision of a meeting."""
    return count < MOST_DECISIONS or _too_many(
        _("A meeting has at most %(limit)d decisions. Correct an existing decision instead."), MOST_DECISIONS
    )


def _too_many(sentence: str, limit: int) -> Denied:
    return Denied(sentence % {"limit": limit}, "too_many")
