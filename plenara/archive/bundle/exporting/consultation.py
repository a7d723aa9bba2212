"""`consultation.json` and `themes.json` of a consultation."""

from typing import Any

from plenara.archive.bundle import FORMAT
from plenara.archive.bundle.checking.consultation import MOVED_ON
from plenara.archive.bundle.checking.fields import present, written
from plenara.consultations import shown
from plenara.consultations.models import Consultation
from plenara.themes.concepts import Concept, counted, of_list


def row(consultation: Consultation) -> dict[str, Any]:
    """Return the consultation as a bundle says it."""
    parent = consultation.parent
    return present(
        format=FORMAT,
        slug=consultation.slug,
        symbol=consultation.symbol,
        title=_told(consultation.title),
        intro=_told(consultation.intro),
        state=consultation.state,
        opens_at=written(consultation.opens_at) if consultation.opens_at else None,
        closes_at=written(consultation.closes_at) if consultation.closes_at else None,
        **{key: written(at) for key in MOVED_ON if (at := getattr(consultation, key))},
        extensions=[
            present(
                at=written(each.at),
                closed_at=written(each.closed_at),
                closes_at=written(each.closes_at),
                reason=_told(each.reason),
            )
            for each in consultation.extensions.order_by("at", "pk")
        ],
        timezone=consultation.timezone,
        languages=consultation.languages,
        word_limit=consultation.word_limit,
        licence=consultation.licence,
        source=consultation.source,
        parent=parent.slug if parent and parent.is_public else consultation.parent_slug,
        threads=[
            present(
                number=thread.number,
                slug=thread.slug,
                question=_told(thread.question),
                guidance=_told(thread.guidance),
                themes=thread.themes,
                rewordings=[
                    {"language": each["language"], "earlier": each["earlier"], "until": written(each["at"])}
                    for each in shown.rewordings(thread)
                ],
            )
            for thread in consultation.threads.all()
        ],
    )


def themes(consultation: Consultation) -> list[dict[str, Any]]:
    """Return the vocabulary that came with the consultation, as it came, and of the list what its questions use.

    Of an imported consultation that are the questions alone which were edited here: the others were told by its bundle.
    """
    kept = list(consultation.bundle.get("themes", []))
    threads = consultation.threads.all()
    asked = [each for each in threads if consultation.imported_at is None or each.stamp]
    known = {each["code"] for each in kept}
    wanted = [code for each in asked for code in each.themes if code not in known]
    return [*kept, *(_theme(each) for each in _with_broader(wanted, known))] if wanted else kept


def _with_broader(codes: list[str], known: set[str]) -> list[Concept]:
    """Return themes of the list and those that they stand below, which a bundle has to have too."""
    listed = {each.code: each for each in of_list()}
    found: dict[str, Concept] = {}
    for code in codes:
        while code in listed and code not in found and code not in known:
            found[code] = listed[code]
            code = listed[code].broader
    return sorted(found.values(), key=lambda each: counted(each.code))


def _theme(concept: Concept) -> dict[str, Any]:
    return present(
        code=concept.code, label=_told(concept.labels), broader=concept.broader, exact_match=concept.exact_match
    )


def _told(texts: dict[str, str]) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}
