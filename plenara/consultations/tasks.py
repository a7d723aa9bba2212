"""The background tasks of this package. What each does is imported when it runs: it may enqueue further tasks."""

from plenara.core.tasks import task


@task
def turn(*, consultation_id: int, turn: str, at: str) -> None:
    """Make the pages stale when the clock opens or closes a consultation. A moment that was moved does nothing."""
    from plenara.consultations import emails

    emails.turn_pages(consultation_id=consultation_id, turn=turn, at=at)


@task
def announce_extension(*, extension_id: int, after: int = 0) -> None:
    """Enqueue one letter to each participant, a batch at a time."""
    from plenara.consultations import emails

    emails.announce_extension(extension_id=extension_id, after=after)


@task
def notify_extension(*, extension_id: int, person_id: int) -> None:
    """Tell one participant of a closing that was moved; not of one that was moved again since."""
    from plenara.consultations import emails

    emails.notify_extension(extension_id=extension_id, person_id=person_id)


@task
def notify_role_granted(*, role_id: int) -> None:
    """Tell somebody which role they were given, and where it is exercised."""
    from plenara.consultations import emails

    emails.notify_role_granted(role_id=role_id)


@task
def notify_role_revoked(*, consultation_id: int, person_id: int, role: str, language: str) -> None:
    """Tell somebody that a role was taken away."""
    from plenara.consultations import emails

    emails.notify_role_revoked(consultation_id=consultation_id, person_id=person_id, role=role, language=language)


@task
def ask_to_confirm(*, consultation_id: int, person_id: int, act_id: int) -> None:
    """Tell an organizer that another one asks to confirm the announcement, while both can act and nothing changed."""
    from plenara.consultations import emails

    emails.ask_to_confirm(consultation_id=consultation_id, person_id=person_id, act_id=act_id)


@task
def translate_texts(*, consultation_id: int, language: str) -> None:
    """Let a machine translate what is missing of a consultation's own texts, as drafts."""
    from plenara.consultations import emails

    emails.translate_texts(consultation_id=consultation_id, language=language)


@task
def notify_followers(*, what: str, abouts: list[str], trigger: str, after: int = 0) -> None:
    """Enqueue a letter to each who follows at once, a batch at a time."""
    from plenara.consultations import emails

    emails.notify_followers(what=what, abouts=abouts, trigger=trigger, after=after)


@task
def send_digests(*, after: int = 0) -> None:
    """Enqueue a letter to each whose daily or weekly one is due, a batch at a time."""
    from plenara.consultations import emails

    emails.send_digests(after=after)


@task
def send_news(*, person_id: int, pace: str) -> None:
    """Send one letter about everything that is new for a person at a pace; nothing where nothing is."""
    from plenara.consultations import emails

    emails.send_news(person_id=person_id, pace=pace)
