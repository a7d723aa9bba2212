"""Registers the moderated kinds and the background tasks of this package when Django starts."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.moderation"

    def ready(self) -> None:
        from plenara.moderation import emails, personal_data, tasks
        from plenara.moderation.actions import review_queue
        from plenara.moderation.kinds import Contributions, register
        from plenara.moderation.kinds.entries import Events
        from plenara.moderation.kinds.listings import ORGANIZATIONS, PEOPLE, PROJECTS
        from plenara.moderation.queries import decisions, timeline

        # The desk lists the kinds in this order, after those of packages that started earlier.
        for kind in (Events(), Contributions(), ORGANIZATIONS, PEOPLE, PROJECTS):
            register(kind)
