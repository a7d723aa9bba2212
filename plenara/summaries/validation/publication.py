"""Publication checks for summaries: figures that do not follow from the record, empty questions, groups left out."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.models import Side
from plenara.documents.queries.drafts import Finding, LoadedDocument, Statement
from plenara.documents.validation.counts import (
    CONTRIBUTION,
    QUESTION,
    STATEMENT,
    SUMMARY,
    counts_the_record,
    group_named,
    refers,
)
from plenara.documents.validation.figures import DATE, FRACTION, PERCENT, YEAR, Figure, Pair, all_figures, in_ascii
from plenara.documents.validation.numerals import Day, number_words
from plenara.documents.validation.publication import publication_check
from plenara.documents.validation.support import Analysis, analyse
from plenara.documents.validation.words import symbols
from plenara.summaries import periods
from plenara.summaries.kind import NAME
from plenara.summaries.queries.coverage import CITED, LEFT, SET_ASIDE, Coverage, Covered, coverage
from plenara.summaries.queries.statement_holders import holders_of

_BY: tuple[Callable[[Covered], str | int], ...] = (
    lambda each: each.group,
    lambda each: each.language,
    lambda each: each.thread,
    lambda each: each.country,
    lambda each: each.channel,
)


class Whole:
    """Contributions, counted once by each property, to be compared with thousands of statements."""

    def __init__(self, contributions: list[Covered]):
        self.contributions = contributions
        self.counts = [Counter(map(of, contributions)) for of in _BY]
        self.groups = Counter(each.group for each in contributions)

    def __len__(self) -> int:
        return len(self.contributions)


@dataclass
class Recounted:
    """The numbers and pairs that are correct for a statement or a frame."""

    numbers: set[int] = field(default_factory=set)
    pairs: set[tuple[int, int]] = field(default_factory=set)
    of_group: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    numbers_of_group: dict[str, set[int]] = field(default_factory=dict)

    def add(self, part: list[Covered], whole: Whole) -> None:
        """Count a part and its whole, in total and by each property."""
        self.numbers |= {len(part), len(whole)}
        self._pair(len(part), len(whole))
        for of, theirs in zip(_BY, whole.counts, strict=True):
            own_counts = Counter(map(of, part))
            self.numbers |= set(own_counts.values()) | {len([key for key in own_counts if key])}
            for key, count in theirs.items():
                self._pair(own_counts[key], count)
            for count in own_counts.values():
                self._pair(count, len(part))
        for group, count in whole.groups.items():
            count_of_group = sum(each.group == group for each in part)
            self.of_group.setdefault(group, set()).update({(count_of_group, count), (count_of_group, len(part))})
            self.numbers_of_group.setdefault(group, set()).update({count_of_group, count})

    def _pair(self, part: int, whole: int) -> None:
        if whole:
            self.pairs.add((part, whole))


@dataclass(frozen=True)
class Period:
    """A period's contributions and days, in the consultation's zone; the days in the record."""

    coverage: Coverage
    first: datetime.date
    last: datetime.date
    days: tuple[datetime.date, ...]  # including the opening and the close of the consultation
    questions: frozenset[int]
    statements: int

    @cached_property
    def of_frame(self) -> Recounted:
        """The correct figures for the period as a whole."""
        return self._of(self.whole)

    @cached_property
    def whole(self) -> Whole:
        return Whole(self.coverage.contributions)

    @cached_property
    def by_question(self) -> dict[int, Whole]:
        """The contributions of each question."""
        found: dict[int, list[Covered]] = {each: [] for each in self.questions}
        for each in self.coverage.contributions:
            found.setdefault(each.thread, []).append(each)
        return {thread: Whole(some) for thread, some in found.items()}

    def of_question(self, thread: int) -> Recounted:
        """The correct figures for one question."""
        return self._of(self.by_question[thread])

    def _of(self, whole: Whole) -> Recounted:
        found = Recounted()
        for status in (CITED, SET_ASIDE, LEFT):
            found.add([each for each in whole.contributions if each.status == status], whole)
        found.add(whole.contributions, whole)
        for counts in whole.counts:
            found.numbers |= set(counts.values())
            found.pairs |= {(count, len(whole)) for count in counts.values()}
        for group, count in whole.groups.items():
            found.of_group[group].add((count, len(whole)))
        length = (self.last - self.first).days + 1
        found.numbers |= {length, len(self.questions), self.statements}
        if length % 7 == 0 or length > 20:
            found.numbers.add(round(length / 7))
        if length > 27:
            found.numbers.add(round(length / 30.4))
        return found

    def of_statement(self, sides: Iterable[tuple[list[Covered], int]], thread: int | None) -> Recounted:
        """The correct figures for a statement with these citations on its sides, and so many from other periods."""
        found, both, outside = Recounted(), [], 0
        here = self.by_question.get(thread) if thread else None
        sides = list(sides)
        for inside, elsewhere in sides:
            both += inside
            outside += elsewhere
        for part, elsewhere in [*sides, (list(dict.fromkeys(both)), outside)]:
            found.add(part, self.whole)
            if here is not None:
                found.add([each for each in part if each.thread == thread], here)
            found.numbers |= {elsewhere, len(part) + elsewhere}
        # Many statements give the total of the period besides the part that cites.
        found.numbers |= set(self.whole.groups.values())
        return found

    def has_date(self, day: Day) -> bool:
        """Return whether a date is in the record, or a month or a year of the period."""
        if day.day:
            return any(day.may_be(Day(each.year, each.month, each.day)) for each in self.days)
        if day.month:
            months = {(each.year, each.month) for each in self._every_day()}
            return any(day.may_be(Day(year, month, 0)) for year, month in months)
        return day.year in {each.year for each in (*self.days, self.first, self.last)}

    def _every_day(self) -> Iterator[datetime.date]:
        day = self.first
        while day <= self.last:
            yield day
            day += datetime.timedelta(days=1 if (self.last - self.first).days < 62 else 15)
        yield self.last


def figure_is_correct(figure: Figure, text: str, language: str, recounted: Recounted, period: Period) -> bool:
    """Return whether a single figure follows from the record, for the stakeholder group that it counts, if any."""
    if figure.kind == DATE and figure.day:
        return period.has_date(figure.day)
    if figure.kind == YEAR:
        day = Day(int(figure.value), 0, 0)
        return period.has_date(day) or figure.value in recounted.numbers
    if figure.kind == PERCENT:
        return any(_per_cent(figure.value, part, whole) for part, whole in recounted.pairs)
    if figure.kind == FRACTION:
        return any(abs(Decimal(part) / whole - figure.value) < Decimal("0.005") for part, whole in recounted.pairs)
    group = group_named(text, figure.begin, figure.end, language)
    known = recounted.numbers_of_group.get(group, {0}) if group else recounted.numbers
    return any(each in known for each in figure.values)


def _per_cent(value: Decimal, part: int, whole: int) -> bool:
    places = max(0, -int(value.as_tuple().exponent)) if isinstance(value.as_tuple().exponent, int) else 0
    return round(Decimal(100 * part) / whole, places) == round(value, places)


def pair_is_correct(pair: Pair, text: str, language: str, recounted: Recounted) -> bool:
    """Return whether a pair follows from the record, for the stakeholder group that its clause names, if any."""
    numbers = (int(pair.part.value), int(pair.whole.value))
    group = group_named(text, pair.begin, pair.end, language)
    return numbers in (recounted.of_group.get(group, set()) if group else recounted.pairs)


def should_be(pair: Pair, text: str, language: str, recounted: Recounted) -> tuple[int, int] | None:
    """Return the pair that the record has instead, if only one can be meant; else None."""
    group = group_named(text, pair.begin, pair.end, language)
    known = recounted.of_group.get(group, set()) if group else recounted.pairs
    parts = {part for part, whole in known if whole == pair.whole.value}
    if len(parts) == 1:
        return parts.pop(), int(pair.whole.value)
    whole_of_group = [each for each in known if each[0] == pair.part.value] if group else []
    return whole_of_group[0] if len(whole_of_group) == 1 else None


#: The most figures reported for one statement: more would hide the rest.
MOST_LISTED = 5
#: Number words up to this are often a way of speaking: only those that count data of the record are checked.
SMALL = 10


@publication_check(NAME)
def errors_of_summary(loaded: LoadedDocument) -> Iterator[Finding]:
    """Yield the figures that do not follow from the record, and empty questions without a frame. Six queries."""
    period = _period(loaded)
    for each in loaded.statements:
        yield from list(_figures(each, loaded, period))[:MOST_LISTED]
    yield from _empty_questions(loaded, period)


@publication_check(NAME, warns=True)
def warnings_of_summary(loaded: LoadedDocument) -> Iterator[Finding]:
    """Yield the stakeholder groups with published contributions and no citation. No further query."""
    for share in _coverage(loaded).groups:
        if share.is_left_out and share.key:
            sentence = ngettext(
                "%(group)s: %(count)d contribution was published in the period, and it is not cited. Cite it, or say "
                "in a note why it is not cited.",
                "%(group)s: %(count)d contributions were published in the period, and none is cited. Cite one, or "
                "say in a note why none is cited.",
                share.all,
            )
            group = StakeholderGroup(str(share.key)).label
            yield Finding(0, "group_left_out", sentence % {"group": group, "count": share.all})


def _coverage(loaded: LoadedDocument) -> Coverage:
    if "coverage" not in loaded.memo:
        loaded.memo["coverage"] = coverage(loaded.document.summary)
    return loaded.memo["coverage"]


def _period(loaded: LoadedDocument) -> Period:
    summary, where = loaded.document.summary, loaded.document.consultation
    first, last = periods.days(summary.period_from, summary.period_to, where)
    moments = [each.astimezone(where.zone).date() for each in (where.opens_at, where.closes_at) if each]
    return Period(
        coverage=_coverage(loaded),
        first=first,
        last=last,
        days=(first, last, *moments),
        questions=frozenset(where.threads.values_list("number", flat=True)),
        statements=len(loaded.statements),
    )


@dataclass(frozen=True)
class _Rest:
    """The sources of a statement's figures."""

    words: list[Analysis]  # cited
    recounted: list[Recounted]  # the nearest first: the correct figure is taken from it
    numbers: frozenset[int]  # of contributions
    is_frame: bool

    @property
    def reads_words(self) -> bool:
        """Whether number words are known in every language cited."""
        return all(number_words(each.language) or each.language == "zh" for each in self.words)


