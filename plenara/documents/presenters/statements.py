"""A statement as the desk shows it: beside its source for a translator, and its two sides."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core.differences import ADDED, REMOVED, Run
from plenara.core.languages import current, html_code
from plenara.core.text import clean, clean_line
from plenara.documents.models import (
    Citation,
    Comment,
    Kind,
    Paragraph,
    ParagraphText,
    RenditionState,
    Side,
    Suggestion,
    Term,
    digest_of,
)
from plenara.documents.queries.history import Former, changed_runs
from plenara.documents.queries.translations import Match, is_missing, is_old
from plenara.documents.validation.renditions import Remark
from plenara.documents.validation.words import find_terms

_CHANGED_WORDS = '<{}><span class="hidden" lang="{}">{} </span>{}<span class="hidden">]</span></{}>'
#: The fields of a statement in the form: their letters, and their names in a `ParagraphText`.
FIELDS = {"h": "heading", "t": "text", "a": "against"}


@dataclass
class Part:
    """One of a statement's texts, with everything that the form shows of it."""

    letter: str
    name: str  # of its field in the form
    source: str
    shown: SafeString  # the source, with what has changed and its terms marked
    typed: str
    #: Earlier translations: their words, their source with its differences marked, and the button's value.
    matches: list[tuple[Match, SafeString, str]] = field(default_factory=list)
    before: str = ""  # the words in the field before something was taken over
    theirs: str = ""  # the words that somebody else saved in the meantime
    differs: SafeString | str = ""  # the changes from those words to the typed ones

    @property
    def is_line(self) -> bool:
        """Whether it is a heading."""
        return self.letter == "h"


@dataclass
class Pair:
    """A statement and its translation, with all that a translator needs."""

    paragraph: Paragraph
    source: ParagraphText
    target: ParagraphText
    parts: list[Part]
    is_missing: bool
    is_outdated: bool
    citations: list[Citation] = field(default_factory=list)
    suggestion: Suggestion | None = None
    conflict: ParagraphText | None = None
    terms: list[tuple[str, str, str]] = field(default_factory=list)  # as used, the word for it, a note
    remarks: list[Remark] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    comment: str = ""  # typed, not saved
    mark: str = ""  # the class of the state's mark, and its words
    word: str = ""
    number: str = ""  # its number and its name
    name: str = ""

    @property
    def pk(self) -> int:
        """The statement's id."""
        return self.paragraph.pk

    @property
    def was(self) -> str:
        """The stamp of the translation, for the form."""
        return self.target.digest

    @property
    def is_disagreement(self) -> bool:
        """Whether it has two sides."""
        return self.paragraph.kind == Kind.DISAGREEMENT

    @property
    def made_from(self) -> str:
        """The stamp of the source, for the form."""
        return self.source.digest


def touched(typed: Mapping[str, str] | None, key: int) -> dict[str, str] | None:
    """Return what was typed for a statement, by letter, if the form changed it; else None."""
    if not typed or f"t{key}" not in typed:
        return None
    found = {letter: typed.get(f"{letter}{key}", "") for letter in FIELDS}
    words = digest_of(clean_line(found["h"]), clean(found["t"]), clean(found["a"]))
    return None if words == typed.get(f"w{key}") else found


