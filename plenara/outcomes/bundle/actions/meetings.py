"""Export and import of meetings' dossiers as rows of a bundle: agenda, report and decisions.

Events are in the calendar, which has a bundle of its own (`plenara-community/1`). A dossier is created when both are
imported, in whatever order. Its matters from a consultation that is not here are stored as rows: an export writes them
again, and they are linked when that consultation is imported.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from itertools import batched

from django.db.models import Q, QuerySet

from plenara.consultations.models import Consultation, State
from plenara.contributions.models import Contribution
from plenara.core.cache_tags import invalidate
from plenara.core.rows import Json, filled, read_moment, without_absent, written
from plenara.documents.models import Document
from plenara.events.models import CACHE_TAG, Event
from plenara.outcomes.actions.bodies import invalidate_body
from plenara.outcomes.bundle import Row
from plenara.outcomes.models import (
    AgendaItem,
    Body,
    DecisionParagraph,
    Dossier,
    ItemMatter,
    MeetingDecision,
    Outcome,
    WaitingDossier,
)

_BATCH = 500


# --- export ---


def rows(consultation: Consultation) -> Iterator[Row]:
    """Yield the published dossiers of a consultation's public bodies, by the numbers of their events."""
    bodies = Body.objects.filter(consultation=consultation).exclude(published_at=None)
    made = Dossier.objects.filter(body__in=bodies, published_at__isnull=False).select_related("event", "body")
    # Those without their events stay as imported.
    waiting = WaitingDossier.objects.filter(body__in=bodies)
    places = sorted(
        [(each.event.number or 0, _dated(each.event), each) for each in made]
        + [(each.event_number, each.event_published_at, each) for each in waiting.defer("row")],
        key=lambda each: each[:2],
    )
    for *_place, each in places:
        row = each.row if isinstance(each, WaitingDossier) else _row(each, consultation)
        if row is not None:
            yield row


def _dated(event: Event) -> datetime.datetime:
    """Return when an event was published, as in the community's bundle."""
    return event.published_at or event.state_at


def _row(dossier: Dossier, consultation: Consultation) -> Row | None:
    event = dossier.event
    kept = dossier.bundle
    head = {
        "body": dossier.body.slug,
        "event": {"number": event.number, "published_at": written(_dated(event))},
    } | without_absent(
        published_at=written(dossier.published_at),
        reported_at=written(dossier.reported_at),
    )
    decisions = list(_decisions(dossier, kept.get("paragraphs", []))) if dossier.reported_at else []
    if not event.is_published:
        # Its page was deleted. Only its decisions on paragraphs are still shown there.
        on_paragraphs = [
            {key: each[key] for key in each if key != "item"} for each in decisions if "paragraphs" in each
        ]
        return head | {"decisions": on_paragraphs} if on_paragraphs else None
    return head | without_absent(
        intro=filled(dossier.intro),
        report=filled(dossier.report) if dossier.reported_at else None,
        items=list(_items(dossier, kept.get("matters", []), consultation)),
        decisions=decisions,
    )


def _items(dossier: Dossier, elsewhere: list[list], consultation: Consultation) -> Iterator[Row]:
    found = ItemMatter.objects.select_related("outcome__document", "summary", "contribution__consultation")
    matters: dict[int, list[tuple[int, Row]]] = {}
    for each in found.filter(item__dossier=dossier).order_by("position", "pk"):
        if row := _matter(each, consultation):
            matters.setdefault(each.item_id, []).append((each.position, row))
    for item in dossier.items.order_by("number"):
        own = matters.get(item.pk, []) + [(place, row) for number, place, row in elsewhere if number == item.number]
        yield without_absent(
            number=item.number,
            title=filled(item.title),
            note=filled(item.note),
            matters=[row for _place, row in sorted(own, key=lambda each: each[0])],
        )


def _matter(each: ItemMatter, consultation: Consultation) -> Row:
    """Return an item's matter by its universal name; None if it is no longer public."""
    if (it := each.contribution) is not None:
        name = it.bundle_id or it.public_id
        if not name or it.consultation.stage == State.DRAFT:
            return {}
        other = it.consultation.slug if it.consultation_id != consultation.pk else None
        return without_absent(id=name, consultation=other)
    document = each.outcome.document if each.outcome else each.summary
    return without_absent(symbol=document.symbol, number=each.mark) if document and document.symbol else {}


