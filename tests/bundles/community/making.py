"""A community to export: every kind of entry in every state, every key that its details can have."""

import datetime
from typing import Any

from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.directory.actions import entries
from plenara.directory.models import Listing, Verification
from plenara.events.models import Event
from plenara.themes.models import Theme

NOW = datetime.datetime(2026, 10, 14, 12, tzinfo=datetime.UTC)

ORGANIZATION: dict[str, Any] = {
    "name": {"en": "Sahel Water Forum", "fr": "Forum de l’eau du Sahel", "ar": "منتدى مياه الساحل"},
    "acronym": "SWF",
    "group": "civil_society",
    "country": "ML",
    "site": "https://water.example",
    "ror": "05a28rw58",
    "themes": ["C2", "C7-e-health"],
    "description": {"fr": "Il réunit des comités de puits.\n\nDepuis 1998."},
}
PERSON: dict[str, Any] = {
    "name": "Aïssata Nobody",
    "affiliation": 1,
    "affiliation_name": "Sahel Water Forum",
    "group": "technical_academic",
    "country": "ML",
    "languages": ["fr", "bm"],
    "themes": ["C2"],
    "orcid": "0000-0002-1825-0097",
    "site": "https://aissata.example/",
    "about": {"fr": "Hydrologue."},
}
PROJECT: dict[str, Any] = {
    "title": {"en": "A hundred wells", "zh": "百井"},
    "description": {"en": "Wells that are kept."},
    "starts": "2025",
    "ends": "2026-12",
    "progress": "running",
    "organizations": [1],
    "countries": ["ML", "NE"],
    "themes": ["C2"],
    "link": "https://wells.example/?a=1&b=2",
    "results": {"en": "Forty so far."},
    "results_link": "https://wells.example/results",
}
EVENT: dict[str, Any] = {
    "title": {"en": "Preparatory meeting", "ru": "Подготовительное совещание"},
    "description": {"en": "On wells."},
    "dates": [
        {"number": 1, "start": "2026-12-01T09:00", "end": "2026-12-01T17:30"},
        {"number": 2, "start": "2027-03-28T02:30", "end": "2027-03-28T04:00"},
    ],
    "timezone": "Europe/Zurich",
    "place": "Palais, room XX, Geneva",
    "online": "https://meet.example/wells",
    "country": "CH",
    "organizer": 1,
    "organizer_name": "Sahel Water Forum",
    "themes": ["C2"],
    "languages": ["en", "fr"],
    "prepares": "internet-governance",
    "documents": [{"title": "Agenda", "url": "https://meet.example/agenda.pdf"}],
    "report": {"url": "https://meet.example/report", "text": {"en": "It was held."}},
}
DAYS: dict[str, Any] = {
    "title": {"fr": "Semaine de l’eau"},
    "dates": [{"number": 1, "start": "2026-11-02", "end": "2026-11-06"}],
    "timezone": "Africa/Bamako",
    "place": "Bamako",
}


def themes() -> None:
    """Make a list of themes with everything that one can have."""
    c2 = Theme.objects.create(
        code="C2",
        labels={"en": "Infrastructure", "fr": "Infrastructure"},
        alternatives={"en": ["Cables", "Networks"]},
        definition={"en": "What carries it."},
        own_labels=["fr"],
        exact_match=["https://themes.example/c2"],
        vocabulary="wsis",
        position=2,
    )
    c7 = Theme.objects.create(code="C7", labels={"en": "Applications"}, vocabulary="wsis", position=7)
    health = Theme.objects.create(code="C7-e-health", labels={"en": "E-health"}, broader=c7, vocabulary="wsis")
    health.related.add(c2)
    Theme.objects.create(code="old", labels={"en": "Old"}, retired_at=NOW, replaced_by=c2)


def published(kind: str, details: dict[str, Any], **more: Any) -> Any:
    """Publish an entry of a kind, as the moderators' view does."""
    made: Any = Event() if kind == "event" else Listing(of=kind)
    for name, value in more.items():
        setattr(made, name, value)
    made.save()
    return revised(made, details)


def waiting(entry: Any, details: dict[str, Any]) -> Any:
    """Return a version of an entry that waits."""
    return entry.versions.create(number=entry.versions.count() + 1, details=details, language="en")


def revised(entry: Any, details: dict[str, Any]) -> Any:
    """Publish other details of an entry."""
    entries.publish(waiting(entry, details), actor=None)
    entry.refresh_from_db()
    return entry


def community() -> None:
    """Make entries 1 to 3 or 4 of each kind: some stand, some are merged, archived, cancelled or gone."""
    themes()
    with clock.at(NOW):
        first = published("organization", ORGANIZATION, confirmed_at=NOW)
        Verification.objects.create(organization=first, method="mail", domain="water.example", note="Hush: a friend.")
        Verification.objects.create(organization=first, method="secretariat", ended_at=NOW, at=NOW)
        published("organization", {"name": {"zh": "水务论坛"}, "group": "other"}, doubted_at=NOW, archived_at=NOW)
        merged = published("organization", {"name": {"en": "Sahel Water Forum"}, "group": "other"})
        merged.merged_into = first
        merged.save()
        entries.changed(merged)
        gone = published("organization", {"name": {"en": "Hushgone"}, "group": "other"})
        entries.take_down(gone, State.REMOVED, reason="R7")
        published("person", PERSON)
        person = published("person", {"name": "Hushgone Person"})
        entries.take_down(person, State.WITHDRAWN, reason="WITHDRAWN")
        published("project", PROJECT)
        event = published("event", EVENT, imported_from="hush@calendar.example")
        published("event", DAYS)
        cancelled = published("event", {**DAYS, "title": {"en": "Cancelled week"}})
        revised(cancelled, {**cancelled.details, "cancelled": True})
        removed = published("event", {**DAYS, "title": {"en": "Hushgone week"}})
        entries.take_down(removed, State.REMOVED, reason="R2")
    with clock.at(NOW + datetime.timedelta(hours=1, microseconds=5)):
        # Its second date is left out, a third comes, the first is cancelled.
        first_date = {**EVENT["dates"][0], "cancelled": True}
        revised(event, {**event.details, "dates": [first_date, {**EVENT["dates"][0], "number": 3}]})
        waiting(Listing.objects.create(of="project"), {"title": {"en": "Hushwaiting"}})
