"""Records for harvesters, their sets, and lists of both, page by page: the last key of a page
is in its signed token.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from django.core import signing
from django.db.models import F, Max, Min, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, Substr

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation, State, Thread
from plenara.contributions.models import Edition, Tally
from plenara.core.languages import CODES, Localized, in_language
from plenara.core.metadata import oai_identifier, site_host
from plenara.core.rows import Json
from plenara.core.vocabulary import language_name
from plenara.documents.models import DocumentEdition, PublishedRendition
from plenara.exports.presenters import attribution
from plenara.exports.presenters.feeds import MOST
from plenara.exports.queries.record import public_consultations, with_words
from plenara.oai import dublin_core
from plenara.oai.dublin_core import Element
from plenara.oai.validation import PREFIX, OaiError, OaiRequest, Period, period_of
from plenara.themes.queries import labels

CONSULTATIONS, LANGUAGES, THEMES = "consultation", "language", "theme"
#: Consultations on each page of the list of sets.
PAGE = 100
_QUESTION = re.compile(r"q([1-9]\d{0,4})", re.ASCII)

type Set = tuple[str, str]  # setSpec and name


def _spelled(word: str) -> str:
    """Return a word as a part of a setSpec: other characters are escaped as in a URL, with ! for %."""
    return quote(word, safe="").replace("%", "!")


def _read(part: str) -> str:
    return unquote(part.replace("!", "%"))


def of_consultation(slug: str) -> str:
    """Return the set of a consultation."""
    return f"{CONSULTATIONS}:{_spelled(slug)}"


def of_thread(slug: str, number: int) -> str:
    """Return the set of a question, within its consultation's."""
    return f"{of_consultation(slug)}:q{number}"


def of_language(tag: str) -> str:
    """Return the set of a language."""
    return f"{LANGUAGES}:{_spelled(tag)}"


def of_theme(code: str) -> str:
    """Return the set of a theme's questions."""
    return f"{THEMES}:{_spelled(code)}"


def parts_of(spec: str) -> tuple[str, str, int | None]:
    """Return the kind of a set, its word, and the number of its question. Raises `OaiError`."""
    kind, *below = spec.split(":")
    word = _read(below[0]) if below else ""
    question = _QUESTION.fullmatch(below[1]) if len(below) == 2 and kind == CONSULTATIONS else None
    if kind not in {CONSULTATIONS, LANGUAGES, THEMES} or (len(below) > 1 and not question) or "\0" in word:
        raise OaiError("noRecordsMatch", "There is no such set.")
    return kind, word, int(question[1]) if question else None


def threads_of_theme(code: str) -> list[int]:
    """Return the questions with a theme, or with any theme by default. One query."""
    rows = Thread.objects.filter(consultation__in=public_consultations()).exclude(themes=[])
    found = rows.order_by("pk").values_list("pk", "themes")
    return [pk for pk, themes in found if not code or code in themes]


def listed(after: int) -> tuple[list[Set], int | None]:
    """Return a page of the sets, and the consultation after which the next begins. Four queries at most.

    The first page has those of languages and themes, and the parents of all others.
    """
    rows = public_consultations().filter(pk__gt=after).order_by("pk").defer("intro", "moderation_guide")
    consultations = list(rows[: PAGE + 1])
    more, consultations = consultations[PAGE:], consultations[:PAGE]
    found = [] if after else [*_languages(), *_themes(), (CONSULTATIONS, "By consultation")]
    found += _consultations(consultations)
    return found, consultations[-1].pk if more else None


def _languages() -> Iterator[Set]:
    there = set(Tally.objects.order_by().values_list("language", flat=True).distinct())
    yield LANGUAGES, "By language"
    for tag in sorted({*CODES, *there} - {""}):
        yield of_language(tag), language_name(tag)


def _themes() -> Iterator[Set]:
    threads = Thread.objects.filter(consultation__in=public_consultations()).exclude(themes=[])
    codes = {str(code) for themes in threads.values_list("themes", flat=True) for code in themes}
    if codes:
        yield THEMES, "By theme"
    called = labels(codes)
    for code in sorted(codes):
        yield of_theme(code), f"{code}: {called[code].text}" if code in called else code


