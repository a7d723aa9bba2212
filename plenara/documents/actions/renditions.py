"""Translations of a document: saving statements, headings and reasons, reviewing, and the state of each rendition."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.languages import NAMES, direction, html_code
from plenara.core.refusals import Answer, Denied, require, require_valid
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import writing
from plenara.documents import permissions, states
from plenara.documents.actions.changes import (
    What,
    add_change,
    add_change_of_title,
    add_first_change,
    lock_document,
    log,
)
from plenara.documents.kinds import kind_of
from plenara.documents.models import (
    Document,
    Origin,
    ParagraphText,
    Reason,
    Rendition,
    RenditionState,
    Suggestion,
    digest_of,
)
from plenara.documents.queries.drafts import HEADING, Phrase, phrases_of
from plenara.documents.validation import contents
from plenara.documents.validation.renditions import nothing_refused


@dataclass(frozen=True)
class Typed:
    """What a translator typed for one paragraph, with the digests of translation and source that the form showed."""

    heading: str
    text: str
    was: str
    source: str
    confirmed: bool = False  # the source changed, and the translation is still correct
    against: str = ""  # of a disagreement: the opposing view


@dataclass(frozen=True)
class Conflict:
    """A paragraph that somebody else changed in the meantime. Nothing of it was saved."""

    paragraph: int  # its id; 0: the title
    now: ParagraphText


@writing
def save_rendition(
    *,
    actor: Person,
    document: Document,
    language: str,
    typed: Mapping[int, Typed],
    title: str | None = None,
    title_was: str = "",
    title_confirmed: bool = False,
    title_source: str = "",
    origin: str = Origin.HUMAN,
) -> list[Conflict]:
    """Save translated paragraphs (by id) and title; return those that somebody else changed in the meantime, unsaved.

    Texts that the form did not change are left alone, so that two translators at once lose nothing. `title_source` is
    the digest of the source title that the form showed (none: the present one). The field of a refusal is `t`, `h` or
    `a` and the paragraph's id.
    """
    document = lock_document(document)
    require(permissions.may_render(actor, document, language))
    rendition, _made = Rendition.objects.get_or_create(document=document, language=language)
    paragraphs = {each.pk: each for each in document.paragraphs.all()}
    places = ParagraphText.objects.filter(
        paragraph__document=document, language__in=[language, document.source_language]
    )
    texts = {(each.paragraph_id, each.language): each for each in places}
    machines = {each.paragraph_id: each for each in Suggestion.objects.filter(document=document, language=language)}
    saved, conflicts = [], []
    for key, it in typed.items():
        source = texts.get((key, document.source_language))
        if key not in paragraphs or source is None:
            continue  # deleted in the meantime
        present = texts.get((key, language)) or ParagraphText(paragraph_id=key, language=language)
        heading, text, against = clean_line(it.heading), clean(it.text), clean(it.against)
        require_valid(
            _at(f"t{key}", not text or contents.says_something(text)),
            _at(f"a{key}", not against or contents.says_something(against)),
            _at(f"h{key}", contents.title_fits(heading)),
        )
        wanted, now = digest_of(heading, text, against), present.digest
        made_from = it.source[:64] if text else ""
        if wanted == now and (present.source_digest == made_from or not it.confirmed):
            continue
        if wanted != now and wanted == it.was:
            continue  # not touched here; somebody else changed it
        if wanted != now and it.was != now:
            conflicts.append(Conflict(key, present))
            continue
        add_first_change(document, paragraphs[key], present)
        present.machine = _machine(present, machines.get(key), text, against)
        present.heading, present.text, present.against = heading, text, against
        present.source_digest = made_from
        present.source_text = source.text if made_from == source.digest else present.source_text
        present.changed_by, present.changed_at = actor, clock.now()
        present.save()
        add_change(document, paragraphs[key], present, What.TRANSLATED, actor)
        saved.append(key)
    titled = False
    if title is not None:
        title, title_now = clean_line(title), document.title.get(language, "")
        require_valid(contents.title_fits(title))
        if title not in (title_was, title_now) and title_was != title_now:
            conflicts.append(Conflict(0, ParagraphText(language=language, text=title_now)))
        elif title != title_was or title_confirmed:
            titled = _save_title(document, rendition, language, title, title_source[:64])
            if titled:
                add_change_of_title(document, language, title, actor)
    if saved or titled:
        mark_saved(document, rendition, actor, origin=origin, paragraphs=saved)
    return conflicts


def mark_saved(
    document: Document, rendition: Rendition, actor: Person, *, origin: str = Origin.HUMAN, **what: object
) -> None:
    """Make a rendition a draft after a save. Its translator is the person who wrote most of it.

    `what` names the saved texts in the audit entry.
    """
    language = rendition.language
    rendition.state = RenditionState(states.rendition_after(rendition.state, "save"))
    rendition.origin, rendition.changed_at = origin_of(document, language, origin), clock.now()
    rendition.translator = _translator(document, language, actor)
    rendition.reviewer, rendition.self_reviewed = None, False
    rendition.save()
    log("document.rendition_saved", actor, document, language=language, **what)


def _at(field: str, answer: Answer) -> Answer:
    """Return the answer with the field of the form that has the error."""
    return Denied(answer.sentence, answer.code, field) if isinstance(answer, Denied) else answer


def _machine(present: ParagraphText, suggested: Suggestion | None, text: str, against: str) -> str:
    """Return the machine that wrote these words; blank when a person wrote or changed them.

    A heading by a person above a machine's text does not change the text's origin.
    """
    if not text:
        return ""
    if (text, against) == (present.text, present.against):
        return present.machine
    is_suggested = suggested is not None and (text, against) == (suggested.text, suggested.against)
    return suggested.machine if suggested and is_suggested else ""


def origin_of(document: Document, language: str, default: str = Origin.HUMAN) -> str:
    """Return the origin of a rendition: machine, if most of its texts are a machine's words that nobody changed."""
    found = ParagraphText.objects.filter(paragraph__document=document, language=language).exclude(text="")
    machines = [bool(each) for each in found.values_list("machine", flat=True)]
    return Origin.MACHINE if sum(machines) * 2 > len(machines) else Origin(default)