def pair(
    paragraph: Paragraph,
    source: ParagraphText,
    target: ParagraphText,
    *,
    typed: Mapping[str, str] | None,
    former: Former | None,
    terms: Collection[Term],
    languages: tuple[str, str],
    conflict: ParagraphText | None = None,
) -> Pair:
    """Return a statement beside its source; `languages` are the source's and the translation's."""
    words, outdated = touched(typed, paragraph.pk), is_old(target, source)
    # Words typed on an older page are shown beside those that somebody else saved in the meantime.
    if words is not None and typed is not None and conflict is None and target.pk:
        conflict = target if typed.get(f"w{paragraph.pk}") != target.digest else None
    parts, used = [], dict[int, tuple[str, str, str]]()
    for letter, name in FIELDS.items():
        text, now = getattr(source, name), getattr(target, name)
        # A field whose source was deleted in the meantime stays while it has words.
        if not text and not now and not (words and words[letter]) and letter != "t":
            continue
        was = getattr(former, name) if former else None
        value = words[letter] if words is not None else now
        theirs = getattr(conflict, name) if conflict is not None else ""
        parts.append(
            Part(
                letter,
                f"{letter}{paragraph.pk}",
                text,
                marked(
                    changed_runs(was, text) if outdated and was is not None else [Run("", text)], languages[0], terms
                ),
                value,
                before=typed.get(f"b{letter}{paragraph.pk}", "") if typed else "",
                theirs=theirs,
                differs=marked(changed_runs(theirs, clean(value)), "", ()) if theirs and theirs != value else "",
            )
        )
        for each in find_terms(text, languages[0], terms):
            word = text[each.begin : each.end]
            used.setdefault(each.term.pk, (word, each.term.words.get(languages[1], ""), each.term.note))
    return Pair(
        paragraph,
        source,
        target,
        parts,
        is_missing=is_missing(target, source),
        is_outdated=outdated,
        conflict=conflict,
        terms=list(used.values()),
        comment=typed.get(f"c{paragraph.pk}", "") if typed else "",
    )


def marked(runs: Iterable[Run], language: str, terms: Collection[Term]) -> SafeString:
    """Return runs of words as HTML: removed words struck, added words marked, both also for screen readers."""
    pieces, own = [], html_code(current())
    for kind, text in runs:
        inner = _with_terms(text, language, terms) if kind != REMOVED else format_html("{}", text)
        if kind in (REMOVED, ADDED):
            tag, label = (
                ("del", pgettext("label", "[deleted:")) if kind == REMOVED else ("ins", pgettext("label", "[added:"))
            )
            inner = format_html(_CHANGED_WORDS, tag, own, label, inner, tag)
        pieces.append((inner,))
    return format_html_join("", "{}", pieces)


def _with_terms(text: str, language: str, terms: Collection[Term]) -> SafeString:
    pieces, at = [], 0
    for each in find_terms(text, language, terms) if terms else ():
        pieces += [("", text[at : each.begin]), ("term", text[each.begin : each.end])]
        at = each.end
    pieces.append(("", text[at:]))
    return format_html_join(
        "", "{}", ((format_html("<dfn>{}</dfn>", words) if kind else words,) for kind, words in pieces if words)
    )


def state_mark(each: Pair, state: str) -> tuple[str, str]:
    """Return the mark and the words for the state of a statement's translation."""
    if each.is_missing:
        return "none", pgettext("label", "not translated yet") if not each.target.text else _("not complete yet")
    if each.is_outdated:
        return "stop", _("outdated: the original has changed")
    if each.target.machine:
        return "note", _("by %(name)s, a machine: not edited by a person") % {"name": each.target.machine}
    if state in (RenditionState.REVIEWED, RenditionState.PUBLISHED):
        return "open", pgettext("label", "reviewed")
    return "wait half", pgettext("label", "translated, not reviewed")


def sides_of(kind: str, text: ParagraphText | None, citations: Sequence[Citation]) -> list[dict[str, object]]:
    """Return the two sides of a disagreement, each with its words and citations; for other kinds, the one part."""
    held, against = (text.text, text.against) if text else ("", "")
    if kind != Kind.DISAGREEMENT:
        return [{"side": Side.HELD, "words": held, "citations": citations}]
    return [
        {
            "side": side,
            "other": Side.HELD if side else Side.AGAINST,
            "word": side.label,
            "words": words,
            "citations": [each for each in citations if each.side == side],
        }
        for side, words in ((Side.HELD, held), (Side.AGAINST, against))
    ]
