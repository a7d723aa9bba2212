"""This package, when Django starts: its tasks become known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.contributions"

    def ready(self) -> None:
        for room in (
            "erasing",
            "tasks",
            "kept",
            "news",
            "organizations.erasing",
            "organizations.kept",
            "orphans",
            "searching",
            "todo",
            "organizations.todo",
        ):
            import_module(f"plenara.contributions.{room}")
