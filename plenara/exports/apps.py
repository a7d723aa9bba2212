"""This package, when Django starts: its tasks become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.exports"

    def ready(self) -> None:
        from plenara.exports import tasks
