"""This package, when Django starts: its errands, its kind of document and what waits at the desk become known."""

from importlib import import_module

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.summaries"

    def ready(self) -> None:
        for room in (
            "kind", "gate", "kept", "errands", "drafting.errands", "drafting.erasing", "understanding.errands",
            "understanding.erasing", "news", "todo", "scheduling.errands",
            "scheduling.todo", "correcting.publishable", "correcting.errands", "correcting.todo", "correcting.kept",
            "correcting.erasing", "correcting.searching", "printing.errands",
            "printing.kept",
        ):  # fmt: skip
            import_module(f"plenara.summaries.{room}")
