"""The content of `plenara demo`, and the script that replays it. Not part of the product, which runs without it.

`content/` has texts, authors and times as JSON: people, two consultations, calendar, directory, summaries
and a report. Dates are days before the present day. A bundle could not hold most of it: accounts and their e-mails,
drafts, tasks of the desk. So the modules here replay the content on a timeline, by the product's own actions.
"""

import json
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
#: The sample consultations. The first has summaries.
SLUGS = ("internet-governance", "digital-cooperation")


def content(name: str) -> Any:
    """Return the data of a content file; an empty list if there is no such file."""
    file = CONTENT / f"{name}.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else []