def _consultations(consultations: Iterable[Consultation]) -> Iterator[Set]:
    by_id = {each.pk: each for each in consultations}
    threads: dict[int, list[Thread]] = {}
    rows = Thread.objects.filter(consultation__in=list(by_id)).only("consultation_id", "number", "question")
    for thread in rows.order_by("number"):
        threads.setdefault(thread.consultation_id, []).append(thread)
    for each in by_id.values():
        yield of_consultation(each.slug), in_language(each.title).text or each.symbol
        for thread in threads.get(each.pk, []):
            yield of_thread(each.slug, thread.number), in_language(thread.question).text or f"Question {thread.number}"


type Key = tuple[int, datetime.datetime, int]  # question if ordered by it, moment of change, primary key


@dataclass(frozen=True)
class Stream:
    """Rows of one table in the order of their changes; or of several questions, one after the other."""

    rows: QuerySet[Model]
    threads: Sequence[int] = field(default=())

    def page(self, after: Key | None, limit: int) -> list[Key]:
        """Return the keys that follow one. Three queries at most."""
        order = ["thread_id", "changed_at", "pk"] if self.threads else ["changed_at", "pk"]
        found: list[Key] = []
        for part in self._parts(after):
            if len(found) < limit:
                keys = part.order_by(*order).values_list(*order)[: limit - len(found)]
                found += [(thread[0] if thread else 0, at, pk) for *thread, at, pk in keys]
        return found

    def _parts(self, after: Key | None) -> list[QuerySet[Model]]:
        """Return the conditions for what follows a key, each for an index: the same moment, later ones, the rest."""
        if after is None:
            return [self.rows.filter(thread__in=self.threads) if self.threads else self.rows]
        thread, at, pk = after
        here = self.rows.filter(thread=thread) if self.threads else self.rows
        parts = [here.filter(changed_at=at, pk__gt=pk), here.filter(changed_at__gt=at)]
        if rest := [each for each in self.threads if each > thread]:
            parts.append(self.rows.filter(thread__in=rest))
        return parts


def editions() -> QuerySet[Edition]:
    """Return the contributions of the record, including tombstones. One query, for drafts."""
    return _public(Edition.objects.filter(in_force=True))


def documents() -> QuerySet[DocumentEdition]:
    """Return the summaries of the record. Each translation that is added changes its summary."""
    joined = PublishedRendition.objects.filter(edition=OuterRef("pk"), in_force=True).order_by().values("edition")
    last = Subquery(joined.annotate(last=Max("published_at")).values("last"))
    found = DocumentEdition.objects.filter(in_force=True)
    return _public(found.annotate(changed_at=Greatest("minted_at", Coalesce(last, F("minted_at")))))


def _public[Row: Model](rows: QuerySet[Row]) -> QuerySet[Row]:
    # By name, not by a join: the planner must not begin with the consultations and sort all their rows.
    drafts = list(Consultation.objects.filter(stage=State.DRAFT).values_list("pk", flat=True))
    return rows.exclude(consultation_id__in=drafts) if drafts else rows


def streams_of(spec: str, period: Period) -> list[Stream]:
    """Return the streams of a set within a period. Raises `OaiError` if there is no such set."""
    within = {}
    if period.start:
        within["changed_at__gte"] = period.start
    if period.end:
        within["changed_at__lt"] = period.end
    contributions, summaries = editions().filter(**within), documents().filter(**within)
    kind, word, question = parts_of(spec) if spec else (CONSULTATIONS, "", None)
    if kind == THEMES:
        threads = threads_of_theme(word)
        return [Stream(contributions, threads)] if threads else []
    if not word:
        return [Stream(contributions), Stream(summaries)]
    if kind == LANGUAGES:
        # A tombstone has no language: every language has it, or harvesters would keep its words.
        spoken = summaries.filter(renditions__language=word, renditions__in_force=True)
        return [Stream(contributions.filter(language=of)) for of in (word, "")] + [Stream(spoken)]
    consultation = Consultation.objects.filter(slug=word).values_list("pk", flat=True).first()
    if consultation is None:
        raise OaiError("noRecordsMatch", "There is no such set.")
    if question is None:
        return [Stream(each.filter(consultation=consultation)) for each in (contributions, summaries)]
    thread = Thread.objects.filter(consultation=consultation, number=question).values_list("pk", flat=True).first()
    return [Stream(contributions.filter(thread=thread))] if thread else []


