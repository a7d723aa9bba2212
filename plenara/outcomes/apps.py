"""This package, when Django starts: its kind of document, its errands and what it keeps become known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.outcomes"

    def ready(self) -> None:
        for room in (
            "kind", "errands", "desk_errands", "news", "mine", "opening",
            "gate", "kept", "erasing", "invitations", "tasks", "printing.errands", "dossiers_shown",
        ):  # fmt: skip
            import_module(f"plenara.outcomes.{room}")
