"""Comparing a file with a glossary or a translation memory, and adding its rows. Nothing is ever deleted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.core import audit, clock
from plenara.core.languages import NAMES
from plenara.core.refusals import Answer, Denied, require
from plenara.core.rows import Json
from plenara.core.text import clean, digest
from plenara.core.transaction import writing
from plenara.documents import permissions
from plenara.documents.actions import glossary
from plenara.documents.actions.glossary import Words, words_of
from plenara.documents.exchange.actions.incoming_files import What, languages_of, lock_file, mark_taken, may_bring
from plenara.documents.exchange.tmx import MOST_UNITS, Pair
from plenara.documents.exchange.units import Concept, term_of
from plenara.documents.models import IncomingFile, MemoryUnit, Term

_BATCH = 500


@dataclass
class MemoryChanges:
    """What a memory's file would do: how many pairs of each kind."""

    added: list[MemoryUnit] = field(default_factory=list)
    replaced: list[MemoryUnit] = field(default_factory=list)  # the source is there with another translation
    known: int = 0  # already in the memory, or earlier in the file
    refused: int = 0  # into a language into which the person does not translate
    too_many: int = 0


def memory_changes(actor: Person, consultation: Consultation, rows: Sequence[Sequence[str]]) -> MemoryChanges:
    """Return what a file would add to a memory. One query for each pair of languages."""
    languages, found = set(languages_of(actor, consultation)), MemoryChanges()
    present = MemoryUnit.objects.filter(consultation=consultation)
    room = MOST_UNITS - present.count()
    by_pair: dict[tuple[str, str], list[Pair]] = {}
    for row in rows:
        pair = Pair(*row)
        if pair.language in languages:
            by_pair.setdefault((pair.source_language, pair.language), []).append(pair)
        else:
            found.refused += 1
    for (source_language, language), pairs in by_pair.items():
        units = present.filter(source_language=source_language, language=language)
        there = {each.source_digest: each for each in units.iterator(chunk_size=2000)}
        seen: set[str] = set()
        for pair in pairs:
            key = digest(pair.source)
            unit = there.get(key)
            if key in seen or (unit and unit.target == pair.target):
                found.known += 1
            elif unit:
                unit.target = pair.target
                found.replaced.append(unit)
            elif room <= 0:
                found.too_many += 1
            else:
                room -= 1
                found.added.append(
                    MemoryUnit(
                        consultation=consultation, source_language=source_language, language=language,
                        source=pair.source, target=pair.target, source_digest=key,
                    )
                )  # fmt: skip
            seen.add(key)
    return found


@writing
def take_memory(*, actor: Person, file: IncomingFile) -> MemoryChanges:
    """Add the pairs of a file to the consultation's memory; return how many of each kind there were."""
    file = lock_file(file, What.MEMORY)
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=file.consultation_id)
    require(may_bring(actor, consultation, What.MEMORY, None, ""))
    found = memory_changes(actor, consultation, file.rows)
    now = clock.now()
    for unit in (*found.added, *found.replaced):
        unit.by, unit.at = actor, now
    MemoryUnit.objects.bulk_create(found.added, batch_size=_BATCH)
    for unit in found.replaced:
        unit.pk = None  # counted again as what it is, whatever row it has
    MemoryUnit.objects.bulk_create(
        found.replaced,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["consultation", "source_language", "language", "source_digest"],
        update_fields=["target", "by", "at"],
    )
    mark_taken(file)
    audit.log(
        "memory.file_taken",
        actor=actor,
        about=consultation,
        consultation=consultation,
        added=len(found.added),
        replaced=len(found.replaced),
        known=found.known,
        refused=found.refused,
    )
    return found


@dataclass(frozen=True)
class Change:
    """The outcome for one concept of a file: `added`, `changed`, `unchanged` or `refused`."""

    row: int
    outcome: str
    words: dict[str, Words]  # those that are new or differ from ours
    term: Term | None = None
    note: str | None = None
    reason: str = ""

    @property
    def word(self) -> str:
        """One word that names the concept."""
        present = str(self.term) if self.term else ""
        return present or next((each.word for each in self.words.values() if each.word), "")


@dataclass
class GlossaryChanges:
    """What a glossary's file would do."""

    changes: list[Change] = field(default_factory=list)

    def of(self, outcome: str) -> list[Change]:
        """Return the changes of one outcome, in the order of the file."""
        return [each for each in self.changes if each.outcome == outcome]


