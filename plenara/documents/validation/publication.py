"""Publication checks: errors that prevent approval and publication, and warnings."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.core.languages import in_language
from plenara.core.refusals import Answer, Denied, Sentence
from plenara.core.text import contains_words, digest
from plenara.documents.kinds import kind_of
from plenara.documents.models import Citation, Document, Kind, Side
from plenara.documents.queries import nearness
from plenara.documents.queries.drafts import Finding, LoadedDocument, Statement, load_document
from plenara.documents.validation import support
from plenara.documents.validation.support import analyse
from plenara.documents.validation.words import nearly_identical

#: The most numbers or names in one sentence.
MOST_LISTED = 5


def warnings_of(
    loaded: LoadedDocument, names: Collection[str], known: Mapping[tuple[str, str], float]
) -> Iterator[Finding]:
    """Yield warnings. `names` are texts whose names any statement may use, `known` the nearness of texts."""
    for each in loaded.statements:
        for _side, text, citations in each.sides:
            if each.is_frame or not citations:
                continue
            for code, sentence in _weak(text, loaded.language, citations, names, known):
                yield Finding(each.number, code, sentence)
    yield from _alike(loaded)


def _weak(
    text: str,
    language: str,
    citations: list[Citation],
    names: Collection[str],
    known: Mapping[tuple[str, str], float],
) -> Iterator[tuple[str, str]]:
    statement = analyse(text, language)
    cited = [_cited(each) for each in citations if each.words]
    cosines = [known.get((digest(text), digest(each.words))) for each in citations if each.words]
    both = list(zip(cited, cosines, strict=True))
    if support.denies_otherwise(statement, both):
        yield (
            "polarity",
            _(
                "This text denies something that the cited words do not deny, or the reverse. "
                "Compare the text with the cited words."
            ),
        )
    if swapped := support.numbers_swapped(statement, cited):
        sentence = _("The cited words have a different number from “%(number)s”. Check the number.")
        yield "number", sentence % {"number": swapped[0]}
    if lacking := support.names_lacking(statement, cited, names):
        sentence = ngettext(
            "“%(names)s” is not in the cited words. Cite words that contain this name.",
            "“%(names)s” are not in the cited words. Cite words that contain these names.",
            len(lacking),
        )
        yield "name", sentence % {"names": "”, “".join(lacking[:MOST_LISTED])}
    if support.far_in_meaning(cosines):
        yield "meaning", _("The cited words may not say the same as this text. Compare the two, or cite other words.")


def _cited(citation: Citation) -> support.Cited:
    edition, byline = citation.edition, citation.edition.byline
    return support.Cited(
        read=analyse(citation.words, edition.language or ""),
        number=edition.number,
        byline=f"{byline.name} {byline.organization}" if byline else "",
        country=byline.country if byline else "",
    )


def _alike(loaded: LoadedDocument) -> Iterator[Finding]:
    statements = [each for each in loaded.statements if each.text and not each.is_frame]
    texts = [f"{each.text.text}\n{each.text.against}" for each in statements if each.text]
    has_paragraphs = kind_of(loaded.document.kind).numbers_for_good
    for place, other in nearly_identical(texts):
        one, two = analyse(texts[place], loaded.language), analyse(texts[other], loaded.language)
        if any(one.denies) == any(two.denies):
            if has_paragraphs:
                sentence = _("This text is nearly the same as paragraph %(number)d. Delete one or say how they differ.")
            else:
                sentence = _("This text is nearly the same as statement %(number)d. Delete one or say how they differ.")
            yield Finding(statements[place].number, "alike", sentence % {"number": statements[other].number})


@dataclass(frozen=True)
class Findings:
    """What the publication checks found, in the order of the paragraphs."""

    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    is_being_compared: bool = False  # a worker must still compare the meaning of some words


#: The most statements that need no heading.
FEW_STATEMENTS = 2

type Check = Callable[[LoadedDocument], Iterable[Finding]]

_error_checks: dict[str, Check] = {}
_warning_checks: dict[str, Check] = {}


def publication_check(kind: str, *, warns: bool = False) -> Callable[[Check], Check]:
    """Register a function as a publication check of a kind of document, for errors or for warnings."""

    def register(more: Check) -> Check:
        (_warning_checks if warns else _error_checks)[kind] = more
        return more

    return register


def errors_of(document: Document) -> list[Finding]:
    """Return all errors that prevent approval or publication, in the order of the paragraphs.

    The same number of queries, whatever its length.
    """
    return _refusals(load_document(document))


def findings_of(document: Document, **memo: object) -> Findings:
    """Return the errors and warnings of a document. The same number of queries, whatever its length.

    `memo` is data that the caller has read already for the checks of its kind.
    """
    loaded = load_document(document)
    loaded.memo.update(memo)
    known = nearness.known(nearness.digests(text for each in loaded.statements for _side, text, _cited in each.sides))
    title, questions = document.consultation.title, document.consultation.threads.values_list("question", flat=True)
    names = [in_language(each, loaded.language).text for each in (title, *questions)]
    found = [*warnings_of(loaded, names, known), *_checked_by_kind(_warning_checks, loaded)]
    compared = all(
        (digest(text), digest(each.words)) in known
        for statement in loaded.statements
        for _side, text, cited in statement.sides
        for each in cited
        if each.words
    )
    return Findings(_refusals(loaded), _in_order(found), is_being_compared=not compared)


def _refusals(loaded: LoadedDocument) -> list[Finding]:
    if not loaded.statements:
        return [Finding(0, "empty", _("There is no text yet. Write the text first."))]
    found = [error for each in loaded.statements for error in _of_statement(each)]
    return _in_order([*found, *_headless(loaded), *_checked_by_kind(_error_checks, loaded)])


def _checked_by_kind(rooms: dict[str, Check], loaded: LoadedDocument) -> list[Finding]:
    more = rooms.get(loaded.document.kind)
    return list(more(loaded)) if more else []


def _in_order(found: Iterable[Finding]) -> list[Finding]:
    # Findings on the whole document come last: they are fixed by adding something. A finding on both sides of a
    # statement is shown once.
    return sorted(dict.fromkeys(found), key=lambda error: error.paragraph or 1_000_000)


def _of_statement(statement: Statement) -> Iterator[Finding]:
    number, text, citations = statement.number, statement.text, statement.citations
    if text is None or not text.text:
        yield Finding(number, "no_text", _("The text is missing. Write the text."))
    if statement.paragraph.awaits_acceptance:
        yield Finding(
            number,
            "not_accepted",
            _("A machine wrote this text and no one has accepted it yet. Read it and accept it."),
        )
    if statement.is_frame:
        if citations or statement.references:
            yield Finding(
                number,
                "frame",
                _("This note has citations. Remove the citations, or choose another kind of paragraph."),
            )
    elif not citations and not statement.references:
        yield Finding(
            number, "no_citation", _("This text has no citations. Add a citation, or choose the kind “Note”.")
        )
    if statement.paragraph.kind == Kind.DISAGREEMENT:
        yield from _both_sides(statement)
    for citation in citations:
        edition = citation.edition
        if edition.is_gone or edition.text is None:
            sentence = _("This text cites %(symbol)s, which was withdrawn or removed. Remove the citation.")
            yield Finding(number, "gone", sentence % {"symbol": edition.symbol})
        elif citation.words and not has_exact_words(edition.text.content, citation.words):
            sentence = _("Some cited words differ from the text of %(symbol)s. Copy the words exactly from that text.")
            yield Finding(number, "not_exact", sentence % {"symbol": edition.symbol})


def _both_sides(statement: Statement) -> Iterator[Finding]:
    sides = {citation.side for citation in statement.citations}
    if statement.text is None or not statement.text.against:
        sentence = _("This disagreement has no opposing view. Write the opposing view.")
        yield Finding(statement.number, "no_against", sentence)
    elif sides and Side.AGAINST not in sides:
        yield Finding(
            statement.number, "one_sided", _("There are no citations for the opposing view. Add at least one citation.")
        )
    elif sides and Side.HELD not in sides:
        yield Finding(
            statement.number,
            "one_sided",
            _("There are citations only for the opposing view. Add at least one citation for the other view."),
        )


def _headless(loaded: LoadedDocument) -> Iterator[Finding]:
    """A statement is below its question or a heading: its own, or one before it of the document as a whole.

    A frame needs none, and neither do one or two statements. Only the first statement without one is named: those after
    it are fixed with it.
    """
    if kind_of(loaded.document.kind).numbers_for_good:
        return  # it has sections
    if sum(not each.is_frame for each in loaded.statements) <= FEW_STATEMENTS:
        return
    has_heading = False
    for each in loaded.statements:
        if each.paragraph.thread_id:
            continue
        has_heading = has_heading or bool(each.text and each.text.heading)
        if not has_heading and not each.is_frame:
            yield Finding(
                each.number,
                "no_heading",
                _("This text has no heading and no question. Give it a heading, or choose the question it answers."),
            )
            return


#: Characters that Markdown may interpret.
_MARKS = re.compile(r"[\\*_\[\]<>&!`~#+]|\d[.)]|^[-–]")


def has_exact_words(text: str, words: str) -> bool:
    """Return whether a text contains words as a reader sees it.

    Most are within one line without Markdown, which is checked first: rendering a thousand long texts is slow.
    """
    wanted = " ".join(words.split())
    if wanted and not _MARKS.search(wanted):
        for line in text.split("\n"):
            if wanted in line and "](" not in line and "<" not in line:
                return True
    return contains_words(text, words)


def passes_publication_checks(document: Document) -> Answer:
    """A document has no errors that prevent its publication."""
    found = errors_of(document)
    return not found or Denied(
        ngettext(
            "%(count)d problem prevents publication. %(first)s",
            "%(count)d problems prevent publication. %(first)s",
            len(found),
        )
        % {"count": len(found), "first": _with_part(found[0], document)},
        "publication_checks",
    )


def _with_part(error: Finding, document: Document) -> Sentence:
    if not error.paragraph:
        return error.sentence
    name = kind_of(document.kind).part(error.paragraph)
    return pgettext("label", "%(name)s: %(sentence)s") % {"name": name, "sentence": error.sentence}
