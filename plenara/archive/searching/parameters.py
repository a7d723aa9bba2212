"""What the address of a search asks for. What is no value of a parameter is ignored."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.http import urlencode

from plenara.archive.finding import public_consultations
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Channel
from plenara.contributions.searching import REPLY
from plenara.core.languages import current
from plenara.core.text import clean_line, number_in
from plenara.core.vocabulary import StakeholderGroup, country_names
from plenara.search.entries import bounds
from plenara.search.finding import MOST_RANKED, Asked
from plenara.search.kinds import kinds
from plenara.search.query import parse
from plenara.themes.reading import with_narrower

NEWEST, RELEVANCE = "newest", "relevance"
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}", re.ASCII)
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PLACE = re.compile(r"[0-9]{1,19}", re.ASCII)
_MOST = 100  # characters of a name or of a theme's code


@dataclass(frozen=True)
class Search:
    """A search as it was asked for."""

    text: str = ""
    consultation: Consultation | None = None
    thread: Thread | None = None  # with a consultation alone
    kind: str = ""
    group: str = ""
    country: str = ""
    language: str = ""
    theme: str = ""
    channel: str = ""
    author: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None
    order: str = RELEVANCE  # of words; without any, the newest come first
    before: int | None = None  # newest first, where a further page begins
    page: int = 1  # by relevance

    @property
    def fields(self) -> dict[str, str]:
        """What was asked for, in the one order in which an address has it; no place in the list."""
        asked = {
            "q": self.text,
            "consultation": self.consultation.slug if self.consultation else "",
            "thread": str(self.thread.number) if self.thread else "",
            "kind": self.kind,
            "group": self.group,
            "country": self.country,
            "language": self.language,
            "theme": self.theme,
            "channel": self.channel,
            "author": self.author,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "order": self.order if self.text and self.order != RELEVANCE else "",
        }
        return {name: value for name, value in asked.items() if value}

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set."""
        return {name: value for name, value in self.fields.items() if name not in {"q", "order"}}

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.text or self.filters)

    @property
    def is_by_relevance(self) -> bool:
        """Whether the best come first. Without words nothing is more relevant than anything else."""
        return self.order == RELEVANCE and bool(self.text)

    def address(self, **changes: object) -> str:
        """Return the query of an address that asks for this, with changes; of a blank one its name goes too."""
        fields = {**self.fields, **{name: str(value) if value else "" for name, value in changes.items()}}
        return urlencode({name: value for name, value in fields.items() if value})

    def as_asked(self) -> str:
        """Return the query of its own address, with the place in the list."""
        if self.is_by_relevance:
            return self.address(page=self.page if self.page > 1 else "")
        return self.address(before=self.before)

    def asked(self) -> Asked:
        """Return what the index is asked. Raises `Refused`.

        A summary's statement is one thing in up to six languages: it is found once, in the reader's where it is there,
        unless another language is asked for.
        """
        filters = {
            "consultation": str(self.consultation.pk) if self.consultation else "",
            "thread": str(self.thread.pk) if self.thread else "",
            **{name: getattr(self, name) for name in _SAME},
        }
        low, high = bounds(_begin(self.since), _begin(self.until, later=1))
        return Asked(
            parse(self.text, self.language.split("-")[0].lower()),
            filters={name: self._values(name, value) for name, value in filters.items() if value},
            without={} if self.language else {"not_for": [current()]},
            low=low,
            high=high,
        )

    def _values(self, name: str, value: str) -> list[str]:
        """Return the values of which one must be there: a theme includes its narrower ones."""
        return with_narrower(value) if name == "theme" else [value]

    def without(self, name: str) -> "Search":
        """Return the same search without one of its filters; a question goes with its consultation."""
        empty: dict[str, object] = {name: None if name in {"consultation", "thread", "since", "until"} else ""}
        if name == "consultation":
            empty["thread"] = None
        return replace(self, **empty, before=None, page=1)  # type: ignore[arg-type]


#: Filters that have the same name and the same values here and in the index.
_SAME = ("kind", "group", "country", "language", "theme", "channel", "author")


#: The parameters of a search, in whatever form.
SEARCH_PARAMETERS = (
    "q", "consultation", "thread", "kind", "group", "country", "language", "theme", "channel", "author", "since",
    "until", "order", "before", "page",
)  # fmt: skip


def kind_codes() -> list[str]:
    """Return the values of `kind`."""
    return [*(each.code for each in kinds()), REPLY]


def search_of(query: QueryDict) -> Search:
    """Return the search that an address asks for. Two queries at most."""
    consultation = _consultation(query.get("consultation", ""))
    order = query.get("order", "")
    page = number_in(query.get("page", ""))
    return Search(
        text=_text(query.get("q", "")),
        consultation=consultation,
        thread=_thread(consultation, number_in(query.get("thread", ""))),
        kind=_one_of(query.get("kind", ""), kind_codes()),
        group=_one_of(query.get("group", ""), StakeholderGroup.values),
        country=_one_of(query.get("country", ""), country_names("en")),
        language=_like(query.get("language", ""), _TAG),
        theme=clean_line(query.get("theme", "")[:_MOST]),
        channel=_one_of(query.get("channel", ""), Channel.values),
        author=clean_line(query.get("author", "")[:_MOST]),
        since=_day(query.get("since", "")),
        until=_day(query.get("until", "")),
        order=order if order == NEWEST else RELEVANCE,
        before=_place(query.get("before", "")),
        page=page if 1 < page <= MOST_RANKED else 1,
    )


def _text(given: str) -> str:
    """Return what was typed, on one line, without what no page can show; however long, since nothing typed is lost."""
    return clean_line(given.replace("\x00", " "))


def _consultation(slug: str) -> Consultation | None:
    return public_consultations().filter(slug=slug).first() if _SLUG.fullmatch(slug) else None


def _thread(consultation: Consultation | None, number: int) -> Thread | None:
    if consultation is None or not 0 < number < 32_768:
        return None
    return consultation.threads.filter(number=number).first()


def _place(given: str) -> int | None:
    """Return the number of an entry, which has up to nineteen digits; no database takes a larger one."""
    number = int(given) if _PLACE.fullmatch(given) else 0
    return number if 0 < number < 1 << 63 else None


def _one_of(given: str, values: Iterable[str]) -> str:
    return given if given in values else ""


def _like(given: str, pattern: re.Pattern[str]) -> str:
    return given if pattern.fullmatch(given) else ""


def _day(given: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(given) if _DAY.fullmatch(given) else None
    except ValueError:
        return None


def _begin(day: datetime.date | None, *, later: int = 0) -> datetime.datetime | None:
    """Return when a day begins (UTC), or one that is later; nothing past the last day that there is."""
    if day is None:
        return None
    try:
        return datetime.datetime.combine(day + datetime.timedelta(days=later), datetime.time(), datetime.UTC)
    except OverflowError:
        return None
