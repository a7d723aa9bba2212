"""The consultation bundle, version 1: one whole public consultation as files.

`reading` opens a folder or a zip and trusts neither; `checking` says what each file may hold; `importing` turns the
rows into ours, `exporting` ours into rows; `writing` puts them down, the same bytes each time. The three packages
have a module for each file of the bundle. `docs/bundle.md` says what we decided where the format leaves a choice.
"""

FORMAT = "plenara-bundle/1"
CONSULTATION = "consultation.json"
CONTRIBUTIONS = "contributions.jsonl"
DECISIONS = "decisions.jsonl"
SUMMARIES = "summaries.jsonl"
OUTCOMES = "outcomes.jsonl"
PARAGRAPHS = "paragraphs.jsonl"
MATRIX = "matrix.jsonl"
MEETINGS = "meetings.jsonl"
THEMES = "themes.json"
MANIFEST = "manifest-sha256.txt"
DOCUMENTS = "documents/"
#: Comment rounds of the consultation, each a whole bundle in a folder that is called as its slug.
ROUNDS = "rounds/"

#: In the order in which a bundle is checked and written. Documents come after these, the manifest last.
FILES = (CONSULTATION, THEMES, CONTRIBUTIONS, DECISIONS, SUMMARIES, OUTCOMES, PARAGRAPHS, MATRIX, MEETINGS)
REQUIRED = (CONSULTATION, CONTRIBUTIONS)
MEGABYTE = 1_000_000
MOST_TEXT = 1 * MEGABYTE
MOST_LINE = 2 * MEGABYTE
MOST_DOCUMENT = 10 * MEGABYTE
MOST_JSON = 10 * MEGABYTE
