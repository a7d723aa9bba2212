"""The content of `plenara demo`, and the script that plays it. No part of the product, which runs without it.

`content/` has what was written, by whom and when, as JSON: people, two consultations, calendar, directory, summaries
and a report. Dates are days before the present day. A bundle could not hold most of it: accounts and their e-mails,
drafts, what waits at the desk. So the modules here play the content on a timeline, by the product's own actions.
"""

import json
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
#: The sample consultations. The first has summaries.
SLUGS = ("internet-governance", "digital-cooperation")


def content(name: str) -> Any:
    """Return what a file of the content says; an empty list where there is no such file."""
    file = CONTENT / f"{name}.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else []
