"""Outcomes as rows of a bundle: export and import of published bodies and outcomes, byte for byte.

`outcomes.jsonl` has the bodies whose home the consultation is, and their outcomes with every version;
`paragraphs.jsonl` the paragraphs of every version with their citations and responses; `matrix.jsonl` the responses to
each contribution in the version in force, which an import calculates again.
"""

from plenara.core.rows import Json

type Row = Json

# The values of the format, the same as in the models: checking a bundle needs no database and no models.
PARTS = ("chair", "vice_chair", "rapporteur", "member", "observer", "secretariat")
STAGES = ("zero_draft", "draft", "final")
AGREEMENTS = ("agreed", "bracketed", "open")
#: Words that an address has in place of the slug of a body or an outcome.
TAKEN = frozenset({"new", "edit", "publish", "matrix", "meetings", "members", "feed"})
TREATMENTS = ("taken_up", "taken_up_in_part", "noted", "not_taken_up")

#: The stored figures of a version, by their names in a bundle: two numbers, and pairs of numbers by name.
COUNTED, COVERAGE = ("answered", "left"), ("groups", "countries", "languages", "channels", "threads")
