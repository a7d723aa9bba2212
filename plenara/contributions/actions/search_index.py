"""Search of contributions: each edition in force with its words, and separately those of its paper.

`index_editions` is called in the transaction that changes an edition, or anything that the index has of it. It reads
the present record; so a redundant call is harmless, and a deleted edition is deleted from the index.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import batched

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import pgettext

from plenara.consultations.models import State
from plenara.contributions.models import LISTED, Edition
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.core.languages import current
from plenara.core.prepared import prepared
from plenara.core.tasks import task
from plenara.core.transaction import writes
from plenara.search.actions import index
from plenara.search.entries import Content, Found, register

#: A kind that replies have besides being contributions.
REPLY = "reply"
#: Editions that are read at a time, and editions with the full text of their papers.
_BATCH, _PAPERS = 200, 10
#: Keys that are read at a time when rebuilding.
_KEYS = 1_000
#: Participants of a campaign by whose names its text is found: the first of them.
_MOST_NAMED = 300


def findable() -> QuerySet[Edition]:
    """Return the editions that the index contains: in force and published, a campaign's text once, in its first."""
    found = Edition.objects.filter(LISTED, status=Edition.Status.PUBLISHED, text__erased_at=None)
    return found.exclude(consultation__stage=State.DRAFT)


@prepared
def _found(editions: list[int]) -> QuerySet[Edition]:
    return findable().filter(pk__in=editions).select_related("text", "byline", "thread", "consultation")


def _with_paper() -> QuerySet[Edition]:
    return findable().exclude(paper=None).exclude(paper__text="")


@prepared
def _ids(editions: list[int], have_papers: bool) -> QuerySet[Edition, int]:
    found = _with_paper() if have_papers else findable()
    return found.filter(pk__in=editions).values_list("pk", flat=True)


@prepared
def _whole(editions: list[int], have_papers: bool) -> QuerySet[Edition]:
    found = _with_paper().select_related("paper") if have_papers else findable().select_related("text").defer("paper")
    found = found.filter(pk__in=editions).select_related("byline", "thread", "contribution")
    return found.prefetch_related("signatories__byline").order_by("pk")


def index_editions(edition_ids: Iterable[int], *, are_new: bool = False) -> None:
    """Index these editions and their papers, or remove them from the index. `are_new`: the index has none yet."""
    for some in batched(edition_ids, _BATCH):
        if not are_new:
            some = tuple({*some, *leads_of(some)})
            index.lock_rows(Edition, some)
        for kind in (CONTRIBUTION, PAPER):
            there = kind.ids(some)
            if not are_new:
                index.take_out(kind.code, set(some) - there)
            index.put(kind.contents(there), are_new=are_new)


def leads_of(edition_ids: Iterable[int]) -> list[int]:
    """Return the editions under which campaigns list some of these: they are found by the names of all. One query."""
    return list(_leads(list(edition_ids)))


@prepared
def _leads(editions: list[int]) -> QuerySet[Edition, int]:
    leads = Edition.objects.filter(consultation=OuterRef("consultation"), number=OuterRef("campaign_of"), in_force=True)
    listed = Edition.objects.filter(pk__in=editions, campaign_of__isnull=False)
    return listed.values_list(Subquery(leads.values("pk")[:1]), flat=True).distinct()


def _names_under(editions: Iterable[Edition]) -> dict[tuple[int, int | None], list[str]]:
    """Return the names and organizations of a campaign's other participants, by its consultation and number.

    One query.
    """
    keys = {(each.consultation_id, each.number or 0) for each in editions}
    consultations, numbers = ({key[place] for key in keys} for place in (0, 1))
    names: dict[tuple[int, int | None], list[str]] = defaultdict(list)
    for consultation, number, *signed in _others(list(consultations), list(numbers)).iterator():
        if (consultation, number) in keys and len(names[consultation, number]) < 2 * _MOST_NAMED:
            names[consultation, number] += [each or "" for each in signed]
    return names


@prepared
def _others(consultations: list[int], numbers: list[int]) -> QuerySet[Edition, tuple]:
    found = Edition.objects.filter(
        consultation__in=consultations, campaign_of__in=numbers, in_force=True, status=Edition.Status.PUBLISHED
    )
    return found.order_by("number").values_list("consultation", "campaign_of", "byline__name", "byline__organization")


def index_contribution(contribution_id: int) -> None:
    """`index_editions` every edition of a contribution."""
    index_editions(Edition.objects.filter(contribution_id=contribution_id).values_list("pk", flat=True))


def index_paper(paper_id: int) -> None:
    """`index_editions` the editions of a paper."""
    index_editions(Edition.objects.filter(paper=paper_id, in_force=True).values_list("pk", flat=True))


@task
def index_thread(*, thread_id: int) -> None:
    """Index the contributions to a question by the themes that the question has now."""
    last = 0
    while ids := list(
        Edition.objects.filter(thread_id=thread_id, in_force=True, pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:_BATCH]
    ):
        with writes():  # some at a time, so that others write in between
            index_editions(ids)
        last = ids[-1]


def index_new_editions(contents: Iterable[Content]) -> None:
    """Index editions that the index does not have yet, from the result of `content_of`."""
    index.put(contents, are_new=True)


def index_papers_of(edition_ids: Iterable[int]) -> None:
    """Index the papers of editions that the index does not have yet."""
    for some in batched(edition_ids, _BATCH):
        index.put(PAPER.contents(PAPER.ids(some)), are_new=True)


