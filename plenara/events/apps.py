"""Registers the personal data, search index and background tasks of this package when Django starts."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.events"

    def ready(self) -> None:
        from plenara.events import emails, personal_data
        from plenara.events.actions import publication, search_index
