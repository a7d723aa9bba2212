"""The community bundle, version 1: the calendar, the directory and the list of themes as files.

It is read, checked and written by what a consultation's bundle is (`archive.bundle`): `checking` says what each file
may hold, `importing` turns the rows into ours, `exporting` ours into rows, `exports` makes the file that readers
download. `docs/bundle.md` describes the format.
"""

# No table is asked for here or in `checking`: a bundle is checked where there is no database.
FORMAT = "plenara-community/1"
#: What stands in an address, a command or a mark where a consultation has its slug.
SLUG = "community"
HEAD = "community.json"
THEMES = "themes.json"
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
FILES = (HEAD, THEMES, *ENTRIES)
#: The kind of a row → its file.
FILE_OF = {kind: name for name, kind in ENTRIES.items()}
