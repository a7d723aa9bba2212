"""Registers the personal data, search index and background tasks of this package when Django starts."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.directory"

    def ready(self) -> None:
        from plenara.directory import personal_data, tasks
        from plenara.directory.actions import invitations, search_index
        from plenara.directory.queries import duplicates
