"""Contributions and their editions, the register of moderation and search results in the API."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode, urlsplit

from django.db.models import F, QuerySet
from django.utils import translation

from plenara.api import endpoints
from plenara.api.presenters.consultations import FORMAT
from plenara.api.validation import Parameters
from plenara.consultations.models import Consultation
from plenara.contributions.models import Channel, Edition, Translation
from plenara.contributions.organizations.queries import attach_byline_statuses
from plenara.core.languages import CODES, django_code
from plenara.core.rows import Json, without_absent
from plenara.core.templatetags.plenara import iso
from plenara.core.vocabulary import StakeholderGroup
from plenara.directory.queries.lookup import FOLDERS
from plenara.documents.queries.editions import cited_in
from plenara.exports import addresses
from plenara.exports.presenters import attribution, moderation, search_results, tables
from plenara.exports.queries import record
from plenara.exports.queries.record import Scope, public_consultations, with_words
from plenara.exports.queries.search import NEWEST, RELEVANCE, Result, Results, Search, kind_codes
from plenara.moderation.models import Appeal, Code
from plenara.moderation.queries.register import FILED, Entry, RegisterFilters
from plenara.outcomes.kind import NAME as OUTCOME
from plenara.search.queries.results import MOST_RANKED


def matching(parameters: Parameters) -> dict[str, object]:
    """Return the filters in an address, for a query."""
    conditions = {
        "thread__number": parameters.number("thread", least=1, most=32_767),
        "stakeholder_group": parameters.choice("group", StakeholderGroup.values),
        "language": parameters.language("language"),
        "channel": parameters.choice("channel", Channel.values),
        "byline__country": parameters.country("country"),
        "published_at__gte": parameters.moment("since"),
        "published_at__lte": parameters.moment("until", is_end=True),
    }
    return {name: value for name, value in conditions.items() if value is not None}


def read(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Return editions with the related rows. Two queries."""
    return with_words(editions).annotate(
        question=F("thread__number"),
        occasion=F("contribution__occasion"),
        moved_from=F("contribution__moved_from"),
        keywords=F("contribution__bundle__keywords"),
        themes=F("contribution__bundle__themes"),
    )


def row(edition: Edition, consultation: Consultation) -> dict[str, object]:
    """Return a contribution as its edition in force, or its stub. No query."""
    found = tables.row(edition, Scope(consultation), {edition.thread_id: edition.question})  # type: ignore[attr-defined]
    if attribution.has_words(edition):
        names = ("occasion", "moved_from", "keywords", "themes")
        found |= without_absent({name: getattr(edition, name) for name in names})
        if edition.admitted_after_closing:
            found["admitted_after_closing"] = True
    return found | {"self": endpoints.contribution(consultation.slug, edition.number)}


def edition_row(edition: Edition, consultation: Consultation) -> dict[str, object]:
    """Return one edition, which has a permanent address. No query."""
    return row(edition, consultation) | {
        "in_force": edition.in_force,
        "address": record.for_good(edition),
        "self": endpoints.edition(consultation.slug, edition.number, edition.revision),
    }


def more(edition: Edition, consultation: Consultation, editions: Sequence[Edition]) -> dict[str, object]:
    """Return the additional fields of a single answer: editions, byline status, translations, citations.

    Three queries at most.
    """
    attach_byline_statuses([edition])
    slug = consultation.slug
    return without_absent(
        {
            "editions": [
                without_absent(
                    {
                        "revision": each.revision,
                        "symbol": each.symbol,
                        "published_at": iso(each.published_at),
                        "in_force": each.in_force,
                        "address": record.for_good(each),
                        "self": endpoints.edition(slug, each.number, each.revision),
                    }
                )
                for each in editions
            ],
            "organization_says": _organization_statement(edition),
            "translations": _translations(edition),
            **_cited(edition, editions, consultation),
            "links": {"editions": f"{endpoints.contribution(slug, edition.number)}/editions"},
        }
    )


def _organization_statement(edition: Edition) -> dict[str, object]:
    """Return the byline's status: confirmed or disputed by an organization."""
    affiliation = edition.speaks_for
    if affiliation is None:
        return {}
    verified = {"organization": affiliation.number, "method": affiliation.method, "at": iso(affiliation.verified_at)}
    return without_absent(
        {
            "verified": verified if affiliation.number else None,
            "disputed": "upheld" if affiliation.is_upheld else "pending" if affiliation.is_disputed else "",
        }
    )


def _translations(edition: Edition) -> list[dict[str, object]]:
    """Return the translations for readers, with their origin."""
    found = Translation.objects.filter(text=edition.text, is_public=True).order_by("language")
    return [
        without_absent(
            {
                "language": each.language,
                "title": each.title,
                "text": each.content,
                "origin": "machine" if each.is_machine else "human",
                "made_by": each.maker,
                "at": iso(each.at),
            }
        )
        for each in found
    ]


