"""Registers the background tasks and the participants of this package when Django starts."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.contributions"

    def ready(self) -> None:
        from plenara.contributions import emails, personal_data
        from plenara.contributions.actions import papers, search_index
        from plenara.contributions.queries import desk
