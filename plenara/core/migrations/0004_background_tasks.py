"""Background tasks are Django's, in this table."""

from django.db import migrations, models

#: Tasks that have another label, as it is the name of the function.
RENAMED = {"summaries.print": "summaries.print_edition", "outcomes.print": "outcomes.print_edition"}


def rename_tasks(apps, schema_editor):
    BackgroundTask = apps.get_model("ledger", "BackgroundTask")
    for before, after in RENAMED.items():
        BackgroundTask.objects.filter(task=before).update(task=after)
    apps.get_model("ledger", "Act").objects.filter(verb="errand.tried_again").update(
        verb="task.tried_again", about_kind="backgroundtask"
    )


def rename_indexes(apps, schema_editor):
    """Give indexes and sequence the names that they have in a new table of PostgreSQL, which keeps those of the old."""
    if schema_editor.connection.vendor != "postgresql":
        return
    table = apps.get_model("ledger", "BackgroundTask")._meta.db_table
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
        names = [name for (name,) in cursor.fetchall() if name.startswith("ledger_errand")]
    for name in names:
        new = name.replace("ledger_errand", table)
        if name.endswith("_like"):  # its name has a digest of the table's
            new = schema_editor._create_index_name(table, ["key"], suffix="_like")
        schema_editor.execute(f'ALTER INDEX "{name}" RENAME TO "{new}"')
    schema_editor.execute(f"ALTER SEQUENCE ledger_errand_id_seq RENAME TO {table}_id_seq")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_cache_tags")]

    operations = [
        migrations.RemoveIndex("errand", "errand_in_lane"),
        migrations.RemoveIndex("errand", "errand_failed"),
        migrations.RenameModel("Errand", "BackgroundTask"),
        migrations.RemoveField("backgroundtask", "act"),
        migrations.RenameField("backgroundtask", "kind", "task"),
        migrations.RenameField("backgroundtask", "lane", "queue"),
        migrations.AlterField(
            "backgroundtask",
            "queue",
            models.PositiveSmallIntegerField(choices=[(0, "Urgent"), (1, "Default"), (2, "Bulk")], default=1),
        ),
        migrations.AddIndex(
            "backgroundtask",
            models.Index(
                fields=["queue", "due_at"], condition=models.Q(done_at=None, failed_at=None), name="task_in_queue"
            ),
        ),
        migrations.AddIndex(
            "backgroundtask",
            models.Index(fields=["failed_at"], condition=models.Q(failed_at__isnull=False), name="task_failed"),
        ),
        migrations.RunPython(rename_indexes, migrations.RunPython.noop),
        migrations.RunPython(rename_tasks, migrations.RunPython.noop),
    ]
