"""This package, when Django starts: its tasks become known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.search"

    def ready(self) -> None:
        import_module("plenara.search.tasks")
