"""This package, when Django starts: its tasks and the invitations to its roles become known."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.consultations"

    def ready(self) -> None:
        from plenara.consultations import emails, invitations, personal_data
        from plenara.consultations.presenters import desk
