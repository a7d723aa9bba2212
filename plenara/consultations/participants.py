"""Who takes part in a consultation. Packages above say whom they know: authors are known to contributions."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation

_known: list[Callable[[Consultation], QuerySet[Any]]] = []


def takes_part(function: Callable[[Consultation], QuerySet[Any]]) -> Callable[[Consultation], QuerySet[Any]]:
    """Register a function that returns the ids of persons who take part, as a query of one column."""
    if function not in _known:
        _known.append(function)
    return function


@takes_part
def with_a_role(consultation: Consultation) -> QuerySet[Any]:
    """Return the ids of those with a role in it."""
    return consultation.roles.values("person_id")


def participants(consultation: Consultation) -> QuerySet[Person]:
    """Return everybody who takes part and can be written to, each once, by id."""
    anywhere = Q()
    for function in _known:
        anywhere |= Q(pk__in=function(consultation))
    return Person.objects.filter(anywhere, is_active=True, suspended_at=None).order_by("pk")
