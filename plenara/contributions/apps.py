"""This package, when Django starts: its tasks and who takes part become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.contributions"

    def ready(self) -> None:
        from plenara.contributions import emails, papers, personal_data, search_index, tasks
        from plenara.contributions.queries import desk
