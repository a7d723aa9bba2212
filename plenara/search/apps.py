"""The app configuration: it loads the tasks."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.search"

    def ready(self) -> None:
        from plenara.search import tasks
