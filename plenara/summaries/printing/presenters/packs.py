"""The other papers of a conference pack: method, coverage and missing groups, annex of contributions, readme."""

import datetime
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.contributions.queries.record import parts_of
from plenara.core.languages import NAMES, current, django_code, in_language, join_sentences
from plenara.core.templatetags.plenara import (
    country_name,
    date_in_words,
    datetime_utc,
    group_label,
    language_in_sentence,
    language_name,
    number,
)
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.actions import printed_files
from plenara.documents.presenters.editions import licence_passage, names_in_words
from plenara.documents.presenters.paper import (
    Block,
    Heading,
    Paper,
    Passage,
    Point,
    Points,
    Table,
    Words,
    entries,
    isolated,
    passage,
)
from plenara.summaries.kind import SUMMARY
from plenara.summaries.printing.presenters.summaries import (
    consultation_paper,
    coverage_blocks,
    page_passage,
    question_in_words,
)
from plenara.summaries.printing.queries import Scope

#: Characters of contributions in one file, which takes some ten seconds to typeset.
MOST_CHARACTERS = 300_000


def parts(scope: Scope) -> list[tuple[int, int]]:
    """Return the first and last number of each part of the annex. One query."""
    found = parts_of(scope.contributions(), MOST_CHARACTERS)
    return [(numbers[0][0], numbers[-1][0]) for numbers in found]


def annex_paper(scope: Scope, language: str, first: int, last: int) -> Paper:
    """Return the contributions from one number to another as a paper. Four queries."""
    with translation.override(django_code(language)):
        return consultation_paper(
            scope.consultation,
            language,
            _("Annex: contributions %(first)d to %(last)d") % {"first": first, "last": last},
            scope.asked_at,
            head=iter(
                [passage(_("Contributions are listed by number, each in the language in which it was written."))]
            ),
            blocks=entries(scope.contributions().filter(number__range=(first, last))),
        )


def method_paper(scope: Scope, language: str) -> Paper:
    """Return the note on how the other papers of a pack were made."""
    with translation.override(django_code(language)):
        moment = isolated(datetime_utc(scope.asked_at))
        sentence = _("This file describes, as of %(moment)s, how this pack was made and how to read it.")
        head = passage(sentence % {"moment": moment})
        return consultation_paper(
            scope.consultation,
            language,
            _("Method"),
            scope.asked_at,
            head=iter([head]),
            blocks=_method_blocks(scope.consultation),
        )


def _method_blocks(consultation: Consultation) -> Iterator[Block]:
    yield from _part(
        _("What contributions are, and what they are not"),
        _(
            "Anyone could take part. People chose to contribute, so contributions are not a representative sample of "
            "any group."
        ),
        _(
            "Contributions do not measure public opinion. The numbers in this pack count "
            "contributions, not people, and do not show how many people share a view."
        ),
    )
    yield from _part(_("Who could take part, and when"))
    yield from _who(consultation)
    yield from _part(
        _("How statements are written"),
        _("A rapporteur reads the contributions of a period and writes numbered statements."),
        _("Each statement about what was said quotes the exact words of the contributions on which it is based."),
        _(
            "An organizer approves the whole summary. That person did not help to write the summary, unless the "
            "summary says otherwise."
        ),
        _("Where contributions disagree, one statement gives both sides, each with its citations."),
        _("Contributions that no statement cites are listed, with the reason if they were set aside."),
        _(
            "A machine may have sorted contributions or proposed statements. A person must accept each of these "
            "statements before it is published."
        ),
        _(
            "Statements are translated into the other languages and reviewed. Where a statement is not translated yet, "
            "the original is shown, with a note."
        ),
        _("Contributions appear in the language in which they were written."),
    )
    yield from _part(
        _("Where figures come from"),
        _("Every figure is calculated from the public record."),
        _(
            "The figures count contributions by stakeholder group, language, country and question, and show how many "
            "of them a statement cites."
        ),
        _("Contributors declared their own stakeholder group, organization and country."),
    )
    yield from _part(
        _("How to check the sources"),
        _(
            "Each contribution and each summary has a symbol. To find one, add /s/ and its symbol "
            "to the web address of this site."
        ),
        _(
            "This web address is permanent and opens in the reader’s language. The whole record can"
            " be downloaded from this site."
        ),
    )
    yield page_passage(consultation)
    yield licence_passage(consultation)


def _part(heading: str, *texts: str) -> Iterator[Block]:
    yield Heading(Words(heading))
    yield from map(passage, texts)


