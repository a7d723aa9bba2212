"""The queue: pending items, oldest first, with their age against the promise. Few queries, whatever is in it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.consultations.working_time import Calendar, promised_minutes
from plenara.contributions.queries.signatures import signed_by
from plenara.core import clock
from plenara.core.languages import NAMES
from plenara.core.life_cycle import ModeratedVersion
from plenara.core.templatetags.plenara import number as written
from plenara.core.text import first_words
from plenara.moderation.kinds import KINDS, ModeratedKind, after_url
from plenara.moderation.models import Item, Preference, Suggestion
from plenara.moderation.permissions import moderated_by

#: Items on one page of the queue, and in the list beside an open item.
PAGE, FEW = 50, 12
#: Characters of a text that a row shows.
FIRST_WORDS = 90
#: Related rows that a row shows.
BESIDE = ("consultation", "claimed_by", "held_by", "appeal__decision")


@dataclass(frozen=True)
class Wait:
    """The age of an item and its consultation's promise: both in minutes of working days."""

    minutes: int
    promised: int

    @property
    def hours(self) -> int:
        """Return the age in full hours."""
        return self.minutes // 60

    @property
    def promise(self) -> int:
        """Return the promised time in hours."""
        return self.promised // 60

    @property
    def is_late(self) -> bool:
        """Return whether more than half of the promised time is over."""
        return self.minutes * 2 > self.promised

    @property
    def is_over(self) -> bool:
        """Return whether all of the promised time is over."""
        return self.minutes >= self.promised

    @property
    def in_words(self) -> str:
        """Return the age in words. A working day has 24 hours."""
        days = self.hours // 24
        if not self.is_over:
            return _("Waiting time: %(time)s") % {"time": self._of_promise()}
        text = ngettext(
            "Waiting for more than %(count)s working day", "Waiting for more than %(count)s working days", days
        )
        return text % {"count": written(days)}

    @property
    def against_promise(self) -> str:
        """Return the age and the promise, as a sentence about the oldest of several."""
        if not self.is_over:
            return _("Longest wait: %(time)s.") % {"time": self._of_promise()}
        days = self.hours // 24
        time = ngettext("more than %(count)s working day", "more than %(count)s working days", days)
        values = {"time": time % {"count": written(days)}, "promise": _working_days(round(self.promised / 1440))}
        return _("Longest wait: %(time)s; promised: %(promise)s.") % values

    def _of_promise(self) -> str:
        text = _("%(count)s of the promised %(promise)s hours (only working days count)")
        return text % {"count": written(self.hours), "promise": written(self.promise)}


def _working_days(count: int) -> str:
    return npgettext("label", "%(count)s working day", "%(count)s working days", count) % {"count": written(count)}


@dataclass(frozen=True)
class Row(Wait):
    """An item of the queue with its version and its age."""

    item: Item
    version: ModeratedVersion
    reader: Person | None = None  # the person who looks at the queue
    same: int = 0  # pending items of its campaign, itself included
    flags: tuple[str, ...] = ()  # the suggestions of a machine

    @property
    def kind(self) -> ModeratedKind:
        """The kind of its thing."""
        return KINDS[self.item.kind]

    @property
    def first_line(self) -> str:
        """Return the first words of a text; nothing for an entry of the community, which has a title."""
        content = "" if self.item.consultation and self.item.consultation.is_community else self.version.text.content
        return first_words(content, FIRST_WORDS)

    @property
    def is_own(self) -> bool:
        """Return whether somebody else decides on it."""
        item, me = self.item, getattr(self.reader, "pk", 0)
        appealed = item.appeal.decision.moderator_id if item.appeal else None
        return me in {item.author_id, item.entered_by_id, appealed}

    @property
    def is_own_claim(self) -> bool:
        """Return whether its reader has claimed it."""
        return self.item.is_claimed and self.item.claimed_by_id == getattr(self.reader, "pk", 0)

    @property
    def url(self) -> str:
        """The address where it is decided on."""
        item = self.item
        assert item.consultation
        if item.campaign_id and self.same > 1:
            return reverse("moderation:campaign", args=[item.campaign_id])
        match item.why:
            case Item.Why.APPEAL:
                return reverse("moderation:appeal_desk", args=[item.appeal_id])
            case Item.Why.CHECK | Item.Why.REPORT:
                return after_url(self.version.thing)
        return reverse("moderation:decide", args=[item.kind, item.object_id])


class Cursor(NamedTuple):
    """The last row of a page: the next page begins after it."""

    part: int  # 0 for the reader's languages, 1 for the others
    since: datetime.datetime
    pk: int

    def __str__(self) -> str:
        return f"{self.part}-{self.since:%Y%m%dT%H%M%S%f}-{self.pk}"

    @classmethod
    def read(cls, written: str) -> Self | None:
        """Return the cursor of a parameter; nothing where it is none."""
        part, _dash, rest = written.partition("-")
        since, _dash, pk = rest.partition("-")
        try:
            moment = datetime.datetime.strptime(since, "%Y%m%dT%H%M%S%f").replace(tzinfo=datetime.UTC)
            # No database has a row of a greater number.
            return cls(min(int(part), 1), moment, min(int(pk), 2**62))
        except ValueError:
            return None


