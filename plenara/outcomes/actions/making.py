"""Outcomes: begun, and what they are called and answer. Their sections stand in `sections.py`."""

from collections.abc import Iterable
from typing import Any

from plenara.consultations.actions.common import require_current
from plenara.consultations.models import Consultation
from plenara.core import audit
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import require, require_valid
from plenara.core.text import clean_line, digest
from plenara.core.transaction import writing
from plenara.documents import actions as document_actions
from plenara.documents import checks as document_checks
from plenara.documents import states as document_states
from plenara.documents.actions.keeping import keep_title
from plenara.documents.actions.present import source_changed
from plenara.outcomes import checks, rules
from plenara.outcomes.actions.bodies import held
from plenara.outcomes.behind import cache_tags_behind
from plenara.outcomes.kind import NAME, address
from plenara.outcomes.models import Body, Outcome, Section
from plenara.outcomes.starting import TEMPLATES


@writing
def make_outcome(
    *,
    actor: Any,
    body: Body,
    slug: str,
    title: str,
    source_language: str,
    consultations: Iterable[Consultation] = (),
    template: str = "",
) -> Outcome:
    """Begin an outcome, with the sections of a template; it answers its body's home and these consultations."""
    body = held(body)
    require(rules.may_keep_body(actor, body))
    earlier = body.outcomes.filter(slug=slug, document__created_by=actor).select_related("document").first()
    if earlier and earlier.document.title.get(source_language) == clean_line(title):
        return earlier
    require_valid(
        checks.outcome_is_named(title),
        checks.slug_fits(slug),
        checks.outcome_slug_is_free(slug, body),
        *(checks.may_be_answered(each) for each in consultations),
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
    actor: Any,
    outcome: Outcome,
    title: str,
    slug: str,
    consultations: Iterable[Consultation],
    stamp: int | None = None,
) -> Outcome:
    """Change what an outcome is called, where it stands and what it answers, besides its body's home.

    Its address is free until it is first published. `stamp` is `stamp_of` when the form was opened.
    """
    outcome = for_arranging(actor, outcome)
    require(rules.may_keep_body(actor, outcome.body))
    document, title = outcome.document, clean_line(title)
    answers = {outcome.body.consultation, *consultations}
    before, kept = document.title.get(document.source_language, ""), set(outcome.consultations.all())
    if (title, slug, answers) == (before, outcome.slug, kept):
        return outcome
    require_current(stamp, stamp_of(outcome))
    require_valid(
        checks.outcome_is_named(title),
        document_checks.title_fits(title),
        *(checks.may_be_answered(each) for each in answers - kept),
        *([] if slug == outcome.slug else [checks.slug_stays(outcome), checks.slug_fits(slug)]),
        slug == outcome.slug or checks.outcome_slug_is_free(slug, outcome.body),
    )
    if title != before:
        document.title[document.source_language] = title
        source_changed(document)
        keep_title(document, document.source_language, title, actor)
    if slug != outcome.slug:
        outcome.slug, document.address = slug, address(outcome.body.slug, slug)
        outcome.save(update_fields=["slug"])
    document.save(update_fields=["title", "address"])
    outcome.consultations.set(answers)
    if document.number is not None and answers != kept:
        for cache_tag in cache_tags_behind([outcome.pk], *kept):  # whose pages name it, or did
            invalidate(cache_tag, nothing_goes=True)
    audit.log(
        "outcome.edited", actor=actor, about=outcome, consultation=outcome.body.consultation, document=document.pk
    )
    return outcome


def stamp_of(outcome: Outcome) -> int:
    """Return what a form carries, to tell whether an outcome's settings were changed since it was opened."""
    title = outcome.document.title.get(outcome.document.source_language, "")
    answers = sorted(outcome.consultations.values_list("pk", flat=True))
    return int(digest(f"{title}\n{outcome.slug}\n{answers}")[:7], 16)


def for_arranging(actor: Any, outcome: Outcome) -> Outcome:
    """Return an outcome whose document is a draft, held, for somebody who keeps its body or writes for it."""
    document = document_actions.locked(outcome.document)
    outcome = Outcome.objects.select_related("body__consultation", "document__consultation").get(pk=outcome.pk)
    require(rules.may_arrange(actor, outcome.body))
    document_states.after(document.state, "edit")
    return outcome
