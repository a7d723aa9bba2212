"""Queued tasks that make suggestions, by the name that their function has now. Their keys stay."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_WAS, _NOW = "moderation.look", "moderation.make_suggestions"


def rename(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Rename what is stored."""
    apps.get_model("core", "BackgroundTask").objects.filter(task=_WAS).update(task=_NOW)


def undo(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Give back the old name."""
    apps.get_model("core", "BackgroundTask").objects.filter(task=_NOW).update(task=_WAS)


class Migration(migrations.Migration):
    dependencies = [("core", "0002_plain_names")]

    operations = [migrations.RunPython(rename, undo)]
