"""PostgreSQL keeps the words of an entry apart from its row, so that many rows stand in a page."""

from django.db import migrations


def narrow(apps, editor):
    if editor.connection.vendor == "postgresql":
        # Of rows above two kilobytes, the longest columns first. Rows that are there stay until they are written again
        # (`plenara index --rebuild`).
        editor.execute("ALTER TABLE search_entry SET (toast_tuple_target = 128)")


def widen(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE search_entry RESET (toast_tuple_target)")


class Migration(migrations.Migration):
    """A step of the index."""

    dependencies = [("search", "0003_meaning")]
    operations = [migrations.RunPython(narrow, widen)]
