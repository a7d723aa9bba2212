"""This package, when Django starts: its errands become known."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class PackageConfig(AppConfig):
    """The package."""

    name = "plenara.moderation"

    def ready(self) -> None:
        if find_spec("plenara.moderation.errands"):
            import_module("plenara.moderation.errands")
