"""Coverage, and who is missing: what a conference must know of whom it does not hear."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.installation import installation
from plenara.contributions.models import Edition
from plenara.core.languages import NAMES, django_code, in_language
from plenara.core.templatetags.plenara import country_name, datetime_utc, group_label, language_name, number
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.printing.bylines import isolated
from plenara.documents.printing.paper import Block, Heading, Paper, Passage, Table, Words, words
from plenara.summaries import shown
from plenara.summaries.printing.scope import Scope
from plenara.summaries.printing.showing import coverage_blocks

#: A group, a language or a question with this many contributions or fewer has few.
FEW = 2


@dataclass(frozen=True)
class Row:
    """A contribution as it is counted."""

    contribution: int
    group: str
    language: str
    thread: int
    country: str


@dataclass(frozen=True)
class Share:
    """How many contributions have something, and how many of those a statement cites."""

    key: str
    name: str
    all: int
    cited: int


def coverage_paper(scope: Scope, language: str) -> Paper:
    """Return what a pack rests on, by group, language, country and question; and what is missing of each."""
    with translation.override(django_code(language)):
        title = in_language(scope.consultation.title)
        return Paper(
            language=language,
            symbol=scope.edition.symbol if scope.edition else scope.consultation.symbol,
            eyebrow=_("Coverage, and who is missing"),
            title=words(title.text, title.language),
            author=installation().name,
            about=title.text,
            dated_at=scope.asked_at,
            head=tuple(_head(scope)),
            blocks=tuple(_blocks(scope)),
        )


def _head(scope: Scope) -> Iterator[Passage]:
    yield Passage(
        Words(
            _("What was contributed, and what of it is cited. As of %(moment)s.")
            % {"moment": isolated(datetime_utc(scope.asked_at))}
        )
    )
    if period := scope.period():
        yield Passage(Words(_("Period: %(period)s") % {"period": period}), "soft")


def _blocks(scope: Scope) -> Iterator[Block]:
    rows, cited = _rows(scope), scope.cited()
    yield Heading(Words(_("On the whole")))
    yield Passage(
        Words(
            ngettext(
                "%(cited)s of %(all)s contribution is cited.",
                "%(cited)s of %(all)s contributions are cited.",
                len(rows),
            )
            % {"cited": number(sum(row.contribution in cited for row in rows)), "all": number(len(rows))}
        )
    )
    groups = _shares(rows, cited, lambda row: row.group, {each: group_label(each) for each in StakeholderGroup.values})
    accepted = [code for code in NAMES if code in scope.consultation.languages]
    spoken = {row.language for row in rows} - set(accepted) - {""}
    languages = _shares(
        rows, cited, lambda row: row.language, {each: language_name(each) for each in [*accepted, *sorted(spoken)]}
    )
    threads = {str(each.number): each for each in scope.consultation.threads.all()}
    questions = _shares(
        rows, cited, lambda row: str(row.thread), {key: _("Question %(number)s") % {"number": key} for key in threads}
    )
    seen = sorted({row.country for row in rows} - {""}, key=country_name)
    countries = _shares(rows, cited, lambda row: row.country, {each: country_name(each) for each in seen})
    yield Heading(Words(_("Who is missing")))
    yield from _missing(groups, languages, questions, rows)
    for heading, name, shares in (
        (_("By stakeholder group"), _("Stakeholder group"), groups),
        (_("By language"), _("Language"), languages),
        (_("By question"), _("Question"), questions),
        (_("By country"), _("Country"), sorted(countries, key=lambda share: -share.all)),
    ):
        if shares:
            yield Heading(Words(heading))
            yield Table(
                "",
                (name, _("All"), _("Cited")),
                tuple((share.name, number(share.all), number(share.cited)) for share in shares),
            )
    if scope.edition:
        yield Heading(Words(_("As the summary told it when it was published")))
        yield from (block for block in coverage_blocks(scope.edition) if not _repeats(block))


def _repeats(block: Block) -> bool:
    return isinstance(block, Heading) and block.anchor == "coverage"


def _rows(scope: Scope) -> list[Row]:
    """Return what is counted: contributions that are published. One query."""
    found = scope.contributions().filter(status=Edition.Status.PUBLISHED)
    told = found.values_list(
        "contribution_id", "stakeholder_group", "language", "thread__number", "byline__country", "number"
    )
    return [Row(key, group, tongue, thread, country or "") for key, group, tongue, thread, country, _number in told]


def _shares(rows: list[Row], cited: set[int], of: Callable[[Row], str], names: dict[str, str]) -> list[Share]:
    """Return the share of each thing that has a name, those with nothing too."""
    all_of = Counter(of(row) for row in rows)
    cited_of = Counter(of(row) for row in rows if row.contribution in cited)
    return [Share(key, name, all_of[key], cited_of[key]) for key, name in names.items()]


def _missing(groups: list[Share], languages: list[Share], questions: list[Share], rows: list[Row]) -> Iterator[Block]:
    """Yield a sentence for each kind of absence; one that says so where there is none."""
    found = [
        (_("No contribution came from: %(names)s."), _none(groups)),
        (_("Few contributions (%(count)d or fewer) came from: %(names)s."), _few(groups)),
        (_("No contribution is written in: %(names)s."), _none(languages)),
        (_("Few contributions (%(count)d or fewer) are written in: %(names)s."), _few(languages)),
        (_("No contribution answers: %(names)s."), _none(questions)),
        (_("Few contributions (%(count)d or fewer) answer: %(names)s."), _few(questions)),
        (_("Heard, but cited by no statement: %(names)s."), _unheard([*groups, *languages])),
    ]
    said = [sentence % {"names": shown.names(names), "count": FEW} for sentence, names in found if names]
    for sentence in said or [
        _("Every stakeholder group, every language accepted and every question has contributions.")
    ]:
        yield Passage(Words(sentence))
    countries = {row.country for row in rows} - {""}
    unknown = sum(not row.country for row in rows)
    yield Passage(
        Words(
            ngettext(
                "Contributions came from %(count)s country that is known.",
                "Contributions came from %(count)s countries that are known.",
                len(countries),
            )
            % {"count": number(len(countries))}
            + " "
            + ngettext(
                "Of %(unknown)s contribution the country is not known.",
                "Of %(unknown)s contributions the country is not known.",
                unknown,
            )
            % {"unknown": number(unknown)}
        )
    )


def _none(shares: list[Share]) -> list[str]:
    return [share.name for share in shares if not share.all]


def _few(shares: list[Share]) -> list[str]:
    return [share.name for share in shares if 0 < share.all <= FEW]


def _unheard(shares: list[Share]) -> list[str]:
    return [share.name for share in shares if share.all and not share.cited]