def earliest() -> datetime.datetime | None:
    """Return the earliest change of all records, including deleted ones. Three queries."""
    moments = [
        editions().order_by("changed_at", "pk").values_list("changed_at", flat=True).first(),
        documents().aggregate(first=Min("minted_at"))["first"],
    ]
    return min((each for each in moments if each), default=None)


#: The valid name of a repository (oai-identifier, 2006); an address of this machine only is none.
DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+", re.ASCII)


@dataclass(frozen=True)
class Record:
    """A record. A deleted one has no content."""

    identifier: str
    changed_at: datetime.datetime
    sets: list[str]
    is_deleted: bool = False
    elements: list[Element] = field(default_factory=list)


def find(wanted: str, *, with_metadata: bool = True) -> Record | None:
    """Return the record with an identifier, or None. At most eight queries."""
    start = f"oai:{site_host()}:"
    name = unquote(wanted.removeprefix(start))
    if not wanted.startswith(start) or "\0" in name or oai_identifier(name) != wanted:
        return None
    found = of_editions(editions().filter(contribution__public_id=name), with_metadata=with_metadata)
    found = found or of_documents(documents().filter(document__symbol=name), with_metadata=with_metadata)
    return next(iter(found.values()), None)


def of_editions(rows: QuerySet[Edition], *, with_metadata: bool, asked: str = "") -> dict[int, Record]:
    """Return contributions as records, by key; without content for headers. Five queries.

    `asked` is the requested set: a tombstone has no language, and names the requested one.
    """
    read = with_words(rows).select_related("contribution").defer("text__content", "paper__text")
    read = read.annotate(opening=Substr("text__content", 1, MOST + 1 if with_metadata else 1))
    found = list(read if with_metadata else read.prefetch_related(None))
    consultations = _consultations_of(each.consultation_id for each in found)
    threads = Thread.objects.only("number", "themes").in_bulk({each.thread_id for each in found})
    publisher = installation().name if with_metadata else ""
    called = labels({code for each in threads.values() for code in each.themes}, "en") if with_metadata else {}
    return {
        each.pk: _of_edition(
            each, consultations[each.consultation_id], threads[each.thread_id], publisher, asked, called
        )
        for each in found
    }


def _of_edition(
    edition: Edition,
    consultation: Consultation,
    thread: Thread,
    publisher: str,
    asked: str,
    called: dict[str, Localized],
) -> Record:
    if edition.text:
        edition.text.content = edition.opening  # type: ignore[attr-defined]
    is_there = attribution.has_words(edition)
    own = [of_thread(consultation.slug, thread.number), *(of_theme(code) for code in thread.themes)]
    if is_there:
        own.append(of_language(edition.language))
    elif asked.startswith(f"{LANGUAGES}:"):
        own.append(asked)
    is_described = is_there and publisher
    return Record(
        oai_identifier(edition.public_id),  # type: ignore[attr-defined]
        edition.changed_at,
        own,
        not is_there,
        list(dublin_core.of_edition(edition, consultation, thread, publisher, called)) if is_described else [],
    )


def of_documents(rows: QuerySet[DocumentEdition], *, with_metadata: bool) -> dict[int, Record]:
    """Return summaries and outcomes as records, by key. Five queries."""
    read = rows.select_related("document", "outcome__outcome__body").prefetch_related(
        "renditions", *(["signatures"] if with_metadata else [])
    )
    found = list(read)
    consultations = _consultations_of(each.consultation_id for each in found)
    publisher = installation().name if with_metadata and found else ""
    records = {}
    for each in found:
        consultation = consultations[each.consultation_id]
        languages = sorted(it.language for it in each.renditions.all() if it.in_force)
        records[each.pk] = Record(
            oai_identifier(each.document.symbol or each.symbol),
            each.changed_at,  # type: ignore[attr-defined]
            [of_consultation(consultation.slug), *map(of_language, languages)],
            elements=list(dublin_core.of_document(each, consultation, publisher)) if with_metadata else [],
        )
    return records


def _consultations_of(keys: Iterable[int]) -> dict[int, Consultation]:
    return Consultation.objects.only("slug", "symbol", "title", "licence", "source").in_bulk(set(keys))


#: Records of one page.
RECORDS = 100
#: Headers of one page.
IDENTIFIERS = 500
_SALT = "plenara.oai"