def _decisions(dossier: Dossier, elsewhere: list[list]) -> Iterator[Row]:
    found = dossier.decisions.select_related("item").prefetch_related("paragraphs__outcome__document")
    for each in found.order_by("number"):
        changed = [
            {"symbol": one.outcome.document.symbol, "number": one.mark}
            for one in each.paragraphs.all()
            if one.outcome.document.symbol
        ]
        changed += [row for number, row in elsewhere if number == each.number]
        yield without_absent(
            number=each.number,
            text=filled(each.text),
            item=each.item.number if each.item else None,
            at=written(each.at),
            paragraphs=sorted(changed, key=lambda row: (row["symbol"], row["number"])),
        )


# --- import ---


def load(consultation: Consultation, found: Iterable[Row]) -> None:
    """Store the dossiers of a bundle's rows; create those whose event is here. In the import's transaction."""
    bodies = {each.slug: each for each in Body.objects.filter(consultation=consultation)}
    for some in batched(found, _BATCH):
        WaitingDossier.objects.bulk_create(
            WaitingDossier(
                body=bodies[row["body"]],
                event_number=row["event"]["number"],
                event_published_at=read_moment(row["event"]["published_at"]),
                row=row,
            )
            for row in some
        )
    link_events(WaitingDossier.objects.filter(body__consultation=consultation))


def link_events(waiting: QuerySet[WaitingDossier] | None = None) -> None:
    """Create the dossiers whose events are now here. Called in the transaction of an import."""
    found = WaitingDossier.objects.all() if waiting is None else waiting
    bodies: dict[int, Body] = {}
    for each in found.select_related("body__consultation").order_by("body", "event_number"):
        event = _event(each)
        if event is not None:
            _make(event, each.body, each.row)
            each.delete()
            bodies[each.body_id] = each.body
    _invalidate(bodies.values())


def _event(waiting: WaitingDossier) -> Event | None:
    """Return the event of a dossier, if it is here. An event of another site may have the same number."""
    event = Event.objects.filter(number=waiting.event_number, dossier=None).first()
    return event if event is not None and _dated(event) == waiting.event_published_at else None


def _make(event: Event, body: Body, row: Row) -> None:
    dossier = Dossier.objects.create(
        event=event,
        body=body,
        intro=row.get("intro", {}),
        report=row.get("report", {}),
        published_at=read_moment(row["published_at"]),
        reported_at=read_moment(row.get("reported_at")),
        created_at=read_moment(row["published_at"]),
    )
    matters, paragraphs = [], []
    for each in row.get("items", ()):
        AgendaItem.objects.create(
            dossier=dossier, number=each["number"], title=each["title"], note=each.get("note", {})
        )
        matters += [[each["number"], place, matter] for place, matter in enumerate(each.get("matters", ()), 1)]
    items = {each.number: each for each in dossier.items.all()}
    for each in row.get("decisions", ()):
        MeetingDecision.objects.create(
            dossier=dossier,
            number=each["number"],
            text=each["text"],
            item=items.get(each.get("item", 0)),
            at=read_moment(each["at"]),
        )
        paragraphs += [[each["number"], changed] for changed in each.get("paragraphs", ())]
    _link(dossier, matters, paragraphs)


def link_with(consultation: Consultation) -> set[str]:
    """Link dossiers to the matters of an imported consultation; return the slugs of their homes."""
    bodies: dict[int, Body] = {}
    for dossier in Dossier.objects.exclude(bundle={}).select_related("body__consultation").order_by("pk"):
        kept = dossier.bundle
        matters, paragraphs = kept.get("matters", []), kept.get("paragraphs", [])
        if any(_is_of(row, consultation) for *_place, row in (*matters, *paragraphs)):
            _link(dossier, matters, paragraphs)
            bodies[dossier.body_id] = dossier.body
    _invalidate(bodies.values())
    return {each.consultation.slug for each in bodies.values()} - {consultation.slug}


def _is_of(row: Row, consultation: Consultation) -> bool:
    if "symbol" in row:
        return str(row["symbol"]).startswith(f"{consultation.symbol}/")
    return row.get("consultation") == consultation.slug


