"""This package, when Django starts: its tasks become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.themes"

    def ready(self) -> None:
        from plenara.themes import tasks
