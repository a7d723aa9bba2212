"""Queued tasks and audit entries by the names that functions and verbs have now."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_EMAILS = {
    "outcomes": ("approval", "sent_back", "rendition", "member", "lapsed", "proposal"),
    "summaries": (
        "approval", "sent_back", "rendition", "cited", "period", "due", "late", "translation_due", "translation_late",
    ),
}  # fmt: skip
TASKS = {
    f"{package}.{name}_letter": f"{package}.{name}_email" for package, names in _EMAILS.items() for name in names
} | {"events.reckon_zones": "events.recalculate_zones"}
VERBS = {"outcome.treated": "outcome.responded", "zone.reckoned": "zone.recalculated"}


def rename(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Rename what is stored."""
    for was, now in TASKS.items():
        apps.get_model("core", "BackgroundTask").objects.filter(task=was).update(task=now)
    for was, now in VERBS.items():
        apps.get_model("core", "AuditEntry").objects.filter(verb=was).update(verb=now)


def undo(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Give back the old names."""
    for was, now in TASKS.items():
        apps.get_model("core", "BackgroundTask").objects.filter(task=now).update(task=was)
    for was, now in VERBS.items():
        apps.get_model("core", "AuditEntry").objects.filter(verb=now).update(verb=was)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(rename, undo)]