@dataclass(frozen=True)
class Page[Item]:
    """A page of a list: how many came before it, and the token of the next. A list of one page has no token."""

    items: list[Item]
    before: int
    token: str

    @property
    def is_whole(self) -> bool:
        return not self.before and not self.token


def _resumed(asked: OaiRequest) -> Json | None:
    """Return the content of the previous page's token, or None at the beginning. Raises `OaiError`."""
    if not (token := asked.get("resumptionToken")):
        return None
    try:
        left: Json = signing.loads(token, salt=_SALT)
    except signing.BadSignature as error:
        raise OaiError("badResumptionToken", "The resumptionToken is not valid.") from error
    if left["verb"] != asked.verb:
        raise OaiError("badResumptionToken", "The resumptionToken belongs to the list of another verb.")
    return left


def _token(asked: OaiRequest, **left: object) -> str:
    return signing.dumps({"verb": asked.verb, **left}, salt=_SALT, compress=True)


def page_of_sets(asked: OaiRequest) -> Page[Set]:
    """Return a page of the list of sets. At most five queries."""
    left = _resumed(asked) or {"after": 0, "before": 0}
    found, last = listed(left["after"])
    token = _token(asked, after=last, before=left["before"] + len(found)) if last else ""
    return Page(found, left["before"], token)


def page_of_records(asked: OaiRequest, *, with_metadata: bool) -> Page[Record]:
    """Return a page of records, or of their headers alone. A fixed number of queries. Raises `OaiError`."""
    left = _resumed(asked) or {"set": asked.get("set"), "from": asked.get("from"), "until": asked.get("until")}
    before, after = left.get("before", 0), _key(left["key"]) if "key" in left else None
    try:
        streams = streams_of(left["set"], period_of(left["from"], left["until"]))
    except OaiError as wrong:  # a set that existed when the list began
        raise OaiError("badResumptionToken", str(wrong)) if after else wrong from None
    size = RECORDS if with_metadata else IDENTIFIERS
    found = _keys(streams, left.get("stream", 0), after, size + 1)
    more, found = found[size:], found[:size]
    items = _records(streams, found, with_metadata=with_metadata, asked=left["set"])
    if not items and after:
        # Everything after the previous page has changed since and left this list. The protocol has no
        # empty page: the last record comes again, as it is now.
        items = _last_again(streams[left["stream"]], after, with_metadata=with_metadata, asked=left["set"])
    if not items:
        raise OaiError("noRecordsMatch", "Nothing matches.")
    token = ""
    if more:
        stream, (thread, at, pk) = found[-1]
        here = {name: left[name] for name in ("set", "from", "until")}
        key = [thread, at.isoformat(), pk]
        token = _token(asked, **here, prefix=PREFIX, stream=stream, key=key, before=before + len(items))
    return Page(items, before, token)


def _key(written: tuple[int, str, int]) -> Key:
    thread, at, pk = written
    return thread, datetime.datetime.fromisoformat(at), pk


def _keys(streams: list[Stream], first: int, after: Key | None, limit: int) -> list[tuple[int, Key]]:
    """Return the keys that follow one, each with its stream, from one stream after the other."""
    found: list[tuple[int, Key]] = []
    for at, stream in enumerate(streams):
        if at >= first and len(found) < limit:
            found += [(at, key) for key in stream.page(after if at == first else None, limit - len(found))]
    return found


def _records(streams: list[Stream], found: list[tuple[int, Key]], *, with_metadata: bool, asked: str) -> list[Record]:
    contributions = [key[2] for at, key in found if streams[at].rows.model is Edition]
    summaries = [key[2] for at, key in found if streams[at].rows.model is not Edition]
    by_key = (
        of_editions(Edition.objects.filter(pk__in=contributions), with_metadata=with_metadata, asked=asked)
        if contributions
        else {}
    )
    others = of_documents(documents().filter(pk__in=summaries), with_metadata=with_metadata) if summaries else {}
    both = [*(by_key.get(pk) for pk in contributions), *(others.get(pk) for pk in summaries)]
    return [each for each in both if each]


def _last_again(stream: Stream, key: Key, *, with_metadata: bool, asked: str) -> list[Record]:
    if stream.rows.model is Edition:
        return list(
            of_editions(
                editions().filter(contribution__editions=key[2]), with_metadata=with_metadata, asked=asked
            ).values()
        )
    return list(of_documents(documents().filter(document__editions=key[2]), with_metadata=with_metadata).values())
