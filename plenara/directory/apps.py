"""This package, when Django starts: what it shows, finds and enqueues becomes known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.directory"

    def ready(self) -> None:
        from plenara.directory import duplicates, index, personal_data, tasks
        from plenara.directory.actions import invitations
