"""Registers the background tasks of this package when Django starts."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.exports"

    def ready(self) -> None:
        from plenara.exports import tasks
