"""Events of the calendar as publishables."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.events import rules
from plenara.events.models import Event, EventVersion
from plenara.events.proposed import told
from plenara.moderation.entries import SAYS, Described, Entries, NextStep
from plenara.moderation.publishable import register


class Events(Entries):
    """Events as publishables."""

    kind = "event"
    model, versions, link, folder = Event, EventVersion, "event", "events"
    says: Mapping[str, Any] = {
        **SAYS,
        "name": gettext_lazy("Event"),
        "names": gettext_lazy("Events"),
        "decide": gettext_lazy("Decide on an event"),
        "check": gettext_lazy("A published event"),
        "restore": gettext_lazy("Restore an event"),
        "pending": gettext_lazy("Pending event"),
        "yours": gettext_lazy("Your event"),
        "all_about": gettext_lazy("All about this event:"),
    }

    def described(self, details: Mapping[str, Any]) -> Described:
        """Return an event's details as they are read, in the active language."""
        return told(details)

    def lines(self, details: Mapping[str, Any]) -> Iterator[str]:
        """Yield what an event's details say, in the same words whatever language is active."""
        yield from details.get("title", {}).values()
        zone = details.get("timezone", "")
        for date in details.get("dates", []):
            mark = " ✕" if date.get("cancelled") or details.get("cancelled") else ""
            yield f"{date['start'].replace('T', ' ')} – {date['end'].replace('T', ' ')} ({zone}){mark}"
        for name in ("place", "online", "country", "organizer_name", "prepares"):
            if details.get(name):
                yield str(details[name])
        if details.get("organizer"):
            yield f"/organizations/{details['organizer']}/"
        if details.get("languages") or details.get("themes"):
            yield ", ".join([*details.get("languages", []), *details.get("themes", [])])
        yield from (f"{paper['title']}: {paper['url']}" for paper in details.get("documents", []))
        yield from (f"\n{text}" for text in details.get("description", {}).values())
        report = details.get("report") or {}
        if report.get("url"):
            yield f"\n{report['url']}"
        yield from (f"\n{text}" for text in report.get("text", {}).values())

    def steps(self, person: Any, thing: Any) -> list[NextStep]:
        """Return what its owner can do with it."""
        found = []
        if rules.may_change(person, thing):
            is_returned = not thing.is_published
            found.append(
                NextStep(
                    _("Change it and send it again. The moderator sees what you have changed.")
                    if is_returned
                    else _("Change it: a moderator reads the change, and what is published stays meanwhile."),
                    _("Change it and send it again") if is_returned else _("Change it"),
                    reverse("events:revise", args=[thing.pk]),
                    is_main=is_returned,
                )
            )
        if rules.may_tell_outcome(person, thing):
            sentence = _("Tell what came of it: the address of a report, or words.")
            found.append(NextStep(sentence, _("Tell what came of it"), reverse("events:outcome", args=[thing.pk])))
        if rules.may_cancel(person, thing):
            sentence = _("Cancel it, or one of its dates: it stays in the calendar, marked, and calendars are told.")
            found.append(NextStep(sentence, _("Cancel it"), reverse("events:cancel", args=[thing.pk])))
        if rules.may_withdraw(person, thing):
            sentence = (
                _("Withdraw it: a note that it was withdrawn stays in its place.")
                if thing.number
                else _("Withdraw it: nothing of it becomes public.")
            )
            found.append(NextStep(sentence, _("Withdraw"), reverse("events:withdraw", args=[thing.pk])))
        return found


register(Events())
