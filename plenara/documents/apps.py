"""This package, when Django starts: its tasks become known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.documents"

    def ready(self) -> None:
        for room in ("erasing", "tasks", "kept", "searching"):
            import_module(f"plenara.documents.{room}")
