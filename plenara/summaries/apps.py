"""This package, when Django starts: its tasks, its kind of document and what waits at the desk become known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.summaries"

    def ready(self) -> None:
        for room in (
            "kind", "gate", "kept", "tasks", "drafting.erasing", "understanding.erasing",
            "news", "todo", "scheduling.todo", "correcting.publishable", "correcting.todo", "correcting.kept",
            "correcting.erasing", "correcting.searching", "printing.kept",
        ):  # fmt: skip
            import_module(f"plenara.summaries.{room}")
