"""The app configuration: it loads the tasks and the invitations to roles."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.consultations"

    def ready(self) -> None:
        from plenara.consultations import emails, invitations, personal_data
        from plenara.consultations.presenters import desk