def _rest_of(statement: Statement, loaded: LoadedDocument, period: Period) -> _Rest:
    thread = statement.paragraph.thread.number if statement.paragraph.thread else None
    numbers = {each.number for each in period.coverage.contributions}
    numbers |= {each.edition.number for each in statement.citations}
    if statement.is_frame:
        text = in_ascii(statement.text.text) if statement.text else ""
        questions = {thread} if thread else _questions_in(text, loaded.language)
        recounted = [*(period.of_question(each) for each in sorted(questions) if each in period.questions)]
        return _Rest([], [*recounted, period.of_frame], frozenset(numbers), True)
    sides = []
    for side in (Side.HELD, Side.AGAINST):
        it = holders_of([each for each in statement.citations if each.side == side], period.coverage)
        if it.inside or it.outside:
            sides.append((it.inside, it.outside))
    words = [analyse(each.words, each.edition.language or "") for each in statement.citations if each.words]
    return _Rest(words, [period.of_statement(sides, thread)], frozenset(numbers), False)


def _figures(statement: Statement, loaded: LoadedDocument, period: Period) -> Iterator[Finding]:
    if statement.text is None:
        return
    texts = [each for each in (statement.text.heading, statement.text.text, statement.text.against) if each]
    if not any(any(each.isdecimal() for each in text) or analyse(text, loaded.language).figures for text in texts):
        return
    rest = _rest_of(statement, loaded, period)
    for text in texts:
        analysis = analyse(text, loaded.language)
        taken: list[tuple[int, int]] = []
        for pair in analysis.pairs:
            taken.append((pair.begin, pair.end))
            if not _pair_recomputes(pair, text, loaded, rest):
                yield Finding(statement.number, "figure", _pair_sentence(pair, text, loaded, rest))
        for figure in analysis.figures:
            inside = any(begin <= figure.begin and figure.end <= end for begin, end in taken)
            if not inside and not _figure_recomputes(figure, text, loaded, period, rest):
                yield Finding(statement.number, "figure", _figure_sentence(figure, statement, rest))
        yield from _symbols(statement, text, loaded, period)


