"""This package, when Django starts: its tasks become known, and its queue hears what waits."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.moderation"

    def ready(self) -> None:
        from plenara.moderation import (
            announced,
            contributed,
            erasing,
            items,
            kept,
            listed,
            noticing,
            reminding,
            tasks,
            todo,
            verdicts,
        )
