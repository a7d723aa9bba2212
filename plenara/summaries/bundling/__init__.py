"""Summaries as rows of a bundle (`summaries.jsonl`): what is published, out and in again, the same byte for byte.

A row also has `title` {language: text} where the summary has one, and `coverage` as it was kept, where whoever writes
the bundle finds that it does not follow from the other rows. `earlier` lists the editions before the one in force:
outcomes refer to their statements, and readers to their symbols.
"""

from typing import Any

type Row = dict[str, Any]

#: The figures that a summary keeps of its period, as a bundle names them.
COVERAGE = ("ticks", "groups", "by_language", "countries", "channels", "threads", "held")
