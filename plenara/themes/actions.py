"""Actions on the list of themes. Each locks the whole list: two changes at once could make a circle."""

import datetime
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils.translation import gettext as _

from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES
from plenara.core.models import Revision
from plenara.core.refusals import AlreadyDone, Denied, InvalidInput, require, require_valid
from plenara.core.rows import Json
from plenara.core.text import clean_line
from plenara.core.transaction import writes, writing
from plenara.themes import permissions, tasks, validation
from plenara.themes.models import CACHE_TAG, Theme, ThemeFile
from plenara.themes.queries import ATTRIBUTES, Concept, cleaned_concept, concepts_of_list
from plenara.themes.validation import Plan, plan, with_positions

_AT_ONCE = 500
_WORDS = ["labels", "alternatives", "definition", "own_labels", "exact_match", "vocabulary", "position", "retired_at"]


def lock_list() -> dict[str, Concept]:
    """Lock the list until the transaction ends, and return all of it by code."""
    Revision.objects.get_or_create(cache_tag=CACHE_TAG)
    Revision.objects.select_for_update().get(cache_tag=CACHE_TAG)
    return {each.code: each for each in concepts_of_list()}


def write_list(concepts: Iterable[Concept]) -> list[Theme]:
    """Write checked concepts, new and changed, into the locked list, and return them as they are now.

    Rows first, then their links, once all exist. A dozen queries for some hundred themes.
    """
    wanted = {each.code: each for each in concepts}
    now = clock.now()
    known = {each.code: each for each in Theme.objects.filter(code__in=list(wanted))}
    fresh = [Theme(code=code) for code in wanted if code not in known]
    for theme in [*known.values(), *fresh]:
        concept = wanted[theme.code]
        for name in _WORDS[:-1]:
            setattr(theme, name, getattr(concept, name))
        theme.retired_at = (theme.retired_at or now) if concept.retired else None
        if not concept.retired:
            theme.replaced_by = None
        theme.stamp += 1
    Theme.objects.bulk_create(fresh, batch_size=_AT_ONCE)
    # The link first: a theme that is offered must never have a successor.
    Theme.objects.bulk_update(known.values(), ["replaced_by", *_WORDS, "stamp"], batch_size=_AT_ONCE)
    ids = dict(Theme.objects.order_by().values_list("code", "pk"))
    rows = list(Theme.objects.filter(code__in=list(wanted)))
    for theme in rows:
        concept = wanted[theme.code]
        theme.broader_id = ids.get(concept.broader)
        theme.replaced_by_id = ids.get(concept.replaced_by)
    Theme.objects.bulk_update(rows, ["broader", "replaced_by"], batch_size=_AT_ONCE)
    _relate(wanted.values(), ids)
    found = {each.code: each for each in Theme.objects.filter(code__in=list(wanted))}
    return [found[code] for code in wanted]


def _relate(concepts: Iterable[Concept], ids: dict[str, int]) -> None:
    """Set the related themes of concepts, in both directions."""
    pairs = Theme.related.through
    own = {ids[each.code] for each in concepts}
    wanted = {(ids[each.code], ids[code]) for each in concepts for code in each.related}
    pairs.objects.filter(Q(from_theme__in=own) | Q(to_theme__in=own)).delete()
    both = sorted(wanted | {(other, one) for one, other in wanted})
    pairs.objects.bulk_create((pairs(from_theme_id=one, to_theme_id=other) for one, other in both), batch_size=_AT_ONCE)


@writing
def add(*, actor: AbstractBaseUser, code: str, **words: object) -> Theme:
    """Add a theme. `words` are attributes of `Concept`. The same code and labels again (a double click) return it."""
    require(permissions.may_manage_list(actor))
    given: Json = {"vocabulary": "own", **words}
    concept = cleaned_concept(Concept(code=clean_line(code), **given))
    there = lock_list()
    if (before := there.get(concept.code)) and before.labels == concept.labels:
        return Theme.objects.get(code=concept.code)
    if before or not concept.position:
        last = max((each.position for each in there.values() if each.broader == concept.broader), default=0)
        concept = replace(concept, position=last + 1)
    taken = Denied(_("A theme with this code already exists. Choose a different code."), "taken", "code")
    require_valid(*([taken] if before else _errors(concept, there)))
    (theme,) = write_list([concept])
    audit.log("theme.added", actor=actor, about=theme, code=theme.code)
    invalidate(CACHE_TAG, nothing_withdrawn=True)
    return theme


