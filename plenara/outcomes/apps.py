"""This package, when Django starts: its kind of document, its tasks and what it keeps become known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.outcomes"

    def ready(self) -> None:
        for room in (
            "kind", "tasks", "news", "mine", "opening",
            "gate", "kept", "erasing", "invitations", "todo", "dossiers_shown",
        ):  # fmt: skip
            import_module(f"plenara.outcomes.{room}")
