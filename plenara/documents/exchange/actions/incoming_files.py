"""Storing an uploaded file until it is confirmed; comparing a returned rendition with the present one; saving it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TypedDict, Unpack

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.core import audit, clock
from plenara.core.languages import NAMES, join_sentences
from plenara.core.refusals import AlreadyDone, Answer, Denied, InvalidInput, require
from plenara.core.rows import Json
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import writing
from plenara.documents import permissions
from plenara.documents.actions import lock_document
from plenara.documents.actions.renditions import Typed, TypedPhrase, save_phrases, save_rendition
from plenara.documents.exchange.units import PARTS, TITLE, Part, Returned, by_paragraph, is_same, repeated
from plenara.documents.models import Document, IncomingFile, Paragraph, ParagraphText, Rendition, Term, digest_of
from plenara.documents.queries.drafts import PHRASES, Phrase, key_of, part_of, phrases_of
from plenara.documents.validation import contents
from plenara.documents.validation.renditions import Remark, checks_of
from plenara.documents.validation.words import find_terms

#: States by which a translator says that a translation is correct, even if its words are unchanged.
_CONFIRMED = frozenset({"translated", "reviewed", "final"})


class Outcome(models.TextChoices):
    """What happens to a statement of a returned file."""

    TAKEN = "taken", pgettext_lazy("statement of a returned file", "imported")
    UNCHANGED = "unchanged", pgettext_lazy("statement of a returned file", "unchanged")
    REFUSED = "refused", pgettext_lazy("statement of a returned file", "not imported")


class Shown(TypedDict, total=False):
    """The words of a verdict."""

    key: str
    before: str
    after: str
    name: str


@dataclass(frozen=True)
class Verdict:
    """What happens to one statement, or to the title (paragraph and number 0)."""

    paragraph: int
    number: int
    outcome: str
    code: str = ""  # of a refusal
    reason: str = ""
    typed: Typed | None = None  # of a statement that is taken
    title: str = ""  # of a title that is taken
    phrase: TypedPhrase | None = None  # of a heading or reason that is taken, and what names it
    key: str = ""
    before: str = ""  # the words as they are now, and as they would be
    after: str = ""
    name: str = ""  # what it is called
    remarks: tuple[str, ...] = ()  # what its translator should check; it is taken anyway

    @property
    def label(self) -> str:
        """The name of the outcome."""
        return str(Outcome(self.outcome).label)


@dataclass
class Judgement:
    """What happens to a whole file."""

    verdicts: list[Verdict] = field(default_factory=list)

    def of(self, outcome: str) -> list[Verdict]:
        """Return the verdicts of one outcome, in the order of the document."""
        return [each for each in self.verdicts if each.outcome == outcome]

    @property
    def taken(self) -> list[Verdict]:
        return self.of(Outcome.TAKEN)

    @property
    def refused(self) -> list[Verdict]:
        return self.of(Outcome.REFUSED)

    @property
    def unchanged(self) -> list[Verdict]:
        return self.of(Outcome.UNCHANGED)


def rows_of(returned: Returned) -> list[Json]:
    """Return a file's parts as they are stored, and the number of parts that are not ours."""
    strangers = [{"stranger": name} for name in dict.fromkeys(returned.strangers[:500])]
    return [*(asdict(each) for each in returned.parts), *strangers]


#: Findings of checks, by the words of a source and of its translation.
type Checked = dict[tuple[str, str], list[Remark]]


def judge(document: Document, language: str, rows: Sequence[Json], checked: Checked | None = None) -> Judgement:
    """Compare the parts of a file with the present document. Four queries.

    `checked` caches findings: sixty statements take a second.
    """
    checked = {} if checked is None else checked
    parts = [Part(**row) for row in rows if "stranger" not in row]
    strangers = [row["stranger"] for row in rows if "stranger" in row]
    phrases = [each for each in parts if each.part in PHRASES]
    parts = [each for each in parts if each.part not in PHRASES]
    twice = repeated(parts)
    parts_by_paragraph = by_paragraph(parts)
    places = ParagraphText.objects.filter(
        paragraph__document=document, language__in=[document.source_language, language]
    )
    texts = {(each.paragraph_id, each.language): each for each in places}
    terms = list(Term.objects.filter(consultation=document.consultation_id))
    judgement = Judgement()
    if 0 in parts_by_paragraph:
        title = _title(document, language, parts_by_paragraph.pop(0)[TITLE], is_twice=0 in twice)
        judgement.verdicts.append(replace(title, name=pgettext("text", "Title")))
    for paragraph in document.paragraphs.all():
        if paragraph.pk in parts_by_paragraph:
            source = texts.get((paragraph.pk, document.source_language)) or ParagraphText()
            present = texts.get((paragraph.pk, language)) or ParagraphText()
            came = parts_by_paragraph.pop(paragraph.pk)
            case = _Case(document.source_language, language, paragraph, source, present, came, checked)
            verdict = case.verdict(terms, is_twice=paragraph.pk in twice)
            judgement.verdicts.append(replace(verdict, name=part_of(document, paragraph)))
    beside = _phrases_of(phrases)
    for phrase in phrases_of(document, language) if phrases else ():
        if words := beside.pop(phrase.key, None):
            judgement.verdicts.append(replace(_phrase(document, language, phrase, words), name=phrase.name))
    unknown = [*(f"s{key}" for key in parts_by_paragraph), *beside, *strangers]
    judgement.verdicts += [_refused(0, 0, "unknown", after=name, name=_("Unknown text")) for name in unknown]
    return judgement