class Page(NamedTuple):
    """Some rows, and the cursor of the next page."""

    rows: list[Row]
    after: Cursor | None


def age_since(moment: datetime.datetime | None, consultation: Consultation, calendar: Calendar | None = None) -> Wait:
    """Return the age of something that came at a moment; 0 minutes where that is not known."""
    calendar = calendar or Calendar(consultation, clock.now())
    return Wait(calendar.minutes_since(moment) if moment else 0, promised_minutes(consultation))


def on_hold() -> Q:
    """Return items on hold."""
    return Q(awaits_author=False, held_until__gt=clock.now())


def with_author() -> Q:
    """Return items whose author has to answer a proposed redaction."""
    return Q(awaits_author=True)


def pending() -> Q:
    """Return items pending for a moderator: neither on hold nor with the author."""
    return Q(awaits_author=False) & (Q(held_until=None) | Q(held_until__lte=clock.now()))


def in_turn() -> Q:
    """Return pending items that are not from accounts created in bulk."""
    return pending() & Q(in_bulk=False)


def in_campaigns() -> Q:
    """Return pending items of campaigns."""
    return pending() & Q(campaign__isnull=False)


def in_bulk() -> Q:
    """Return pending items of accounts created in bulk, each with a text of its own."""
    return pending() & Q(in_bulk=True, campaign=None)


#: The tabs of the queue, each a page of its own. A campaign is a row of the first too, where some of it is pending.
TABS = {"": in_turn, "campaigns": in_campaigns, "bulk": in_bulk, "held": on_hold, "author": with_author}
#: The order in which items come up by themselves: those of bulk accounts last.
TURNS = (in_turn, in_campaigns, in_bulk)


def own(person: Person) -> Q:
    """Return items that a person does not decide on: own, signed or entered ones, and appeals on their decisions."""
    signed = Q(kind="contribution", object_id__in=signed_by(person).values("pk"))
    return Q(author=person) | Q(entered_by=person) | Q(appeal__decision__moderator=person) | signed


def free_for(person: Person) -> Q:
    """Return items that nobody else has claimed."""
    return Q(claimed_by=None) | Q(claimed_until=None) | Q(claimed_until__lte=clock.now()) | Q(claimed_by=person)


def items_of(person: Person) -> QuerySet[Item]:
    """Return all items of the consultations that a person moderates, oldest first."""
    return Item.objects.filter(consultation_id__in=moderated_by(person)).order_by("since", "id")


def pending_items(person: Person) -> QuerySet[Item]:
    """Return the items pending for a moderator now, oldest first: neither on hold nor with the author."""
    return items_of(person).filter(pending()).select_related(*BESIDE)


def preference_of(person: Person) -> Preference:
    """Return a person's preferences; the usual ones by default."""
    return Preference.objects.filter(person=person).first() or Preference(person=person)


def languages_of(person: Person) -> list[str]:
    """Return the languages that may occur where a person moderates: the six first. One query."""
    accepted = Consultation.objects.filter(pk__in=moderated_by(person)).values_list("languages", flat=True)
    return [*NAMES, *sorted({code for codes in accepted for code in codes} - set(NAMES))]


def _parts(reads: list[str]) -> list[Q]:
    """Return the queue's parts in their order: the reader's languages, then the others."""
    return [Q(language__in=reads), ~Q(language__in=reads)] if reads else [Q()]


def page(
    person: Person,
    *,
    tab: str = "",
    only: Q | None = None,
    after: Cursor | None = None,
    reads: list[str] | None = None,
    most: int = PAGE,
) -> Page:
    """Return a page of the queue. At most one query for each part, one for campaigns, and one for each kind."""
    found = items_of(person).filter(TABS[tab](), Q() if only is None else only)
    # A campaign is one row: that of its first item among the filtered ones.
    earlier = found.order_by().filter(campaign=OuterRef("campaign"), id__lt=OuterRef("id"))
    each = found.filter(Q(campaign=None) | ~Exists(earlier)).select_related(*BESIDE)
    parts = _parts(preference_of(person).reads if reads is None else reads)
    first = min(after.part, len(parts) - 1) if after else 0
    items: list[tuple[int, Item]] = []
    for number in range(first, len(parts)):
        some = each.filter(parts[number])
        if after and number == first:
            # Redundant, so that an index by time is entered at the right position.
            some = some.filter(Q(since__gt=after.since) | Q(id__gt=after.pk), since__gte=after.since)
        items += [(number, item) for item in some[: most + 1 - len(items)]]
        if len(items) > most:
            break
    shown = [item for _number, item in items[:most]]
    if TABS[tab] in TURNS:  # a campaign counts in full, in any tab
        found = items_of(person).filter(pending(), Q() if only is None else only)
    last = Cursor(items[most - 1][0], shown[-1].since, shown[-1].pk) if len(items) > most else None
    return Page(filled(shown, person, _sizes(found, shown)), last)


