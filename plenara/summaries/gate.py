"""What only a summary's gate can tell: figures that do not recompute, questions nobody answered, groups left out.

It adds to `documents.gate`, which asks it before approval and publication, and on the review page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.gate import also
from plenara.documents.loading import Fault, LoadedDocument, Statement
from plenara.documents.models import Side
from plenara.documents.support.counted import counts_the_record
from plenara.documents.support.figures import DATE, FRACTION, PERCENT, YEAR, Figure, all_figures, in_ascii
from plenara.documents.support.number_words import table
from plenara.documents.support.pairs import Pair
from plenara.documents.support.reading import Read, read
from plenara.documents.support.references import CONTRIBUTION, QUESTION, STATEMENT, SUMMARY, refers
from plenara.documents.support.symbols import symbols
from plenara.summaries import periods
from plenara.summaries.coverage import Coverage, coverage
from plenara.summaries.figures import Period, Recounted, holds, pair_holds, should_be
from plenara.summaries.holding import held
from plenara.summaries.kind import NAME

#: Figures told of one statement: more would hide the rest.
MOST_TOLD = 5
#: Number words up to this are as often a way of speaking: they must hold where they count what the record counts.
SMALL = 10


@also(NAME)
def faults_of_summary(loaded: LoadedDocument) -> Iterator[Fault]:
    """Yield the figures that do not recompute, and the empty questions that no frame mentions. Six queries."""
    period = _period(loaded)
    for each in loaded.statements:
        yield from list(_figures(each, loaded, period))[:MOST_TOLD]
    yield from _empty_questions(loaded, period)


@also(NAME, warns=True)
def warnings_of_summary(loaded: LoadedDocument) -> Iterator[Fault]:
    """Yield the stakeholder groups of which contributions were published and none is cited. No query more."""
    for share in _coverage(loaded).groups:
        if share.is_left_out and share.key:
            sentence = ngettext(
                "%(group)s: %(count)d contribution was published in the period, and it is not cited. Cite it, or say "
                "in a frame why not.",
                "%(group)s: %(count)d contributions were published in the period, and none is cited. Cite one, or say "
                "in a frame why not.",
                share.all,
            )
            group = StakeholderGroup(str(share.key)).label
            yield Fault(0, "group_left_out", sentence % {"group": group, "count": share.all})


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
    """What the figures of a statement may rest on."""

    words: list[Read]  # cited
    recounted: list[Recounted]  # the nearest first: what a figure should be is told from it
    numbers: frozenset[int]  # of contributions
    is_frame: bool

    @property
    def reads_words(self) -> bool:
        """Whether number words are known in every language cited."""
        return all(table(each.language) or each.language == "zh" for each in self.words)


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
        it = held([each for each in statement.citations if each.side == side], period.coverage)
        if it.inside or it.outside:
            sides.append((it.inside, it.outside))
    words = [read(each.words, each.edition.language or "") for each in statement.citations if each.words]
    return _Rest(words, [period.of_statement(sides, thread)], frozenset(numbers), False)


def _figures(statement: Statement, loaded: LoadedDocument, period: Period) -> Iterator[Fault]:
    if statement.text is None:
        return
    texts = [each for each in (statement.text.heading, statement.text.text, statement.text.against) if each]
    if not any(any(each.isdecimal() for each in text) or read(text, loaded.language).figures for text in texts):
        return
    rest = _rest_of(statement, loaded, period)
    for text in texts:
        told = read(text, loaded.language)
        taken: list[tuple[int, int]] = []
        for pair in told.pairs:
            taken.append((pair.begin, pair.end))
            if not _pair_stands(pair, text, loaded, rest):
                yield Fault(statement.number, "figure", _pair_sentence(pair, text, loaded, rest))
        for figure in told.figures:
            inside = any(begin <= figure.begin and figure.end <= end for begin, end in taken)
            if not inside and not _stands(figure, text, loaded, period, rest):
                yield Fault(statement.number, "figure", _figure_sentence(figure, statement, rest))
        yield from _symbols(statement, text, loaded, period)


def _pair_stands(pair: Pair, text: str, loaded: LoadedDocument, rest: _Rest) -> bool:
    if any(pair_holds(pair, text, loaded.language, each) for each in rest.recounted):
        return True
    if pair.part.value == pair.whole.value:
        return any(sum(figure.value == pair.whole.value for figure in words.figures) > 1 for words in rest.words)
    return any(_says(words, pair.part) and _says(words, pair.whole) for words in rest.words)


def _says(words: Read, figure: Figure) -> bool:
    if any(figure.says_the_same(each) for each in words.figures):
        return True
    return figure.value == 1 and any(each.value == 1 for each in all_figures(words.text, words.language))


def _stands(figure: Figure, text: str, loaded: LoadedDocument, period: Period, rest: _Rest) -> bool:
    kind, value = refers(in_ascii(text), figure.begin, loaded.language), figure.value
    # "15 under Question 1, ten under Question 2": a word that follows a question's number need not be another one.
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
    return any(holds(figure, text, loaded.language, each, period) for each in rest.recounted)


def _pair_sentence(pair: Pair, text: str, loaded: LoadedDocument, rest: _Rest) -> str:
    for recounted in rest.recounted:
        if right := should_be(pair, text, loaded.language, recounted):
            sentence = _("“%(figure)s” does not follow from the record: it is %(part)d of %(all)d.")
            return sentence % {"figure": pair.written, "part": right[0], "all": right[1]}
    return _not_told(pair.written, is_frame=rest.is_frame)


def _figure_sentence(figure: Figure, statement: Statement, rest: _Rest) -> str:
    cited = len({each.edition.contribution_id for each in statement.citations})
    whole = figure.value == figure.value.to_integral_value() and figure.kind not in {PERCENT, FRACTION, DATE, YEAR}
    text = statement.text.text if statement.text else ""
    if whole and cited and statement.text and counts_the_record(text, figure.end, statement.text.language):
        return ngettext(
            "“%(figure)s” does not follow from the record: the statement cites %(count)d contribution.",
            "“%(figure)s” does not follow from the record: the statement cites %(count)d contributions.",
            cited,
        ) % {"figure": figure.written, "count": cited}
    return _not_told(figure.written, is_frame=rest.is_frame)


def _not_told(written: str, *, is_frame: bool) -> str:
    if is_frame:
        return _("“%(figure)s” is no figure of the period. Put it right, or leave it out.") % {"figure": written}
    return _(
        "“%(figure)s” is not in the words it cites, and does not follow from the record. Cite words that say "
        "so, or leave it out."
    ) % {"figure": written}


def _symbols(statement: Statement, text: str, loaded: LoadedDocument, period: Period) -> Iterator[Fault]:
    """A symbol of this consultation names a contribution of the period, or one that the statement cites."""
    ours = f"{loaded.document.consultation.symbol}/Q"
    known = {f"{ours}{each.thread}/{each.number}" for each in period.coverage.contributions} if ours in text else set()
    for symbol in symbols(text):
        cited = any(symbol == each.edition.symbol for each in statement.citations)
        if symbol.startswith(ours) and not cited and symbol.split("/Rev.")[0] not in known:
            sentence = _("“%(symbol)s” is no contribution of the period, and the statement does not cite it.")
            yield Fault(statement.number, "figure", sentence % {"symbol": symbol})


def _questions_in(text: str, language: str) -> set[int]:
    return {
        int(each.value)
        for each in all_figures(text, language)
        if each.value == int(each.value) and refers(text, each.begin, language) == QUESTION
    }


def _empty_questions(loaded: LoadedDocument, period: Period) -> Iterator[Fault]:
    """A question to which nothing was contributed is told: by a frame that stands under it, or one that names it.

    Of a period without any contribution one frame tells it all.
    """
    answered = {each.thread for each in period.coverage.contributions}
    told: set[int] = set()
    frames = [each for each in loaded.statements if each.is_frame and each.text and each.text.text]
    if frames and not answered:
        return
    for each in frames:
        if each.paragraph.thread:
            told.add(each.paragraph.thread.number)
        told |= _questions_in(in_ascii(each.text.text if each.text else ""), loaded.language)
    for question in sorted(period.questions - answered - told):
        sentence = _("Nothing was contributed to question %(number)d in the period. Say so in a frame that names it.")
        yield Fault(0, "empty_question", sentence % {"number": question})
