"""This package, when Django starts: its errands become known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.contributions"

    def ready(self) -> None:
        for room in (
            "erasing",
            "errands",
            "kept",
            "news",
            "organizations.erasing",
            "organizations.errands",
            "organizations.kept",
            "orphans",
            "searching",
            "todo",
            "organizations.todo",
            "translating.errands",
        ):
            import_module(f"plenara.contributions.{room}")
