"""This package, when Django starts: what it keeps of events, finds and enqueues becomes known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.events"

    def ready(self) -> None:
        from plenara.events import emails, personal_data, search_index
        from plenara.events.actions import publication
