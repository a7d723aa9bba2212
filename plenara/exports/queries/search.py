"""The parameters of a search, and its results: by words, by meaning, or words similar to unused ones."""

import datetime
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import batched

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from rapidfuzz.distance import OSA

from plenara.consultations.models import Consultation, Thread
from plenara.contributions.actions.search_index import REPLY
from plenara.contributions.models import Channel
from plenara.core.languages import current
from plenara.core.templatetags.plenara import number
from plenara.core.text import clean_line, number_in
from plenara.core.vocabulary import StakeholderGroup, country_names
from plenara.exports.queries.record import public_consultations
from plenara.search import analyser
from plenara.search.entries import Found, Kind, bounds, kind_of, kinds
from plenara.search.models import Entry
from plenara.search.presenters.snippets import Piece, marked, snippet, spellings
from plenara.search.queries import results, similarity
from plenara.search.queries.results import MOST_RANKED, PAGE, Asked, Clock, Hit, newest, relevant
from plenara.search.queries.similarity import State, fused
from plenara.search.query import Problem, Query, QueryRefused, parse
from plenara.themes.queries import with_narrower

#: The same query may have another answer in a moment: nobody should cache this one.
PASSING = frozenset({State.STARTING, State.SLOW})


@dataclass(frozen=True)
class ByMeaning:
    """The results by meaning, the nearest first, and the progress of the index by meaning."""

    hits: list[tuple[Hit, float]]
    state: State
    done: int = 0
    total: int = 0

    @property
    def is_passing(self) -> bool:
        return self.state in PASSING

    @property
    def sentence(self) -> str:
        """Return the note for the reader; nothing where all texts are indexed."""
        so_far = {"done": number(self.done), "total": number(self.total)}
        return {
            State.READY: "",
            State.BEHIND: _("%(done)s of %(total)s texts can be found by meaning so far."),
            State.PAUSED: _("%(done)s of %(total)s texts can be found by meaning so far. Indexing is paused."),
            State.STARTING: _("Search by meaning is starting. Until it is ready, texts are found by their words."),
            State.OFF: _("Search by meaning is not available at present. Texts are found by their words."),
            State.SLOW: _("Search by meaning did not answer in time. These texts were found by their words."),
        }[self.state] % so_far


def by_meaning(asked: Asked, clock: Clock, *, is_answered: bool) -> ByMeaning:
    """Return the things with the meaning of a query, in any language, within its filters."""
    found = similarity.nearest_to(asked, clock=clock, is_answered=is_answered)
    return ByMeaning(found.hits, found.state, found.done, found.total)


def how_far() -> tuple[str, int, int]:
    """Return the progress of the index by meaning, which an answer depends on besides the record. One query."""
    state, done, total, _used = similarity.state()
    return state, done, total


#: By meaning, texts are found that are too far to be answers, too: a reader who found nothing may look through them.
NEWEST, RELEVANCE, MEANING = "newest", "relevance", "meaning"
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}", re.ASCII)
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PLACE = re.compile(r"[0-9]{1,19}", re.ASCII)
_MOST = 100  # characters of a name or of a theme's code


