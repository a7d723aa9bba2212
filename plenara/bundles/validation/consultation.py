"""What `consultation.json` and `themes.json` may hold."""

from collections.abc import Callable

from plenara.bundles.format import COMMUNITY_SLUG as COMMUNITY
from plenara.bundles.format import FORMAT
from plenara.bundles.validation import fields
from plenara.bundles.validation.schemas import Found, Row, Schema
from plenara.core.languages import CODES

#: A draft is not public, and a bundle holds nothing that is not.
STATES = ("announced", "open", "closed", "in_synthesis", "reported", "archived")

#: When the organizers moved it on, as its page says.
MOVED_ON = ("announced_at", "synthesis_at", "reported_at", "archived_at")


def _by_time(key: str) -> Callable[[list[Found]], list[Found]]:
    """Return what sorts objects by a moment. With its Z, half a second would come before the whole second."""
    return lambda found: sorted(found, key=lambda each: each.get(key, "").removesuffix("Z"))


#: How the closing was moved, in the order in which that was announced.
_EXTENSION = Schema(
    {
        "at": fields.moment(required=True),
        "closed_at": fields.moment(required=True),
        "closes_at": fields.moment(required=True),
        "reason": fields.texts(),
    }
)
#: The earlier published words of a question, oldest first.
_REWORDING = Schema(
    {
        "language": fields.choice(CODES, required=True),
        "earlier": fields.text(required=True),
        "until": fields.moment(required=True),
    }
)
_THREAD = Schema(
    {
        "number": fields.small(required=True),
        "slug": fields.slug(required=True),
        "question": fields.texts(required=True),
        "guidance": fields.texts(),
        "themes": fields.strings(100),
        "rewordings": fields.inners(_REWORDING, order=_by_time("until")),
    }
)


def _fit(row: Row, consultation: Found) -> None:
    if consultation.get("slug") == COMMUNITY:
        row.error("slug", f"is {COMMUNITY!r}, which is reserved for the calendar and directory; choose another slug")
    if "parent" in consultation and consultation["parent"] == consultation.get("slug"):
        row.error("parent", "is the consultation itself")
    if "opens_at" in consultation and consultation["opens_at"] >= consultation.get("closes_at", "~"):
        row.error("closes_at", "is not after opens_at")
    row.once("threads", consultation.get("threads", ()), "number")


#: Reads `consultation.json`.
read = Schema(
    {
        "format": fields.line(40, required=True).then(
            lambda name: None if name == FORMAT else f"is {name!r}; this version reads {FORMAT}"
        ),
        "slug": fields.slug(required=True),
        "parent": fields.slug(),
        "opens_at": fields.moment(),
        "closes_at": fields.moment(),
        "timezone": fields.timezone(default="UTC"),
        "symbol": fields.symbol(40, required=True),
        "title": fields.line_by_language(required=True),
        "intro": fields.texts(),
        "state": fields.choice(STATES, required=True),
        **dict.fromkeys(MOVED_ON, fields.moment()),
        "extensions": fields.inners(_EXTENSION, order=_by_time("at")),
        "languages": fields.languages(required=True),
        "word_limit": fields.integer(least=1),
        "licence": fields.line(200),
        "source": fields.line(200),
        "threads": fields.inners(_THREAD, required=True, empty="is empty; a consultation needs at least one question"),
    },
    _fit,
)

_THEME = Schema(
    {
        "code": fields.line(100, required=True),
        "label": fields.line_by_language(required=True),
        "broader": fields.line(100),
        "exact_match": fields.strings(500),
    }
)


def _fit_themes(row: Row, found: Found) -> None:
    codes: set[str] = set()
    for at, theme in enumerate(found["themes"]):
        if (code := theme.get("code")) in codes:
            row.error(f"themes[{at}].code", f"{code!r} appears twice")
        codes.add(code or "")
    for at, theme in enumerate(found["themes"]):
        if theme.get("broader") and theme["broader"] not in codes:
            row.error(f"themes[{at}].broader", f"is {theme['broader']!r}, but this file has no such theme")


#: Reads the list of `themes.json`, under the key `themes`.
read_themes = Schema({"themes": fields.inners(_THEME, required=True, default=list)}, _fit_themes)
