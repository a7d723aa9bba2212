"""Actions on outcomes: create and edit one, and add, edit, order and delete its sections."""

from collections.abc import Iterable, Mapping

from plenara.accounts.models import Person
from plenara.consultations.actions.lifecycle import clean_texts, require_current
from plenara.consultations.models import Consultation
from plenara.core import audit
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import Answer, InvalidInput, require, require_valid
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents import states as document_states
from plenara.documents.actions.changes import add_change_of_title, source_changed
from plenara.documents.models import Paragraph
from plenara.documents.validation.contents import title_fits
from plenara.outcomes import permissions
from plenara.outcomes.actions.bodies import lock_body
from plenara.outcomes.kind import NAME, TEMPLATES, address
from plenara.outcomes.models import Body, Outcome, OutcomeParagraph, Section
from plenara.outcomes.queries.consultations import cache_tags_behind
from plenara.outcomes.validation import contents


@writing
def make_outcome(
    *,
    actor: Person,
    body: Body,
    slug: str,
    title: str,
    source_language: str,
    consultations: Iterable[Consultation] = (),
    template: str = "",
) -> Outcome:
    """Create an outcome with the sections of a template. It answers its body's home and these consultations."""
    body = lock_body(body)
    require(permissions.may_manage_body(actor, body))
    earlier = body.outcomes.filter(slug=slug, document__created_by=actor).select_related("document").first()
    if earlier and earlier.document.title.get(source_language) == clean_line(title):
        return earlier
    require_valid(
        contents.outcome_is_named(title),
        contents.slug_fits(slug),
        contents.outcome_slug_is_free(slug, body),
        *(contents.may_be_answered(each) for each in consultations),
    )
    document = document_actions.create(
        actor=actor, consultation=body.consultation, kind=NAME, source_language=source_language, title=title,
        address=address(body.slug, slug),
    )  # fmt: skip
    outcome = Outcome.objects.create(document=document, body=body, slug=slug)
    outcome.consultations.set({body.consultation, *consultations})
    for number, (name, titles, guidance) in enumerate(TEMPLATES[template]() if template else [], 1):
        Section.objects.create(outcome=outcome, number=number, slug=name, title=titles, guidance=guidance)
    audit.log("outcome.made", actor=actor, about=outcome, consultation=body.consultation, document=document.pk)
    return outcome


@writing
def edit_outcome(
    *,
    actor: Person,
    outcome: Outcome,
    title: str,
    slug: str,
    consultations: Iterable[Consultation],
    stamp: int | None = None,
) -> Outcome:
    """Change the title and the address of an outcome, and the consultations that it answers besides its body's home.

    Its address can change until it is first published. `stamp` is `stamp_of` when the form was opened.
    """
    outcome = lock_outcome(actor, outcome)
    require(permissions.may_manage_body(actor, outcome.body))
    document, title = outcome.document, clean_line(title)
    answers = {outcome.body.consultation, *consultations}
    before, kept = document.title.get(document.source_language, ""), set(outcome.consultations.all())
    if (title, slug, answers) == (before, outcome.slug, kept):
        return outcome
    require_current(stamp, stamp_of(outcome))
    require_valid(
        contents.outcome_is_named(title),
        title_fits(title),
        *(contents.may_be_answered(each) for each in answers - kept),
        *([] if slug == outcome.slug else [contents.slug_stays(outcome), contents.slug_fits(slug)]),
        slug == outcome.slug or contents.outcome_slug_is_free(slug, outcome.body),
    )
    if title != before:
        document.title[document.source_language] = title
        source_changed(document)
        add_change_of_title(document, document.source_language, title, actor)
    if slug != outcome.slug:
        outcome.slug, document.address = slug, address(outcome.body.slug, slug)
        outcome.save(update_fields=["slug"])
    document.save(update_fields=["title", "address"])
    outcome.consultations.set(answers)
    if document.number is not None and answers != kept:
        for cache_tag in cache_tags_behind([outcome.pk], *kept):  # whose pages name it or named it
            invalidate(cache_tag, nothing_withdrawn=True)
    audit.log(
        "outcome.edited", actor=actor, about=outcome, consultation=outcome.body.consultation, document=document.pk
    )
    return outcome


def stamp_of(outcome: Outcome) -> int:
    """Return the stamp that a form carries, to detect that an outcome's settings changed after it was opened."""
    title = outcome.document.title.get(outcome.document.source_language, "")
    answers = sorted(outcome.consultations.values_list("pk", flat=True))
    return int(digest(f"{title}\n{outcome.slug}\n{answers}")[:7], 16)


