"""PostgreSQL keeps short lists of new entries beside its indexes."""

from django.db import migrations

INDEXES = ("search_entry_tokens", "search_entry_pairs")


def _set(option):
    def run(apps, editor):
        if editor.connection.vendor == "postgresql":
            for index in INDEXES:
                editor.execute(f"ALTER INDEX {index} {option}")

    return run


class Migration(migrations.Migration):
    """A step of the index."""

    dependencies = [("search", "0005_pairs")]
    operations = [
        # In kilobytes. GIN reads the whole list for each token that is looked up, and near spellings of an unused word
        # are some 400 tokens. Up to the 4 MB that the list has otherwise, that takes seconds. Writing takes no longer.
        migrations.RunPython(_set("SET (gin_pending_list_limit = 64)"), _set("RESET (gin_pending_list_limit)"))
    ]
