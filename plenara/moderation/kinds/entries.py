"""Entries of the community as kinds of moderated items: the common part of events and listings, and events."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext, pgettext_lazy

from plenara.accounts.models import Person
from plenara.consultations import community
from plenara.consultations.models import Consultation
from plenara.contributions.actions.submission import byline_of
from plenara.contributions.models import Byline
from plenara.core import life_cycle
from plenara.core.languages import in_language
from plenara.core.life_cycle import ModeratedVersion
from plenara.core.refusals import Answer
from plenara.core.rows import Json
from plenara.directory.actions import entries
from plenara.directory.models import Entry, EntryVersion
from plenara.directory.presenters.wording import Described
from plenara.events import permissions
from plenara.events.models import Event, EventVersion
from plenara.events.presenters.proposals import describe_details
from plenara.moderation.kinds import OF_ENTRIES, ModeratedKind, Templates
from plenara.moderation.models import Decision, Suggestion

_What = Suggestion.What

#: Sentences that are the same for every kind; a kind adds `name`, `names`, `decide`, `check`, `restore`, `pending`,
#: `yours` and `all_about`.
STATE_SENTENCES: Mapping[str, Promise] = {
    "gone": gettext_lazy("This entry no longer exists. Return to the queue."),
    "undone": gettext_lazy(
        "%(decision)s was undone. The entry is back in the queue, and no one will be notified. "
        "What you wrote is still in the form."
    ),
    "overtaken": gettext_lazy("This decision cannot be undone, because the state of the entry has changed since then."),
    "upheld": gettext_lazy("The appeal was upheld and the entry is published. The owner will be notified."),
    "uphold": gettext_lazy("Uphold the appeal: the decision is changed and the entry is published"),
}


@dataclass(frozen=True)
class Words:
    """All the text of an entry's version: the same in every language, so that positions in it can be counted."""

    content: str
    erased_at: datetime.datetime | None = None


@dataclass(frozen=True)
class PresentedEntry:
    """A version as the desk shows it."""

    version: ModeratedVersion
    byline: Byline
    described: Described
    number: int | None

    @property
    def language(self) -> str:
        """Its original language."""
        return str(self.version.language)


@dataclass(frozen=True)
class NextStep:
    """A possible next step of an owner: what it means, and its button."""

    sentence: str
    button: str
    url: str
    is_main: bool = False


class Entries[E: Entry, V: EntryVersion](ModeratedKind[E, V]):
    """A kind of entry."""

    author = "owner"
    related = ("owner",)
    version_related = ()
    hints = frozenset({_What.PERSONAL, _What.LINKS, _What.SIGN_UPS})
    reasons = OF_ENTRIES
    templates = Templates(
        entry="moderation/entries/entry.html",
        beside="moderation/entries/beside.html",
        row="moderation/entries/row.html",
        mail="moderation/entries/mail",
    )
    folder: str  # in addresses: "events"
    title_key = "title"

    # --- The part that differs by kind -------------------------------------------------------------------------------

    def described(self, details: Json) -> Described:
        """Return details in words, in the active language."""
        raise NotImplementedError

    def lines(self, details: Json) -> Iterable[str]:
        """Yield the details as text that does not depend on the active language: codes, dates, then texts."""
        raise NotImplementedError

    def title(self, details: Json, language: str) -> str:
        """Return the title in these details, in a language or else in another; a name has none."""
        title = details.get(self.title_key) or ""
        return title if isinstance(title, str) else in_language(title, language).text

    def steps(self, person: Person, thing: E) -> list[NextStep]:
        """Return its owner's next steps besides appealing, the main one first."""
        raise NotImplementedError

    def rows(self) -> QuerySet[E]:
        """Return all entries of the kind."""
        return self.model._default_manager.all()

    def by_number(self, number: int) -> E | None:
        """Return an entry by the number in its address, without a lock; nothing where there is none."""
        found = self.rows().filter(number=number).first() if 0 < number < 2**31 else None
        return found and _in_community(found, community.existing())

    # --- The interface of the desk -----------------------------------------------------------------------------------

    def find(self, pk: int) -> E | None:
        found = self.rows().select_related("owner").filter(pk=pk).first()
        return found and _in_community(found, community.community())

    def of_author(self, person: Person | int, consultation_id: int | None = None) -> QuerySet[E]:
        return self.rows().filter(owner=person)

    def load(self, version_ids: Iterable[int]) -> dict[int, V]:
        """Return versions by id, with all that the queue shows of them. Two queries."""
        found, where = super().load(version_ids), community.existing()
        for version in found.values():
            self._complete(version, _in_community(version.thing, where))
        return found

    def versions(self, thing: E) -> list[V]:
        return [self._complete(version, thing) for version in super().versions(thing)]

    def facts(self, version: V) -> dict[str, object]:
        return super().facts(self._complete(version, _in_community(version.thing, community.community())))

    def describe(self, version: V) -> PresentedEntry:
        self._complete(version, version.thing)
        return PresentedEntry(version, version.byline, self.described(version.details), version.thing.number)

    def publish(self, version: V, /, *, actor: Person | None, **_of_contributions: object) -> E:
        return entries.publish(version, actor=actor)

    take_down = staticmethod(entries.take_down)
    restore = staticmethod(entries.restore)

    def can_come_back(self, thing: E) -> Answer:
        """Always: a returned entry can be sent again at any time."""
        return True

    def label(self, thing: E) -> str:
        """Return its title; for a published entry with its number."""
        return f"{self.sentences['name']} {thing.number}" if thing.number else str(self.sentences["name"])

    def email_context(self, thing: E, version_id: int | None, language: str) -> dict[str, object]:
        """Return its title, and whether a later version was decided on."""
        version = thing.versions.filter(pk=version_id).first() if version_id else None
        # Without an owner, readers may get the e-mail: it must not reveal unpublished versions of a public entry.
        version = version or life_cycle.version_in_force(thing) or thing.versions.order_by("number").last()
        details = version.details if version else thing.details
        return {
            "entry": thing,
            "title": self.title(details, language) or str(self.sentences["name"]),
            "is_revision": bool(thing.number and version and version.number > 1),
        }

    def public_path(self, thing: E, language: str) -> str:
        return f"/{language}/{self.folder}/{thing.number}/" if thing.number else self.author_path(thing, language)

    def author_path(self, thing: E, language: str) -> str:
        return f"/{language}/my/{self.folder}/{thing.pk}/"

    def in_register(self, decisions: Sequence[Decision]) -> dict[int, dict[str, object]]:
        """Return the number and address of the entries decided on: below the language, not below a consultation."""
        things = self.rows().filter(number__isnull=False).in_bulk([each.object_id for each in decisions])
        return {
            each.pk: {
                "symbol": f"{self.folder}/{thing.number}",
                "label": self.label(thing),
                "path": f"{self.folder}/{thing.number}/",
                "submitted_at": thing.proposed_at,
            }
            for each in decisions
            if (thing := things.get(each.object_id))
        }

    def _complete(self, version: V, thing: E) -> V:
        """Set the attributes that the desk expects of any version: the item, a title, its words, its byline."""
        version.thing = thing
        version.title = self.title(version.details, version.language)
        content = "\n".join(self.lines(version.details)) if version.details else ""
        # Blanked versions, by an erasure or on expiry, can neither be appealed about nor read.
        version.text = Words(content, None if version.details else version.submitted_at)
        version.byline, version.is_redacted = byline_of(thing.owner) if thing.owner else Byline(), False
        return version


