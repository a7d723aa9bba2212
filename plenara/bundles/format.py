"""The files of both bundles: their names, their versions, and how large each may be."""

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


# No table is asked for here or in `checking`: a bundle is checked where there is no database.
COMMUNITY_FORMAT = "plenara-community/1"
#: What stands in an address, a command or a mark where a consultation has its slug.
COMMUNITY_SLUG = "community"
COMMUNITY_HEAD = "community.json"
COMMUNITY_THEMES = "themes.json"
EVENTS = "events.jsonl"
ORGANIZATION, PERSON, PROJECT, EVENT = "organization", "person", "project", "event"

#: The files whose rows are entries, each with the kind of its rows, in the order in which they are checked, written and
#: brought in: what is named by its number stands before what names it.
ENTRIES = {
    "organizations.jsonl": ORGANIZATION,
    "people.jsonl": PERSON,
    "projects.jsonl": PROJECT,
    EVENTS: EVENT,
}
COMMUNITY_FILES = (COMMUNITY_HEAD, COMMUNITY_THEMES, *ENTRIES)
#: The kind of a row → its file.
FILE_OF = {kind: name for name, kind in ENTRIES.items()}
