"""This package, when Django starts: what it shows, finds and enqueues becomes known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.directory"

    def ready(self) -> None:
        from plenara.directory import erasing, invitations, kept, nearly_named, searching, showing, tasks
