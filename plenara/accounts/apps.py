"""Accounts, when Django starts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Persons, sign-in, and the installation's own settings."""

    name = "plenara.accounts"

    def ready(self) -> None:
        from plenara.accounts import emails
        from plenara.accounts.personal_data import erasure, export
        from plenara.accounts.queries import installation
        from plenara.email import delivery

        delivery.sign_with(installation)
