"""To whom the letters of background tasks go, for those who may see it: read from the tables, and stored nowhere."""

from collections.abc import Sequence

from plenara.accounts.models import Invitation, Person
from plenara.consultations.models import Role
from plenara.contributions.models import Version
from plenara.ledger.models import Errand

#: How the argument of a kind leads to the address; the arguments that every kind may have are in `_COMMON`.
_OF_KIND = {
    "consultations.tell_role": ("role_id", Role, "person__email"),
    "contributions.send_receipt": ("version_id", Version, "contribution__author__email"),
}
_COMMON = {"person_id": (Person, "email"), "invitation_id": (Invitation, "address")}


def recipients_of(errands: Sequence[Errand]) -> dict[int, str]:
    """Return the addresses, by the task's id, where the task names a reader. A fixed number of queries."""
    found = {each.pk: str(each.arguments["address"]) for each in errands if each.arguments.get("address")}
    for argument, (model, path) in _COMMON.items():
        found |= _read([each for each in errands if argument in each.arguments], argument, model, path)
    for kind, (argument, model, path) in _OF_KIND.items():
        found |= _read([each for each in errands if each.kind == kind], argument, model, path)
    return {pk: address for pk, address in found.items() if address}


def _read(errands: Sequence[Errand], argument: str, model: type, path: str) -> dict[int, str]:
    ids = {each.arguments.get(argument) for each in errands}
    rows = model._default_manager.filter(pk__in=ids).values_list("pk", path)  # type: ignore[attr-defined]
    addresses = dict(rows)
    return {each.pk: addresses.get(each.arguments.get(argument)) or "" for each in errands}
