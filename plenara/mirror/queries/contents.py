"""The addresses of a consultation's copy: a table by the name of the URL pattern, and what is left out and why.

A test checks that every public address is in one of the tables.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby

from django.urls import reverse
from django.utils import translation

from plenara.accounts import queries
from plenara.directory.queries.lookup import FOLDERS
from plenara.documents.actions import printed_files as printed
from plenara.exports.presenters import references
from plenara.mirror.queries import inventory
from plenara.mirror.queries.inventory import Outcomes, Record

#: Arguments of an address besides the consultation.
type Place = dict
type Places = Callable[[Record], Iterable[Place]]


def _each(name: str, values: Callable[[Record], Iterable[object]]) -> Places:
    """Return what names one thing after another."""
    return lambda record: ({name: value} for value in values(record))


def _of_each(places: Places, name: str, values: Callable[[Record, Place], Iterable[object]]) -> Places:
    """Return what names some things of each place."""
    return lambda record: ({**place, name: value} for place in places(record) for value in values(record, place))


def _in_forms(places: Places, forms: Iterable[str]) -> Places:
    """Return what names each place in all its forms."""
    return _of_each(places, "ending", lambda _record, _place: forms)


def _further(pages: Iterable[tuple[int, object]]) -> list[int]:
    """Return the numbers with which the pages of a list begin, the first page aside."""
    return [start for start, _members in pages][1:]


def _once(_record: Record) -> Iterator[Place]:
    yield {}


def _contributions(record: Record) -> Iterator[Place]:
    return ({"number": each.number} for each in record.editions() if each.in_force)


def _editions(record: Record) -> Iterator[Place]:
    return ({"number": each.number, "rev": each.revision} for each in record.editions())


def _citable(record: Record) -> Iterator[Place]:
    return ({"number": each.number} for each in record.editions() if each.in_force and not each.is_gone)


def _citable_editions(record: Record) -> Iterator[Place]:
    return ({"number": each.number, "rev": each.revision} for each in record.editions() if not each.is_gone)


def _papers(record: Record) -> Iterator[Place]:
    found = (each for each in record.editions() if each.in_force and each.paper_ending)
    return ({"number": each.number, "ending": each.paper_ending} for each in found)


def _edition_papers(record: Record) -> Iterator[Place]:
    found = (each for each in record.editions() if each.paper_ending)
    return ({"number": each.number, "rev": each.revision, "ending": each.paper_ending} for each in found)


def _summary_editions(record: Record) -> Iterator[Place]:
    return ({"number": number, "revision": revision} for number, revision in record.summary_editions)


def _changes(record: Record) -> Iterator[Place]:
    """Yield the editions of summaries but for the first of each."""
    for number, some in groupby(record.summary_editions, key=lambda each: each[0]):
        yield from ({"number": number, "revision": revision} for _number, revision in [*some][1:])


def _comments(record: Record, *, of: str, further: bool) -> Iterator[Place]:
    return inventory.comment_pages(record.outcomes, of=of, further=further)


def _sections(record: Record, *, is_for_good: bool, further: bool) -> Iterator[Place]:
    return inventory.sections(record.outcomes, is_for_good=is_for_good, further=further)


def _of_outcomes(places: Callable[[Outcomes], Iterable[Place]]) -> Places:
    return lambda record: places(record.outcomes)


_threads = _each("number", lambda record: record.threads)
_summaries = _each("number", lambda record: record.summaries)
_signatories = _each("number", lambda record: record.campaigns)
_exports = _each("name", lambda record: record.exports)
_bodies = _of_outcomes(inventory.bodies_of)
_outcomes = _of_outcomes(inventory.outcomes_in_force)

#: Pages: each stands as the `index.html` of the folder that its address names.
PAGES: dict[str, Places] = {
    "site:about": _each("page", lambda _record: queries.PAGES),
    "site:consultation": _once,
    "site:thread": _threads,
    "site:thread_from": _of_each(
        _threads, "start", lambda record, place: _further(record.thread_pages(place["number"]))
    ),
    "site:contribution": _contributions,
    "site:edition": _editions,
    "site:signatories": _signatories,
    "site:signatories_page": _of_each(
        _signatories, "page", lambda record, place: range(2, record.campaigns[place["number"]] + 1)
    ),
    "site:decisions": _once,
    "site:decisions_from": _each("start", lambda record: _further(record.decision_pages())),
    "site:turnaround": _once,
    "site:downloads": _once,
    "insights:figures": _once,
    "summaries:summaries": _once,
    "summaries:since": _once,
    "summaries:since_from": _each("start", lambda record: record.since_pages()),
    "summaries:compilation": _once,
    "summaries:compiled": _each(
        "number", lambda record: (each for each, start in record.compiled_pages() if not start)
    ),
    "summaries:compiled_from": lambda record: (
        {"number": number, "start": start} for number, start in record.compiled_pages() if start
    ),
    "summaries:summary": _summaries,
    "summaries:edition": _summary_editions,
    "summaries:changes": _changes,
    "summaries:corrections": _summaries,
    "summaries:corrections_from": _of_each(
        _summaries, "start", lambda record, place: _further(record.correction_pages(place["number"]))
    ),
    "outcomes:body": _bodies,
    "outcomes:body_members": _bodies,
    "outcomes:body_members_from": _of_outcomes(inventory.member_pages),
    "outcomes:outcome": _outcomes,
    "outcomes:outcome_section": partial(_sections, is_for_good=False, further=False),
    "outcomes:outcome_section_from": partial(_sections, is_for_good=False, further=True),
    "outcomes:outcome_paragraph": lambda record: inventory.paragraphs(record.outcomes, is_for_good=False),
    "outcomes:version": _of_outcomes(inventory.versions),
    "outcomes:version_section": partial(_sections, is_for_good=True, further=False),
    "outcomes:version_section_from": partial(_sections, is_for_good=True, further=True),
    "outcomes:version_paragraph": lambda record: inventory.paragraphs(record.outcomes, is_for_good=True),
    "outcomes:changes": lambda record: inventory.changes(record.outcomes, further=False),
    "outcomes:changes_from": lambda record: inventory.changes(record.outcomes, further=True),
    "outcomes:matrix": _outcomes,
    "outcomes:matrix_from": _of_outcomes(inventory.matrix_pages),
    "outcomes:coverage": _outcomes,
    "outcomes:answers": _outcomes,
    "outcomes:answers_from": _of_outcomes(inventory.answers_pages),
    "outcomes:unanswered": _outcomes,
    "outcomes:unanswered_from": _of_outcomes(inventory.unanswered_pages),
    "outcomes:public_comments": _outcomes,
    "outcomes:public_comments_on": partial(_comments, of="mark", further=False),
    "outcomes:public_comments_on_from": partial(_comments, of="mark", further=True),
    "outcomes:public_comments_in": partial(_comments, of="thread", further=False),
    "outcomes:public_comments_in_from": partial(_comments, of="thread", further=True),
}

#: Other forms of pages: each is the file in its address.
FORMS: dict[str, Places] = {
    "site:consultation_feed": _once,
    "site:consultation_feed_archive": _each("block", lambda record: record.blocks(None)),
    "site:consultation_csv": _once,
    "site:consultation_json": _once,
    "site:thread_feed": _threads,
    "site:thread_feed_archive": _of_each(_threads, "block", lambda record, place: record.blocks(place["number"])),
    "site:thread_csv": _threads,
    "site:thread_json": _threads,
    "site:thread_text": _threads,
    "site:thread_mailbox": _threads,
    "site:document": _papers,
    "site:edition_document": _edition_papers,
    "site:printed_summary": _in_forms(_summaries, printed.FORMS),
    "site:cite_summary": _in_forms(_summaries, references.FORMS),
    "site:cite_summary_edition": _in_forms(
        lambda record: ({"number": number, "rev": revision} for number, revision in record.summary_editions),
        references.FORMS,
    ),
    "site:cite_consultation": _in_forms(_once, references.FORMS),
    "site:cite_thread": _in_forms(_threads, references.FORMS),
    "site:decisions_csv": _once,
    "site:decisions_json": _once,
    "site:decisions_schema": _once,
    "site:turnaround_csv": _once,
    "site:turnaround_svg": _once,
    "site:figures_csv": _once,
    "site:figures_json": _once,
    "site:figures_days": _once,
    "outcomes:text": _outcomes,
    "site:printed_outcome": _in_forms(_outcomes, printed.FORMS),
    "site:matrix_csv": _outcomes,
    "outcomes:feed": _bodies,
    "summaries:feed": _once,
    "summaries:text": _summaries,
    "machines:export": _exports,
    "machines:export_checksum": _exports,
}

#: References, nearly all files: `batches` writes them without rendering each.
REFERENCES: dict[str, Places] = {
    "site:cite": _in_forms(_citable, references.FORMS),
    "site:cite_edition": _in_forms(_citable_editions, references.FORMS),
    "site:cite_outcome": _in_forms(_outcomes, references.FORMS),
    "site:cite_version": _in_forms(_of_outcomes(inventory.versions), references.FORMS),
    "site:cite_paragraph": _in_forms(
        lambda record: inventory.marks(record.outcomes, is_for_good=False), references.FORMS
    ),
    "site:cite_version_paragraph": _in_forms(
        lambda record: inventory.marks(record.outcomes, is_for_good=True), references.FORMS
    ),
}

_SEARCH = "a search needs a server: forms lead to the search of the site"
_API = "answers programs one request at a time: `data.json`, the bundle and the tables have all of it"
_API_NAMES = (
    "api", "api_consultation", "api_consultations", "api_contribution", "api_contributions", "api_corrections",
    "api_decisions", "api_document", "api_edition", "api_editions", "api_figures", "api_nothing", "api_search",
    "api_summaries", "api_summary", "api_summary_edition", "api_themes", "api_thread", "api_threads", "api_events",
    "api_event", "api_organizations", "api_organization", "api_people", "api_person", "api_projects", "api_project",
    "api_theme_list", "api_theme", "api_outcomes", "api_outcome", "api_version",
)  # fmt: skip
_COMMUNITY = "belongs to the whole community, not to one consultation: the community has its own bundle"
_EMBEDDED = "is a short form of a page of the copy"
#: Public addresses that are left out, and what a copy has instead.
LEFT_OUT: dict[str, str] = {
    "site:home": "the copy has its own home page, with its source and its date",
    "site:consultations": "other consultations are not in the copy",
    "outcomes:bodies": "bodies of other consultations are not in the copy: its home page lists its own outcomes",
    "site:feed": "is about the whole site",
    "machines:root": "redirects: the copy has a page that offers the six languages",
    "machines:contribution": "redirects: the copy has a page that offers the six languages",
    "machines:symbol": "redirects: the copy has a page that offers the six languages",
    "machines:sitemap": "is about the whole site: the copy has its own",
    "machines:sitemap_file": "is about the whole site: the copy has its own",
    "machines:robots": "belongs to the web server that serves the copy",
    **{f"site:{name}": _SEARCH for name in ("search", "search_feed", "search_json", "search_csv")},
    "site:search_description": _SEARCH,
    **{f"machines:{name}": _API for name in _API_NAMES},
    "machines:oai": _API,
    "site:community_downloads": _COMMUNITY,
    **{f"machines:{name}": _COMMUNITY for name in ("community_export", "community_checksum")},
    **{
        f"site:community_{name}": _COMMUNITY
        for name in (
            "decisions",
            "decisions_from",
            "decisions_csv",
            "decisions_json",
            "decisions_schema",
            "turnaround",
            "turnaround_csv",
            "turnaround_svg",
        )
    },
    **{f"events:{name}": _COMMUNITY for name in ("calendar", "past", "month", "event")},
    **{f"site:calendar_{name}": _COMMUNITY for name in ("ics", "feed", "csv", "json")},
    "site:event_ics": _COMMUNITY,
    **dict.fromkeys(("outcomes:dossier", "site:dossier_file"), _COMMUNITY),
    **{f"site:theme{name}": _COMMUNITY for name in ("", "_feed", "_calendar")},
    **{f"machines:theme{name}": _COMMUNITY for name in ("_turtle", "_jsonld", "s_turtle", "s_jsonld", "s_csv")},
    **dict.fromkeys(("themes:list", "vocabulary:list", "vocabulary:theme"), _COMMUNITY),
    **{f"directory:{name}": _COMMUNITY for name in ("person", "project")},
    **{f"directory:{folder}{name}": _COMMUNITY for folder in FOLDERS.values() for name in ("", "_figures")},
    **{
        f"site:{folder}_{name}": _COMMUNITY for folder in FOLDERS.values() for name in ("feed", "csv", "json", "figure")
    },
    **{f"site:organization{name}": _COMMUNITY for name in ("", "_calendar", "_contributions", "_contributions_from")},
    **{f"site:embed_{name}": _EMBEDDED for name in ("calendar", "consultation", "summary", "thread")},
    "machines:oembed": _EMBEDDED,
    **dict.fromkeys(("mark", "colours"), "is copied where a page uses it"),
    **dict.fromkeys(("machines:docs", "machines:docs_file"), "is of the program, not of the record"),
    "health": "describes the current state of the server",
    "metrics": "describes the current state of the server",
}


def addresses(record: Record, table: dict[str, Places]) -> Iterator[tuple[str, bool]]:
    """Yield (address, whether it has a language) of all that a table lists; of those that have one, in English."""
    with translation.override("en"):
        for name, places in table.items():
            for place in places(record):
                found = _path(name, place, record.consultation.slug)
                yield found, found.startswith("/en/")


def _path(name: str, place: Place, slug: str) -> str:
    if name == "site:about" or "body" in place:
        return reverse(name, kwargs=place)
    return reverse(name, kwargs={"slug": slug, **place})
