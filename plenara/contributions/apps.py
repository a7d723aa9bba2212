"""This package, when Django starts: its tasks and who takes part become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.contributions"

    def ready(self) -> None:
        from plenara.contributions import erasing, kept, news, orphans, participants, searching, tasks, todo
        from plenara.contributions.organizations import erasing as organizations_erasing
        from plenara.contributions.organizations import kept as organizations_kept
        from plenara.contributions.organizations import todo as organizations_todo