@writing
def edit(*, actor: AbstractBaseUser, theme: Theme, stamp: int | None = None, **words: object) -> Theme:
    """Change a theme, except its code. Without a change nothing is written; `stamp` is that of the form."""
    require(permissions.may_manage_list(actor))
    there = lock_list()
    theme = Theme.objects.get(pk=theme.pk)
    before = there[theme.code]
    given: Json = {name: value for name, value in words.items() if name in ATTRIBUTES}
    concept = cleaned_concept(replace(before, **given))
    concept = replace(concept, retired=before.retired, replaced_by=before.replaced_by, vocabulary=before.vocabulary)
    changed = [name for name in ATTRIBUTES if getattr(before, name) != getattr(concept, name)]
    if not changed:
        return theme
    if stamp is not None and stamp != theme.stamp:
        raise InvalidInput(
            _("Someone else has saved changes since you opened this page. Check the changes, then save again."), "stale"
        )
    require_valid(*_errors(concept, there))
    (theme,) = write_list([concept])
    audit.log("theme.edited", actor=actor, about=theme, code=theme.code, changed=changed)
    invalidate(CACHE_TAG)
    return theme


@writing
def retire(*, actor: AbstractBaseUser, theme: Theme, replaced_by: Theme | None = None) -> Theme:
    """Retire a theme. What is marked with it stays marked; its page redirects to the theme that replaces it."""
    require(permissions.may_manage_list(actor))
    there = lock_list()
    before = there[theme.code]
    concept = replace(before, retired=True, replaced_by=replaced_by.code if replaced_by else "")
    if concept == before:
        return Theme.objects.get(pk=theme.pk)
    require_valid(*([validation.is_offered(there[replaced_by.code])] if replaced_by else []), *_errors(concept, there))
    (theme,) = write_list([concept])
    audit.log("theme.retired", actor=actor, about=theme, code=theme.code, replaced_by=concept.replaced_by)
    invalidate(CACHE_TAG)
    return theme


@writing
def offer_again(*, actor: AbstractBaseUser, theme: Theme) -> Theme:
    """Offer a retired theme again."""
    require(permissions.may_manage_list(actor))
    before = lock_list()[theme.code]
    if not before.retired:
        raise AlreadyDone(_("This theme is already offered. Nothing has changed."), "already")
    (theme,) = write_list([replace(before, retired=False, replaced_by="")])
    audit.log("theme.offered_again", actor=actor, about=theme, code=theme.code)
    invalidate(CACHE_TAG, nothing_withdrawn=True)
    return theme


def _errors(concept: Concept, there: Mapping[str, Concept]) -> list[Denied]:
    everything = {**there, concept.code: concept}
    return [
        each.answer
        for each in [*validation.errors_of_theme(concept), *validation.errors_of_list(everything, [concept.code])]
    ]


FILE_DAYS = 7


def file_expires_at(file: ThemeFile) -> datetime.datetime:
    """Return when an unconfirmed file is deleted."""
    return file.at + datetime.timedelta(days=FILE_DAYS)


#: The name of the first list.
WSIS = "wsis"


@writing
def store_file(*, actor: AbstractBaseUser, name: str, sha256: str, vocabulary: str, rows: list[Json]) -> ThemeFile:
    """Store the content of a file until it is confirmed or dropped. The same file again returns the pending one."""
    require(permissions.may_manage_list(actor))
    require_valid(validation.vocabulary_fits(vocabulary))
    pending = ThemeFile.objects.filter(sha256=sha256, vocabulary=vocabulary).first()
    if pending:
        return pending
    made = ThemeFile.objects.create(name=clean_line(name)[:200], sha256=sha256, vocabulary=vocabulary, rows=rows)
    audit.log("themes.file_kept", actor=actor, about=made, themes=len(rows))
    tasks.forget_file.using(key=f"themes-file-{made.pk}", run_after=file_expires_at(made)).enqueue(file_id=made.pk)
    return made


