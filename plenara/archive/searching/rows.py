"""What was found as rows: for a table and for programs. A contribution's row is the one that every other form has."""

from collections.abc import Iterator
from typing import Any

from plenara.archive import addresses
from plenara.archive.formats import tables
from plenara.archive.scope import Scope, with_words
from plenara.archive.searching.results import Result, Results
from plenara.archive.searching.snippets import as_text
from plenara.contributions.models import Edition
from plenara.core.templatetags.plenara import iso

#: What a row has besides the columns of contributions. New columns come at the end; none is ever renamed or moved.
MORE = ("kind", "consultation", "label", "snippet", "found_by", "page")
COLUMNS = (*tables.COLUMNS, *MORE)
FORMAT = "plenara-search/1"


def rows(results: Results) -> Iterator[dict[str, Any]]:
    """Yield what was found, in its order. Two queries."""
    symbols = [each.found.symbol for each in results.rows if each.kind.code == "contribution"]
    editions = with_words(Edition.objects.filter(symbol__in=symbols)).select_related(
        "text", "byline", "paper", "thread", "consultation"
    )
    known = {each.symbol: each for each in editions}
    for each in results.rows:
        edition = known.get(each.found.symbol) if each.kind.code == "contribution" else None
        yield (_of_contribution(edition) if edition else _of_another(each)) | _more(each)


def _of_contribution(edition: Edition) -> dict[str, Any]:
    return tables.row(edition, Scope(edition.consultation), {edition.thread_id: edition.thread.number})


def _of_another(result: Result) -> dict[str, Any]:
    """Return what is told of a thing of another kind; of its words the snippet alone, since a paper can be long."""
    found, byline = result.found, result.found.byline
    values = {
        "symbol": found.symbol,
        "question": found.thread_number,
        "address": addresses.site(found.url),
        "language": found.language,
        "title": found.title,
        "published_at": iso(found.at),
    }
    if byline:
        values |= {
            "name": "" if byline.withheld else byline.name,
            "stakeholder_group": byline.stakeholder_group,
            "capacity": byline.capacity,
            "organization": byline.organization,
            "organization_verified": bool(found.speaks and found.speaks.number) or byline.organization_verified,
            "country": byline.country,
        }
    return _present(values)


def _more(result: Result) -> dict[str, Any]:
    found = result.found
    return _present(
        {
            "kind": result.kind.code,
            "consultation": found.consultation.slug if found.consultation else "",
            "label": found.label,
            "snippet": as_text(result.snippet),
            "found_by": "meaning" if result.is_by_meaning else "words",
            "page": addresses.site(found.url),
        }
    )


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}


def head(results: Results, address: str) -> dict[str, Any]:
    """Return what was asked, how much there is and where it goes on. `address`: of this form, without parameters."""
    search = results.search
    found: dict[str, Any] = {
        "format": FORMAT,
        "address": f"{address}?{search.as_asked()}",
        "query": search.fields,
        "count": results.count,
        "count_is_more": results.is_capped,
    }
    if results.query.common:
        found["left_out"] = list(results.query.common)
    if results.ranked:
        found["ranked"] = results.ranked
    if results.meaning:
        found["by_meaning"] = {
            "count": results.more_by_meaning,
            "state": str(results.meaning.state),
            "texts_read": results.meaning.done,
            "texts": results.meaning.total,
        }
    if results.unused:
        found["unused"] = [{"word": each.word, "near": [near.word for near in each.near]} for each in results.unused]
    if results.next:
        found["next"] = f"{address}?{results.next}"
    return found


def document(results: Results, address: str) -> Iterator[str]:
    """Yield one JSON object: the head, then `results`, one a line."""
    yield tables.json_line(head(results, address))[:-1] + ',"results":['
    separator = "\n"
    for each in rows(results):
        yield separator + tables.json_line(each)
        separator = ",\n"
    yield "\n]}\n"
