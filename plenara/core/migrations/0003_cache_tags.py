"""A revision is of a cache tag."""

from django.db import migrations, models


def rename_key(apps, schema_editor):
    """Give the unique key the name that it has in a new table of PostgreSQL."""
    if schema_editor.connection.vendor != "postgresql":
        return
    table = apps.get_model("ledger", "Revision")._meta.db_table
    with schema_editor.connection.cursor() as cursor:
        constraints = schema_editor.connection.introspection.get_constraints(cursor, table)
    key = next(name for name, of in constraints.items() if of["unique"] and of["columns"] == ["cache_tag"])
    schema_editor.execute(f'ALTER TABLE "{table}" RENAME CONSTRAINT "{key}" TO "{table}_cache_tag_key"')


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_lanes")]

    # Unique again afterwards, so that the names of its indexes follow.
    operations = [
        migrations.AlterField("revision", "shelf", models.CharField(max_length=60)),
        migrations.RenameField("revision", "shelf", "cache_tag"),
        migrations.AlterField("revision", "cache_tag", models.CharField(max_length=60, unique=True)),
        migrations.RunPython(rename_key, migrations.RunPython.noop),
    ]
