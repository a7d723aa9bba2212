"""Opening a version for comment: a child consultation whose threads are its sections."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from plenara.consultations.actions.children import announce_child
from plenara.core import audit
from plenara.core.refusals import require, require_valid
from plenara.core.transaction import writing
from plenara.outcomes import checks, opening, rules
from plenara.outcomes.actions.bodies import invalidate_body
from plenara.outcomes.models import Opening, Outcome, OutcomeEdition, SectionThread


@writing
def open_for_comment(
    *,
    actor: Any,
    version: OutcomeEdition,
    slug: str,
    symbol: str,
    title: Mapping[str, str],
    languages: Sequence[str],
    closes_at: datetime.datetime | None,
    opens_at: datetime.datetime | None = None,
    **terms: Any,
) -> Opening:
    """Open the version in force for comment, from `opens_at` (nothing: now) to `closes_at`.

    A version that is open already (a double click) stays as it was opened. `terms` are the child's word limit and
    moderation; its title, dates and terms are edited as any consultation's from then on.
    """
    # Of two who open it at once the second waits here, and finds it open.
    Outcome.objects.select_for_update(of=("self",)).get(pk=version.outcome_id)
    found = OutcomeEdition.objects.select_related("edition", "outcome__body__consultation")
    version = found.get(pk=version.pk)
    body = version.outcome.body
    require(rules.may_open_for_comment(actor, body))
    earlier = Opening.objects.select_related("consultation").filter(edition=version).first()
    if earlier:
        return earlier
    asked = opening.questions_of(version)
    require_valid(
        checks.can_be_opened(version), *checks.sections_named(opening.unnamed_sections(version, list(languages)))
    )
    invalidate_body(body, nothing_goes=True)  # in one order, before the home's cache tag is held alone
    child = announce_child(
        actor=actor, parent=body.consultation, slug=slug, symbol=symbol, title=title, intro=opening.intro(),
        questions=[question for _section, question in asked], languages=languages, opens_at=opens_at,
        closes_at=closes_at, **terms,
    )  # fmt: skip
    made = Opening.objects.create(edition=version, outcome=version.outcome, consultation=child)
    threads = child.threads.order_by("number")
    SectionThread.objects.bulk_create(
        SectionThread(opening=made, thread=thread, section=section)
        for thread, (section, _question) in zip(threads, asked, strict=True)
    )
    audit.log(
        "outcome.opened_for_comment", actor=actor, about=version.outcome, consultation=body.consultation,
        edition=version.edition_id, child=child.pk,
    )  # fmt: skip
    return made
