"""The dossier of a meeting as its page shows it: each item with what it discusses, decisions, files.

Ten queries, whatever the length of the agenda.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils.translation import gettext as _

from plenara.contributions.models import Byline, Edition
from plenara.core.languages import Localized, current, in_language
from plenara.documents.kinds import kind_of
from plenara.documents.models import DocumentEdition, PublishedText
from plenara.events.leading import Lead, leads
from plenara.events.models import Event
from plenara.outcomes.models import AgendaItem, Dossier, ItemMatter, MeetingDecision
from plenara.outcomes.trails import titles_of

#: Matters of one item that the page shows; its files have all.
MOST = 40


@dataclass(frozen=True)
class Matter:
    """Something that an item discusses, and where it stands."""

    kept: ItemMatter
    label: str
    url: str  # blank where nothing is published any more
    title: Localized | None = None
    words: Localized | None = None
    byline: Byline | None = None
    group: str = ""
    is_gone: bool = False


@dataclass(frozen=True)
class Item:
    """An item of the agenda."""

    kept: AgendaItem
    title: Localized
    note: Localized
    matters: list[Matter] = field(default_factory=list)
    more: int = 0  # that are not shown here

    @property
    def number(self) -> int:
        return self.kept.number


@dataclass(frozen=True)
class Changed:
    """A paragraph that a decision changed."""

    label: str
    url: str


@dataclass(frozen=True)
class Decision:
    """What was decided."""

    kept: MeetingDecision
    text: Localized
    paragraphs: list[Changed]

    @property
    def number(self) -> int:
        return self.kept.number


def items_of(dossier: Dossier, most: int = MOST) -> list[Item]:
    """Return the agenda. Seven queries."""
    items = list(dossier.items.all())
    found = ItemMatter.objects.filter(item__in=items).order_by("position", "pk")
    by_item: dict[int, list[ItemMatter]] = {}
    for each in found.select_related("outcome__body", "outcome__document", "summary__consultation"):
        by_item.setdefault(each.item_id, []).append(each)
    shown = {item.pk: by_item.get(item.pk, [])[:most] for item in items}
    told = _told([each for matters in shown.values() for each in matters])
    return [
        Item(
            kept=each,
            title=in_language(each.title),
            note=in_language(each.note),
            matters=[told[matter.pk] for matter in shown[each.pk]],
            more=len(by_item.get(each.pk, [])) - len(shown[each.pk]),
        )
        for each in items
    ]


def decisions_of(dossier: Dossier) -> list[Decision]:
    """Return what a meeting decided. Three queries."""
    found = list(dossier.decisions.select_related("item").prefetch_related("paragraphs__outcome__document"))
    editions = _editions({one.outcome.document_id for each in found for one in each.paragraphs.all()})
    titles = titles_of((each.pk for each in editions.values()), current())
    decisions = []
    for each in found:
        changed = []
        for one in each.paragraphs.all():
            edition = editions.get(one.outcome.document_id)
            if edition is not None:
                label = _paragraph_label(edition, titles.get(edition.pk), one.mark)
                changed.append(Changed(label, f"/{current()}/{edition.address}paragraphs/{one.mark}/"))
        decisions.append(Decision(each, in_language(each.text), changed))
    return decisions


def _told(matters: list[ItemMatter]) -> dict[int, Matter]:
    documents = {each.outcome.document_id for each in matters if each.outcome}
    documents |= {each.summary_id for each in matters if each.summary_id}
    editions = _editions(documents)
    titles = titles_of((each.pk for each in editions.values()), current())
    texts = _texts({each.pk for each in editions.values()}, {each.mark for each in matters if each.mark})
    contributions = _contributions({each.contribution_id for each in matters if each.contribution_id})
    found = {}
    for each in matters:
        if each.contribution_id:
            found[each.pk] = _contribution(each, contributions.get(each.contribution_id))
            continue
        document = each.outcome.document_id if each.outcome else each.summary_id
        edition = editions.get(document or 0)
        if edition is None:
            found[each.pk] = Matter(each, _("no longer published"), "", is_gone=True)
        elif each.mark:
            found[each.pk] = Matter(
                each,
                _paragraph_label(edition, titles.get(edition.pk), each.mark),
                f"/{current()}/{edition.address}paragraphs/{each.mark}/",
                words=texts.get((edition.pk, each.mark)),
            )
        else:
            kind = kind_of(edition.kind)
            url = kind.url(edition.consultation.slug, edition.number, address=edition.address)
            found[each.pk] = Matter(each, kind.label(edition.number), url, title=titles.get(edition.pk))
    return found


def _editions(documents: Iterable[int]) -> dict[int, DocumentEdition]:
    """Return the editions in force by document. One query."""
    found = DocumentEdition.objects.filter(document__in=set(documents), in_force=True).select_related("consultation")
    return {each.document_id: each for each in found}


def _texts(editions: set[int], marks: set[int | None]) -> dict[tuple[int, int | None], Localized]:
    """Return the words of paragraphs by edition and number for good, in the reader's language or the source's."""
    rows = PublishedText.objects.filter(
        Q(language=current()) | Q(language=F("paragraph__edition__source_language")),
        paragraph__edition__in=editions, paragraph__mark__in=marks, rendition__in_force=True,
    )  # fmt: skip
    found: dict[tuple[int, int | None], Localized] = {}
    for edition, mark, code, text in rows.values_list("paragraph__edition", "paragraph__mark", "language", "text"):
        if code == current() or (edition, mark) not in found:
            found[(edition, mark)] = Localized(text, code)
    return found


def _contributions(ids: set[int]) -> dict[int, Edition]:
    """Return the editions in force by contribution. One query."""
    found = Edition.objects.filter(contribution__in=ids, in_force=True).select_related("consultation", "byline", "text")
    return {each.contribution_id: each for each in found}


def _contribution(kept: ItemMatter, edition: Edition | None) -> Matter:
    if edition is None:
        return Matter(kept, _("no longer published"), "", is_gone=True)
    url = f"/{current()}/consultations/{edition.consultation.slug}/contributions/{edition.number}/"
    is_gone = edition.is_gone or edition.text is None or edition.text.erased_at is not None
    if is_gone:
        return Matter(kept, edition.symbol, url, is_gone=True)
    return Matter(
        kept,
        edition.symbol,
        url,
        title=Localized(edition.title, edition.language) if edition.title else None,
        byline=edition.byline,
        group=edition.stakeholder_group,
    )


def _paragraph_label(edition: DocumentEdition, title: Localized | None, mark: int) -> str:
    name = title.text if title else kind_of(edition.kind).label(edition.number)
    return _("%(title)s, paragraph %(number)d") % {"title": name, "number": mark}


@leads
def dossier_of(event: Event) -> list[Lead]:
    """Lead from an event to its dossier, once that is shown. One query."""
    found = Dossier.objects.filter(event=event, published_at__isnull=False).only("reported_at").first()
    if found is None:
        return []
    said = _("Agenda, report and decisions") if found.reported_at else _("Agenda and documents of the meeting")
    return [(said, f"/{current()}/events/{event.number}/dossier/")]
