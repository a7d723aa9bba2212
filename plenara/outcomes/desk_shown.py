"""Bodies and outcomes as the desk shows them: how far each is, in a fixed number of queries."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from plenara.consultations.models import RoleName
from plenara.consultations.rules import roles_of
from plenara.core.languages import Localized
from plenara.outcomes import rules
from plenara.outcomes.glance import Glance, glances
from plenara.outcomes.models import Body, Outcome, OutcomeEdition
from plenara.outcomes.trails import version_name

#: The roles in a body's home with which its desk is seen.
SEES = (RoleName.ORGANIZER, RoleName.RAPPORTEUR, RoleName.TRANSLATOR)


def bodies_of(person: Any) -> list[Body]:
    """Return the bodies that a person sees at the desk, their own first, read once a request. One query."""
    if not hasattr(person, "_bodies"):
        mine = set(rules.memberships_of(person))
        homes = {where for where, name, _language in roles_of(person) if name in SEES}
        found = Body.objects.filter(Q(pk__in=mine) | Q(consultation__in=homes)).select_related("consultation")
        person._bodies = sorted(found.order_by("pk"), key=lambda body: body.pk not in mine)
    return list(person._bodies)


def rows_of(bodies: Iterable[Body]) -> list[dict[str, Any]]:
    """Return bodies with their outcomes and how many members they have, as lists show them."""
    known = list(bodies)
    by_body: dict[int, list[dict[str, Any]]] = {}
    for row in outcome_rows(known):
        by_body.setdefault(row["outcome"].body_id, []).append(row)
    present = Q(members__until=None) | Q(members__until__gte=rules.today())
    counts = dict(
        Body.objects.filter(pk__in=[each.pk for each in known])
        .annotate(count=Count("members", filter=present))
        .values_list("pk", "count")
    )
    return [{"body": each, "outcomes": by_body.get(each.pk, []), "members": counts.get(each.pk, 0)} for each in known]


def outcome_rows(bodies: Iterable[Body]) -> list[dict[str, Any]]:
    """Return the outcomes of bodies with their state, versions, languages and who is answered. Eight queries."""
    by_pk = {each.pk: each for each in bodies}
    outcomes = list(
        Outcome.objects.filter(body__in=by_pk)
        .select_related("document__consultation")
        .prefetch_related("document__renditions")
        .order_by("pk")
    )
    seen: dict[int, Glance] = glances(outcomes)
    versions: dict[int, list[OutcomeEdition]] = {}
    for version in OutcomeEdition.objects.filter(outcome__in=outcomes).select_related("edition").order_by("edition"):
        versions.setdefault(version.outcome_id, []).append(version)
    rows = []
    for each in outcomes:
        each.body = by_pk[each.body_id]
        document, published = each.document, versions.get(each.pk, [])
        rows.append(
            {
                "outcome": each,
                "document": document,
                "title": Localized(document.title.get(document.source_language, ""), document.source_language),
                "glance": seen[each.pk],
                "versions": len(published),
                "latest": version_name(published[-1].stage, published[-1].draft) if published else "",
                "figures": published[-1].figures if published else {},
                "languages": sum(one.state == "published" for one in document.renditions.all()),
            }
        )
    return rows
