"""What else in the archive means nearly the same as a contribution, in whatever language."""

from plenara.contributions.models import Edition
from plenara.contributions.searching import CONTRIBUTION, findable
from plenara.search.relating import related_to

#: Contributions that a page names.
MOST = 5


def related(edition: Edition) -> list[Edition]:
    """Return what is nearest in meaning to a contribution; not what it answers nor its answers. Two queries."""
    near = [object_id for object_id, _product in related_to(CONTRIBUTION.code, edition.pk)]
    rows = findable().filter(pk__in=near).select_related("byline", "consultation", "thread", "text")
    there = {each.pk: each for each in rows if not _is_on_page(each, edition)}
    return [there[pk] for pk in near if pk in there][:MOST]


def _is_on_page(one: Edition, edition: Edition) -> bool:
    if one.consultation_id != edition.consultation_id:
        return False
    return one.number in (edition.number, edition.in_reply_to) or one.in_reply_to == edition.number