def _who(consultation: Consultation) -> Iterator[Block]:
    if consultation.imported_at:
        yield passage(
            _(
                "This consultation took place elsewhere, and its record was imported to this site. To learn how the "
                "consultation was run, see the original site."
            )
        )
        if consultation.source:
            yield Passage(Words(consultation.source, "und"), "soft")
    else:
        yield passage(_("Anyone could take part, from any country, as an individual or for an organization."))
        yield passage(
            _("Contributors stated their stakeholder group and their capacity. Both are shown with every contribution.")
        )
        if consultation.is_premoderated:
            yield passage(_("A moderator reads each contribution before it is published."))
        else:
            yield passage(_("Contributions are published immediately. A moderator reads each one afterwards."))
    if consultation.opens_at and consultation.closes_at:
        days = [_day(each, consultation) for each in (consultation.opens_at, consultation.closes_at)]
        yield passage(_("Open from %(opening)s to %(closing)s.") % {"opening": days[0], "closing": days[1]})
    for each in consultation.extensions.all():
        sentence = (
            _("No closing date had been announced. The consultation closed on %(new)s.")
            if not each.had_closing
            else _("Closed early, on %(new)s instead of %(old)s.")
            if each.is_early_closing
            else _("Extended: the closing date is %(new)s instead of %(old)s.")
        )
        yield passage(sentence % {"new": _day(each.closes_at, consultation), "old": _day(each.closed_at, consultation)})
    accepted = names_in_words([language_in_sentence(code) for code in consultation.languages])
    if accepted:
        yield passage(_("Contributions were accepted in: %(languages)s.") % {"languages": accepted})
    if consultation.word_limit:
        limit = consultation.word_limit
        sentence = ngettext(
            "The limit was %(limit)d word per contribution.", "The limit was %(limit)d words per contribution.", limit
        )
        yield passage(sentence % {"limit": limit})
    yield Heading(Words(_("What was asked")), 3)
    yield Points(tuple(Point(question_in_words(each)) for each in consultation.threads.all()))


def _day(moment: datetime.datetime, consultation: Consultation) -> str:
    return date_in_words(moment.astimezone(consultation.zone).date())


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
    """The number of contributions with a property, and how many of them a statement cites."""

    name: str
    all: int
    cited: int


def coverage_paper(scope: Scope, language: str) -> Paper:
    """Return the paper on a pack's contributions by group, language, country and question, and on missing ones."""
    with translation.override(django_code(language)):
        return consultation_paper(
            scope.consultation,
            language,
            _("Coverage, and who is missing"),
            scope.asked_at,
            head=_coverage_head(scope),
            blocks=_coverage_blocks(scope),
            symbol=scope.edition.symbol if scope.edition else "",
        )


def _coverage_head(scope: Scope) -> Iterator[Passage]:
    moment = isolated(datetime_utc(scope.asked_at))
    sentence = _("This file shows, as of %(moment)s, which contributions were made and which of them are cited.")
    yield passage(sentence % {"moment": moment})
    if period := scope.period():
        yield passage(_("Period: %(period)s") % {"period": period}, "soft")


def _coverage_blocks(scope: Scope) -> Iterator[Block]:
    rows, cited = _rows(scope), scope.cited()
    yield Heading(Words(_("Overall coverage")))
    sentence = ngettext(
        "%(cited)s of %(all)s contribution is cited.", "%(cited)s of %(all)s contributions are cited.", len(rows)
    )
    yield passage(
        sentence % {"cited": number(sum(row.contribution in cited for row in rows)), "all": number(len(rows))}
    )
    groups = _shares(rows, cited, lambda row: row.group, {each: group_label(each) for each in StakeholderGroup.values})
    accepted = [code for code in NAMES if code in scope.consultation.languages]
    spoken = {row.language for row in rows} - set(accepted) - {""}
    languages = _shares(
        rows, cited, lambda row: row.language, {each: language_name(each) for each in [*accepted, *sorted(spoken)]}
    )
    threads = {str(each.number): each for each in scope.consultation.threads.all()}
    questions = _shares(
        rows,
        cited,
        lambda row: str(row.thread),
        {key: pgettext("label", "Question %(number)s") % {"number": key} for key in threads},
    )
    seen = sorted({row.country for row in rows} - {""}, key=country_name)
    countries = _shares(rows, cited, lambda row: row.country, {each: country_name(each) for each in seen})
    yield Heading(Words(_("Who is missing")))
    yield from _missing(groups, languages, questions, rows)
    for heading, name, shares in (
        (pgettext("label", "By stakeholder group"), pgettext("label", "Stakeholder group"), groups),
        (pgettext("label", "By language"), pgettext("label", "Language"), languages),
        (pgettext("label", "By question"), pgettext("label", "Question"), questions),
        (
            pgettext("label", "By country"),
            pgettext("label", "Country"),
            sorted(countries, key=lambda share: -share.all),
        ),
    ):
        if shares:
            yield Heading(Words(heading))
            yield Table(
                "",
                (name, pgettext("label", "All"), pgettext("label", "Cited")),
                tuple((share.name, number(share.all), number(share.cited)) for share in shares),
            )
    if scope.edition:
        yield Heading(Words(_("Coverage when the summary was published")))
        for block in coverage_blocks(scope.edition):
            if not (isinstance(block, Heading) and block.anchor == "coverage"):
                yield block


