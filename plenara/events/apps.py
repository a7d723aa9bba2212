"""This package, when Django starts: what it keeps of events, finds and enqueues becomes known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.events"

    def ready(self) -> None:
        for room in ("showing", "searching", "tasks", "kept", "erasing"):
            import_module(f"plenara.events.{room}")
