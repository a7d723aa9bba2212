"""Bylines in words, and names that keep their direction among words of another."""

import unicodedata

from django.utils.translation import gettext as _

from plenara.contributions.models import Byline as Signed
from plenara.contributions.models import Edition
from plenara.contributions.organizations.reading import for_organization, is_verified
from plenara.core.templatetags.plenara import country_name, group_label
from plenara.documents.printing.paper import Byline, Name

_OPEN, _CLOSE = "\u2068", "\u2069"
#: Between the parts of a byline.
DOT = " · "


def byline_of(edition: Edition) -> Byline:
    """Return who said it and for whom, in the active language, as a contribution's page tells it."""
    return signed_by(edition.byline, verified=is_verified(edition))


def signed_by(signed: Signed | None, *, verified: bool = False) -> Byline:
    """Return a byline; `verified` says so of its organization."""
    if signed is None:
        return (Name(_("A participant")),)
    if signed.withheld:
        name = Name(_("Name withheld"))
    else:
        name = Name(signed.name, is_own=True) if signed.name else Name(_("A participant"))
    parts = [name, Name(group_label(signed.stakeholder_group), is_strong=True)]
    if signed.speaks_for_organization and signed.organization:
        parts.append(Name(for_organization(signed, isolated(signed.organization), verified=verified)))
    elif signed.capacity == "individual":
        parts.append(Name(_("as an individual")))
    if signed.country:
        parts.append(Name(country_name(signed.country)))
    return tuple(parts)


def isolated(name: str) -> str:
    """Return a name marked so that it keeps its direction within a sentence."""
    return f"{_OPEN}{name}{_CLOSE}"


def in_words(byline: Byline) -> str:
    """Return a byline on one line, for plain text."""
    parts = (" ".join(each.text.split()) for each in byline)
    return DOT.join(isolated(part) if each.is_own else part for each, part in zip(byline, parts, strict=True))


def runs(text: str) -> list[tuple[str, bool]]:
    """Return a text in pieces, each with whether it is a name set apart. Marks that do not match are dropped."""
    found: list[tuple[str, bool]] = []
    piece, depth = "", 0
    for letter in text:
        if letter not in {_OPEN, _CLOSE}:
            piece += letter
            continue
        if piece and (letter == _OPEN) == (depth == 0):
            found.append((piece, depth > 0))
            piece = ""
        depth = depth + 1 if letter == _OPEN else max(depth - 1, 0)
    return [*found, (piece, depth > 0)] if piece else found


def goes_right_to_left(text: str) -> bool:
    """Say whether the first letter of a text that has a direction goes from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in {"R", "AL"} for kind in kinds if kind in {"L", "R", "AL"}), False)
