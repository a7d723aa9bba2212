"""This package, when Django starts: its tasks and the invitations to its roles become known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.consultations"

    def ready(self) -> None:
        for module in ("erasing", "tasks", "guide", "invitations", "kept", "telling", "text_todo"):
            import_module(f"plenara.consultations.{module}")
