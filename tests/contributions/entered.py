"""Letters and statements as tests enter them, and spreadsheets as people make them."""

import io
from typing import Any

import openpyxl

from plenara.contributions.actions import enter
from plenara.contributions.validation import spreadsheets

LETTER = {
    "question": "1",
    "channel": "letter",
    "occasion": "Ref. A/12",
    "date": "2026-10-05",
    "language": "fr",
    "title": "Loin de tout",
    "text": "Nos membres vivent loin de toute réunion.",
    "name": "Awa Traoré",
    "name_withheld": "no",
    "stakeholder_group": "civil_society",
    "capacity": "organization",
    "organization": "Union des riverains",
    "country": "ML",
    "in_reply_to": "",
    "consent": "By letter of 5 October 2026.",
}
STATEMENT = LETTER | {
    "channel": "meeting",
    "occasion": "Open Consultation, Bamako",
    "language": "en",
    "title": "",
    "text": "A room that is far away is a closed room.",
    "name": "Moussa Keïta",
    "capacity": "individual",
    "organization": "",
    "consent": "Said in the room, for the record.",
}


def entered(actor: Any, consultation: Any, key: str = "a-key", values: dict[str, str] = LETTER, **more: Any) -> Any:
    """Return a letter that a member of the secretariat has entered."""
    return enter(actor=actor, consultation=consultation, values={**values, **more}, key=key)


def csv_of(*rows: dict[str, Any], delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """Return a CSV as a spreadsheet saves it."""
    lines = [delimiter.join(spreadsheets.COLUMNS)]
    lines += [
        delimiter.join('"' + str(row.get(name, "")).replace('"', '""') + '"' for name in spreadsheets.COLUMNS)
        for row in rows
    ]
    return "\r\n".join(lines).encode(encoding)


def xlsx_of(*rows: dict[str, Any]) -> bytes:
    """Return a workbook with the same."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(spreadsheets.COLUMNS))
    for row in rows:
        book.active.append([row.get(name) for name in spreadsheets.COLUMNS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