def reason_of(code: str) -> str:
    """Return why a statement is not taken, and what to do."""
    return {
        "unknown": _(
            "This text is no longer in the document. It was deleted, or its identifier in the file was "
            "changed. Download the file again."
        ),
        "twice": _("This text is in the file twice, with different translations. Leave only one of them."),
        "moved_on": _("The original has changed since you downloaded this file. Download the file again."),
        "altered_source": _("The original was changed in the file. Restore the original, or download the file again."),
        "unmarked": _("The file no longer shows which original was translated. Download the file again."),
        "empty": _("This text is not translated in the file. Translate the text."),
        "incomplete": _(
            "A part of this text is not translated in the file: its heading or the opposing view. Translate this part."
        ),
        "extra": _("The file has a translation of a part that is not in the original. Delete this translation."),
        "conflict": _(
            "Someone else has changed the translation since you downloaded this file. Compare the two translations."
        ),
    }[code]


def _refused(paragraph: int, number: int, code: str, reason: str = "", **more: Unpack[Shown]) -> Verdict:
    return Verdict(paragraph, number, Outcome.REFUSED, code, reason or reason_of(code), **more)


def _title(document: Document, language: str, part: Part, *, is_twice: bool) -> Verdict:
    source, now = document.title.get(document.source_language, ""), document.title.get(language, "")
    wanted = clean_line(part.target)
    shown: Shown = {"before": now, "after": wanted}
    code = "twice" if is_twice else _against_source([(source, part.source)], part.source_digest, digest(source))
    if code:
        return _refused(0, 0, code, **shown)
    if not wanted:
        return _refused(0, 0, "empty", **shown)
    made_from = Rendition.objects.filter(document=document, language=language).values_list("title_digest", flat=True)
    is_outdated = digest(source) not in made_from
    if wanted == now:
        holds = is_outdated and part.state in _CONFIRMED
        return Verdict(0, 0, Outcome.TAKEN if holds else Outcome.UNCHANGED, title=wanted, **shown)
    code = _against_target(part.target_digest, digest(now), digest(wanted), is_blank=not now)
    if code == "unchanged":
        return Verdict(0, 0, Outcome.UNCHANGED, **shown)
    if code:
        return _refused(0, 0, code, **shown)
    fits = contents.title_fits(wanted)
    found = checks_of("", source, "", "", wanted, "", document.source_language, language)
    return _fitting(Verdict(0, 0, Outcome.TAKEN, title=wanted, **shown), [fits], found)


def _phrases_of(parts: Iterable[Part]) -> dict[str, list[Part]]:
    """Return the headings and reasons of a file by key; several if a key is there several times."""
    found: dict[str, list[Part]] = {}
    for each in parts:
        found.setdefault(key_of(each.part, each.paragraph), []).append(each)
    return found


def _phrase(document: Document, language: str, phrase: Phrase, parts: list[Part]) -> Verdict:
    part, wanted = parts[-1], clean_line(parts[-1].target)
    shown: Shown = {"before": phrase.text, "after": wanted, "key": phrase.key}
    code = "twice" if len({each.target for each in parts}) > 1 else ""
    code = code or _against_source([(phrase.source, part.source)], part.source_digest, phrase.made_from)
    code = code or ("" if wanted else "empty")
    if code:
        return _refused(phrase.pk, 0, code, **shown)
    if wanted == phrase.text:
        return Verdict(phrase.pk, 0, Outcome.UNCHANGED, **shown)
    code = _against_target(part.target_digest, phrase.was, digest(wanted), is_blank=not phrase.text)
    if code == "unchanged":
        return Verdict(phrase.pk, 0, Outcome.UNCHANGED, **shown)
    if code:
        return _refused(phrase.pk, 0, code, **shown)
    typed = TypedPhrase(wanted, phrase.was)
    fits = contents.phrase_fits(wanted, phrase.what, phrase.key)
    found = checks_of("", phrase.source, "", "", wanted, "", document.source_language, language)
    return _fitting(Verdict(phrase.pk, 0, Outcome.TAKEN, phrase=typed, **shown), [fits], found)