def glossary_changes(actor: Person, consultation: Consultation, rows: Sequence[Json]) -> GlossaryChanges:
    """Return what a file would add to a glossary and change in it, and what is refused. One query.

    Nothing is ever deleted: an empty cell leaves the present word. A concept is identified by its exported id, or by a
    word that it shares with exactly one of ours.
    """
    terms = list(Term.objects.filter(consultation=consultation))
    known = _Known(terms, consultation)
    room = glossary.MOST_TERMS - len(terms)
    found = GlossaryChanges()
    for row in rows:
        change = _change(actor, consultation, Concept(**row), known)
        if change.outcome == "added":
            if room <= 0:
                limit = glossary.fits_more_terms(consultation)
                change = Change(
                    change.row, "refused", change.words, reason=str(limit.sentence) if isinstance(limit, Denied) else ""
                )
            room -= 1
        found.changes.append(change)
    return found


class _Known:
    """The concepts of a glossary by id and by word, and those that a file has named already."""

    def __init__(self, terms: list[Term], consultation: Consultation):
        self.slug = consultation.slug
        self.by_id = {term.pk: term for term in terms}
        self.by_word: dict[tuple[str, str], set[int]] = {}
        self.named: set[object] = set()
        for term in terms:
            for language, word in term.words.items():
                self.by_word.setdefault((language, word.casefold()), set()).add(term.pk)

    def find(self, concept: Concept) -> tuple[Term | None, str]:
        """Return the matching concept of the glossary, or why there is no single match."""
        pk = term_of(concept.id, self.slug)
        same = [self.by_word.get((language, word.casefold()), set()) for language, word in concept.words.items()]
        shared = set().union(*same)
        if pk in self.by_id:
            if shared and pk not in shared:
                return None, _("This id and these words belong to different terms. Correct the id or the words.")
            return self.by_id[pk], ""
        if len(shared) > 1:
            # Of several that share a word, the one that shares the most matches, if it is the only one.
            counts = {key: sum(key in each for each in same) for key in shared}
            best = [key for key in shared if counts[key] == max(counts.values())]
            if len(best) > 1:
                return None, _("These words match several terms in the glossary. Use the id of one of these terms.")
            shared = set(best)
        return (self.by_id[next(iter(shared))] if shared else None), ""


def _change(actor: Person, consultation: Consultation, concept: Concept, known: _Known) -> Change:
    given = {
        language: Words(concept.words.get(language, ""), tuple(concept.also.get(language, ())))
        for language in NAMES
        if concept.words.get(language) or concept.also.get(language)
    }
    term, unclear = known.find(concept)
    key = term.pk if term else tuple(sorted((language, each.word) for language, each in given.items()))
    reason = unclear or (_("This term is in the file twice. Delete one of the two.") if key in known.named else "")
    known.named.add(key)
    words, note = given, clean(concept.note)
    if term is not None:
        # What the file lacks stays: also the other correct words, if it has only one word.
        merged = {
            language: Words(each.word or words_of(term, language).word, each.also or words_of(term, language).also)
            for language, each in given.items()
        }
        words = {language: each for language, each in merged.items() if each != words_of(term, language)}
    new_note = note if note and note != (term.note if term else "") else None
    if term is not None and not words and new_note is None and not reason:
        return Change(concept.row, "unchanged", {}, term)
    answers: list[Answer] = [glossary.words_fit(language, each) for language, each in words.items()]
    if term is None or new_note is not None:
        answers.append(permissions.may_edit_glossary(actor, consultation))
    answers += [permissions.may_change_words(actor, consultation, language) for language in words]
    answers += [glossary.note_fits(note), glossary.says_something(given if term is None else {"": Words(str(term))})]
    refused = reason or next((str(each.sentence) for each in answers if isinstance(each, Denied)), "")
    outcome = "refused" if refused else "changed" if term else "added"
    return Change(concept.row, outcome, words, term, new_note, refused)


@writing
def take_glossary(*, actor: Person, file: IncomingFile) -> GlossaryChanges:
    """Add and change the valid concepts of a file; return the outcome of each. Nothing is deleted."""
    file = lock_file(file, What.GLOSSARY)
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=file.consultation_id)
    require(permissions.may_see_glossary(actor, consultation))
    found = glossary_changes(actor, consultation, file.rows)
    now = clock.now()
    added: list[Term] = []
    changed: list[Term] = []
    for change in [*found.of("added"), *found.of("changed")]:
        term = change.term or Term(consultation=consultation)
        glossary.put(term, change.words)
        term.note = term.note if change.note is None else change.note
        term.by, term.at = actor, now
        (changed if change.term else added).append(term)
    Term.objects.bulk_create(added, batch_size=500)
    Term.objects.bulk_update(changed, ["words", "also", "note", "by", "at"], batch_size=100)
    mark_taken(file)
    audit.log(
        "glossary.file_taken",
        actor=actor,
        about=consultation,
        consultation=consultation,
        added=len(added),
        changed=len(changed),
        refused=len(found.of("refused")),
    )
    return found
