"""This package, when Django starts: its tasks become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.documents"

    def ready(self) -> None:
        from plenara.documents import personal_data
        from plenara.documents.actions import nearness, search_index, suggestions
