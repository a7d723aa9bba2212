"""Who signed an edition, as a row of a bundle has it, out and in again. Accounts are named nowhere."""

from collections.abc import Mapping
from typing import Any

from plenara.documents.models import DocumentEdition, Signature

#: The key of a row under which those who had a part in an edition are listed.
KEYS = {Signature.Part.WROTE: "written_by", Signature.Part.APPROVED: "approved_by"}


def signatures_of(edition: DocumentEdition) -> dict[str, Any]:
    """Return who wrote and who approved an edition. `signatures` is fetched."""
    found: dict[str, Any] = {}
    for each in edition.signatures.all():
        found.setdefault(KEYS[Signature.Part(each.part)], []).append(
            {"name": each.name} if each.name else {"withheld": True}
        )
    return found | ({"self_approved": True} if edition.self_approved else {})


def sign(edition: DocumentEdition, row: Mapping[str, Any]) -> None:
    """Make the signatures that a row has."""
    Signature.objects.bulk_create(
        Signature(edition=edition, part=part, name=each.get("name", ""))
        for part, key in KEYS.items()
        for each in row.get(key, ())
    )
