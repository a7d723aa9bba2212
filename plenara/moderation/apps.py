"""Registers the moderated kinds and the background tasks of this package when Django starts."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.moderation"

    def ready(self) -> None:
        # Kinds are listed in this order.
        from plenara.moderation import publishable_entries

        # isort: split
        from plenara.moderation import emails, personal_data, publishable_contributions, publishable_listings, tasks
        from plenara.moderation.actions import review_queue
        from plenara.moderation.queries import decisions, timeline