def lock_outcome(actor: Person, outcome: Outcome) -> Outcome:
    """Return an outcome whose document is a draft, locked, for a person who manages its body or writes for it."""
    document = document_actions.lock_document(outcome.document)
    outcome = Outcome.objects.select_related("body__consultation", "document__consultation").get(pk=outcome.pk)
    require(permissions.may_arrange(actor, outcome.body))
    document_states.after(document.state, "edit")
    return outcome


@writing
def add_section(
    *, actor: Person, outcome: Outcome, slug: str, title: Mapping[str, str], guidance: Mapping[str, str] | None = None
) -> Section:
    """Add a section at the end. The same twice (a double click) is added once."""
    outcome = lock_outcome(actor, outcome)
    title, guidance = clean_texts(title, clean_line), clean_texts(guidance, clean)
    if there := outcome.sections.filter(slug=slug, title=title).first():
        return there
    require_valid(
        *_fit(outcome, title, guidance), contents.slug_fits(slug), contents.section_slug_is_free(slug, outcome)
    )
    count = outcome.sections.count()
    if count >= contents.MOST_SECTIONS:
        raise InvalidInput(contents.too_many_sections(), "too_many")
    section = Section.objects.create(outcome=outcome, number=count + 1, slug=slug, title=title, guidance=guidance)
    _record("outcome.section_added", actor, outcome, section)
    return section


@writing
def edit_section(
    *,
    actor: Person,
    section: Section,
    title: Mapping[str, str],
    guidance: Mapping[str, str] | None = None,
    stamp: int | None = None,
) -> Section:
    """Change a section's heading and guidance."""
    outcome = lock_outcome(actor, section.outcome)
    section = _found(list(outcome.sections.all()), section)
    title, guidance = clean_texts(title, clean_line), clean_texts(guidance, clean)
    if (title, guidance) == (section.title, section.guidance):
        return section
    require_current(stamp, section.stamp)
    require_valid(*_fit(outcome, title, guidance))
    section.title, section.guidance = title, guidance
    section.stamp += 1
    section.save(update_fields=["title", "guidance", "stamp"])
    _record("outcome.section_edited", actor, outcome, section)
    return section


@writing
def move_section(*, actor: Person, section: Section, to: int) -> Section:
    """Move a section with its paragraphs to a place among the others, 1 for the first."""
    outcome = lock_outcome(actor, section.outcome)
    sections = list(outcome.sections.all())
    section = _found(sections, section)
    before = [each.pk for each in sections]
    sections.remove(section)
    sections.insert(min(max(to, 1), len(sections) + 1) - 1, section)
    if [each.pk for each in sections] != before:
        _number(sections)
        _arrange(outcome, sections)
        _record("outcome.section_moved", actor, outcome, section)
    return section


@writing
def delete_section(*, actor: Person, section: Section) -> None:
    """Delete a section that has no paragraph. If it was already deleted, do nothing."""
    outcome = lock_outcome(actor, section.outcome)
    found = outcome.sections.filter(pk=section.pk).first()
    if found is None:
        return
    require_valid(contents.section_is_empty(found))
    _record("outcome.section_deleted", actor, outcome, found)
    found.delete()
    _number(list(outcome.sections.all()))


def _number(sections: list[Section]) -> None:
    for number, each in enumerate(sections, 1):
        if each.number != number:
            each.number = number
            each.save(update_fields=["number"])


def _arrange(outcome: Outcome, sections: list[Section]) -> None:
    """Renumber the paragraphs in the order of their sections. Their permanent numbers (`mark`) stay."""
    place = {each.pk: number for number, each in enumerate(sections)}
    outcome_paragraphs = OutcomeParagraph.objects.filter(section__outcome=outcome).select_related("paragraph")
    found = sorted(outcome_paragraphs, key=lambda each: (place[each.section_id], each.paragraph.number))
    changed = []
    for number, outcome_paragraph in enumerate(found, 1):
        if outcome_paragraph.paragraph.number != number:
            outcome_paragraph.paragraph.number = number
            changed.append(outcome_paragraph.paragraph)
    Paragraph.objects.bulk_update(changed, ["number"], batch_size=200)


def _found(sections: list[Section], section: Section) -> Section:
    for each in sections:
        if each.pk == section.pk:
            return each
    raise InvalidInput(contents.section_is_gone(), "gone")


def _fit(outcome: Outcome, title: Mapping[str, str], guidance: Mapping[str, str]) -> list[Answer]:
    return [
        contents.texts_fit("title", title),
        contents.in_some_language("title", title, outcome.document.source_language),
        contents.texts_fit("guidance", guidance),
    ]


def _record(verb: str, actor: Person, outcome: Outcome, section: Section) -> None:
    audit.log(verb, actor=actor, about=outcome, consultation=outcome.body.consultation, section=section.pk)
