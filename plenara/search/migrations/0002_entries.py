"""Entries, and each database's own index of them.

Whoever changes the table of entries in a later migration: SQLite then makes the table anew and drops its triggers
(`sqlite` below makes them again).
"""

from django.db import migrations, models

SQLITE = [
    """CREATE VIRTUAL TABLE search_words USING fts5(
        words, filters, content='search_entry', content_rowid='id', tokenize='ascii', columnsize=0
    )""",
    """CREATE TRIGGER search_entry_inserted AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_words(rowid, words, filters) VALUES (new.id, new.words, new.filters);
    END""",
    """CREATE TRIGGER search_entry_deleted AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_words(search_words, rowid, words, filters)
        VALUES ('delete', old.id, old.words, old.filters);
    END""",
    """CREATE TRIGGER search_entry_updated AFTER UPDATE ON search_entry BEGIN
        INSERT INTO search_words(search_words, rowid, words, filters)
        VALUES ('delete', old.id, old.words, old.filters);
        INSERT INTO search_words(rowid, words, filters) VALUES (new.id, new.words, new.filters);
    END""",
]
POSTGRESQL = [
    """CREATE FUNCTION search_tokens(words text, filters text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(string_agg('''' || token || ''':' || place, ' '), '')::tsvector
            || array_to_tsvector(array_remove(string_to_array(filters, ' '), ''))
        FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS each(token, place)
        WHERE token <> ''
    $$""",
    "ALTER TABLE search_entry ADD COLUMN tokens tsvector GENERATED ALWAYS AS (search_tokens(words, filters)) STORED",
    # Without it the planner takes a rare word for a common one, and walks the whole table from its newest end.
    "ALTER TABLE search_entry ALTER COLUMN tokens SET STATISTICS 2000",
    "CREATE INDEX search_entry_tokens ON search_entry USING gin (tokens)",
]


def make(apps, editor):
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def unmake(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE search_words")
    else:
        editor.execute("ALTER TABLE search_entry DROP COLUMN tokens")
        editor.execute("DROP FUNCTION search_tokens")


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_vectors'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('object_id', models.BigIntegerField()),
                ('part', models.PositiveSmallIntegerField(default=0)),
                ('language', models.CharField(blank=True, max_length=35)),
                ('words', models.TextField()),
                ('filters', models.TextField()),
                ('size', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'object_id', 'part'), name='entry_of')],
            },
        ),
        migrations.RunPython(make, unmake),
    ]
