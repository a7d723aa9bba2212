"""The background tasks of this package. Each imports its code when it runs, since that may enqueue further tasks."""

from plenara.core.tasks import task


@task
def receipt(*, version_id: int) -> None:
    """Send the person who proposed or changed an entry a receipt."""
    from plenara.directory import emails

    emails.receipt(version_id=version_id)


@task
def send_proof(*, proof_id: int, token: str, address: str) -> None:
    """Send the link that verifies an organization to an address of its domain. It contains no typed text."""
    from plenara.directory import emails

    emails.send_proof(proof_id=proof_id, token=token, address=address)


@task
def ask_owners(*, day: str, part: int = 1) -> None:
    """Find entries that were not confirmed for a year, for a month after that, for three more; a part at a time."""
    from plenara.directory import emails

    emails.review_due(day, part)


@task
def ask_owner(*, person_id: int, listing_ids: list[int], day: str) -> None:
    """Ask a person to confirm their entries: one e-mail for all of them."""
    from plenara.directory import emails

    emails.ask_owner(person_id=person_id, listing_ids=listing_ids, day=day)
