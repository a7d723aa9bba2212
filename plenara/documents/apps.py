"""This package, when Django starts: its errands become known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.documents"

    def ready(self) -> None:
        for room in ("erasing", "errands", "kept", "searching"):
            import_module(f"plenara.documents.{room}")
