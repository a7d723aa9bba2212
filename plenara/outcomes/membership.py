"""Who is in a body, in the order in which its pages tell it."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from plenara.core import clock
from plenara.outcomes.models import Body, Member

#: Members on a body's own page, and on a page of all members.
FEW, PAGE = 40, 100


def members_in_order(body: Body) -> QuerySet[Member]:
    """Return the members, those of former days last; each says which it is (`is_former`)."""
    is_former = Case(
        When(Q(until__isnull=False, until__lt=clock.now().date()), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    found = Member.objects.filter(body=body).annotate(is_former=is_former)
    return found.order_by("is_former", "position", "pk")