@dataclass(frozen=True)
class _Case:
    """A statement, its parts in the file, and its present words."""

    source_language: str
    language: str
    paragraph: Paragraph
    source: ParagraphText
    present: ParagraphText
    parts: Mapping[str, Part]
    checked: Checked

    def verdict(self, terms: list[Term], *, is_twice: bool) -> Verdict:
        heading, text, against = self._wanted()
        wanted = digest_of(heading, text, against)
        pk, number = self.paragraph.pk, self.paragraph.number
        shown: Shown = {
            "before": _whole_text(self.present),
            "after": "\n\n".join(filter(None, (heading, text, against))),
        }
        any_part = next(iter(self.parts.values()))
        sources = [(getattr(self.source, name), part.source) for name, part in self.parts.items()]
        code = "twice" if is_twice else _against_source(sources, any_part.source_digest, self.source.digest)
        code = code or self._against_shape(heading, text, against)
        if code:
            return _refused(pk, number, code, **shown)
        typed = Typed(
            heading=heading,
            text=text,
            against=against,
            was=self.present.digest,
            source=self.source.digest,
            confirmed=all(part.state in _CONFIRMED for part in self.parts.values()),
        )
        if wanted == self.present.digest:
            holds = typed.confirmed and self.present.source_digest != self.source.digest
            return Verdict(pk, number, Outcome.TAKEN if holds else Outcome.UNCHANGED, typed=typed, **shown)
        code = _against_target(
            any_part.target_digest, self.present.digest, wanted, is_blank=self.present.digest == digest_of("", "")
        )
        if code == "unchanged":
            return Verdict(pk, number, Outcome.UNCHANGED, **shown)
        if code:
            return _refused(pk, number, code, **shown)
        fits = [
            contents.says_something(text),
            not against or contents.says_something(against),
            contents.title_fits(heading),
        ]
        found = self._found(heading, text, against, terms)
        return _fitting(Verdict(pk, number, Outcome.TAKEN, typed=typed, **shown), fits, found)

    def _found(self, heading: str, text: str, against: str, terms: list[Term]) -> list[Remark]:
        """Return the remarks. Figures and symbols belong to their own part: two sides may share some."""
        key = (self.source.digest, digest_of(heading, text, against))
        if key not in self.checked:
            self.checked[key] = self._check(heading, text, against, terms)
        return self.checked[key]

    def _check(self, heading: str, text: str, against: str, terms: list[Term]) -> list[Remark]:
        source, languages = self.source, (self.source_language, self.language)
        # Most terms of a glossary are not in a text, and searching for each in every form takes long.
        used = {each.term.pk: each.term for each in find_terms(_whole_text(source), self.source_language, terms)}
        found = checks_of(
            source.heading, source.text, source.against, heading, text, against, *languages, used.values()
        )
        pairs = [(was, now) for was, now in zip(_words(source), (heading, text, against), strict=True) if was]
        if len(pairs) < 2:
            return found
        parts = [checks_of("", was, "", "", now, "", *languages) for was, now in pairs]
        refusals = [each for part in parts for each in part if each.is_refusal]
        return [*refusals, *(each for each in found if not each.is_refusal)]

    def _wanted(self) -> tuple[str, str, str]:
        """Return heading, text and opposing view as they would be; a part that the file lacks stays as it is."""
        words = []
        for name in PARTS:
            part = self.parts.get(name)
            words.append(part.target if part else getattr(self.present, name) if getattr(self.source, name) else "")
        return clean_line(words[0]), clean(words[1]), clean(words[2])

    def _against_shape(self, heading: str, text: str, against: str) -> str:
        wanted = {"heading": heading, "text": text, "against": against}
        if not any(wanted[name] for name in self.parts):
            return "empty"
        if any(getattr(self.source, name) and not wanted[name] for name in PARTS):
            return "incomplete"
        return "extra" if any(wanted[name] and not getattr(self.source, name) for name in PARTS) else ""


def _words(text: ParagraphText) -> tuple[str, str, str]:
    return text.heading, text.text, text.against


def _whole_text(text: ParagraphText) -> str:
    return "\n\n".join(filter(None, _words(text)))


def _against_source(sources: list[tuple[str, str]], carried: str, present: str) -> str:
    """Return the code of the error in a source, or nothing. White space is ignored: tools change it."""
    is_as_now = all(_flat(now) == _flat(came) for now, came in sources)
    if not carried:
        return "" if is_as_now else "unmarked"
    if not is_same(carried, present):
        return "moved_on"
    return "" if is_as_now else "altered_source"


