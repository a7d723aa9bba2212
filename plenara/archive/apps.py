"""This package, when Django starts: its tasks become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.archive"

    def ready(self) -> None:
        from plenara.archive import tasks
