"""Every address of the calendar's member and staff views, with its permissions."""

from typing import Any

from plenara.events import actions
from plenara.events.validation.calendar_files import Row
from tests.events import making

#: A file's event that can be proposed.
ROW = Row("one@x.example", making.details(title={"en": "Read from a file"}))


def places(author: Any) -> dict[str, Any]:
    """Return the ids in the addresses below: events of the author in several states, and a file."""
    curator = making.curator("Keeper of the calendar")
    begun = making.details(
        title={"en": "A meeting that has begun"}, dates=[{"start": "2025-12-01", "end": "2025-12-02"}]
    )
    event = making.published(author, curator, begun)
    rejected = making.proposed(author, making.details(title={"en": "Refused"}))
    making.decided(rejected, curator, "REJECTED", reason="E5")
    file = actions.upload(actor=author, name="a.ics", sha256="0" * 64, rows=[ROW], language="en")
    return {
        "event": event.pk,
        "event_number": event.number,
        "event_waits": making.proposed(author, making.series()).pk,
        "event_refused": rejected.pk,
        "calendar_file": file.pk,
    }


def addresses(*, everybody: set[str], signed_in: set[str], can_act: set[str]) -> list[tuple[str, set[str]]]:
    """Return addresses with the people who may open them. Nobody of the cast moderates the community."""
    own, desk = "/en/my/events/{event}/", "/en/desk/consultations/community/"
    return [
        ("/en/about/decisions/", everybody),
        ("/en/about/decisions/from/1/", everybody),
        ("/en/about/decisions/turnaround/", everybody),
        ("/en/events/{event_number}/", everybody),
        ("/en/events/{event_number}/report/", everybody),
        ("/en/events/propose/", can_act),
        ("/en/my/events/", signed_in),
        (own, {"author"}),
        *((f"{own}{page}/", {"author"}) for page in ("change", "cancel", "withdraw", "outcome")),
        ("/en/my/appeals/event/{event_refused}/", {"author"}),
        ("/en/my/events/import/", can_act),
        ("/en/my/events/import/{calendar_file}/", {"author"}),
        ("/en/desk/moderation/event/{event_waits}/", set()),
        ("/en/desk/moderation/event/{event}/published/", set()),
        *((f"{desk}{page}", set()) for page in ("", "roles/", "moderation/")),
    ]


def forms(*, can_act: set[str]) -> list[tuple[str, dict[str, str], set[str]]]:
    """Return forms with the people who may send them."""
    own = "/en/my/events/{event}/"
    return [
        ("/en/events/propose/", {"step": "check", "go": "send"}, can_act),
        (f"{own}change/", {"step": "check", "go": "send"}, {"author"}),
        (f"{own}outcome/", {"report_text": "Owned", "report_language": "en"}, {"author"}),
        (f"{own}cancel/", {"date": "all"}, {"author"}),
        (f"{own}withdraw/", {}, {"author"}),
        ("/en/my/events/import/{calendar_file}/", {"take": "1"}, {"author"}),
        ("/en/my/events/import/{calendar_file}/", {"forget": ""}, {"author"}),
        ("/en/desk/community/take-charge/", {}, {"organizer"}),
        ("/en/desk/moderation/event/{event_waits}/", {"code": "APPROVED", "version": "1", "decide": ""}, set()),
    ]
