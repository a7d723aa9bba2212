"""Write `results.json`: what each query finds, by the reference and by our own calculation of relevance.

Run by hand after a change that is meant: PYTHONPATH=. .venv/bin/python -m tests.search.write_results
"""

import json
import os
import sys
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    """Write the file, and say of each query that finds other texts than it should which they are."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = ":memory:"
    from django.core.management import call_command

    from plenara.search.models import Entry
    from plenara.search.queries.results import rank
    from plenara.search.query import QueryRefused, parse
    from tests.search import corpus, queries, reference

    call_command("migrate", verbosity=0)
    entries = reference.entries(corpus.contents())
    Entry.objects.bulk_create(entries)
    by_id = {entry.pk: entry.object_id for entry in entries}
    found = {}
    for text, expected in queries.QUERIES:
        try:
            query = parse(text)
        except QueryRefused as refused:
            found[text] = {"refused": refused.problem.value}
            continue
        newest = reference.matching(reference.asked(query), entries)
        names = [corpus.names([by_id[each] for each in ids]) for ids in (newest, rank(newest, query))]
        found[text] = {"newest": " ".join(names[0]), "relevant": " ".join(names[1])}
        if expected is not None and set(names[0]) != set(expected.split()):
            sys.stdout.write(f"{text}: should find {expected}, finds {' '.join(sorted(names[0]))}\n")
    lines = (f"{json.dumps(text, ensure_ascii=False)}: {json.dumps(each)}" for text, each in found.items())
    RESULTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
