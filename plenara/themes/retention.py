"""How long a file with themes waits to be confirmed."""

import datetime
from typing import Any

DAYS = 7


def kept_until(file: Any) -> datetime.datetime:
    """Return when a file is forgotten that nobody confirms."""
    return file.at + datetime.timedelta(days=DAYS)