@dataclass(frozen=True)
class Search:
    """A search with its parameters."""

    text: str = ""
    consultation: Consultation | None = None
    thread: Thread | None = None  # only with a consultation
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
    before: int | None = None  # newest first, the start of a further page
    page: int = 1  # by relevance

    @property
    def fields(self) -> dict[str, str]:
        """The parameters, in the canonical order of an address; without the place in the list."""
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
        """Whether there is anything to search for."""
        return bool(self.text or self.filters)

    @property
    def is_by_relevance(self) -> bool:
        """Whether results are sorted by relevance. Without words they cannot be."""
        return self.order != NEWEST and bool(self.text)

    def address(self, **changes: object) -> str:
        """Return the query string with changes; a blank value removes its name."""
        fields = {**self.fields, **{name: str(value) if value else "" for name, value in changes.items()}}
        return urlencode({name: value for name, value in fields.items() if value})

    def as_asked(self) -> str:
        """Return the query string of its own address, with the place in the list."""
        if self.is_by_relevance:
            return self.address(page=self.page if self.page > 1 else "")
        return self.address(before=self.before)

    def asked(self) -> Asked:
        """Return the query to the index. Raises `ActionRefused`.

        A summary's statement is one thing in up to six languages: it is found once, in the reader's language if it
        exists, unless another language is filtered by.
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
            without=self.unwanted,
            low=low,
            high=high,
        )

    @property
    def unwanted(self) -> dict[str, list[str]]:
        """What is not searched: renditions for readers of another language."""
        return {} if self.language else {"not_for": [current()]}

    def _values(self, name: str, value: str) -> list[str]:
        """Return the accepted values: a theme includes its narrower ones."""
        return with_narrower(value) if name == "theme" else [value]

    def without(self, name: str) -> "Search":
        """Return the same search without one of its filters; a question goes with its consultation."""
        empty: dict[str, object] = {name: None if name in {"consultation", "thread", "since", "until"} else ""}
        if name == "consultation":
            empty["thread"] = None
        return replace(self, **empty, before=None, page=1)  # type: ignore[arg-type]


#: Filters with the same name and values in the index.
_SAME = ("kind", "group", "country", "language", "theme", "channel", "author")


#: The parameters of a search, in any form.
SEARCH_PARAMETERS = (
    "q", "consultation", "thread", "kind", "group", "country", "language", "theme", "channel", "author", "since",
    "until", "order", "before", "page",
)  # fmt: skip


def kind_codes() -> list[str]:
    """Return the values of `kind`."""
    return [*(each.code for each in kinds()), REPLY]


def search_of(query: QueryDict) -> Search:
    """Return the search of an address. Two queries at most."""
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
        order=order if order in (NEWEST, MEANING) else RELEVANCE,
        before=_place(query.get("before", "")),
        page=page if 1 < page <= MOST_RANKED else 1,
    )


def _text(given: str) -> str:
    """Return what was typed, on one line, without unprintable characters; of any length: nothing typed is lost."""
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
    """Return when a day begins (UTC), or a later day; nothing past the last day that exists."""
    if day is None:
        return None
    try:
        return datetime.datetime.combine(day + datetime.timedelta(days=later), datetime.time(), datetime.UTC)
    except OverflowError:
        return None


#: Words that are suggested instead of one, and characters of a text that are searched for them.
MOST_WORDS, _MOST_READ = 3, 50_000
#: Seconds for this search: only where there are no results, and nothing else to show.
SECONDS = 1.0
#: Minimal similarity of a word: from "wires", a stem makes "dire" and "were" similar.
_ALIKE = 0.7


@dataclass(frozen=True)
class Near:
    """A word of the texts, and the query string that searches for it."""

    word: str
    address: str


@dataclass(frozen=True)
class Unused:
    """A word without results, as it was typed, and similarly spelled words."""

    word: str
    near: list[Near]


def unused_words(search: Search, query: Query) -> list[Unused]:
    """Return the words of a search without results. A fixed number of queries for each of the first few."""
    clock = Clock(SECONDS)
    found: list[tuple[str, list[str]]] = []
    for each in results.unused(query, search.unwanted, clock):
        typed = next((word for word in search.text.split() if word[0] != "-" and _is(word, each.word)), each.word)
        found.append((typed, _used(each, clock)))
    best = {typed: words[0] for typed, words in found if words}
    return [
        Unused(
            typed.strip("\"'“”«».,;:!?()"),
            [Near(word, search.address(q=_with(search.text, best | {typed: word}))) for word in words],
        )
        for typed, words in found
    ]


def _is(typed: str, folded: str) -> bool:
    return folded in analyser.words(typed)


def _with(text: str, words: Mapping[str, str]) -> str:
    return " ".join(words.get(each, each) for each in text.split())


def _used(unused: results.Unused, clock: Clock) -> list[str]:
    """Return the words of texts that are similar to one, the most similar first. A query, and a few for each kind."""
    entries = Entry.objects.only("kind", "object_id", "language").in_bulk(unused.entries)
    ids = defaultdict(set)
    for entry in entries.values():
        ids[entry.kind].add(entry.object_id)
    things = {code: kind_of(code).found(wanted) for code, wanted in ids.items()}
    words: dict[str, str] = {}
    for entry in (entries[each] for each in dict.fromkeys(unused.entries) if each in entries):
        found = things[entry.kind].get(entry.object_id)
        if found and clock.is_running:
            for word in spellings(_texts_of(found), entry.language, unused.near):
                words.setdefault(analyser.fold(word), word)
    likeness = {word: OSA.normalized_similarity(folded, unused.word) for folded, word in words.items()}
    alike = (
        word
        for folded, word in words.items()
        if likeness[word] >= _ALIKE or OSA.distance(folded, unused.word) == 1  # a Chinese word may have two letters
    )
    return sorted(alike, key=lambda word: (-likeness[word], -len(word)))[:MOST_WORDS]


def _texts_of(found: Found) -> str:
    """Return the texts of a result, its names too."""
    byline = found.byline
    names = (byline.name, byline.organization) if byline and not byline.withheld else ()
    return "\n\n".join(filter(None, (*names, found.title, found.text[:_MOST_READ])))


#: Things that are read at a time: a paper can be long.
_AT_ONCE = 20
#: Seconds for finding the searched words in long texts; then their first words are shown.
_LOOKING = 0.5


@dataclass(frozen=True)
class Result:
    """A search result, as every form shows it."""

    kind: Kind
    found: Found
    title: list[Piece]
    snippet: list[Piece]
    is_by_meaning: bool = False  # without the searched words

    @property
    def is_in_another_language(self) -> bool:
        return self.found.language.split("-")[0] != current()


@dataclass(frozen=True)
class Results:
    """A page of results."""

    search: Search
    query: Query
    rows: list[Result]
    count: int  # by words
    is_capped: bool
    ranked: int = 0  # by relevance: of so many, where not all were ranked
    next: str = ""  # the query of the next page's address
    more_by_meaning: int = 0  # besides those by words
    unused: Sequence[Unused] = ()  # words without results, where there are none by words
    meaning: ByMeaning | None = None  # where meaning was searched too


@dataclass
class _Listed:
    """Hits by words, and those only by meaning, each in their order."""

    by_words: list[Hit]
    apart: list[Hit]

    def page(self, number: int, limit: int) -> tuple[list[Hit], list[Hit], bool]:
        """Return both of a page, and whether there are more pages. With hits by words, the nearest by meaning are only
        on the first page, half as many.
        """
        begin, end = (number - 1) * limit, number * limit
        if not self.by_words:
            return [], self.apart[begin:end], len(self.apart) > end
        return self.by_words[begin:end], self.apart[: limit // 2] if number == 1 else [], len(self.by_words) > end


def find_results(search: Search, *, limit: int = PAGE) -> Results:
    """Return a page of results. A fixed number of queries. Raises `ActionRefused`."""
    found = _find_results(search, limit)
    if search.text and not found.count:
        return replace(found, unused=unused_words(search, found.query))
    return found


def _find_results(search: Search, limit: int) -> Results:
    asked = search.asked()
    if search.is_by_relevance and not asked.query.is_empty:
        try:
            return _by_relevance(search, asked, limit)
        except QueryRefused as refused:
            if refused.problem is not Problem.TOO_SLOW or search.page > 1:
                raise
        # Without a chosen order, the newest are better than nothing; in a moment ranking is possible again.
        in_time = _find_results(replace(search, order=NEWEST), limit)
        return replace(in_time, meaning=ByMeaning([], State.SLOW))
    page = newest(asked, before=search.before, limit=limit)
    rows = list(_read(page.hits, asked.query))
    following = search.address(before=page.next) if page.next else ""
    return Results(search, asked.query, rows, page.count, page.is_capped, next=following)


def _by_relevance(search: Search, asked: Asked, limit: int) -> Results:
    """Return a page of hits by words, by relevance; separately, on the first page, those only by meaning."""
    clock = Clock()
    page = relevant(asked, limit=MOST_RANKED, clock=clock)
    # Texts that have the words show that it is no nonsense.
    by_meaning_found = by_meaning(asked, clock, is_answered=bool(page.hits) or search.order == MEANING)
    listed = _together(page.hits, by_meaning_found.hits)
    hits, apart, more = listed.page(search.page, limit)
    return Results(
        search,
        asked.query,
        [*_read(hits, asked.query), *_read(apart, asked.query, is_by_meaning=True)],
        page.count,
        page.is_capped,
        ranked=page.ranked if page.count > page.ranked else 0,
        next=search.address(page=search.page + 1) if more else "",
        more_by_meaning=len(listed.apart),
        meaning=by_meaning_found,
    )


def _together(by_words: Sequence[Hit], by_meaning: Sequence[tuple[Hit, float]]) -> _Listed:
    """Return hits by words, those first that are also near in meaning, and separately those only by meaning."""
    hits = {hit.id: hit for hit in by_words}
    order = fused(list(hits), by_meaning)
    things = {hit[1:] for hit in by_words}
    return _Listed(
        _unique(hits[each.id] for each in order if each.by_words),
        [hit for hit, _cosine in by_meaning if hit[1:] not in things],
    )


def _unique(hits: Iterable[Hit]) -> list[Hit]:
    """Return hits with each thing once, even if several parts of it match."""
    found: dict[tuple[str, int], Hit] = {}
    for hit in hits:
        found.setdefault((hit.kind, hit.object_id), hit)
    return list(found.values())


def _read(hits: Iterable[Hit], query: Query, *, is_by_meaning: bool = False) -> Iterable[Result]:
    """Yield hits as results. Things that were deleted since are left out."""
    until = time.monotonic() + _LOOKING
    for some in batched(_unique(hits), _AT_ONCE):
        ids = defaultdict(list)
        for hit in some:
            ids[hit.kind].append(hit.object_id)
        things = {code: kind_of(code).found(wanted) for code, wanted in ids.items()}
        for hit in some:
            found = things[hit.kind].get(hit.object_id)
            if found is not None:
                looks_far = not is_by_meaning and time.monotonic() < until
                yield _result(kind_of(hit.kind), found, query, is_by_meaning=is_by_meaning, looks_far=looks_far)


def _result(kind: Kind, found: Found, query: Query, *, is_by_meaning: bool, looks_far: bool) -> Result:
    return Result(
        kind,
        found,
        marked(found.title, found.language, query) if found.title else [],
        snippet(found.text, found.language, query, looks_far=looks_far),
        is_by_meaning,
    )
