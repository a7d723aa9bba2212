"""Consultations, their questions, themes and figures in the API. Names are those of the bundle."""

from collections.abc import Iterable, Sequence

from plenara.api import endpoints
from plenara.consultations.models import Consultation, Thread
from plenara.consultations.presenters import wording
from plenara.core.languages import CODES
from plenara.core.rows import Json, without_absent
from plenara.core.templatetags.plenara import iso
from plenara.core.vocabulary import licence_url
from plenara.exports import addresses
from plenara.insights.queries.figures import Figures, countries_of, days_of, figures_of
from plenara.themes.queries import Concept, concepts_of_list

FORMAT = "plenara-api/1"
#: The parts below a consultation's address.
BELOW = ("threads", "contributions", "summaries", "decisions", "figures", "themes")


def texts(by_language: dict[str, str]) -> dict[str, str]:
    """Return a text in those languages that have it."""
    return {code: by_language[code] for code in (*CODES, *by_language) if by_language.get(code)}


def head(consultation: Consultation) -> dict[str, object]:
    """Return the header about the consultation in every answer."""
    return {
        "slug": consultation.slug,
        "symbol": consultation.symbol,
        "title": texts(consultation.title),
        "state": consultation.state,
        "address": addresses.of_symbol(consultation.symbol),
        "self": endpoints.consultation(consultation.slug),
    }


def listed(consultation: Consultation) -> dict[str, object]:
    """Return a consultation as the list has it. `parent` is fetched with it."""
    parent = consultation.parent
    return head(consultation) | without_absent(
        {
            "intro": texts(consultation.intro),
            "opens_at": iso(consultation.opens_at),
            "closes_at": iso(consultation.closes_at),
            "timezone": consultation.timezone,
            "languages": consultation.languages,
            "word_limit": consultation.word_limit,
            "licence": consultation.licence,
            "licence_address": licence_url(consultation.licence),
            "source": consultation.source,
            "parent": parent.slug if parent and parent.is_public else consultation.parent_slug,
        }
    )


def whole(consultation: Consultation, contributions: int) -> dict[str, object]:
    """Return a consultation with the addresses of its parts. One query."""
    own = endpoints.consultation(consultation.slug)
    return listed(consultation) | without_absent(
        {
            "announced_at": iso(consultation.announced_at),
            "reported_at": iso(consultation.reported_at),
            "archived_at": iso(consultation.archived_at),
            "moderation": consultation.moderation,
            "extensions": [
                without_absent(
                    {
                        "at": iso(each.at),
                        "closed_at": iso(each.closed_at),
                        "closes_at": iso(each.closes_at),
                        "reason": texts(each.reason),
                    }
                )
                for each in consultation.extensions.all()
            ],
            "contributions": contributions,
            "links": {name: f"{own}/{name}" for name in BELOW},
        }
    )


def question(thread: Thread, consultation: Consultation, figures: Figures) -> dict[str, object]:
    """Return a question with its number of contributions. No query."""
    slug = consultation.slug
    return without_absent(
        {
            "number": thread.number,
            "symbol": f"{consultation.symbol}/Q{thread.number}",
            "question": texts(thread.question),
            "guidance": texts(thread.guidance),
            "themes": thread.themes,
            "rewordings": [
                {"language": each["language"], "earlier": each["earlier"], "until": iso(each["at"])}
                for each in wording.rewordings(thread)
            ],
            "contributions": figures.by_thread[thread.pk],
            "stakeholder_groups": dict(figures.groups(thread.pk)),
            "address": addresses.of_symbol(f"{consultation.symbol}/Q{thread.number}"),
            "self": endpoints.thread(slug, thread.number),
            "links": {"contributions": f"{endpoints.consultation(slug)}/contributions?thread={thread.number}"},
        }
    )


def _theme_names(code: str, known: dict[str, Json], there: dict[str, Concept]) -> dict[str, object]:
    """Return the names of a theme: from its bundle, else from the list."""
    if code not in known and code in there:
        one = there[code]
        return {"label": texts(one.labels), "broader": one.broader, "exact_match": one.exact_match}
    came = known.get(code, {})
    links = {name: came.get(name) for name in ("broader", "exact_match")}
    return {"label": texts(came.get("label", {})), **links}


def themes(consultation: Consultation, threads: Iterable[Thread]) -> list[dict[str, object]]:
    """Return the vocabulary of the consultation's bundle and its questions' themes, by code."""
    known = {each["code"]: each for each in consultation.bundle.get("themes", [])}
    threads = list(threads)
    there = {each.code: each for each in concepts_of_list({code for thread in threads for code in thread.themes})}
    used: dict[str, list[int]] = {}
    for thread in threads:
        for code in thread.themes:
            used.setdefault(code, []).append(thread.number)
    return [
        without_absent(
            {
                "code": code,
                **_theme_names(code, known, there),
                "questions": used.get(code, []),
            }
        )
        for code in dict.fromkeys([*known, *used])
    ]


def figures(threads: Sequence[Thread]) -> dict[str, object]:
    """Return the figures of questions: published contributions, each once in every dimension. Six queries."""
    keys = [each.pk for each in threads]
    found, days = figures_of(keys), days_of(keys)
    return {
        "contributions": found.total,
        "countries": found.countries,
        "undated": days.get(None, 0),
        "by_day": {day.isoformat(): count for day, count in days.items() if day},
        "by_question": {str(each.number): found.by_thread[each.pk] for each in threads},
        "by_stakeholder_group": dict(found.by_group),
        "by_language": dict(found.by_language),
        "by_country": dict(countries_of(keys)),
        "by_channel": dict(found.by_channel),
    }