def unlinked_names(consultation: Consultation) -> tuple[list[str], list[str], list[int]]:
    """Count the slugs, symbols and events that its dossiers name and that are not linked."""
    slugs, symbols = [], []
    for dossier in Dossier.objects.filter(body__consultation=consultation).exclude(bundle={}):
        for *_place, row in (*dossier.bundle.get("matters", ()), *dossier.bundle.get("paragraphs", ())):
            if "symbol" in row:
                symbols.append(row["symbol"])
            else:
                slugs.append(row["consultation"])
    events = WaitingDossier.objects.filter(body__consultation=consultation).order_by("event_number")
    return slugs, symbols, list(events.values_list("event_number", flat=True))


def _link(dossier: Dossier, matters: list[list], paragraphs: list[list]) -> None:
    """Create a dossier's matters and changed paragraphs, as far as they are here; store the rest with it."""
    home = dossier.body.consultation
    named = [row for *_place, row in (*matters, *paragraphs)]
    documents = _documents({row["symbol"] for row in named if "symbol" in row})
    contributions = _contributions([row for row in named if "id" in row], home)
    items = {each.number: each for each in dossier.items.all()}
    decisions = {each.number: each for each in dossier.decisions.all()}
    left: dict[str, list] = {"matters": [], "paragraphs": []}
    made = []
    for number, place, row in matters:
        what = _what(row, documents, contributions, home)
        if number not in items:
            continue  # an item that was removed from the agenda here
        if what:
            made.append(ItemMatter(item=items[number], position=place, **what))
        else:
            left["matters"].append([number, place, row])
    ItemMatter.objects.bulk_create(made, batch_size=_BATCH)
    changed = []
    for number, row in paragraphs:
        outcome = documents.get(row["symbol"])
        if number not in decisions:
            continue
        if isinstance(outcome, Outcome):
            changed.append(DecisionParagraph(decision=decisions[number], outcome=outcome, mark=row["number"]))
        else:
            left["paragraphs"].append([number, row])
    DecisionParagraph.objects.bulk_create(changed, batch_size=_BATCH, ignore_conflicts=True)
    dossier.bundle = {key: some for key, some in left.items() if some}
    dossier.save(update_fields=["bundle"])


def _what(
    row: Row,
    documents: Mapping[str, Outcome | Document],
    contributions: Mapping[tuple[str, str], int],
    home: Consultation,
) -> Json:
    if "id" in row:
        pk = contributions.get((row.get("consultation", home.slug), row["id"]))
        return {"contribution_id": pk} if pk else {}
    found = documents.get(row["symbol"])
    if isinstance(found, Outcome):
        return {"outcome": found, "mark": row.get("number")}
    return {"summary": found} if found and "number" not in row else {}


def _documents(symbols: set[str]) -> dict[str, Outcome | Document]:
    """Return the outcomes and summaries that are here, by their symbols."""
    found: dict[str, Outcome | Document] = {}
    for some in batched(sorted(symbols), _BATCH):
        for each in Document.objects.filter(symbol__in=some).exclude(consultation__stage=State.DRAFT):
            if each.symbol:
                found[each.symbol] = each
        for outcome in Outcome.objects.filter(document__symbol__in=some).select_related("document"):
            if outcome.document.symbol in found:
                found[outcome.document.symbol] = outcome
    return found


def _contributions(named: list[Row], home: Consultation) -> dict[tuple[str, str], int]:
    """Return the keys of the contributions that are here, by the slugs of their consultations and their ids."""
    by_slug: dict[str, set[str]] = {}
    for row in named:
        by_slug.setdefault(row.get("consultation", home.slug), set()).add(row["id"])
    found: dict[tuple[str, str], int] = {}
    for slug, names in by_slug.items():
        for some in batched(sorted(names), _BATCH):
            known = Contribution.objects.filter(consultation__slug=slug, number__isnull=False)
            known = known.filter(Q(bundle_id__in=some) | Q(public_id__in=some))
            for pk, bundle_id, public_id in known.values_list("pk", "bundle_id", "public_id"):
                found[slug, bundle_id or public_id or ""] = pk
    return found


def _invalidate(bodies: Iterable[Body]) -> None:
    some = list(bodies)
    for body in some:
        invalidate_body(body, nothing_withdrawn=True)
    if some:
        invalidate(CACHE_TAG, nothing_withdrawn=True)