@writing
def import_file(*, actor: AbstractBaseUser, file_id: int, digest: str) -> Plan:
    """Apply the changes of a file, and delete it. `digest` is that of the confirmed plan."""
    require(permissions.may_manage_list(actor))
    there = lock_list()
    file = ThemeFile.objects.filter(pk=file_id).first()
    if file is None:
        raise AlreadyDone(
            _("This file has already been imported or discarded. To import it again, upload the file again."), "gone"
        )
    made = plan(file.rows, there, file.vocabulary)
    if made.digest != digest:
        raise InvalidInput(
            _("The list has changed since you opened this page. Check again what the file would change."), "stale"
        )
    require_valid(*(each.answer for each in made.errors))
    write_list(made.concepts())
    file.delete()
    audit.log(
        "themes.imported",
        actor=actor,
        about=file_mark(file_id),
        vocabulary=file.vocabulary,
        new=len(made.new),
        changed=len(made.changed),
    )
    if not made.is_empty:
        invalidate(CACHE_TAG, nothing_withdrawn=not made.changed)
    return made


@writing
def drop_file(*, actor: AbstractBaseUser, file_id: int) -> None:
    """Delete a pending file. A second call does nothing."""
    require(permissions.may_manage_list(actor))
    if ThemeFile.objects.filter(pk=file_id).delete()[0]:
        audit.log("themes.file_dropped", actor=actor, about=file_mark(file_id))


def file_mark(file_id: int) -> ThemeFile:
    """Return what an audit entry about a deleted file is about."""
    return ThemeFile(pk=file_id)


@writing
def install_wsis() -> int:
    """Add the WSIS Action Lines to a list that never had them, and return the number of themes.

    Done by the installation at its first start. Later changes by the secretariat stay.
    """
    there = lock_list()
    if any(each.vocabulary == WSIS for each in there.values()):
        return 0
    rows = json.loads(files("plenara.themes").joinpath("data/wsis.json").read_text("utf-8"))
    return _append(rows, there, WSIS)


@writing
def learn(*, themes: Iterable[Json], vocabulary: str) -> int:
    """Add the unknown themes of a bundle to the list, and return how many. Known ones stay as they are.

    A theme that does not fit the list (by its code, for an address) stays in the bundle only.
    """
    rows = [
        {
            "code": each["code"],
            "labels": {code: text for code, text in each.get("label", {}).items() if code in NAMES},
            "broader": each.get("broader", ""),
            "exact_match": each.get("exact_match", []),
        }
        for each in themes
    ]
    return _append(rows, lock_list(), vocabulary)


def _append(rows: Iterable[Json], there: dict[str, Concept], vocabulary: str) -> int:
    """Append new themes that fit, without confirmation; a broader theme that does not fit is left out."""
    tokens = {validation.token_of(code) for code in there}
    fresh: dict[str, Concept] = {}
    for row in rows:
        concept = cleaned_concept(Concept(**{**row, "vocabulary": vocabulary}))
        if validation.token_of(concept.code) not in tokens and not validation.errors_of_theme(concept):
            tokens.add(validation.token_of(concept.code))
            fresh[concept.code] = concept
    everything = {**there, **fresh}
    for code, concept in fresh.items():
        if concept.broader not in everything:
            fresh[code] = everything[code] = replace(concept, broader="")
    for error in validation.errors_of_list(everything, list(fresh)):
        if error.answer.field == "broader":
            fresh[error.code] = everything[error.code] = replace(everything[error.code], broader="")
    if not fresh or len(everything) > validation.MOST:
        return 0
    write_list(with_positions(fresh, there).values())
    audit.log("themes.learned", actor=None, about=file_mark(0), vocabulary=vocabulary, themes=len(fresh))
    invalidate(CACHE_TAG, nothing_withdrawn=True)
    return len(fresh)


def forget_file(file_id: int) -> None:
    """Delete a file that was neither imported nor dropped."""
    with writes():
        ThemeFile.objects.filter(pk=file_id).delete()
