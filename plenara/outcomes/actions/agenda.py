"""The agenda of a meeting: its items, and what each discusses."""

from collections.abc import Mapping
from typing import Any

from plenara.consultations.actions.common import clean_texts, require_current
from plenara.contributions.models import Contribution
from plenara.core.refusals import Invalid, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing
from plenara.documents.models import Document
from plenara.outcomes import meeting_checks as checks
from plenara.outcomes import tasks
from plenara.outcomes.actions.meetings import changed, held
from plenara.outcomes.models import AgendaItem, Dossier, ItemMatter, Outcome


@writing
def add_item(
    *, actor: Any, dossier: Dossier, title: Mapping[str, str], note: Mapping[str, str] | None = None
) -> AgendaItem:
    """Add an item at the end. The same twice (a double click) is added once."""
    dossier = held(actor, dossier)
    title, note = clean_texts(title, clean_line), clean_texts(note, clean)
    if there := dossier.items.filter(title=title, note=note).first():
        return there
    count = dossier.items.count()
    require_valid(*_fit(title, note), checks.few_enough(count, checks.MOST_ITEMS))
    item = AgendaItem.objects.create(dossier=dossier, number=count + 1, title=title, note=note)
    changed("dossier.item_added", actor, dossier, item=item.pk)
    return item


@writing
def edit_item(
    *, actor: Any, item: AgendaItem, title: Mapping[str, str], note: Mapping[str, str], stamp: int | None = None
) -> AgendaItem:
    """Change an item's title and note."""
    dossier = held(actor, item.dossier)
    item = present(item, dossier)
    title, note = clean_texts(title, clean_line), clean_texts(note, clean)
    if (title, note) == (item.title, item.note):
        return item
    require_current(stamp, item.stamp)
    require_valid(*_fit(title, note))
    item.title, item.note = title, note
    item.stamp += 1
    item.save(update_fields=["title", "note", "stamp"])
    changed("dossier.item_edited", actor, dossier, item=item.pk)
    return item


@writing
def move_item(*, actor: Any, item: AgendaItem, to: int) -> AgendaItem:
    """Let an item stand at another place; the others close up."""
    dossier = held(actor, item.dossier)
    items = list(dossier.items.all())
    item = present(item, dossier)
    to = max(1, min(to, len(items)))
    if item.number == to:
        return item
    others = [each for each in items if each.pk != item.pk]
    others.insert(to - 1, item)
    _number(others)
    changed("dossier.item_moved", actor, dossier, item=item.pk)
    item.refresh_from_db()
    return item


@writing
def delete_item(*, actor: Any, item: AgendaItem) -> None:
    """Take an item from the agenda, with what it was to discuss. One that is gone already stays so."""
    dossier = held(actor, item.dossier)
    gone, _kinds = AgendaItem.objects.filter(pk=item.pk, dossier=dossier).delete()
    if gone:
        _number(list(dossier.items.all()))
        changed("dossier.item_deleted", actor, dossier, something_goes=True, item=item.pk)


@writing
def add_matter(
    *,
    actor: Any,
    item: AgendaItem,
    outcome: Outcome | None = None,
    mark: int | None = None,
    summary: Document | None = None,
    contribution: Contribution | None = None,
) -> ItemMatter:
    """Let an item discuss one thing: a paragraph of an outcome, a whole outcome, a summary or a contribution.

    What is there already is not added again.
    """
    dossier = held(actor, item.dossier)
    item, body = present(item, dossier), dossier.body
    if outcome:
        require_valid(checks.outcome_is_shown(outcome, body), checks.has_paragraph(outcome, mark))
        mark = mark or None
    elif summary:
        require_valid(checks.summary_is_shown(summary, body))
    elif contribution:
        require_valid(checks.contribution_is_shown(contribution, body))
    what = {
        "outcome": outcome, "mark": mark if outcome else None, "summary": None if outcome else summary,
        "contribution": None if outcome or summary else contribution,
    }  # fmt: skip
    if there := item.matters.filter(**what).first():
        return there
    require_valid(checks.few_enough(item.matters.count(), checks.MOST_MATTERS))
    last = item.matters.order_by("-position").values_list("position", flat=True).first() or 0
    matter = ItemMatter.objects.create(item=item, position=last + 1, **what)
    changed("dossier.matter_added", actor, dossier, item=item.pk)
    if contribution and dossier.published_at:
        key = f"outcome-discussed-{dossier.pk}-{matter.pk}"
        tasks.tell_discussed.using(key=key).enqueue(dossier_id=dossier.pk)
    return matter


@writing
def take_matter(*, actor: Any, matter: ItemMatter) -> None:
    """Take a thing from an item. One that is gone already stays so."""
    dossier = held(actor, matter.item.dossier)
    gone, _kinds = ItemMatter.objects.filter(pk=matter.pk).delete()
    if gone:
        changed("dossier.matter_taken", actor, dossier, something_goes=True, item=matter.item_id)


def present(item: AgendaItem, dossier: Dossier) -> AgendaItem:
    """Return an item as it is now; refuse one that somebody has taken away."""
    found = dossier.items.filter(pk=item.pk).first()
    if found is None:
        raise Invalid(checks.item_is_gone(), "gone")
    return found


def _number(items: list[AgendaItem]) -> None:
    for number, each in enumerate(items, 1):
        if each.number != number:
            each.number = number
            each.save(update_fields=["number"])


def _fit(title: Mapping[str, str], note: Mapping[str, str]) -> list[Any]:
    return [
        checks.texts_fit("title", title),
        checks.in_some_language("title", title),
        checks.texts_fit("note", note),
    ]
