"""Absolute addresses of the record, in a language or, as permalinks, in none.

Built from strings, since a sitemap or a table asks for tens of thousands; a test compares them with the URL files.
"""

from urllib.parse import quote

from django.conf import settings

from plenara.consultations.community import SLUG
from plenara.core.languages import current


def site(path: str) -> str:
    """Return the absolute address of a path."""
    return f"{settings.SITE_URL}{path}"


def home(language: str | None = None) -> str:
    """Return the first page in a language (default: the active one)."""
    return site(f"/{language or current()}/")


def consultation(slug: str, language: str | None = None) -> str:
    """Return a consultation's page."""
    return site(f"/{language or current()}/consultations/{slug}/")


def thread(slug: str, number: int, language: str | None = None) -> str:
    """Return a thread's page."""
    return f"{consultation(slug, language)}threads/{number}/"


def decisions(slug: str, language: str | None = None) -> str:
    """Return the public register of a consultation's moderation."""
    if slug == SLUG:
        return site(f"/{language or current()}/about/decisions/")
    return f"{consultation(slug, language)}decisions/"


def figures(slug: str, language: str | None = None) -> str:
    """Return the page of a consultation's figures."""
    return f"{consultation(slug, language)}figures/"


def contribution(slug: str, number: int, language: str | None = None) -> str:
    """Return the page of a contribution's edition in force."""
    return f"{consultation(slug, language)}contributions/{number}/"


def edition(slug: str, number: int, revision: int, language: str | None = None) -> str:
    """Return the page of one edition of a contribution, for good."""
    return f"{contribution(slug, number, language)}rev/{revision}/"


def permalink(public_id: str) -> str:
    """Return the permanent address of a contribution, whatever the language."""
    return site(f"/c/{public_id}")


def of_symbol(symbol: str) -> str:
    """Return the address of any symbol."""
    return site(f"/s/{quote(symbol)}")


def downloads(slug: str, language: str | None = None) -> str:
    """Return the page of the files of a consultation."""
    return f"{consultation(slug, language)}downloads/"


def export(slug: str, name: str) -> str:
    """Return the address of a consultation's export."""
    return site(f"/exports/{slug}/{name}")
