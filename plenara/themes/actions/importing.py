"""Themes that come from elsewhere: a file that waits to be confirmed, the first list, the codes of a bundle."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext as _

from plenara.core import audit
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES
from plenara.core.refusals import AlreadyDone, Invalid, require, require_valid
from plenara.core.text import clean_line
from plenara.core.transaction import writing
from plenara.themes import checks, rules, tasks
from plenara.themes.actions.writing import take_hold, write
from plenara.themes.concepts import Concept, cleaned
from plenara.themes.models import CACHE_TAG, ThemeFile
from plenara.themes.planning import Plan, placed, plan
from plenara.themes.retention import kept_until

#: What the first list is called.
WSIS = "wsis"


@writing
def keep_file(*, actor: Any, name: str, sha256: str, vocabulary: str, rows: list[dict[str, Any]]) -> ThemeFile:
    """Keep what a file says until it is confirmed or dropped. The same file again is the one that waits already."""
    require(rules.may_keep_list(actor))
    require_valid(checks.vocabulary_fits(vocabulary))
    waits = ThemeFile.objects.filter(sha256=sha256, vocabulary=vocabulary).first()
    if waits:
        return waits
    made = ThemeFile.objects.create(name=clean_line(name)[:200], sha256=sha256, vocabulary=vocabulary, rows=rows)
    audit.log("themes.file_kept", actor=actor, about=made, themes=len(rows))
    tasks.forget_file.using(key=f"themes-file-{made.pk}", run_after=kept_until(made)).enqueue(file_id=made.pk)
    return made


@writing
def bring_in(*, actor: Any, file_id: int, digest: str) -> Plan:
    """Do what a file would change, and forget it. `digest` is of the plan that was confirmed."""
    require(rules.may_keep_list(actor))
    there = take_hold()
    file = ThemeFile.objects.filter(pk=file_id).first()
    if file is None:
        raise AlreadyDone(_("This file was brought in or dropped meanwhile."), "gone")
    made = plan(file.rows, there, file.vocabulary)
    if made.digest != digest:
        raise Invalid(_("The list has changed meanwhile. Look again at what the file would change."), "stale")
    require_valid(*(each.answer for each in made.faults))
    write(made.concepts())
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
        invalidate(CACHE_TAG, nothing_goes=not made.changed)
    return made


@writing
def drop_file(*, actor: Any, file_id: int) -> None:
    """Forget a file that waits. Twice is the same as once."""
    require(rules.may_keep_list(actor))
    if ThemeFile.objects.filter(pk=file_id).delete()[0]:
        audit.log("themes.file_dropped", actor=actor, about=file_mark(file_id))


def file_mark(file_id: int) -> ThemeFile:
    """Return what an act about a file that is gone already is about."""
    return ThemeFile(pk=file_id)


@writing
def install_wsis() -> int:
    """Put the WSIS Action Lines into a list that never had them, and return how many themes that were.

    The installation's own act, at its first start. What the secretariat has changed since, or retired, stays so.
    """
    there = take_hold()
    if any(each.vocabulary == WSIS for each in there.values()):
        return 0
    rows = json.loads(files("plenara.themes").joinpath("data/wsis.json").read_text("utf-8"))
    return _append(rows, there, WSIS)


@writing
def learn(*, themes: Iterable[Mapping[str, Any]], vocabulary: str) -> int:
    """Add the themes of a bundle that the list does not know, and return how many. Known ones stay as they are.

    What cannot be a theme of the list (a code that no address can have) stays what it is to the bundle alone.
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
    return _append(rows, take_hold(), vocabulary)


def _append(rows: Iterable[Mapping[str, Any]], there: dict[str, Concept], vocabulary: str) -> int:
    """Append what is new and fits, without asking anybody; a broader theme that does not fit is left out."""
    tokens = {checks.token_of(code) for code in there}
    fresh: dict[str, Concept] = {}
    for row in rows:
        concept = cleaned(Concept(**{**row, "vocabulary": vocabulary}))
        if checks.token_of(concept.code) not in tokens and not checks.alone(concept):
            tokens.add(checks.token_of(concept.code))
            fresh[concept.code] = concept
    everything = {**there, **fresh}
    for code, concept in fresh.items():
        if concept.broader not in everything:
            fresh[code] = everything[code] = replace(concept, broader="")
    for fault in checks.together(everything, list(fresh)):
        if fault.answer.field == "broader":
            fresh[fault.code] = everything[fault.code] = replace(everything[fault.code], broader="")
    if not fresh or len(everything) > checks.MOST:
        return 0
    write(placed(fresh, there).values())
    audit.log("themes.learned", actor=None, about=file_mark(0), vocabulary=vocabulary, themes=len(fresh))
    invalidate(CACHE_TAG, nothing_goes=True)
    return len(fresh)
