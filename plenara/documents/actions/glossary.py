"""Actions on a consultation's glossary: concepts, each with its words in six languages. Only these write `Term`.

When two people change one concept at once, the second is shown the languages that both changed; the rest is saved.
So five translators can each fill in their own column.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.core import audit, clock
from plenara.core.languages import NAMES
from plenara.core.refusals import ActionRefused, Answer, Denied, InvalidInput, require, require_valid
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import writing
from plenara.core.validation import short_enough
from plenara.documents import permissions
from plenara.documents.models import Term

MOST_TERMS = 2_000
MOST_WORD = 120
MOST_ALSO = 10
MOST_NOTE = 1_000
#: Separates the other correct words of one language in a table's cell.
BETWEEN = "|"


@dataclass(frozen=True)
class Words:
    """The words for a concept in one language: the preferred one, and others that are correct too."""

    word: str = ""
    also: tuple[str, ...] = ()

    @property
    def stamp(self) -> str:
        """The stamp that a form carries, to detect that the words changed after the form was opened."""
        return digest("\n".join((self.word, *self.also)))[:20]


class TermChanged(ActionRefused):
    """Somebody else changed the same words of a concept. Nothing was saved; `term` is the present concept."""

    def __init__(self, term: Term, languages: list[str], *, note: bool):
        super().__init__(
            _(
                "Someone else has saved changes since you opened this page. What you typed is still below. "
                "Compare the two texts, then save again."
            ),
            "changed",
        )
        self.term, self.languages, self.note = term, languages, note


def words_of(term: Term, language: str) -> Words:
    """Return the words of a concept in a language."""
    return Words(term.words.get(language, ""), tuple(term.also.get(language, [])))


def words_typed(word: str, also: str | Iterable[str]) -> Words:
    """Return typed words as they are stored. Other correct words are on a line each, or separated by bars."""
    lines = re.split(r"[\n|]", clean(also)) if isinstance(also, str) else also
    word = clean_line(word)
    others = (clean_line(each) for each in lines)
    return Words(word, tuple(dict.fromkeys(each for each in others if each and each != word)))


def note_stamp(term: Term) -> str:
    """Return the stamp of the note."""
    return digest(term.note)[:20]


# --- what a concept may be ---


def words_fit(language: str, words: Words) -> Answer:
    """Words are short, few, and there is one to use where there are others."""
    field = f"word_{language}"
    if words.also and not words.word:
        return Denied(_("Enter the preferred word first, and then the other correct words."), "no_word", field)
    if len(words.also) > MOST_ALSO:
        return Denied(
            _("You entered %(count)d other correct words. Enter at most %(limit)d.")
            % {"count": len(words.also), "limit": MOST_ALSO},
            "too_many",
            f"also_{language}",
        )
    for each in (words.word, *words.also):
        if not (fits := short_enough(each, MOST_WORD, field if each is words.word else f"also_{language}")):
            return fits
        if BETWEEN in each:
            return Denied(
                _("A word cannot contain a bar (|), because the bar separates words. Remove the bar."), "bar", field
            )
    return True


def note_fits(note: str) -> Answer:
    """A note is short."""
    return short_enough(note, MOST_NOTE, "note")


def says_something(words: Mapping[str, Words]) -> Answer:
    """A concept has a word in one language at least."""
    return any(each.word for each in words.values()) or Denied(
        _("Enter the word in at least one language."), "empty", f"word_{next(iter(NAMES))}"
    )


def fits_more_terms(consultation: Consultation, more: int = 1) -> Answer:
    """A glossary has at most so many concepts."""
    return Term.objects.filter(consultation=consultation).count() + more <= MOST_TERMS or Denied(
        ngettext(
            "A glossary can have up to %(limit)d term. Delete some terms first.",
            "A glossary can have up to %(limit)d terms. Delete some terms first.",
            MOST_TERMS,
        )
        % {"limit": MOST_TERMS},
        "too_many",
    )


# --- actions ---


@writing
def add_term(
    *, actor: Person, consultation: Consultation, words: Mapping[str, Words], note: str = "", key: str | None = None
) -> Term:
    """Add a concept. `key` names the form: sent twice, it adds once."""
    require(permissions.may_edit_glossary(actor, consultation))
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    if key and (earlier := Term.objects.filter(key=key, consultation=consultation).first()):
        return earlier
    note = clean(note)
    require_valid(
        *(words_fit(language, each) for language, each in words.items()),
        says_something(words),
        note_fits(note),
        fits_more_terms(consultation),
    )
    term = Term(consultation=consultation, note=note, by=actor, key=key or None)
    put(term, words)
    try:
        with transaction.atomic():
            term.save()
    except IntegrityError as error:  # the same key, of another consultation's form
        raise InvalidInput(
            _("This form was opened with another account. Open the form again from the list."), "key"
        ) from error
    audit.log("glossary.term_added", actor=actor, about=term, consultation=consultation)
    return term


@writing
def edit_term(
    *,
    actor: Person,
    term: Term,
    words: Mapping[str, Words],
    was: Mapping[str, str],
    note: str | None = None,
    note_was: str = "",
) -> Term:
    """Change the words of a concept in some languages, and its note.

    `was` are the stamps that the form was opened on. Languages that the form did not change are left alone. Raises
    `TermChanged` when somebody else changed the same words in the meantime.
    """
    term = Term.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=term.pk)
    changed = {
        language: each
        for language, each in words.items()
        if each.stamp not in (was.get(language, ""), words_of(term, language).stamp)
    }
    new_note = clean(note) if note is not None else term.note
    if digest(new_note)[:20] == note_was:
        new_note = term.note
    if not changed and new_note == term.note:
        return term
    require(*(permissions.may_change_words(actor, term.consultation, language) for language in changed))
    if new_note != term.note:
        require(permissions.may_edit_glossary(actor, term.consultation))
    require_valid(*(words_fit(language, each) for language, each in changed.items()), note_fits(new_note))
    stale = [language for language in changed if words_of(term, language).stamp != was.get(language, "")]
    stale_note = new_note != term.note and note_was != note_stamp(term)
    if stale or stale_note:
        raise TermChanged(term, stale, note=stale_note)
    put(term, changed)
    require_valid(says_something({language: words_of(term, language) for language in NAMES}))
    term.note, term.by, term.at = new_note, actor, clock.now()
    term.save()
    audit.log(
        "glossary.term_changed", actor=actor, about=term, consultation=term.consultation, languages=sorted(changed)
    )
    return term


@writing
def delete_term(*, actor: Person, term: Term, was: str) -> None:
    """Delete a concept that is still as its page showed it (`stamp`). If it was already deleted, do nothing."""
    require(permissions.may_edit_glossary(actor, term.consultation))
    present = Term.objects.select_for_update(of=("self",)).filter(pk=term.pk).first()
    if present is None:
        return  # a double click
    if stamp(present) != was:
        raise TermChanged(present, [], note=False)
    audit.log("glossary.term_deleted", actor=actor, about=present, consultation=term.consultation)
    present.delete()


def stamp(term: Term) -> str:
    """Return the stamp of a whole concept."""
    return digest(json.dumps([term.words, term.also, term.note], sort_keys=True))[:20]


def put(term: Term, words: Mapping[str, Words]) -> None:
    """Set the words of some languages on a concept, unsaved."""
    for language, each in words.items():
        for where, value in ((term.words, each.word), (term.also, list(each.also))):
            if value:
                where[language] = value
            else:
                where.pop(language, None)


# --- finding ---


def found(terms: Iterable[Term], query: str) -> list[Term]:
    """Return the concepts that have a query in a word of any language, or in the note."""
    wanted = clean_line(query).casefold()
    if not wanted:
        return list(terms)
    return [
        term
        for term in terms
        if any(
            wanted in text.casefold()
            for text in (*term.words.values(), *(each for also in term.also.values() for each in also), term.note)
        )
    ]
