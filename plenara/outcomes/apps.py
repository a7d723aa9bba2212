"""App configuration, which registers the kind of document, tasks and personal data."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The app."""

    name = "plenara.outcomes"

    def ready(self) -> None:
        from plenara.outcomes import emails, invitations, kind, personal_data, tasks
        from plenara.outcomes.presenters import outcomes
        from plenara.outcomes.queries import desk, meetings, openings
        from plenara.outcomes.validation import publication
