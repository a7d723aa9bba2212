"""The sections of an outcome: added, changed, ordered, deleted while they are empty."""

from collections.abc import Mapping
from typing import Any

from plenara.consultations.actions.common import clean_texts, require_current
from plenara.core import audit
from plenara.core.refusals import Invalid, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing
from plenara.documents.models import Paragraph
from plenara.outcomes import checks
from plenara.outcomes.actions.making import for_arranging
from plenara.outcomes.models import Outcome, Section, Stand


@writing
def add_section(
    *, actor: Any, outcome: Outcome, slug: str, title: Mapping[str, str], guidance: Mapping[str, str] | None = None
) -> Section:
    """Add a section at the end. The same twice (a double click) is added once."""
    outcome = for_arranging(actor, outcome)
    title, guidance = clean_texts(title, clean_line), clean_texts(guidance, clean)
    if there := outcome.sections.filter(slug=slug, title=title).first():
        return there
    require_valid(*_fit(outcome, title, guidance), checks.slug_fits(slug), checks.section_slug_is_free(slug, outcome))
    count = outcome.sections.count()
    if count >= checks.MOST_SECTIONS:
        raise Invalid(checks.too_many_sections(), "too_many")
    section = Section.objects.create(outcome=outcome, number=count + 1, slug=slug, title=title, guidance=guidance)
    _record("outcome.section_added", actor, outcome, section)
    return section


@writing
def edit_section(
    *,
    actor: Any,
    section: Section,
    title: Mapping[str, str],
    guidance: Mapping[str, str] | None = None,
    stamp: int | None = None,
) -> Section:
    """Change a section's heading and guidance."""
    outcome = for_arranging(actor, section.outcome)
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
def move_section(*, actor: Any, section: Section, to: int) -> Section:
    """Let a section stand at a place among the others, 1 the first; its paragraphs go with it."""
    outcome = for_arranging(actor, section.outcome)
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
def delete_section(*, actor: Any, section: Section) -> None:
    """Delete a section that has no paragraph. One that is gone already stays so."""
    outcome = for_arranging(actor, section.outcome)
    found = outcome.sections.filter(pk=section.pk).first()
    if found is None:
        return
    require_valid(checks.section_is_empty(found))
    _record("outcome.section_deleted", actor, outcome, found)
    found.delete()
    _number(list(outcome.sections.all()))


def _number(sections: list[Section]) -> None:
    for number, each in enumerate(sections, 1):
        if each.number != number:
            each.number = number
            each.save(update_fields=["number"])


def _arrange(outcome: Outcome, sections: list[Section]) -> None:
    """Number the paragraphs anew, in the order of their sections. What is theirs for good (`mark`) stays."""
    place = {each.pk: number for number, each in enumerate(sections)}
    stands = Stand.objects.filter(section__outcome=outcome).select_related("paragraph")
    found = sorted(stands, key=lambda each: (place[each.section_id], each.paragraph.number))
    changed = []
    for number, stand in enumerate(found, 1):
        if stand.paragraph.number != number:
            stand.paragraph.number = number
            changed.append(stand.paragraph)
    Paragraph.objects.bulk_update(changed, ["number"], batch_size=200)


def _found(sections: list[Section], section: Section) -> Section:
    for each in sections:
        if each.pk == section.pk:
            return each
    raise Invalid(checks.section_is_gone(), "gone")


def _fit(outcome: Outcome, title: Mapping[str, str], guidance: Mapping[str, str]) -> list[Any]:
    return [
        checks.texts_fit("title", title),
        checks.in_some_language("title", title, outcome.document.source_language),
        checks.texts_fit("guidance", guidance),
    ]


def _record(verb: str, actor: Any, outcome: Outcome, section: Section) -> None:
    audit.log(verb, actor=actor, about=outcome, consultation=outcome.body.consultation, section=section.pk)