def _pair_recomputes(pair: Pair, text: str, loaded: LoadedDocument, rest: _Rest) -> bool:
    if any(pair_is_correct(pair, text, loaded.language, each) for each in rest.recounted):
        return True
    if pair.part.value == pair.whole.value:
        return any(sum(figure.value == pair.whole.value for figure in words.figures) > 1 for words in rest.words)
    return any(_says(words, pair.part) and _says(words, pair.whole) for words in rest.words)


def _says(words: Analysis, figure: Figure) -> bool:
    if any(figure.says_the_same(each) for each in words.figures):
        return True
    return figure.value == 1 and any(each.value == 1 for each in all_figures(words.text, words.language))


def _figure_recomputes(figure: Figure, text: str, loaded: LoadedDocument, period: Period, rest: _Rest) -> bool:
    kind, value = refers(in_ascii(text), figure.begin, loaded.language), figure.value
    # "15 under Question 1, ten under Question 2": a word after a question's number need not be another one.
    if kind == QUESTION and (value in period.questions or not figure.is_word):
        return value in period.questions
    if kind == CONTRIBUTION and value in rest.numbers:
        return True
    if kind == STATEMENT and 1 <= value <= period.statements:
        return True
    if kind == SUMMARY and 1 <= value <= max(loaded.document.consultation.last_summary, loaded.document.number or 1):
        return True
    if any(_says(words, figure) for words in rest.words):
        return True
    counts = counts_the_record(text, figure.end, loaded.language)
    if figure.is_word and not counts and (value <= SMALL or not rest.reads_words):
        return True
    if not rest.is_frame and not counts and figure.kind not in {DATE, YEAR}:
        return False
    return any(figure_is_correct(figure, text, loaded.language, each, period) for each in rest.recounted)


