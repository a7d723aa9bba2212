"""Reading the record: a page of a thread, a contribution with its replies. A fixed number of queries each."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Length
from django.utils.functional import SimpleLazyObject

from plenara.accounts.models import Person
from plenara.consultations.models import Thread
from plenara.contributions.models import (
    LISTED,
    Byline,
    Contribution,
    Edition,
    EditionSignatory,
    Paper,
    Tally,
    Text,
    Version,
)
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.contributions.queries.campaigns import Campaign, campaigns_of, named_in
from plenara.core.models import AuditEntry
from plenara.core.prepared import fill_related, prepared

#: Contributions on one page of a thread.
PAGE = 20
#: The most replies on a contribution's page; the rest are on the question's page.
REPLIES = 50
#: Prefetch of editions' co-signatories: one query for any number.
SIGNATORIES = Prefetch("signatories", EditionSignatory.objects.select_related("byline"))


@dataclass
class EditionsPage:
    """One page of contributions, and the numbers at which the pages before and after begin."""

    editions: list[Edition]
    total: int = 0
    previous: int | None = None
    next: int | None = None
    last: int | None = None
    answered: dict[int, Edition] = field(default_factory=dict)
    campaigns: dict[int, Campaign] = field(default_factory=dict)


def listed(**which: object) -> QuerySet[Edition]:
    """Return the editions that a list shows, tombstones included, with their words and bylines.

    Of a campaign only the first, whose number leads to the others.
    """
    found = Edition.objects.filter(LISTED, **which)
    return found.select_related("text", "byline", "paper", "contribution")


def attach_signatories(editions: Sequence[Edition]) -> None:
    """Give editions their co-signatories, for `also_signed_by`. One query."""
    fill_related(editions, "signatories", _signatories([each.pk for each in editions]), "edition_id")


@prepared
def _signatories(editions: list[int]) -> QuerySet[EditionSignatory]:
    return EditionSignatory.objects.filter(edition__in=editions).select_related("byline").order_by("edition", "place")


@prepared
def editions_of(consultation: int, number: int) -> QuerySet[Edition]:
    """Return every edition of a contribution, the first one first, with what its page shows."""
    found = Edition.objects.filter(consultation=consultation, number=number)
    return found.select_related("text", "byline", "paper", "thread", "contribution").order_by("revision")


@prepared
def newest_editions(consultation: int) -> QuerySet[Edition]:
    """Return the newest edition that a consultation lists, or none."""
    return Edition.objects.filter(LISTED, consultation=consultation).order_by("-minted_at", "-number")[:1]


def page_of(
    consultation_id: int, editions: QuerySet[Edition], *, order: Sequence[str], onward: Q, earlier: Q
) -> EditionsPage:
    """Return the first page of the `onward` ones in an order, and where the page before it begins.

    Pages are found by number, never by offset, so the thousandth costs what the first does. Five queries.
    """
    found = editions.filter(onward).order_by(*order)[: PAGE + 1]
    backwards = editions.filter(earlier).order_by(*order).reverse()
    return _page(consultation_id, list(found), list(backwards.values_list("number", flat=True)[:PAGE]))


def _page(consultation_id: int, found: list[Edition], before: list[int]) -> EditionsPage:
    """Return a page of the editions found, one more than it has, and the numbers of those before it, backwards."""
    page = EditionsPage(
        editions=found[:PAGE],
        previous=before[-1] if before else None,
        next=found[PAGE].number if len(found) > PAGE else None,
        answered=answered_by(consultation_id, found[:PAGE]),
        campaigns=campaigns_of(consultation_id, found[:PAGE]),
    )
    attach_signatories(page.editions)
    attach_byline_statuses([*page.editions, *named_in(page.campaigns)])
    return page


def thread_page(
    thread: Thread,
    *,
    start: int | None = None,
    group: str = "",
    language: str = "",
    channel: str = "",
    newest: bool = False,
) -> EditionsPage:
    """Return the page that begins with contribution `start`, or the first one.

    Oldest first, reply trees are together below their tops; newest first, each is by itself. Seven queries.
    """
    which = (thread.pk, group or None, language or None, channel or None)
    root, number = _position(thread, start) if start is not None else (None, None)
    root = None if newest else root  # newest first, the number alone says where
    before = list(_earlier(*which, newest, root, number)) if start is not None else []
    page = _page(thread.consultation_id, list(_onward(*which, newest, root, number)), before)
    tail = list(_last(*which, newest))
    page.last = tail[-1] if page.next is not None else None
    page.total = sum(_total(*which))
    return page


def _matching(
    thread: int, group: str | None, language: str | None, channel: str | None, newest: bool
) -> QuerySet[Edition]:
    found = listed(thread=thread, **_filters(group, language, channel))
    return found.order_by(*(("-number",) if newest else ("root", "number")))


def _filters(group: str | None, language: str | None, channel: str | None) -> dict[str, str]:
    values = {"stakeholder_group": group, "language": language, "channel": channel}
    return {name: value for name, value in values.items() if value}


@prepared
def _onward(
    thread: int, group: str | None, language: str | None, channel: str | None, newest: bool,
    root: int | None, number: int | None,
) -> QuerySet[Edition]:  # fmt: skip
    begins = None if number is None else (root or 0, number)
    return _matching(thread, group, language, channel, newest).filter(_from(begins, newest))[: PAGE + 1]


@prepared
def _earlier(
    thread: int, group: str | None, language: str | None, channel: str | None, newest: bool,
    root: int | None, number: int | None,
) -> QuerySet[Edition, int]:  # fmt: skip
    begins = None if number is None else (root or 0, number)
    found = _matching(thread, group, language, channel, newest).filter(_before(begins, newest))
    return found.reverse().values_list("number", flat=True)[:PAGE]


@prepared
def _last(
    thread: int, group: str | None, language: str | None, channel: str | None, newest: bool
) -> QuerySet[Edition, int]:
    return _matching(thread, group, language, channel, newest).reverse().values_list("number", flat=True)[:PAGE]


type Position = tuple[int, int]


def _position(thread: Thread, number: int) -> Position:
    """Return (root, number) of a contribution; for a missing one, its place in the order."""
    # By the consultation, whose numbers have an index: by its thread alone, SQLite would scan the thread.
    there = Edition.objects.filter(consultation=thread.consultation_id, thread=thread, number=number, in_force=True)
    root = there.values_list("root", flat=True).first()
    return (root if root is not None else number, number)


def _from(begins: Position | None, newest: bool) -> Q:
    if begins is None:
        return Q()
    root, number = begins
    # The bound of the first term is for SQLite, which finds none in an "or" of two.
    return Q(number__lte=number) if newest else Q(root__gte=root) & (Q(root__gt=root) | Q(number__gte=number))


def _before(begins: Position | None, newest: bool) -> Q:
    if begins is None:
        return Q(pk__in=[])
    root, number = begins
    return Q(number__gt=number) if newest else Q(root__lte=root) & (Q(root__lt=root) | Q(number__lt=number))


@prepared
def _total(thread: int, group: str | None, language: str | None, channel: str | None) -> QuerySet[Tally, int]:
    cells = Tally.objects.filter(thread=thread, **_filters(group, language, channel))
    return cells.values("thread").annotate(total=Sum("count")).values_list("total", flat=True)


def answered_by(consultation_id: int, editions: Sequence[Edition]) -> dict[int, Edition]:
    """Return the editions that these reply to, by number, with their bylines. One query."""
    numbers = {each.in_reply_to for each in editions if each.in_reply_to}
    return {each.number: each for each in _in_force(consultation_id, list(numbers))}


@prepared
def _in_force(consultation: int, numbers: list[int]) -> QuerySet[Edition]:
    found = Edition.objects.filter(consultation=consultation, number__in=numbers, in_force=True)
    return found.select_related("byline")


def answered_by_text(contribution: Contribution | None) -> Edition | None:
    """Return the edition in force of the contribution that a text replies to, as pages show it. Some queries."""
    if contribution is None:
        return None
    found = Edition.objects.filter(contribution=contribution, in_force=True)
    edition = found.select_related("text", "byline", "contribution").prefetch_related(SIGNATORIES).first()
    if edition:
        attach_byline_statuses([edition])
    return edition


def replies_to(edition: Edition) -> list[Edition]:
    """Return the first replies to a contribution, oldest first: `REPLIES`, and one more if there is one."""
    replies = list(_replies(edition.consultation_id, edition.root, edition.number))
    attach_signatories(replies)
    return replies


@prepared
def _replies(consultation: int, root: int, number: int) -> QuerySet[Edition]:
    found = listed(consultation=consultation, root=root, in_reply_to=number)
    return found.order_by("number")[: REPLIES + 1]


def as_edition(version: Version, *, number: int | None = None) -> Edition:
    """Return the unsaved edition of a version, as a preview and the desk show it."""
    edition = Edition(
        number=number or 0,
        title=version.title,
        text=version.text,
        byline=version.byline,
        language=version.language,
        stakeholder_group=version.byline.stakeholder_group,
        submitted_at=version.submitted_at,
        paper=version.paper,
        contribution=version.contribution,
        channel=version.contribution.channel,
        part=version.part,
        is_redacted=version.is_redacted,
    )
    edition.signed_by = SimpleLazyObject(lambda: version.also_signed_by)
    edition.written_by = version.contribution.author_id
    return edition


def came_at(version: Version) -> datetime.datetime:
    """Return the time of a version's submission. For an entry that is the time of entering it."""
    contribution = version.contribution
    if not contribution.is_entered:
        return version.submitted_at or contribution.created_at
    if version.number == 1:
        return contribution.created_at
    acts = AuditEntry.objects.filter(
        about_kind="contribution", about_id=str(contribution.pk), verb="contribution.corrected"
    ).order_by("-pk")
    return acts.values_list("at", flat=True).first() or contribution.created_at


def preview(
    byline: Byline,
    *,
    text: str,
    title: str,
    language: str,
    signed_by: Iterable[Byline] = (),
    paper: Paper | None = None,
    part: int | None = None,
    author: Person | None = None,
) -> Edition:
    """Return the unsaved edition of a text."""
    edition = Edition(
        number=0,
        title=title,
        text=Text(content=text),
        byline=byline,
        language=language,
        stakeholder_group=byline.stakeholder_group,
        paper=paper,
        part=part,
    )
    edition.signed_by = signed_by
    edition.written_by = author.pk if author else None
    return edition


#: Contributions in one paper, which takes some ten seconds to typeset.
MOST_CONTRIBUTIONS = 100


def parts_of(editions: QuerySet[Edition], most_characters: int) -> list[list[tuple[int, int]]]:
    """Return number and id of contributions, split into papers of so many characters. One query."""
    found: list[list[tuple[int, int]]] = []
    room = 0
    sized = editions.annotate(size=Length("text__content")).values_list("number", "contribution", "size")
    for number, contribution, size in sized:
        if not found or len(found[-1]) == MOST_CONTRIBUTIONS or room < (size or 0):
            found.append([])
            room = most_characters
        found[-1].append((number, contribution))
        room -= size or 0
    return found
