"""Absolute addresses of the API, without a language, as `exports.addresses` has those of pages."""

from urllib.parse import quote

from plenara.exports.addresses import site

BASE = "/api/v1/"


def root() -> str:
    """Return the address from which every other can be found."""
    return site(BASE)


def document() -> str:
    """Return the address of the API's description (OpenAPI)."""
    return site(f"{BASE}openapi.json")


def search() -> str:
    """Return the search."""
    return site(f"{BASE}search")


def consultations() -> str:
    """Return the list of consultations."""
    return site(f"{BASE}consultations")


def consultation(slug: str) -> str:
    """Return a consultation."""
    return f"{consultations()}/{slug}"


def thread(slug: str, number: int) -> str:
    """Return a question of a consultation."""
    return f"{consultation(slug)}/threads/{number}"


def contribution(slug: str, number: int) -> str:
    """Return a contribution, as its edition in force."""
    return f"{consultation(slug)}/contributions/{number}"


def edition(slug: str, number: int, revision: int) -> str:
    """Return one edition of a contribution, for good."""
    return f"{contribution(slug, number)}/editions/{revision}"


def summary(slug: str, number: int) -> str:
    """Return a summary, as its edition in force."""
    return f"{consultation(slug)}/summaries/{number}"


def summary_edition(slug: str, number: int, revision: int) -> str:
    """Return one edition of a summary, for good."""
    return f"{summary(slug, number)}/editions/{revision}"


def outcomes() -> str:
    """Return the list of outcomes."""
    return site(f"{BASE}outcomes")


def outcome(body: str, slug: str) -> str:
    """Return an outcome, as its version in force."""
    return f"{outcomes()}/{body}/{slug}"


def events() -> str:
    """Return the dates of the calendar."""
    return site(f"{BASE}events")


def event(number: int) -> str:
    """Return an event."""
    return f"{events()}/{number}"


def listings(folder: str) -> str:
    """Return a list of the directory: organizations, people or projects."""
    return site(f"{BASE}{folder}")


def listing(folder: str, number: int) -> str:
    """Return a listing."""
    return f"{listings(folder)}/{number}"


def themes() -> str:
    """Return the list of themes."""
    return site(f"{BASE}themes")


def theme(code: str) -> str:
    """Return a theme of the list."""
    return f"{themes()}/{quote(code, safe='')}"
