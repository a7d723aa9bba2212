"""This package, when Django starts: its tasks become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.documents"

    def ready(self) -> None:
        from plenara.documents import erasing, kept, searching, tasks
