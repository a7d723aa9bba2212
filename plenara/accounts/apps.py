"""Accounts, when Django starts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Persons, sign-in, and the installation's own settings."""

    name = "plenara.accounts"

    def ready(self) -> None:
        from plenara.accounts import erasing, kept, tasks
        from plenara.accounts.installation import installation
        from plenara.mail import letters

        letters.sign_with(installation)
