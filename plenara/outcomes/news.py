"""What is new for an author: a version treats what they contributed otherwise than before, a meeting discusses it."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from plenara.consultations.models import Follow
from plenara.consultations.news import MOST, Line, news
from plenara.core.languages import Localized, in_language
from plenara.directory.models import EntryState
from plenara.documents.models import Treatment
from plenara.outcomes.models import ItemMatter, OutcomeEdition, Trace
from plenara.outcomes.trails import titles_of, version_name

#: How a paragraph treats a contribution, as two versions are compared by: its number for good, treatment, reason.
type Way = tuple[int, str, str]


@dataclass(frozen=True)
class New:
    """That a version treats a contribution in another way than the one before it."""

    contribution: int
    number: int
    symbol: str
    version: OutcomeEdition
    traces: list[Trace]

    @property
    def paragraphs(self) -> list[int]:
        """The numbers of the paragraphs, each once."""
        return list(dict.fromkeys(each.paragraph.told_as for each in self.traces))

    @property
    def treatments(self) -> list[str]:
        """What they do with it, each once, in words."""
        return [str(Treatment(each).label) for each in dict.fromkeys(each.treatment for each in self.traces) if each]

    @property
    def stage_label(self) -> str:
        return version_name(self.version.stage, self.version.draft)

    def reason(self, language: str) -> Localized:
        """Return the first reason given, in a language where it is there."""
        given = next((each.reason for each in self.traces if each.reason), None)
        return in_language(given.words(), language) if given else Localized("", language)


def changed_by(version: OutcomeEdition, authors: Collection[int]) -> Iterable[New]:
    """Yield what a version does otherwise than the one before it, for some authors. Three queries."""
    earlier = (
        OutcomeEdition.objects.filter(outcome=version.outcome_id, edition__revision__lt=version.edition.revision)
        .order_by("-edition__revision")
        .first()
    )
    before = _ways(earlier, authors) if earlier else {}
    traces: dict[int, list[Trace]] = {}
    found = _of(version, authors).select_related("paragraph", "reason__edition", "cited", "contribution")
    for each in found.order_by("number", "paragraph__number", "pk").iterator(chunk_size=1000):
        if each.treatment:
            traces.setdefault(each.contribution_id, []).append(each)
    for pk, some in traces.items():
        if {_way(each) for each in some} != before.get(pk):
            contribution = some[0].contribution
            yield New(pk, some[0].number, contribution.symbol or some[0].cited.symbol, version, some)


def _of(version: OutcomeEdition, authors: Collection[int]):  # type: ignore[no-untyped-def]
    return Trace.objects.filter(edition=version, contribution__author__in=authors)


def _ways(version: OutcomeEdition, authors: Collection[int]) -> dict[int, set[Way]]:
    ways: dict[int, set[Way]] = {}
    for each in _of(version, authors).select_related("paragraph", "reason").iterator(chunk_size=1000):
        if each.treatment:
            ways.setdefault(each.contribution_id, set()).add(_way(each))
    return ways


def _way(trace: Trace) -> Way:
    return trace.paragraph.told_as, trace.treatment, trace.reason.text if trace.reason else ""


@news(Follow.What.TREATED)
def treated(follow: Follow, since: datetime.datetime, until: datetime.datetime) -> list[Line]:
    """Return what versions and meetings did with a person's contributions between two moments, oldest first."""
    versions = (
        OutcomeEdition.objects.filter(
            edition__minted_at__gt=since, edition__minted_at__lte=until, traces__contribution__author=follow.person_id
        )
        .select_related("edition", "outcome")
        .distinct()
        .order_by("pk")
    )
    language = follow.person.language
    found: list[tuple[datetime.datetime, Line]] = []
    for version in versions[: MOST + 1]:
        title = titles_of([version.edition_id], language).get(version.edition_id)
        for new in changed_by(version, [follow.person_id]):
            line = Line(
                "outcomes/mail/news_line.txt",
                f"{version.edition.address}paragraphs/{new.paragraphs[0]}/",
                {"new": new, "title": title, "reason": new.reason(language)},
            )
            found.append((version.edition.minted_at, line))
    found += list(_discussed(follow, since, until))
    return [line for _at, line in sorted(found, key=lambda each: each[0])][: MOST + 1]


def _discussed(
    follow: Follow, since: datetime.datetime, until: datetime.datetime
) -> Iterable[tuple[datetime.datetime, Line]]:
    matters = ItemMatter.objects.filter(
        contribution__author=follow.person_id, item__dossier__published_at__gt=since,
        item__dossier__published_at__lte=until, item__dossier__event__state=EntryState.PUBLISHED,
    ).select_related("item__dossier__event", "contribution")  # fmt: skip
    for each in matters.order_by("item__dossier__published_at", "pk")[: MOST + 1]:
        event, at = each.item.dossier.event, each.item.dossier.published_at
        title = in_language((event.details or {}).get("title"), follow.person.language)
        assert at is not None and each.contribution is not None
        yield (
            at,
            Line(
                "outcomes/mail/discussed_line.txt",
                f"events/{event.number}/dossier/",
                {"contribution": each.contribution, "title": title, "number": each.item.number},
            ),
        )