def _against_target(carried: str, present: str, wanted: str, *, is_blank: bool) -> str:
    """Return `unchanged` for what the file left as it was, the code of an error, or nothing."""
    if not carried:
        return "" if is_blank else "unmarked"
    if is_same(carried, wanted):
        return "unchanged"  # somebody else changed it here; the file did not
    return "" if is_same(carried, present) else "conflict"


def _fitting(verdict: Verdict, fits: Iterable[Answer], found: Iterable[Remark]) -> Verdict:
    """Return the verdict; a refusal if the words do not fit or have other figures and symbols."""
    shown: Shown = {"before": verdict.before, "after": verdict.after}
    for answer in fits:
        if isinstance(answer, Denied):
            return _refused(verdict.paragraph, verdict.number, answer.code, str(answer.sentence), **shown)
    refusals = [each for each in found if each.is_refusal]
    if refusals:
        reasons = join_sentences(*(each.sentence for each in refusals))
        return _refused(verdict.paragraph, verdict.number, refusals[0].code, reasons, **shown)
    return replace(verdict, remarks=tuple(each.sentence for each in found))


def _flat(text: str) -> str:
    return " ".join(clean(text).split())


What = IncomingFile.What


@writing
def store_file(
    *,
    actor: Person,
    consultation: Consultation,
    what: str,
    name: str,
    rows: Sequence[object],
    document: Document | None = None,
    language: str = "",
) -> IncomingFile:
    """Store the rows of a file until somebody confirms them."""
    require(may_bring(actor, consultation, what, document, language))
    return IncomingFile.objects.create(
        consultation=consultation,
        what=what,
        document=document,
        language=language,
        name=clean_line(name)[:200],
        rows=list(rows),
        by=actor,
    )


def may_bring(actor: Person, consultation: Consultation, what: str, document: Document | None, language: str) -> Answer:
    """Return whether a person may upload a file of a kind at all. What it may change is checked row by row."""
    if what == What.RENDITION and document is not None:
        return permissions.may_render(actor, document, language)
    if what == What.MEMORY:
        return bool(languages_of(actor, consultation)) or permissions.may_bring_memory(actor, consultation, "")
    return permissions.may_see_glossary(actor, consultation)


def languages_of(actor: Person, consultation: Consultation) -> list[str]:
    """Return the languages into which a person translates in a consultation."""
    return [code for code in NAMES if permissions.may_bring_memory(actor, consultation, code)]


def lock_file(file: IncomingFile, what: str) -> IncomingFile:
    """Return the file as it is now, locked until the transaction ends. Raises `AlreadyDone` if it was taken."""
    file = IncomingFile.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=file.pk)
    if file.what != what:
        raise InvalidInput(_("This file is of a different type. Upload it on the page for that type of file."), "kind")
    if file.taken_at is not None:
        raise AlreadyDone(_("The correct parts of this file have already been imported."), "taken")
    return file


def mark_taken(file: IncomingFile) -> None:
    file.rows, file.taken_at = [], clock.now()
    file.save(update_fields=["rows", "taken_at"])


def take_rendition(*, actor: Person, file: IncomingFile) -> Judgement:
    """Save the valid statements of a returned file; return the verdict on each.

    The rendition becomes a draft, as after any save. A file never reviews or publishes anything.
    """
    checked: Checked = {}
    if file.document is not None:
        # Words are checked before the transaction, so that nobody waits; later changes are checked within it.
        judge(file.document, file.language, file.rows, checked)
    return _take_rendition(actor=actor, file=file, checked=checked)


@writing
def _take_rendition(*, actor: Person, file: IncomingFile, checked: Checked) -> Judgement:
    file = lock_file(file, What.RENDITION)
    assert file.document is not None
    document = lock_document(file.document)
    require(permissions.may_render(actor, document, file.language))
    judgement = judge(document, file.language, file.rows, checked)
    title = next((each for each in judgement.taken if not each.paragraph), None)
    conflicts = save_rendition(
        actor=actor,
        document=document,
        language=file.language,
        typed={each.paragraph: each.typed for each in judgement.taken if each.typed},
        title=title.title if title else None,
        title_was=document.title.get(file.language, ""),
        title_confirmed=title is not None,
    )
    phrases = {each.key: each.phrase for each in judgement.taken if each.phrase}
    conflicting = save_phrases(actor=actor, document=document, language=file.language, typed=phrases) if phrases else []
    assert not conflicts and not conflicting, "the document is locked, and was judged a moment ago"
    mark_taken(file)
    audit.log(
        "document.rendition_returned",
        actor=actor,
        about=document,
        consultation=file.consultation,
        language=file.language,
        taken=len(judgement.taken),
        refused=len(judgement.refused),
    )
    return judgement
