"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from typing import Any

from plenara.core.tasks import task


@task
def letter(*, template: str, address: str, language: str, name: str, until: str, context: dict[str, Any]) -> None:
    """Send what django-allauth has to tell an address. `name` is the letter's own, for good."""
    from plenara.accounts import emails

    emails.send_account_email(
        template=template, address=address, language=language, name=name, until=until, context=context
    )


@task
def send_invitation(*, invitation_id: int, token: str) -> None:
    """Send an invitation to its address, while it is open."""
    from plenara.accounts import emails

    emails.send_invitation(invitation_id=invitation_id, token=token)


@task
def notify_suspended(*, person_id: int, act_id: int) -> None:
    """Tell a person that their account is suspended, and why."""
    from plenara.accounts import emails

    emails.notify_suspended(person_id=person_id, act_id=act_id)


@task
def notify_unsuspended(*, person_id: int, act_id: int) -> None:
    """Tell a person that they can act again."""
    from plenara.accounts import emails

    emails.notify_unsuspended(person_id=person_id, act_id=act_id)


@task
def notify_passkeys_removed(*, person_id: int, act_id: int, proof: str) -> None:
    """Notify a person that an organizer removed their passkeys, and how they made sure of who asked."""
    from plenara.accounts import emails

    emails.notify_passkeys_removed(person_id=person_id, act_id=act_id, proof=proof)


@task
def ask_to_confirm_passkeys(*, person_id: int, act_id: int, of_id: int) -> None:
    """Ask an organizer of the installation to confirm a request to remove somebody's passkeys, while it waits."""
    from plenara.accounts import emails

    emails.ask_to_confirm_passkeys(person_id=person_id, act_id=act_id, of_id=of_id)


@task
def list_erasures() -> None:
    """Write down, outside the database, which accounts were erased."""
    from plenara.accounts import emails

    emails.list_erasures()
