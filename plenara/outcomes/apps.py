"""This package, when Django starts: its kind of document, its tasks and what it keeps become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.outcomes"

    def ready(self) -> None:
        from plenara.outcomes import emails, invitations, kind, personal_data, tasks
        from plenara.outcomes.presenters import outcomes
        from plenara.outcomes.queries import desk, meetings, openings
        from plenara.outcomes.validation import publication
