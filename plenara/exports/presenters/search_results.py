"""Search results as rows for a table and for programs, as entries of a feed, and a search's messages in sentences."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core import atom
from plenara.core.languages import current
from plenara.core.rows import json_document, without_absent
from plenara.core.templatetags.plenara import iso, number
from plenara.core.text import first_words
from plenara.exports import addresses
from plenara.exports.presenters import dictionary, feeds, tables
from plenara.exports.queries.record import Scope, with_words
from plenara.exports.queries.search import Result, Results
from plenara.search.presenters.snippets import as_text
from plenara.search.query import FEWEST_BEFORE_STAR, MOST_CHARACTERS, MOST_TERMS, Problem, QueryRefused

#: The date in the ids of the site's own things, as in its own feed.
_BEGAN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def entries(results: Results) -> Iterator[feeds.FeedItem]:
    """Yield the results, in their order. Two queries."""
    symbols = [each.found.symbol for each in results.rows if each.kind.code == "contribution"]
    known = feeds.of_symbols(symbols)
    for each in results.rows:
        entry = known.get(each.found.symbol) if each.kind.code == "contribution" else None
        entry = entry or _entry_of_another(each)
        if entry:
            yield entry


def _entry_of_another(result: Result) -> atom.Entry | None:
    """Return the entry of a thing of another kind; nothing for one without a date."""
    found = result.found
    consultation = found.consultation if isinstance(found.consultation, Consultation) else None
    place = found.url.rsplit("#", 1)[1] if "#" in found.url else ""
    at = found.at or (consultation.created_at if consultation else None)
    if at is None:
        return None
    title = [found.label or result.kind.name, found.title or first_words(found.text, 80)]
    return atom.Entry(
        # A statement is an entry of its own in each language, as each is a result of its own.
        id=feeds.tag(consultation, f"{found.symbol}?{result.kind.code}={place}&language={found.language}")
        if consultation and found.symbol
        # Things outside consultations have an address of their own, the same in each language but for its prefix.
        else atom.tag(settings.SITE_URL, _BEGAN, f"/{found.url.split('/', 2)[-1]}"),
        title=" · ".join(filter(None, title)),
        updated=at,
        published=at,
        url=addresses.site(found.url),
        language=found.language,
        author=found.byline.name if found.byline and not found.byline.withheld else "",
        summary=as_text(result.snippet),
    )


#: Columns of a row besides those of contributions. New columns come at the end; none is ever renamed or moved.
MORE = ("kind", "consultation", "label", "snippet", "found_by", "page")
COLUMNS = (*dictionary.NAMES, *MORE)
FORMAT = "plenara-search/1"


def rows(results: Results) -> Iterator[dict[str, object]]:
    """Yield the results, in their order. Two queries."""
    symbols = [each.found.symbol for each in results.rows if each.kind.code == "contribution"]
    editions = with_words(Edition.objects.filter(symbol__in=symbols)).select_related(
        "text", "byline", "paper", "thread", "consultation"
    )
    known = {each.symbol: each for each in editions}
    for each in results.rows:
        edition = known.get(each.found.symbol) if each.kind.code == "contribution" else None
        yield (_of_contribution(edition) if edition else _of_another(each)) | _more(each)


def _of_contribution(edition: Edition) -> dict[str, object]:
    return tables.row(edition, Scope(edition.consultation), {edition.thread_id: edition.thread.number})


def _of_another(result: Result) -> dict[str, object]:
    """Return the fields of a thing of another kind; of its words only the snippet, since a paper can be long."""
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
    return without_absent(values)


def _more(result: Result) -> dict[str, object]:
    found = result.found
    return without_absent(
        {
            "kind": result.kind.code,
            "consultation": found.consultation.slug if found.consultation else "",
            "label": found.label,
            "snippet": as_text(result.snippet),
            "found_by": "meaning" if result.is_by_meaning else "words",
            "page": addresses.site(found.url),
        }
    )


def head(results: Results, address: str) -> dict[str, object]:
    """Return the query, the number of results and the next page. `address`: of this form, without parameters."""
    search = results.search
    found: dict[str, object] = {
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
    """Return one JSON object: the head, then `results`, one a line."""
    return json_document(head(results, address), "results", rows(results))


def problem_in_words(refused: QueryRefused) -> str:
    """Return why a search was refused, and how to narrow it."""
    words = {
        "part": refused.part,
        "characters": number(MOST_CHARACTERS),
        "words": number(MOST_TERMS),
        "letters": number(FEWEST_BEFORE_STAR),
    }
    sentences = {
        Problem.TOO_LONG: _(
            "Your search is too long. Use %(characters)s characters at most, and only the words that matter most."
        ),
        Problem.TOO_MANY: _(
            "Your search has too many words. Use at most %(words)s words, and only those that matter most."
        ),
        Problem.STAR: _(
            "“%(part)s” would find too many results. Write at least %(letters)s characters before the asterisk (*)."
        ),
        Problem.ONLY_EXCLUDED: _("Your search only says what to leave out. Add a word that you want to find."),
        Problem.ONLY_COMMON: _(
            "“%(part)s” appears in nearly every text. Add a rarer word, or put a “phrase” in quotation marks."
        ),
        Problem.TOO_SLOW: _(
            "This search took too long and was stopped. Add a word, remove the asterisk (*), or choose a consultation, "
            "a question or a period."
        ),
        Problem.NOTHING: _("Your search does not contain a word. Enter a word, a symbol or a name."),
    }
    return sentences[refused.problem] % words


def count_in_words(results: Results) -> str:
    """Return the number of results and their order, as far as it is known."""
    n = {"n": number(results.count)}
    if results.search.is_by_relevance:
        if not results.count and results.more_by_meaning:
            return _("No text contains these words")
        if results.is_capped:
            return _("More than %(n)s results, by relevance") % n
        found = ngettext("%(n)s result, by relevance", "%(n)s results, by relevance", results.count)
    elif results.is_capped:
        return _("More than %(n)s results, newest first") % n
    else:
        found = ngettext("%(n)s result, newest first", "%(n)s results, newest first", results.count)
    return found % n


def notes(results: Results) -> list[str]:
    """Return further notes for the reader: ignored words, unranked results, results by meaning."""
    notes_found = []
    if results.query.common:
        separator = "、" if current() == "zh" else "، " if current() == "ar" else ", "
        words = separator.join(results.query.common)
        notes_found.append(
            _("These words were left out, because they appear in nearly every text: %(words)s.") % {"words": words}
        )
    if results.ranked:
        notes_found.append(_("Only the newest %(n)s results were sorted by relevance.") % {"n": number(results.ranked)})
    if results.meaning and (sentence := results.meaning.sentence):
        notes_found.append(sentence)
    return notes_found