def _translator(document: Document, language: str, actor: Person) -> Person | None:
    """Return the person who wrote most of a rendition. A reviewer who corrects a word is not its translator."""
    makers = ParagraphText.objects.filter(paragraph__document=document, language=language).exclude(changed_by=None)
    counts = Counter(each.changed_by for each in makers.exclude(text="").select_related("changed_by"))
    most = max(counts.values(), default=0)
    if counts[actor] == most:
        return actor
    return next(person for person, count in counts.items() if count == most)


def _save_title(document: Document, rendition: Rendition, language: str, title: str, made_from: str) -> bool:
    """Save a translated title with the digest of its source; return whether anything changed."""
    made_from = (made_from or digest(document.title.get(document.source_language, ""))) if title else ""
    if title == document.title.get(language, "") and rendition.title_digest == made_from:
        return False
    document.title[language] = title
    document.save(update_fields=["title"])
    rendition.title_digest = made_from
    return True


def review_rendition(*, actor: Person, rendition: Rendition) -> Rendition:
    """Mark a rendition as reviewed: it is complete, up to date, and has the source's figures and symbols."""
    # Checking a long one takes seconds. The result is cached here, before others have to wait for the lock.
    nothing_refused(rendition.document, rendition.language)
    return _review(actor, rendition)


