"""This package, when Django starts: its tasks become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.documents"

    def ready(self) -> None:
        from plenara.documents import nearness, personal_data
        from plenara.documents.actions import search_index, suggestions
