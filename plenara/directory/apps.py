"""This package, when Django starts: what it shows, finds and enqueues becomes known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.directory"

    def ready(self) -> None:
        for room in ("showing", "searching", "nearly_named", "tasks", "invitations", "kept", "erasing"):
            import_module(f"plenara.directory.{room}")
