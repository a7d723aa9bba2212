"""Where contributions went after the summaries: the meetings that discussed them, the paragraphs that treat them.

Everything is from the record: versions in force, published dossiers. Four queries, for one contribution or twenty.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from plenara.consultations.models import State
from plenara.core.languages import Localized, current, in_language
from plenara.directory.models import EntryState
from plenara.documents.models import PublishedRendition, PublishedText, Treatment
from plenara.outcomes.models import ItemMatter, Stage, Trace


@dataclass(frozen=True)
class Treated:
    """A paragraph of a version in force that treats a contribution."""

    label: str  # "Report of the Working Group, paragraph 12"
    url: str
    stage: str
    draft: int
    treatment: str
    reason: Localized
    text: Localized  # the paragraph's words
    through: str  # the symbol and number of the statement through which it is reached; "" where it is cited itself
    outcome: int
    mark: int

    @property
    def treatment_label(self) -> str:
        return str(Treatment(self.treatment).label) if self.treatment else ""

    @property
    def is_final(self) -> bool:
        return self.stage == Stage.FINAL

    @property
    def stage_label(self) -> str:
        """What version it stands in: "Draft 2"."""
        return version_name(self.stage, self.draft)


@dataclass(frozen=True)
class Discussed:
    """A meeting that had a contribution, or a paragraph that treats it, on its agenda."""

    title: Localized
    item: Localized
    number: int
    url: str
    at: datetime.datetime | None
    is_cancelled: bool


@dataclass(frozen=True)
class Trail:
    """What became of one contribution."""

    treated: list[Treated]
    discussed: list[Discussed]

    @property
    def is_final(self) -> bool:
        """Whether a final text says what became of it."""
        return any(each.is_final for each in self.treated)


def version_name(stage: str, draft: int) -> str:
    """Return what a version is called."""
    return _("Draft %(number)d") % {"number": draft} if stage == Stage.DRAFT and draft else str(Stage(stage).label)


def trails_of(contribution_ids: Iterable[int], language: str | None = None) -> dict[int, Trail]:
    """Return, by contribution id, what became of those of which something became."""
    ids, language = list(contribution_ids), language or current()
    traces = list(_traces(ids))
    texts = _texts({each.paragraph_id for each in traces}, language)
    titles = titles_of({each.edition.edition_id for each in traces}, language)
    treated: dict[int, list[Treated]] = {}
    seen: set[tuple[int, int]] = set()
    for each in traces:
        # Cited itself and through a statement too: what cites it itself says more, and comes first.
        if (each.contribution_id, each.paragraph_id) in seen:
            continue
        seen.add((each.contribution_id, each.paragraph_id))
        treated.setdefault(each.contribution_id, []).append(_treated(each, titles, texts, language))
    discussed = _discussed(ids, treated, language)
    return {pk: Trail(treated.get(pk, []), discussed.get(pk, [])) for pk in ids if pk in treated or pk in discussed}


def _traces(ids: list[int]) -> Iterable[Trace]:
    found = Trace.objects.filter(contribution__in=ids, edition__edition__in_force=True)
    found = found.exclude(edition__edition__consultation__stage=State.DRAFT)
    found = found.select_related("edition__edition", "paragraph", "reason__edition", "statement__edition")
    return found.order_by(
        F("edition__edition__published_at").asc(nulls_last=True),
        "edition__edition__symbol",
        "paragraph__number",
        F("statement").asc(nulls_first=True),
    )


def titles_of(edition_ids: Iterable[int], language: str) -> dict[int, Localized]:
    """Return the titles of editions by id, in a language where they are published in it. One query."""
    found: dict[int, Localized] = {}
    rows = PublishedRendition.objects.filter(edition__in=set(edition_ids), in_force=True).exclude(title="")
    rows = rows.filter(Q(language=language) | Q(language=F("edition__source_language")))
    for edition, code, title in rows.values_list("edition", "language", "title"):
        if code == language or edition not in found:
            found[edition] = Localized(title, code)
    return found


def _texts(paragraphs: set[int], language: str) -> dict[int, Localized]:
    found: dict[int, Localized] = {}
    rows = PublishedText.objects.filter(paragraph__in=paragraphs, rendition__in_force=True).filter(
        Q(language=language) | Q(language=F("paragraph__edition__source_language"))
    )
    for paragraph, code, text in rows.values_list("paragraph", "language", "text"):
        if code == language or paragraph not in found:
            found[paragraph] = Localized(text, code)
    return found


def _treated(trace: Trace, titles: dict[int, Localized], texts: dict[int, Localized], language: str) -> Treated:
    edition, statement = trace.edition.edition, trace.statement
    title = titles.get(edition.pk)
    return Treated(
        label=_("%(title)s, paragraph %(number)d")
        % {"title": title or edition.symbol, "number": trace.paragraph.told_as},
        url=f"/{language}/{edition.address}paragraphs/{trace.paragraph.told_as}/",
        stage=trace.edition.stage,
        draft=trace.edition.draft,
        treatment=trace.treatment,
        reason=in_language(trace.reason.words(), language) if trace.reason else Localized("", language),
        text=texts.get(trace.paragraph_id, Localized("", language)),
        through=f"{statement.edition.symbol}, {statement.told_as}" if statement else "",
        outcome=trace.edition.outcome_id,
        mark=trace.paragraph.told_as,
    )


def _discussed(ids: list[int], treated: dict[int, list[Treated]], language: str) -> dict[int, list[Discussed]]:
    """Return the meetings with a contribution on their agenda: itself, or a paragraph that treats it."""
    paragraphs: dict[tuple[int, int], set[int]] = {}
    for pk, found in treated.items():
        for one in found:
            paragraphs.setdefault((one.outcome, one.mark), set()).add(pk)
    shown = {"item__dossier__published_at__isnull": False, "item__dossier__event__state": EntryState.PUBLISHED}
    matters = ItemMatter.objects.filter(**shown).filter(
        Q(contribution__in=ids) | Q(outcome__in={outcome for outcome, _mark in paragraphs})
    )
    rows = matters.select_related("item__dossier__event").order_by(
        "item__dossier__published_at", "item__number", "item"
    )
    result: dict[int, list[Discussed]] = {}
    seen: set[tuple[int, int]] = set()
    for each in rows:
        if each.contribution_id:
            those = {each.contribution_id}
        else:
            those = {
                pk
                for (outcome, mark), some in paragraphs.items()
                if outcome == each.outcome_id and each.mark in (None, mark)
                for pk in some
            }
        for pk in sorted(those):
            if (pk, each.item_id) not in seen:
                seen.add((pk, each.item_id))
                result.setdefault(pk, []).append(_meeting(each, language))
    return result


def _meeting(matter: ItemMatter, language: str) -> Discussed:
    event = matter.item.dossier.event
    details = event.details or {}
    return Discussed(
        title=in_language(details.get("title"), language),
        item=in_language(matter.item.title, language),
        number=matter.item.number,
        url=f"/{language}/events/{event.number}/dossier/#item-{matter.item.number}",
        at=matter.item.dossier.published_at,
        is_cancelled=event.cancelled_at is not None,
    )
