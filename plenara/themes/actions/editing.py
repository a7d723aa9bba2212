"""Changing the list of themes. Whoever writes holds the whole list: two changes together could make a circle."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from plenara.core import audit
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import AlreadyDone, Invalid, No, require, require_valid
from plenara.core.text import clean_line
from plenara.core.transaction import writing
from plenara.themes import checks, rules
from plenara.themes.actions.writing import take_hold, write
from plenara.themes.concepts import ATTRIBUTES, Concept, cleaned
from plenara.themes.models import CACHE_TAG, Theme


@writing
def add(*, actor: Any, code: str, **words: Any) -> Theme:
    """Add a theme. `words` are attributes of `Concept`. The same code and labels again (a double click) return it."""
    require(rules.may_keep_list(actor))
    concept = cleaned(Concept(code=clean_line(code), **{"vocabulary": "own", **words}))
    there = take_hold()
    if (before := there.get(concept.code)) and before.labels == concept.labels:
        return Theme.objects.get(code=concept.code)
    if before or not concept.position:
        last = max((each.position for each in there.values() if each.broader == concept.broader), default=0)
        concept = replace(concept, position=last + 1)
    taken = No(_("There is a theme with this code already."), "taken", "code")
    require_valid(*([taken] if before else _faults(concept, there)))
    (theme,) = write([concept])
    audit.log("theme.added", actor=actor, about=theme, code=theme.code)
    invalidate(CACHE_TAG, nothing_goes=True)
    return theme


@writing
def edit(*, actor: Any, theme: Theme, stamp: int | None = None, **words: Any) -> Theme:
    """Change what is said of a theme. Its code stays. Nothing changed writes nothing; `stamp` as its form had it."""
    require(rules.may_keep_list(actor))
    there = take_hold()
    theme = Theme.objects.get(pk=theme.pk)
    before = there[theme.code]
    concept = cleaned(replace(before, **{name: value for name, value in words.items() if name in ATTRIBUTES}))
    concept = replace(concept, retired=before.retired, replaced_by=before.replaced_by, vocabulary=before.vocabulary)
    changed = [name for name in ATTRIBUTES if getattr(before, name) != getattr(concept, name)]
    if not changed:
        return theme
    if stamp is not None and stamp != theme.stamp:
        raise Invalid(_("Somebody else has saved a change since you opened this page."), "stale")
    require_valid(*_faults(concept, there))
    (theme,) = write([concept])
    audit.log("theme.edited", actor=actor, about=theme, code=theme.code, changed=changed)
    invalidate(CACHE_TAG)
    return theme


@writing
def retire(*, actor: Any, theme: Theme, replaced_by: Theme | None = None) -> Theme:
    """Offer a theme no more. What is marked with it stays marked; its page leads to the one that takes its place."""
    require(rules.may_keep_list(actor))
    there = take_hold()
    before = there[theme.code]
    concept = replace(before, retired=True, replaced_by=replaced_by.code if replaced_by else "")
    if concept == before:
        return Theme.objects.get(pk=theme.pk)
    require_valid(*([checks.is_offered(there[replaced_by.code])] if replaced_by else []), *_faults(concept, there))
    (theme,) = write([concept])
    audit.log("theme.retired", actor=actor, about=theme, code=theme.code, replaced_by=concept.replaced_by)
    invalidate(CACHE_TAG)
    return theme


@writing
def offer_again(*, actor: Any, theme: Theme) -> Theme:
    """Offer a retired theme again."""
    require(rules.may_keep_list(actor))
    before = take_hold()[theme.code]
    if not before.retired:
        raise AlreadyDone(_("This theme is offered already."), "already")
    (theme,) = write([replace(before, retired=False, replaced_by="")])
    audit.log("theme.offered_again", actor=actor, about=theme, code=theme.code)
    invalidate(CACHE_TAG, nothing_goes=True)
    return theme


def _faults(concept: Concept, there: Mapping[str, Concept]) -> list[Any]:
    everything = {**there, concept.code: concept}
    return [each.answer for each in [*checks.alone(concept), *checks.together(everything, [concept.code])]]