def _in_community[E: Entry](entry: E, where: Consultation | None) -> E:
    """Return an entry with the scope of its moderators."""
    entry.consultation, entry.consultation_id = where, where.pk if where else None
    return entry


class Events(Entries[Event, EventVersion]):
    """Events of the calendar."""

    kind, model, folder = "event", Event, "events"
    sentences = {
        **STATE_SENTENCES,
        "name": pgettext_lazy("option", "Event"),
        "names": pgettext_lazy("option", "Events"),
        "decide": gettext_lazy("Decide on an event"),
        "check": gettext_lazy("Check a published event"),
        "restore": gettext_lazy("Restore an event"),
        "pending": gettext_lazy("Event waiting for a decision"),
        "yours": gettext_lazy("Your event"),
        "all_about": gettext_lazy("Details of this event:"),
    }

    def described(self, details: Json) -> Described:
        """Return an event's details in words, in the active language."""
        return describe_details(details)

    def lines(self, details: Json) -> Iterator[str]:
        """Yield an event's details as text that does not depend on the active language."""
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

    def steps(self, person: Person, thing: Event) -> list[NextStep]:
        """Return its owner's next steps."""
        found = []
        if permissions.may_change(person, thing):
            is_returned = not thing.is_published
            found.append(
                NextStep(
                    gettext(
                        "You can change the entry and submit it again. The moderator will see what you have changed."
                    )
                    if is_returned
                    else gettext(
                        "You can change the entry. The published entry does not change until a moderator has "
                        "approved your changes."
                    ),
                    pgettext("label", "Change the entry"),
                    reverse("events:revise", args=[thing.pk]),
                    is_main=is_returned,
                )
            )
        if permissions.may_report_outcome(person, thing):
            sentence = gettext(
                "You can add a report on the event: give the web address of the report, or write a few words "
                "about the results."
            )
            found.append(NextStep(sentence, gettext("Add a report"), reverse("events:outcome", args=[thing.pk])))
        if permissions.may_cancel(person, thing):
            sentence = gettext(
                "You can cancel the event, or one of its dates. The event stays in the calendar, marked as cancelled, "
                "and subscribed calendars are updated."
            )
            found.append(
                NextStep(sentence, gettext("Cancel the event or a date"), reverse("events:cancel", args=[thing.pk]))
            )
        if permissions.may_withdraw(person, thing):
            sentence = (
                gettext(
                    "You can withdraw what you submitted. Readers will then see a notice of the withdrawal "
                    "in its place."
                )
                if thing.number
                else gettext("You can withdraw what you submitted. It will not be published.")
            )
            found.append(NextStep(sentence, pgettext("label", "Withdraw"), reverse("events:withdraw", args=[thing.pk])))
        return found