def _sizes(found: QuerySet[Item], shown: Iterable[Item]) -> dict[int, int]:
    """Return the number of filtered items of each campaign. One query, where there are campaigns."""
    campaigns = {item.campaign_id for item in shown if item.campaign_id}
    if not campaigns:
        return {}
    sizes = found.order_by().filter(campaign__in=campaigns).values_list("campaign").annotate(Count("id"))
    return dict(sizes)


def rows(person: Person, *, only: Q | None = None, tab: str = "") -> tuple[Page, int]:
    """Return the first rows of a moderator's queue, for the list beside an open item, and how many are pending."""
    found = items_of(person).filter(TABS[tab]() if tab else pending(), only or Q())
    return page(person, tab=tab, only=only, most=FEW), found.count()


def count(person: Person) -> int:
    """Return the number of pending decisions. One query."""
    return items_of(person).filter(pending()).count()


def counts(person: Person, only: Q | None = None) -> dict[str, int]:
    """Return the number of pending items (`all`), and of the filtered ones in each tab. One query."""
    only = Q() if only is None else only
    named = {f"tab_{tab}": Count("id", filter=condition() & only) for tab, condition in TABS.items()}
    found = items_of(person).order_by().aggregate(all=Count("id", filter=pending()), **named)
    return {"all": found["all"], **{tab: found[f"tab_{tab}"] for tab in TABS}}


def count_in_words(number: int) -> str:
    """Return the number of pending items in words."""
    return npgettext("label", "%(shown)s waiting for a decision", "%(shown)s waiting for a decision", number) % {
        "shown": written(number)
    }


def filled(items: list[Item], reader: Person | None = None, sizes: dict[int, int] | None = None) -> list[Row]:
    """Return items with their versions. One query for each kind, and one for suggestions."""
    versions: dict[tuple[str, int], ModeratedVersion] = {}
    for kind in {item.kind for item in items}:
        loaded = KINDS[kind].load([item.version_id for item in items if item.kind == kind])
        versions |= {(kind, pk): version for pk, version in loaded.items()}
    flags = _flags(items)
    calendars: dict[int, Calendar] = {}
    made = []
    for item in items:
        version, where = versions.get((item.kind, item.version_id)), item.consultation
        if version is None or where is None:
            continue  # erased a moment ago
        calendar = calendars.setdefault(where.pk, Calendar(where, clock.now()))
        wait = age_since(item.since, where, calendar)
        same = (sizes or {}).get(item.campaign_id or 0, 0)
        noticed = tuple(flags.get((item.kind, item.version_id), ()))
        made.append(Row(wait.minutes, wait.promised, item, version, reader, same, noticed))
    return made


def _flags(items: list[Item]) -> dict[tuple[str, int], list[str]]:
    """Return the reasons for flags, in words, by kind and version. One query, where there are any."""
    flagged = [item.version_id for item in items if item.is_flagged]
    found: dict[tuple[str, int], list[str]] = {}
    for each in Suggestion.objects.filter(version_id__in=flagged).order_by("pk") if flagged else ():
        found.setdefault((each.kind, each.version_id), []).append(str(each.get_what_display()))
    return found


def pending_counts(person: Person) -> dict[int, tuple[int, datetime.datetime]]:
    """Return, for each consultation that a person moderates, how many items are pending and since when. One query.

    Consultations in which only others may decide are left out: they are no task of this person.
    """
    found = items_of(person).order_by().filter(pending()).values("consultation_id")
    rows = found.annotate(count=Count("id"), oldest=Min("since"), own=Count("id", filter=own(person)))
    return {row["consultation_id"]: (row["count"], row["oldest"]) for row in rows if row["count"] > row["own"]}


def next_after(person: Person, item_id: int | None = None, *, only: Q | None = None, tab: str = "") -> Row | None:
    """Return the next item after a decision: the oldest pending one that is not one's own and not claimed by others.

    The reader's languages come first; a campaign comes up as a whole, and bulk accounts come last. Items on hold or
    with the author are left out.
    """
    found = (
        pending_items(person).filter(only or Q()).exclude(pk=item_id or 0).exclude(own(person)).filter(free_for(person))
    )
    parts = _parts(preference_of(person).reads)
    for turn in (TABS[tab],) if tab else TURNS:
        for part in parts:
            items = list(found.filter(turn(), part)[:1])
            if row := next(iter(filled(items, person, _sizes(found, items))), None):
                return row
    return None


def onward(person: Person, *, only: Q | None = None, tab: str = "", query: str = "") -> str:
    """Return the address of the next item after a decision; the queue's, where there is none."""
    following = next_after(person, only=only, tab=tab)
    return (following.url if following else reverse("moderation:queue")) + query