@writing
def _review(actor: Person, rendition: Rendition) -> Rendition:
    document = lock_document(rendition.document)
    rendition = (
        Rendition.objects.select_for_update(of=("self",)).select_related("document__consultation").get(pk=rendition.pk)
    )
    require(permissions.may_review_rendition(actor, rendition))
    state = states.rendition_after(rendition.state, "review")
    require_valid(
        contents.rendition_is_complete(document, rendition.language),
        contents.comments_settled(document, rendition.language),
    )
    require_valid(nothing_refused(document, rendition.language))
    rendition.state = RenditionState(state)
    rendition.reviewer, rendition.self_reviewed = actor, rendition.translator_id == actor.pk
    rendition.changed_at = clock.now()
    rendition.save()
    log("document.rendition_reviewed", actor, document, language=rendition.language)
    return rendition


@dataclass(frozen=True)
class RenditionStatus:
    """The state of a document in one of the six languages."""

    code: str
    name: str
    html_lang: str
    dir: str
    is_source: bool
    state: str
    done: int  # paragraphs translated from the present source
    total: int
    origin: str = Origin.HUMAN
    rendition: Rendition | None = None

    @property
    def state_word(self) -> str:
        """The name of the state."""
        return str(RenditionState(self.state).label)

    @property
    def is_ready(self) -> bool:
        """Whether every paragraph is translated from the present source."""
        return self.done == self.total


def rendition_statuses(document: Document) -> list[RenditionStatus]:
    """Return the state of a document in each of the six languages, in the order of the language bar. Two queries."""
    renditions = {each.language: each for each in document.renditions.all()}
    texts: dict[str, dict[int, ParagraphText]] = {}
    for each in ParagraphText.objects.filter(paragraph__document=document):
        texts.setdefault(each.language, {})[each.paragraph_id] = each
    sources = {key: each.digest for key, each in texts.get(document.source_language, {}).items()}
    found = []
    for code, name in NAMES.items():
        is_source, rendition = code == document.source_language, renditions.get(code)
        translations = texts.get(code, {})
        done = sum(
            is_source or (key in translations and translations[key].source_digest == made_from)
            for key, made_from in sources.items()
        )
        state = document.state if is_source else rendition.state if rendition else RenditionState.MISSING
        found.append(
            RenditionStatus(
                code=code,
                name=name,
                html_lang=html_code(code),
                dir=direction(code),
                is_source=is_source,
                state=str(state),
                done=done,
                total=len(sources),
                origin=rendition.origin if rendition else Origin.HUMAN,
                rendition=rendition,
            )
        )
    return found


@dataclass(frozen=True)
class TypedPhrase:
    """What a translator typed for one phrase, and the digest of what the form showed."""

    text: str
    was: str


@writing
def save_phrases(*, actor: Person, document: Document, language: str, typed: Mapping[str, TypedPhrase]) -> list[Phrase]:
    """Save translated headings and reasons by key; return those that somebody else changed in the meantime, unsaved.

    Phrases that the form did not change, or that no longer exist, are left alone. The field of a refusal is the key.
    """
    document = lock_document(document)
    require(permissions.may_render(actor, document, language))
    there = {each.key: each for each in phrases_of(document, language)}
    saved, conflicts = [], []
    for key, it in typed.items():
        present = there.get(key)
        if present is None:
            continue
        text = clean_line(it.text)
        require_valid(contents.phrase_fits(text, present.what, key))
        if text == present.text or digest(text) == it.was:
            continue
        if it.was != present.was:
            conflicts.append(present)
            continue
        _save_phrase(document, present, language, text)
        saved.append(key)
    if saved:
        rendition, _made = Rendition.objects.get_or_create(document=document, language=language)
        mark_saved(document, rendition, actor, phrases=saved)
    return conflicts


def _save_phrase(document: Document, phrase: Phrase, language: str, text: str) -> None:
    if phrase.what == HEADING:
        headings = kind_of(document.kind).headings
        assert headings is not None, "the kind gave it"
        headings.keep(phrase.pk, language, text)
        return
    reason = Reason.objects.get(pk=phrase.pk, document=document)
    reason.texts = {code: each for code, each in {**reason.texts, language: text}.items() if each}
    reason.save(update_fields=["texts"])
