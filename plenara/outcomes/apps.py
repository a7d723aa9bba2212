"""This package, when Django starts: its kind of document, its tasks and what it keeps become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.outcomes"

    def ready(self) -> None:
        from plenara.outcomes import (
            dossiers_shown,
            erasing,
            gate,
            invitations,
            kept,
            kind,
            mine,
            news,
            opening,
            tasks,
            todo,
        )
