"""PostgreSQL finds phrases by the pairs of words that follow one another, and keeps an entry in one place."""

from django.db import migrations

# The function is dear to the planner, so that no row is looked at by it where the index is there.
MADE = [
    """CREATE FUNCTION search_pairs(words text) RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 10000 AS $$
        SELECT coalesce(array_agg((hashtextextended(token || ' ' || following, 0) & 262143)::integer), '{}')
        FROM unnest(string_to_array(words, ' '), (string_to_array(words, ' '))[2:]) AS each(token, following)
        WHERE following IS NOT NULL
    $$""",
    "CREATE INDEX search_entry_pairs ON search_entry USING gin (search_pairs(words))",
    # Statistics of it would be of no use, and to gather them takes minutes.
    "ALTER INDEX search_entry_pairs ALTER COLUMN 1 SET STATISTICS 0",
    # To look at words that stand in the row takes a third of the time. Rows that are there stay as they are until they
    # are written again (`plenara index --rebuild`).
    "ALTER TABLE search_entry SET (toast_tuple_target = 8160)",
]
UNMADE = [
    "ALTER TABLE search_entry SET (toast_tuple_target = 128)",
    "DROP INDEX search_entry_pairs",
    "DROP FUNCTION search_pairs",
]


def _run(statements):
    def run(apps, editor):
        if editor.connection.vendor == "postgresql":
            for statement in statements:
                editor.execute(statement)

    return run


class Migration(migrations.Migration):
    """A step of the index."""

    dependencies = [("search", "0004_narrow")]
    operations = [migrations.RunPython(_run(MADE), _run(UNMADE))]
