"""The details of an event. Empty keys are left out; texts are {"fr": text}."""

from typing import TypedDict

from plenara.core.rows import Json


class Date(TypedDict, total=False):
    """One date of an event, by its local hours. `number`, `start` and `end` are always there."""

    number: int  # from 1, for good
    start: str  # "2026-12-01T09:00", or "2026-12-01" of whole days
    end: str  # of whole days the last one
    cancelled: bool


class DocumentLink(TypedDict):
    """A document of an event, elsewhere on the web."""

    title: str
    url: str


class EventReport(TypedDict, total=False):
    """The outcome of an event, reported afterwards: an address, words, or both."""

    url: str
    text: dict[str, str]


class Details(TypedDict, total=False):
    """An event. `title`, `dates` and `timezone` are always there, and a place or a link."""

    title: dict[str, str]
    description: dict[str, str]
    dates: list[Date]
    timezone: str  # IANA
    place: str  # as its organizer writes it: "Palais des Nations, room XX, Geneva"
    online: str  # https://…
    country: str  # ISO 3166-1 alpha-2
    organizer: int  # number of an organization of the directory
    organizer_name: str  # as written, where it is not in the directory
    themes: list[str]
    languages: list[str]  # of the meeting, BCP 47
    prepares: str  # slug of a consultation
    documents: list[DocumentLink]
    report: EventReport
    cancelled: bool  # the whole event


#: Details, and a date, as they are stored or as they came: with any keys, and not validated.
type GivenDetails = Details | Json
type GivenDate = Date | Json
