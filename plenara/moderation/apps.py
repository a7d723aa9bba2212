"""This package, when Django starts: its tasks become known, and its queue hears what waits."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.moderation"

    def ready(self) -> None:
        import_module("plenara.moderation.announced")
        import_module("plenara.moderation.contributed")
        import_module("plenara.moderation.erasing")
        import_module("plenara.moderation.tasks")
        import_module("plenara.moderation.items")
        import_module("plenara.moderation.listed")
        import_module("plenara.moderation.kept")
        import_module("plenara.moderation.noticing")
        import_module("plenara.moderation.reminding")
        import_module("plenara.moderation.todo")
        import_module("plenara.moderation.verdicts")
