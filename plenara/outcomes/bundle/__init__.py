"""Outcomes as rows of a bundle: what is published of a body and its outcomes, out and in again, byte for byte.

`outcomes.jsonl` has the bodies whose home the consultation is, and their outcomes with every version;
`paragraphs.jsonl` the paragraphs of every version, with what they cite and how they treat it; `matrix.jsonl` what
became of each contribution in the version in force, which an import calculates again.
"""

from typing import Any

type Row = dict[str, Any]

# The words of the format, as the models have them: whoever checks a bundle needs no database, and no models.
PARTS = ("chair", "vice_chair", "rapporteur", "member", "observer", "secretariat")
STAGES = ("zero_draft", "draft", "final")
AGREEMENTS = ("agreed", "bracketed", "open")
#: Words that stand where a slug of a body or an outcome stands in an address.
TAKEN = frozenset({"new", "edit", "publish", "matrix", "meetings", "members", "feed"})
TREATMENTS = ("taken_up", "taken_up_in_part", "noted", "not_taken_up")

#: The figures that a version keeps, as a bundle names them: two numbers, and pairs of numbers by name.
COUNTED, COVERAGE = ("answered", "left"), ("groups", "countries", "languages", "channels", "threads")
