"""Details as they are kept: cleaned of what no page can show, in one order, without what is empty."""

from collections.abc import Mapping
from typing import Any

from plenara.core.languages import NAMES
from plenara.core.text import clean, clean_line
from plenara.events.fields import Details


def cleaned(given: Mapping[str, Any]) -> Details:
    """Return an event's details as they are kept. What they may be, `checks.fits` says."""
    found: dict[str, Any] = {
        "title": _texts(given.get("title"), clean_line),
        "description": _texts(given.get("description"), clean),
        "dates": _dates(given.get("dates") or []),
        "timezone": str(given.get("timezone") or ""),
        "place": clean_line(given.get("place") or ""),
        "online": clean_line(given.get("online") or ""),
        "country": str(given.get("country") or ""),
        "organizer": given.get("organizer") or None,
        "organizer_name": "" if given.get("organizer") else clean_line(given.get("organizer_name") or ""),
        "themes": list(dict.fromkeys(given.get("themes") or [])),
        "languages": list(dict.fromkeys(given.get("languages") or [])),
        "prepares": str(given.get("prepares") or ""),
        "documents": _papers(given.get("documents") or []),
        "report": _report(given.get("report") or {}),
        "cancelled": bool(given.get("cancelled")),
    }
    return {name: value for name, value in found.items() if value}  # type: ignore[return-value]


def _texts(texts: Mapping[str, str] | None, clean_one: Any) -> dict[str, str]:
    done = {code: clean_one(text or "") for code, text in (texts or {}).items()}
    order = [*NAMES, *(code for code in done if code not in NAMES)]
    return {code: done[code] for code in order if done.get(code)}


def _dates(given: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return dates in the order of time. Numbers that are there stay; the others follow the highest."""
    last = max((each.get("number") or 0 for each in given), default=0)
    made = []
    for each in sorted(given, key=lambda one: (one.get("start") or "", one.get("end") or "")):
        number = each.get("number") or 0
        if not number:
            number = last = last + 1
        kept: dict[str, Any] = {"number": number, "start": each.get("start") or "", "end": each.get("end") or ""}
        if each.get("cancelled"):
            kept["cancelled"] = True
        made.append(kept)
    return made


def _papers(given: list[Mapping[str, str]]) -> list[dict[str, str]]:
    made = [{"title": clean_line(each.get("title") or ""), "url": clean_line(each.get("url") or "")} for each in given]
    return [each for each in made if each["title"] or each["url"]]


def _report(given: Mapping[str, Any]) -> dict[str, Any]:
    made = {"url": clean_line(given.get("url") or ""), "text": _texts(given.get("text"), clean)}
    return {name: value for name, value in made.items() if value}