def _pair_sentence(pair: Pair, text: str, loaded: LoadedDocument, rest: _Rest) -> str:
    for recounted in rest.recounted:
        if right := should_be(pair, text, loaded.language, recounted):
            sentence = _(
                "“%(figure)s” does not match the record, which gives %(part)d of %(all)d. Correct the figures."
            )
            return sentence % {"figure": pair.written, "part": right[0], "all": right[1]}
    return _not_in_record(pair.written, is_frame=rest.is_frame)


def _figure_sentence(figure: Figure, statement: Statement, rest: _Rest) -> str:
    cited = len({each.edition.contribution_id for each in statement.citations})
    whole = figure.value == figure.value.to_integral_value() and figure.kind not in {PERCENT, FRACTION, DATE, YEAR}
    text = statement.text.text if statement.text else ""
    if whole and cited and statement.text and counts_the_record(text, figure.end, statement.text.language):
        return ngettext(
            "“%(figure)s” does not match the record: the statement cites %(count)d contribution. Correct the figure.",
            "“%(figure)s” does not match the record: the statement cites %(count)d contributions. Correct the figure.",
            cited,
        ) % {"figure": figure.written, "count": cited}
    return _not_in_record(figure.written, is_frame=rest.is_frame)


def _not_in_record(written: str, *, is_frame: bool) -> str:
    if is_frame:
        return _("“%(figure)s” is not a number or date of this period. Correct it or delete it.") % {"figure": written}
    return _(
        "“%(figure)s” is not in the cited words, and is not a number or date of this period. Cite words that "
        "contain it, or delete it."
    ) % {"figure": written}


def _symbols(statement: Statement, text: str, loaded: LoadedDocument, period: Period) -> Iterator[Finding]:
    """A symbol of this consultation names a contribution of the period, or one that the statement cites."""
    ours = f"{loaded.document.consultation.symbol}/Q"
    known = {f"{ours}{each.thread}/{each.number}" for each in period.coverage.contributions} if ours in text else set()
    for symbol in symbols(text):
        cited = any(symbol == each.edition.symbol for each in statement.citations)
        if symbol.startswith(ours) and not cited and symbol.split("/Rev.")[0] not in known:
            sentence = _(
                "“%(symbol)s” is not a contribution from the period, and the statement does not cite it. "
                "Cite the contribution or delete the symbol."
            )
            yield Finding(statement.number, "figure", sentence % {"symbol": symbol})


def _questions_in(text: str, language: str) -> set[int]:
    return {
        int(each.value)
        for each in all_figures(text, language)
        if each.value == int(each.value) and refers(text, each.begin, language) == QUESTION
    }


def _empty_questions(loaded: LoadedDocument, period: Period) -> Iterator[Finding]:
    """A question without contributions has a frame, or a frame names it.

    For a period without any contribution, one frame is enough.
    """
    answered = {each.thread for each in period.coverage.contributions}
    named: set[int] = set()
    frames = [each for each in loaded.statements if each.is_frame and each.text and each.text.text]
    if frames and not answered:
        return
    for each in frames:
        if each.paragraph.thread:
            named.add(each.paragraph.thread.number)
        named |= _questions_in(in_ascii(each.text.text if each.text else ""), loaded.language)
    for question in sorted(period.questions - answered - named):
        sentence = _(
            "No contributions were made on question %(number)d in the period. Say so in a note that names the question."
        )
        yield Finding(0, "empty_question", sentence % {"number": question})
