"""The gate before a document is approved and published: what stands against it, and what a reader should look at twice.

A fault refuses, a warning is shown. What only a kind of document can tell (the figures of a summary's period) its
package adds with `@also`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.languages import in_language
from plenara.core.refusals import Answer, No
from plenara.core.text import contains_words
from plenara.documents import nearness
from plenara.documents.kinds import kind_of
from plenara.documents.loading import Fault, LoadedDocument, Statement, load_document
from plenara.documents.models import Document, Kind, Side
from plenara.documents.warning import warnings_of


@dataclass(frozen=True)
class Looked:
    """What the gate found, in the order of the paragraphs."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    is_being_compared: bool = False  # the meaning of some words is still to be compared by a worker


#: So few statements need no heading.
FEW = 2

type More = Callable[[LoadedDocument], Iterable[Fault]]

_faults: dict[str, More] = {}
_warnings: dict[str, More] = {}


def also(kind: str, *, warns: bool = False) -> Callable[[More], More]:
    """Let the gate of a kind of document ask a function too: for what refuses, or for what only warns."""

    def register(more: More) -> More:
        (_warnings if warns else _faults)[kind] = more
        return more

    return register


def faults(document: Document) -> list[Fault]:
    """Return everything that keeps a document from being approved or published, in the order of its paragraphs.

    The same number of queries, whatever its length.
    """
    return _refusals(load_document(document))


def look(document: Document, **memo: Any) -> Looked:
    """Return what stands against a document, and what to look at. The same number of queries, whatever its length.

    `memo` is what the caller has looked up already and its kind of document asks for.
    """
    loaded = load_document(document)
    loaded.memo.update(memo)
    known = nearness.known(nearness.digests(said for each in loaded.statements for _side, said, _cited in each.sides))
    title, questions = document.consultation.title, document.consultation.threads.values_list("question", flat=True)
    names = [in_language(each, loaded.language).text for each in (title, *questions)]
    found = [*warnings_of(loaded, names, known), *_more(_warnings, loaded)]
    compared = all(
        (nearness.digest(said), nearness.digest(each.words)) in known
        for statement in loaded.statements
        for _side, said, cited in statement.sides
        for each in cited
        if each.words
    )
    return Looked(_refusals(loaded), _in_order(found), is_being_compared=not compared)


def _refusals(loaded: LoadedDocument) -> list[Fault]:
    if not loaded.statements:
        return [Fault(0, "empty", _("Nothing is written yet."))]
    found = [fault for each in loaded.statements for fault in _of_statement(each)]
    return _in_order([*found, *_headless(loaded), *_more(_faults, loaded)])


def _more(rooms: dict[str, More], loaded: LoadedDocument) -> list[Fault]:
    more = rooms.get(loaded.document.kind)
    return list(more(loaded)) if more else []


def _in_order(found: Iterable[Fault]) -> list[Fault]:
    # What is said of the whole stands last: it is mended by writing something more. What holds of both sides of a
    # statement is said of it once.
    return sorted(dict.fromkeys(found), key=lambda fault: fault.paragraph or 1_000_000)


def _of_statement(statement: Statement) -> Iterator[Fault]:
    number, text, citations = statement.number, statement.text, statement.citations
    if text is None or not text.text:
        yield Fault(number, "no_text", _("It has no text."))
    if statement.paragraph.awaits_acceptance:
        yield Fault(
            number, "not_accepted", _("A machine wrote it, and nobody has accepted it yet. Read and accept it.")
        )
    if statement.is_frame:
        if citations or statement.references:
            yield Fault(number, "frame", _("It is a frame, and cites all the same."))
    elif not citations and not statement.references:
        yield Fault(number, "no_citation", _("It cites nothing. Only a frame can go without a citation."))
    if statement.paragraph.kind == Kind.DISAGREEMENT:
        yield from _both_sides(statement)
    for citation in citations:
        edition = citation.edition
        if edition.is_gone or edition.text is None:
            sentence = _("It cites %(symbol)s, which was withdrawn or removed. Take the citation away.")
            yield Fault(number, "gone", sentence % {"symbol": edition.symbol})
        elif citation.words and not stands(edition.text.content, citation.words):
            sentence = _("It cites words that do not stand in %(symbol)s. Cite them as they stand there.")
            yield Fault(number, "not_exact", sentence % {"symbol": edition.symbol})


def _both_sides(statement: Statement) -> Iterator[Fault]:
    sides = {citation.side for citation in statement.citations}
    if statement.text is None or not statement.text.against:
        sentence = _("It is a disagreement, and does not say what is held against it.")
        yield Fault(statement.number, "no_against", sentence)
    elif sides and Side.AGAINST not in sides:
        yield Fault(statement.number, "one_sided", _("It cites nothing for what is held against it."))
    elif sides and Side.HELD not in sides:
        yield Fault(statement.number, "one_sided", _("It cites only what is held against it."))


def _headless(loaded: LoadedDocument) -> Iterator[Fault]:
    """A statement stands under its question, or under a heading: its own, or one before it of the document as a whole.

    A frame needs none, and neither do one or two statements, which are found without. The first statement that stands
    under neither is named: those behind it are mended with it.
    """
    if kind_of(loaded.document.kind).numbers_for_good:
        return  # it has sections
    if sum(not each.is_frame for each in loaded.statements) <= FEW:
        return
    has_heading = False
    for each in loaded.statements:
        if each.paragraph.thread_id:
            continue
        has_heading = has_heading or bool(each.text and each.text.heading)
        if not has_heading and not each.is_frame:
            yield Fault(
                each.number,
                "no_heading",
                _("It stands under no heading and no question. Give it a heading, or the question that it answers."),
            )
            return


#: What Markdown may read as something else than the character it is.
_MARKS = re.compile(r"[\\*_\[\]<>&!`~#+]|\d[.)]|^[-–]")


def stands(text: str, words: str) -> bool:
    """Say whether words stand in a text as a reader sees it.

    Most do within one line without any mark, which is seen without reading the Markdown of a thousand long texts.
    """
    wanted = " ".join(words.split())
    if wanted and not _MARKS.search(wanted):
        for line in text.split("\n"):
            if wanted in line and "](" not in line and "<" not in line:
                return True
    return contains_words(text, words)


def passes_gate(document: Document) -> Answer:
    """A document has nothing against its publication."""
    found = faults(document)
    return not found or No(
        ngettext(
            "%(count)d problem prevents publication. %(first)s",
            "%(count)d problems prevent publication. %(first)s",
            len(found),
        )
        % {"count": len(found), "first": _with_number(found[0], document)},
        "gate",
    )


def _with_number(fault: Fault, document: Document) -> Any:
    if not fault.paragraph:
        return fault.sentence
    told = {"number": fault.paragraph, "sentence": fault.sentence}
    if kind_of(document.kind).numbers_for_good:
        return _("Paragraph %(number)d: %(sentence)s") % told
    return _("Statement %(number)d: %(sentence)s") % told
