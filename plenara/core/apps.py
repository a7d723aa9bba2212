"""This package, when Django starts. Its tables keep the label that their migrations have."""

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.core"
    label = "ledger"