def content_of(
    key: int,
    *,
    at: datetime.datetime | None,
    title: str,
    text: str,
    is_reply: bool,
    consultation_id: int,
    thread_id: int,
    group: str,
    country: str,
    language: str,
    themes: Iterable[str],
    channel: str,
    symbol: str,
    signed: Iterable[str],
) -> Content:
    """Return an edition's content for the index, from its words and properties. `signed`: names and organizations."""
    filters = {
        "consultation": [str(consultation_id)],
        "thread": [str(thread_id)],
        "group": [group],
        "country": [country] if country else [],
        "language": [language],
        "theme": list(themes),
        "channel": [channel],
        # A withheld name never enters a byline, an erased one was removed from it.
        "author": [word for word in signed if word],
        "symbol": [symbol],
    }
    if is_reply:
        filters["kind"] = [REPLY]
    return Content(CONTRIBUTION.code, key, at, language, title, text, filters)


def _of(edition: Edition, text: str, others: Iterable[str] = ()) -> Content:
    byline = edition.byline
    signed = [each for each in (byline, *edition.also_signed_by) if each]
    return content_of(
        edition.pk,
        at=edition.dated_at,
        title=edition.title,
        text=text,
        is_reply=bool(edition.in_reply_to),
        consultation_id=edition.consultation_id,
        thread_id=edition.thread_id,
        group=edition.stakeholder_group,
        country=byline.country if byline else "",
        language=edition.language,
        themes=edition.contribution.bundle.get("themes") or edition.thread.themes,
        channel=edition.channel,
        symbol=edition.symbol,
        signed=[*(word for each in signed for word in (each.name, each.organization)), *others],
    )


class _OfEditions:
    """Base of both kinds."""

    code: str
    number: int

    def ids(self, edition_ids: Iterable[int]) -> set[int]:
        """Return the editions among these that the index contains. One query."""
        return set(_ids(list(edition_ids), self is PAPER))

    def contents(self, edition_ids: Iterable[int]) -> Iterator[Content]:
        """Yield the content of some findable editions."""
        for some in batched(sorted(edition_ids), self._at_once()):
            rows = _whole(list(some), self is PAPER)
            names = _names_under(rows)
            yield from (self._content(each, names.get((each.consultation_id, each.number), [])) for each in rows)

    def keep(self, object_ids: Iterable[int]) -> None:
        """`index_editions`."""
        index_editions(object_ids)

    def everything(self) -> Iterator[Content]:
        """Yield all that the index should have."""
        last = 0
        # By key first: the next findable one would be searched for among a whole consultation each time.
        every = Edition.objects.order_by("pk").values_list("pk", flat=True)
        while some := list(every.filter(pk__gt=last)[:_KEYS]):
            yield from self.contents(self.ids(some))
            last = some[-1]

    def _at_once(self) -> int:
        return _BATCH

    def _content(self, edition: Edition, others: list[str]) -> Content:
        raise NotImplementedError


def _base(edition: Edition) -> str:
    return f"/{current()}/consultations/{edition.consultation.slug}/contributions/{edition.number}/"


class Contributions(_OfEditions):
    """Contributions and replies."""

    code, number = "contribution", 1

    @property
    def name(self) -> str:
        return pgettext("option", "Contribution")

    @property
    def names(self) -> str:
        return pgettext("option", "Contributions")

    def found(self, object_ids: Iterable[int]) -> dict[int, Found]:
        """Return contributions as a list shows them. Two queries."""
        rows = list(_found(list(object_ids)))
        attach_byline_statuses(rows)
        return {
            each.pk: Found(
                url=_base(each),
                symbol=each.symbol,
                title=each.title,
                text=each.text.content if each.text else "",
                language=each.language,
                at=each.dated_at,
                consultation=each.consultation,
                thread_number=each.thread.number,
                byline=each.byline,
                speaks=each.speaks_for,
            )
            for each in rows
        }

    def _content(self, edition: Edition, others: list[str]) -> Content:
        return _of(edition, edition.text.content if edition.text else "", others)


class Papers(_OfEditions):
    """The papers of contributions, by their edition."""

    code, number = "paper", 2

    @property
    def name(self) -> str:
        return pgettext("option", "Document")

    @property
    def names(self) -> str:
        return pgettext("option", "Documents")

    def found(self, object_ids: Iterable[int]) -> dict[int, Found]:
        """Return papers as a list shows them: on the page of their contributions. One query."""
        rows = _with_paper().filter(pk__in=list(object_ids))
        return {
            each.pk: Found(
                url=_base(each),
                symbol=each.symbol,
                title=each.paper.name if each.paper else "",
                text=each.paper.text if each.paper else "",
                language=each.language,
                at=each.dated_at,
                consultation=each.consultation,
                thread_number=each.thread.number,
                byline=each.byline,
            )
            for each in rows.select_related("paper", "byline", "thread", "consultation")
        }

    def _at_once(self) -> int:
        return _PAPERS

    def _content(self, edition: Edition, others: list[str]) -> Content:
        assert edition.paper
        paper = edition.paper
        found = _of(edition, paper.text)
        # A paper is no reply itself.
        filters = {name: values for name, values in found.filters.items() if name != "kind"}
        return replace(found, kind=self.code, title=paper.name, filters=filters)


CONTRIBUTION, PAPER = Contributions(), Papers()
register(CONTRIBUTION, related=True)
register(PAPER)
