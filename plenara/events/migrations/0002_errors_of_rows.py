"""What a pending row of a calendar file has wrong with it is called its errors."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

KEYS = {"faults": "errors"}


def rename(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    for file in apps.get_model("events", "CalendarFile").objects.exclude(rows=[]).iterator():
        file.rows = [{KEYS.get(key, key): value for key, value in row.items()} for row in file.rows]
        file.save(update_fields=["rows"])


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