def _cited(
    edition: Edition, editions: Sequence[Edition], consultation: Consultation
) -> dict[str, list[dict[str, object]]]:
    """Return the statements of summaries that cite it, and the paragraphs of outcomes that respond to it."""
    revisions = {each.pk: each.revision for each in editions}
    found: dict[str, list[dict[str, object]]] = {"cited_in": [], "treated_in": []}
    for pk, places in cited_in(revisions, "en").items():
        for place in places:
            known = {"symbol": place.symbol, "revision": revisions[pk], "words": place.words}
            if place.kind == OUTCOME:
                _outcomes, body, outcome, _end = place.address.split("/")
                address = f"{addresses.of_symbol(place.symbol)}#s{place.number}"
                known |= {"paragraph": place.number, "treatment": place.response, "address": address}
                found["treated_in"].append(without_absent(known | {"self": endpoints.outcome(body, outcome)}))
            else:
                known |= {"statement": place.number, "address": addresses.of_symbol(place.symbol)}
                found["cited_in"].append(
                    without_absent(known | {"self": endpoints.summary(consultation.slug, place.document)})
                )
    return found


#: The fields with words for people. The rest are codes.
_WORDS = ("decision_facts", "illegal_content_explanation", "incompatible_content_explanation")


def decision_filters(parameters: Parameters) -> RegisterFilters:
    """Return the filters in an address: those of the register's page."""
    return RegisterFilters(
        code=parameters.choice("code", Code.values) or "",
        thread=parameters.number("thread", least=1, most=32_767) or 0,
        language=parameters.language("language") or "",
        appeal=parameters.choice("appeal", [FILED, *Appeal.Status.values]) or "",
    )


def decision_row(entry: Entry, consultation: Consultation) -> dict[str, object]:
    """Return the fields of a decision. No query."""
    found: Json = {}
    words: dict[str, dict[str, str]] = {}
    for code in CODES:
        with translation.override(django_code(code)):
            found = moderation.statement_row(entry, consultation)
        for name in _WORDS:
            if name in found:
                words.setdefault(name, {})[code] = found[name]
    return found | words


#: Characters of a query that are read. Most long ones are refused with a sentence: too long to search for.
_MOST = 10_000
#: Fields for people in one language.
_FOR_PEOPLE = ("label", "page")
#: The API's addresses of things outside consultations, by kind.
_COMMUNITY: dict[str, Callable[[int], str]] = {
    "event": endpoints.event,
    **{kind.value: partial(endpoints.listing, folder) for kind, folder in FOLDERS.items()},
}


def search_of(parameters: Parameters) -> Search | None:
    """Return the search in an address; nothing where its consultation or question does not exist."""
    slug, number = parameters.slug("consultation"), parameters.number("thread", least=1, most=32_767)
    search = Search(
        text=parameters.words("q", _MOST) or "",
        kind=parameters.choice("kind", kind_codes()) or "",
        group=parameters.choice("group", StakeholderGroup.values) or "",
        country=parameters.country("country") or "",
        language=parameters.language("language") or "",
        theme=parameters.words("theme", 100) or "",
        channel=parameters.choice("channel", Channel.values) or "",
        author=parameters.words("author", 100) or "",
        since=parameters.day("since"),
        until=parameters.day("until"),
        order=parameters.choice("order", [NEWEST, RELEVANCE]) or RELEVANCE,
        before=parameters.number("before", least=1, most=2**63 - 1),
        page=parameters.number("page", least=1, most=MOST_RANKED) or 1,
        consultation=public_consultations().filter(slug=slug).first() if slug else None,
    )
    if slug and search.consultation is None:
        return None
    if number and search.consultation:
        thread = search.consultation.threads.filter(number=number).first()
        return replace(search, thread=thread) if thread else None
    return search


def no_rows() -> dict[str, object]:
    """Return the answer without a query."""
    return {
        "format": FORMAT,
        "self": endpoints.search(),
        "query": {},
        "count": 0,
        "count_is_more": False,
        "results": [],
    }


def found_rows(results: Results, limit: str) -> dict[str, object]:
    """Return the results. Two queries."""
    head = search_results.head(results, endpoints.search())
    more = f"&{urlencode({'limit': limit})}" if limit else ""
    answer = {"format": FORMAT, "self": f"{head.pop('address')}{more}"} | {**head, "format": FORMAT}
    following = {"next": f"{answer.pop('next')}{more}"} if "next" in answer else {}
    entries = [_found_row(row, result) for row, result in zip(search_results.rows(results), results.rows, strict=True)]
    return answer | {"results": entries} | following


def _found_row(row: Json, result: Result) -> dict[str, object]:
    found = {name: value for name, value in row.items() if name not in _FOR_PEOPLE}
    if result.kind.code == "contribution" and "number" in found:
        return found | {"self": endpoints.contribution(found["consultation"], found["number"])}
    if result.kind.code in _COMMUNITY:
        # No address has this symbol: in lists it is an acronym.
        found.pop("symbol", None)
        number = int(result.found.url.rstrip("/").rpartition("/")[2])
        return found | {"number": number, "self": _COMMUNITY[result.kind.code](number)}
    # The permalink, which redirects to the reader's language; a statement's place in a summary comes after it.
    if result.found.symbol:
        place = urlsplit(result.found.url).fragment
        found["address"] = f"{addresses.of_symbol(result.found.symbol)}{f'#{place}' if place else ''}"
    return found
