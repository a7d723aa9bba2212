"""Which addresses belong to a consultation's copy: a table by the name of the address, and what is left out and why.

A test walks the URL files and fails where a public address is in neither table.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import translation

from plenara.accounts import queries
from plenara.directory.queries.lookup import FOLDERS
from plenara.documents import printed_files as printed
from plenara.exports.presenters import references
from plenara.mirror.queries import inventory
from plenara.mirror.queries.inventory import Record

#: What an address names besides the consultation.
type Place = dict[str, Any]
type Places = Callable[[Record], Iterable[Place]]


def _once(record: Record) -> Iterator[Place]:
    yield {}


def _threads(record: Record) -> Iterator[Place]:
    return ({"number": number} for number in record.threads)


def _thread_pages(record: Record) -> Iterator[Place]:
    for number in record.threads:
        yield from ({"number": number, "start": start} for start, _members in record.thread_pages(number)[1:])


def _thread_blocks(record: Record) -> Iterator[Place]:
    for number in record.threads:
        yield from ({"number": number, "block": block} for block in record.blocks(number))


def _contributions(record: Record) -> Iterator[Place]:
    return ({"number": each.number} for each in record.editions() if each.in_force)


def _editions(record: Record) -> Iterator[Place]:
    return ({"number": each.number, "rev": each.revision} for each in record.editions())


def _cited(record: Record) -> Iterator[Place]:
    for each in record.editions():
        if each.in_force and not each.is_gone:
            yield from ({"number": each.number, "ending": ending} for ending in references.FORMS)


def _cited_editions(record: Record) -> Iterator[Place]:
    for each in record.editions():
        if not each.is_gone:
            yield from ({"number": each.number, "rev": each.revision, "ending": ending} for ending in references.FORMS)


def _papers(record: Record) -> Iterator[Place]:
    found = (each for each in record.editions() if each.in_force and each.paper_ending)
    return ({"number": each.number, "ending": each.paper_ending} for each in found)


def _edition_papers(record: Record) -> Iterator[Place]:
    found = (each for each in record.editions() if each.paper_ending)
    return ({"number": each.number, "rev": each.revision, "ending": each.paper_ending} for each in found)


def _signatories(record: Record) -> Iterator[Place]:
    return ({"number": number} for number in record.campaigns)


def _signatories_pages(record: Record) -> Iterator[Place]:
    for number, pages in record.campaigns.items():
        yield from ({"number": number, "page": page} for page in range(2, pages + 1))


def _summaries(record: Record) -> Iterator[Place]:
    return ({"number": number} for number in record.summaries)


def _summary_editions(record: Record) -> Iterator[Place]:
    return ({"number": number, "revision": revision} for number, revision in record.summary_editions)


def _changes(record: Record) -> Iterator[Place]:
    first: dict[int, int] = {}
    for number, revision in record.summary_editions:
        if revision != first.setdefault(number, revision):
            yield {"number": number, "revision": revision}


def _printed(record: Record) -> Iterator[Place]:
    return ({"number": number, "ending": ending} for number in record.summaries for ending in printed.FORMS)


def _cited_summaries(record: Record) -> Iterator[Place]:
    return ({"number": number, "ending": ending} for number in record.summaries for ending in references.FORMS)


def _cited_summary_editions(record: Record) -> Iterator[Place]:
    for number, revision in record.summary_editions:
        yield from ({"number": number, "rev": revision, "ending": ending} for ending in references.FORMS)


def _corrections(record: Record) -> Iterator[Place]:
    for number in record.summaries:
        yield from ({"number": number, "start": start} for start, _members in record.correction_pages(number)[1:])


def _comments(record: Record, *, of: str, further: bool) -> Iterator[Place]:
    return inventory.comment_pages(record.outcomes, of=of, further=further)


def _sections(record: Record, *, is_for_good: bool, further: bool) -> Iterator[Place]:
    return inventory.sections(record.outcomes, is_for_good=is_for_good, further=further)


#: Pages: each stands as the `index.html` of the folder that its address names.
PAGES: dict[str, Places] = {
    "site:about": lambda _record: ({"page": page} for page in queries.PAGES),
    "site:consultation": _once,
    "site:thread": _threads,
    "site:thread_from": _thread_pages,
    "site:contribution": _contributions,
    "site:edition": _editions,
    "site:signatories": _signatories,
    "site:signatories_page": _signatories_pages,
    "site:decisions": _once,
    "site:decisions_from": lambda record: ({"start": start} for start, _members in record.decision_pages()[1:]),
    "site:turnaround": _once,
    "site:downloads": _once,
    "insights:figures": _once,
    "summaries:summaries": _once,
    "summaries:since": _once,
    "summaries:since_from": lambda record: ({"start": start} for start in record.since_pages()),
    "summaries:compilation": _once,
    "summaries:compiled": lambda record: ({"number": number} for number, start in record.compiled_pages() if not start),
    "summaries:compiled_from": lambda record: (
        {"number": number, "start": start} for number, start in record.compiled_pages() if start
    ),
    "summaries:summary": _summaries,
    "summaries:edition": _summary_editions,
    "summaries:changes": _changes,
    "summaries:corrections": _summaries,
    "summaries:corrections_from": _corrections,
    "outcomes:body": lambda record: inventory.bodies_of(record.outcomes),
    "outcomes:body_members": lambda record: inventory.bodies_of(record.outcomes),
    "outcomes:body_members_from": lambda record: inventory.member_pages(record.outcomes),
    "outcomes:outcome": lambda record: inventory.outcomes_in_force(record.outcomes),
    "outcomes:outcome_section": partial(_sections, is_for_good=False, further=False),
    "outcomes:outcome_section_from": partial(_sections, is_for_good=False, further=True),
    "outcomes:outcome_paragraph": lambda record: inventory.paragraphs(record.outcomes, is_for_good=False),
    "outcomes:version": lambda record: inventory.versions(record.outcomes),
    "outcomes:version_section": partial(_sections, is_for_good=True, further=False),
    "outcomes:version_section_from": partial(_sections, is_for_good=True, further=True),
    "outcomes:version_paragraph": lambda record: inventory.paragraphs(record.outcomes, is_for_good=True),
    "outcomes:changes": lambda record: inventory.changes(record.outcomes, further=False),
    "outcomes:changes_from": lambda record: inventory.changes(record.outcomes, further=True),
    "outcomes:matrix": lambda record: inventory.outcomes_in_force(record.outcomes),
    "outcomes:matrix_from": lambda record: inventory.matrix_pages(record.outcomes),
    "outcomes:coverage": lambda record: inventory.outcomes_in_force(record.outcomes),
    "outcomes:answers": lambda record: inventory.outcomes_in_force(record.outcomes),
    "outcomes:answers_from": lambda record: inventory.answers_pages(record.outcomes),
    "outcomes:unanswered": lambda record: inventory.outcomes_in_force(record.outcomes),
    "outcomes:unanswered_from": lambda record: inventory.unanswered_pages(record.outcomes),
    "outcomes:public_comments": lambda record: inventory.outcomes_in_force(record.outcomes),
    "outcomes:public_comments_on": partial(_comments, of="mark", further=False),
    "outcomes:public_comments_on_from": partial(_comments, of="mark", further=True),
    "outcomes:public_comments_in": partial(_comments, of="thread", further=False),
    "outcomes:public_comments_in_from": partial(_comments, of="thread", further=True),
}

#: Other forms of pages: each stands as the file that its address names.
FORMS: dict[str, Places] = {
    "site:consultation_feed": _once,
    "site:consultation_feed_archive": lambda record: ({"block": block} for block in record.blocks(None)),
    "site:consultation_csv": _once,
    "site:consultation_json": _once,
    "site:thread_feed": _threads,
    "site:thread_feed_archive": _thread_blocks,
    "site:thread_csv": _threads,
    "site:thread_json": _threads,
    "site:thread_text": _threads,
    "site:thread_mailbox": _threads,
    "site:document": _papers,
    "site:edition_document": _edition_papers,
    "site:printed_summary": _printed,
    "site:cite_summary": _cited_summaries,
    "site:cite_summary_edition": _cited_summary_editions,
    "site:cite_consultation": lambda _record: ({"ending": ending} for ending in references.FORMS),
    "site:cite_thread": lambda record: (
        {"number": number, "ending": ending} for number in record.threads for ending in references.FORMS
    ),
    "site:decisions_csv": _once,
    "site:decisions_json": _once,
    "site:decisions_schema": _once,
    "site:turnaround_csv": _once,
    "site:turnaround_svg": _once,
    "site:figures_csv": _once,
    "site:figures_json": _once,
    "site:figures_days": _once,
    "outcomes:text": lambda record: inventory.outcomes_in_force(record.outcomes),
    "site:printed_outcome": lambda record: (
        {**named, "ending": ending}
        for named in inventory.outcomes_in_force(record.outcomes)
        for ending in printed.FORMS
    ),
    "site:matrix_csv": lambda record: inventory.outcomes_in_force(record.outcomes),
    "outcomes:feed": lambda record: inventory.bodies_of(record.outcomes),
    "summaries:feed": _once,
    "summaries:text": _summaries,
    "machines:export": lambda record: ({"name": name} for name in record.exports),
    "machines:export_checksum": lambda record: ({"name": name} for name in record.exports),
}

#: References, nearly all files that there are: `references` writes them without asking for each.
REFERENCES: dict[str, Places] = {
    "site:cite": _cited,
    "site:cite_edition": _cited_editions,
    "site:cite_outcome": lambda record: inventory.cited(record.outcomes, is_for_good=False),
    "site:cite_version": lambda record: inventory.cited(record.outcomes, is_for_good=True),
    "site:cite_paragraph": lambda record: inventory.cited_paragraphs(record.outcomes, is_for_good=False),
    "site:cite_version_paragraph": lambda record: inventory.cited_paragraphs(record.outcomes, is_for_good=True),
}

_SEARCH = "a search is asked and answered: forms lead to the site's"
_API = "programs ask it one thing at a time: `data.json`, the bundle and the tables have all of it"
_API_NAMES = (
    "api", "api_consultation", "api_consultations", "api_contribution", "api_contributions", "api_corrections",
    "api_decisions", "api_document", "api_edition", "api_editions", "api_figures", "api_nothing", "api_search",
    "api_summaries", "api_summary", "api_summary_edition", "api_themes", "api_thread", "api_threads", "api_events",
    "api_event", "api_organizations", "api_organization", "api_people", "api_person", "api_projects", "api_project",
    "api_theme_list", "api_theme", "api_outcomes", "api_outcome", "api_version",
)  # fmt: skip
_COMMUNITY = "belongs to the whole community, not to one consultation: the community has a bundle of its own"
_EMBEDDED = "says in short what a page of the copy says whole"
#: Public addresses that are not asked for, and what a copy has instead.
LEFT_OUT: dict[str, str] = {
    "site:home": "the copy has a first page of its own, which says of what it is a copy and since when",
    "site:consultations": "other consultations are not in it",
    "outcomes:bodies": "bodies of other consultations are not in it: the copy’s first page names its own outcomes",
    "site:feed": "tells of the whole site",
    "machines:root": "leads on: the copy has a page that offers the six languages",
    "machines:contribution": "leads on: the copy has a page that offers the six languages",
    "machines:symbol": "leads on: the copy has a page that offers the six languages",
    "machines:sitemap": "tells of the whole site: the copy has one of its own",
    "machines:sitemap_file": "tells of the whole site: the copy has one of its own",
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
    "mark": "is taken along where a page shows it",
    "health": "tells of a moment",
    "metrics": "tells of a moment",
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
