"""Which organizations are verified now, how and since when."""

from collections.abc import Iterable

from plenara.directory.models import Verification


def standing(organization_ids: Iterable[int]) -> dict[int, Verification]:
    """Return the verifications that stand, by the organization's row id. One query; none for no ids."""
    ids = set(organization_ids)
    if not ids:
        return {}
    found = Verification.objects.filter(organization__in=ids, ended_at=None).order_by("at", "pk")
    return {each.organization_id: each for each in found}