def _rows(scope: Scope) -> list[Row]:
    """Return the published contributions to count. One query."""
    found = scope.contributions().filter(status=Edition.Status.PUBLISHED)
    # They are sorted by number, so it is read with them.
    rows = found.values_list(
        "contribution_id", "stakeholder_group", "language", "thread__number", "byline__country", "number"
    )
    return [Row(key, group, tongue, thread, country or "") for key, group, tongue, thread, country, _number in rows]


def _shares(rows: list[Row], cited: set[int], of: Callable[[Row], str], names: dict[str, str]) -> list[Share]:
    """Return the share of each named value, also of those with none."""
    all_of = Counter(of(row) for row in rows)
    cited_of = Counter(of(row) for row in rows if row.contribution in cited)
    return [Share(name, all_of[key], cited_of[key]) for key, name in names.items()]


def _missing(groups: list[Share], languages: list[Share], questions: list[Share], rows: list[Row]) -> Iterator[Block]:
    """Yield a sentence for each kind of absence, or one that nothing is missing."""
    found = [
        (_("No contribution came from: %(names)s."), _none(groups)),
        (_("Few contributions (%(count)d or fewer each) came from: %(names)s."), _few(groups)),
        (_("No contribution is written in: %(names)s."), _none(languages)),
        (_("Few contributions (%(count)d or fewer each) are written in: %(names)s."), _few(languages)),
        (_("No contribution answers: %(names)s."), _none(questions)),
        (_("Few contributions (%(count)d or fewer each) answer: %(names)s."), _few(questions)),
        (
            _("No statement cites the contributions of these groups or in these languages: %(names)s."),
            _unheard([*groups, *languages]),
        ),
    ]
    sentences = [sentence % {"names": names_in_words(names), "count": FEW} for sentence, names in found if names]
    yield from map(
        passage,
        sentences
        or [
            _("There are contributions from every stakeholder group, in every accepted language and on every question.")
        ],
    )
    countries = {row.country for row in rows} - {""}
    unknown = sum(not row.country for row in rows)
    known = ngettext(
        "Where the country is known, contributions came from %(count)s country.",
        "Where the country is known, contributions came from %(count)s countries.",
        len(countries),
    )
    rest = ngettext(
        "The country of %(unknown)s contribution is not known.",
        "The country of %(unknown)s contributions is not known.",
        unknown,
    )
    yield passage(join_sentences(known, rest) % {"count": number(len(countries)), "unknown": number(unknown)})


def _none(shares: list[Share]) -> list[str]:
    return [share.name for share in shares if not share.all]


def _few(shares: list[Share]) -> list[str]:
    return [share.name for share in shares if 0 < share.all <= FEW]


def _unheard(shares: list[Share]) -> list[str]:
    return [share.name for share in shares if share.all and not share.cited]


def readme(scope: Scope) -> str:
    """Return the text, language after language in the order of the language bar."""
    texts = []
    for code, name in NAMES.items():
        with translation.override(django_code(code)):
            texts.append("\n".join([name, "=" * max(len(name), 3), "", *_readme_lines(scope), ""]))
    return "\n\n".join(texts)


def _readme_lines(scope: Scope) -> Iterator[str]:
    title = in_language(scope.consultation.title).text
    yield _("Conference pack of the consultation “%(title)s” (%(symbol)s).") % {
        "title": title,
        "symbol": scope.consultation.symbol,
    }
    yield _("From the public record, as of %(moment)s.") % {"moment": datetime_utc(scope.asked_at)}
    yield f"{settings.SITE_URL}/{current()}/consultations/{scope.consultation.slug}/"
    yield ""
    yield _("The folder for this language is %(folder)s. It contains:") % {"folder": f"{current()}/"}
    if scope.edition:
        yield f"  1-summary   {SUMMARY.label(scope.edition.number)} ({scope.edition.symbol})"
    else:
        yield "  1-compilation   " + _("Every statement of every summary published so far, by question")
    yield "  2-method   " + _("How this pack was made and how to read it")
    yield "  3-coverage   " + _("Which contributions were made, which are cited, and who is missing")
    yield "  4-annex   " + _("All contributions in full, in the order of their numbers, each in its original language")
    yield ""
    yield _(
        "Contributors choose to take part. The contributions and the numbers in this document "
        "do not measure public opinion."
    )
    if "pdf" not in printed_files.endings():
        yield _("The pack contains only Word documents: the server that created this pack cannot create PDF files.")
