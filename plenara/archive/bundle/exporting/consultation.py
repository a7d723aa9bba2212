"""`consultation.json` and `themes.json` of a consultation."""

from typing import Any

from plenara.archive.bundle import FORMAT
from plenara.archive.bundle.checking.fields import present, written
from plenara.consultations.models import Consultation


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
            )
            for thread in consultation.threads.all()
        ],
    )


def themes(consultation: Consultation) -> list[dict[str, Any]]:
    """Return the vocabulary that came with the consultation."""
    return list(consultation.bundle.get("themes", []))


def _told(texts: dict[str, str]) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}
