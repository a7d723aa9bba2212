"""Entries of the community as publishables: what an event of the calendar and a listing of the directory share, and
events.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from plenara.accounts.models import Person
from plenara.consultations import community
from plenara.consultations.models import Consultation
from plenara.contributions.actions.submission import byline_of
from plenara.contributions.models import Byline
from plenara.core.languages import in_language
from plenara.core.refusals import Answer
from plenara.directory.actions import entries
from plenara.directory.models import Entry, EntryState
from plenara.directory.presenters.wording import Described as Described
from plenara.directory.presenters.wording import Fact as Fact
from plenara.directory.presenters.wording import languages_first as languages_first
from plenara.directory.queries.lookup import pending_version
from plenara.events import permissions
from plenara.events.models import Event, EventVersion
from plenara.events.presenters.proposals import describe_details
from plenara.moderation.models import Suggestion
from plenara.moderation.publishable import OF_ENTRIES, Plain, Templates, register

_What = Suggestion.What

#: What is said of every kind in the same words; a kind adds `name`, `names`, `decide`, `check`, `restore`, `pending`,
#: `yours` and `all_about`.
STATE_SENTENCES: Mapping[str, Any] = {
    "gone": gettext_lazy("This entry is not there any more."),
    "undone": gettext_lazy(
        "%(decision)s is undone: the entry waits again, and nobody is told. The form has what you wrote."
    ),
    "overtaken": gettext_lazy("This cannot be undone: something else has happened to the entry meanwhile."),
    "upheld": gettext_lazy("The appeal is upheld and the entry is published. Its owner is told."),
    "uphold": gettext_lazy("Uphold it: the decision is changed, and the entry is published"),
}


@dataclass(frozen=True)
class Words:
    """All that an entry's version says, as text: the same whoever looks, so that places in it can be counted."""

    content: str
    erased_at: datetime.datetime | None = None


@dataclass(frozen=True)
class PresentedEntry:
    """A version as the desk shows it."""

    version: Any
    byline: Byline
    described: Described
    number: int | None

    @property
    def language(self) -> str:
        """The language it was written in first."""
        return str(self.version.language)


@dataclass(frozen=True)
class NextStep:
    """One thing that an owner can do with an entry: what it means, and the button that leads there."""

    sentence: str
    button: str
    url: str
    is_main: bool = False


class Entries(Plain):
    """A kind of entry as publishables."""

    hints = frozenset({_What.PERSONAL, _What.LINKS, _What.SIGN_UPS})
    reasons = OF_ENTRIES
    templates = Templates(
        entry="moderation/entries/entry.html",
        beside="moderation/entries/beside.html",
        row="moderation/entries/row.html",
        mail="moderation/entries/mail",
    )
    says: Mapping[str, Any] = STATE_SENTENCES
    model: Any  # of `directory.models.Entry`
    versions: Any  # of `directory.models.EntryVersion`
    link: str  # a version's name for what it is one of: "event", "listing"
    only: Mapping[str, Any] = {}  # which rows of the model are of this kind
    folder: str  # in addresses: "events"
    title_key = "title"

    # --- What a kind tells of itself ---------------------------------------------------------------------------------

    def described(self, details: Mapping[str, Any]) -> Described:
        """Return details as they are read, in the active language."""
        raise NotImplementedError

    def lines(self, details: Mapping[str, Any]) -> Iterable[str]:
        """Yield what details say, in the same words whatever language is active: codes, dates, then texts."""
        raise NotImplementedError

    def title(self, details: Mapping[str, Any], language: str) -> str:
        """Return what an entry with these details is called, in a language or else in another; a name has none."""
        title = details.get(self.title_key) or ""
        return title if isinstance(title, str) else in_language(title, language).text

    def steps(self, person: Person, thing: Any) -> list[NextStep]:
        """Return what its owner can do with it besides appealing, the main one first. A kind says more."""
        return []

    # --- What the desk asks ------------------------------------------------------------------------------------------

    def facts(self, version: Any) -> dict[str, Any]:
        """Return what the queue's row tells of a version (the columns of `moderation.models.Item`)."""
        it = entries.entry_of(version)
        known = self._all().filter(owner=it.owner_id, state=EntryState.PUBLISHED)
        return {
            "consultation_id": community.community().pk,
            "thread": None,
            "author_id": it.owner_id,
            "entered_by_id": None,
            "language": version.language,
            "stakeholder_group": it.owner.stakeholder_group if it.owner else "",
            "since": version.submitted_at,
            "is_revision": version.number > 1,
            "by_newcomer": it.owner_id is not None and not known.exclude(pk=it.pk).exists(),
        }

    def load(self, version_ids: Iterable[int]) -> dict[int, Any]:
        """Return versions by id, with all that the queue shows of them. Two queries."""
        found = self.versions.objects.select_related(self.link, f"{self.link}__owner").in_bulk(list(version_ids))
        where = community.existing()
        for version in found.values():
            self._of(self._scoped(entries.entry_of(version), where), version)
        return found  # type: ignore[no-any-return]

    def find(self, pk: int) -> Any:
        """Return an entry with what the desk shows beside it, to read."""
        found = self._all().select_related("owner").filter(pk=pk).first()
        return found and self._scoped(found, community.community())

    def by_number(self, number: int) -> Any:
        """Return an entry by the number in its address, to be read by anybody; nothing where there is none."""
        found = self._all().filter(number=number).first() if 0 < number < 2**31 else None
        return found and self._scoped(found, community.existing())

    def thing_of(self, version: Any) -> Any:
        """Return what a version is one of."""
        entry = entries.entry_of(version)
        return entry if entry.consultation else self._scoped(entry, community.community())

    def of_author(self, person: Person | int) -> QuerySet[Any]:
        """Return everything of this kind that a person keeps."""
        return self._all().filter(owner=person)

    def by_author(self, author_id: int, consultation_id: int) -> list[int]:
        """Return the ids of what a person proposed."""
        return list(self.of_author(author_id).values_list("pk", flat=True))

    def lock(self, pk: int) -> Any:
        """Return the entry, held against everybody else until the transaction ends."""
        self._all().select_for_update().filter(pk=pk).values_list("pk", flat=True).first()
        return self.find(pk)

    def waiting_version(self, thing: Any) -> Any:
        """Return the version of it that waits for a decision, if one does."""
        return self._of(thing, pending_version(thing))

    def latest_version(self, thing: Any) -> Any:
        """Return the version that was sent last, whatever became of it."""
        return self._of(thing, thing.versions.order_by("number").last())

    def version_in_force(self, thing: Any) -> Any:
        """Return the version that is published, or was until it was removed; nothing where none was published."""
        return self._of(thing, entries.version_in_force(thing))

    def earlier(self, version: Any) -> list[Any]:
        """Return the versions before one, the latest first, to be compared. One query."""
        thing = entries.entry_of(version)
        found = thing.versions.filter(number__lt=version.number).order_by("-number")
        return [self._of(thing, each) for each in found]

    def shown(self, version: Any) -> PresentedEntry:
        """Return a version as a page shows it."""
        self._of(entries.entry_of(version), version)
        return PresentedEntry(
            version, version.byline, self.described(version.details), entries.entry_of(version).number
        )

    def approve(self, version: Any, *, actor: Person | None, **more: Any) -> Any:
        """Publish a version."""
        return entries.publish(version, actor=actor)

    def set_aside(self, version: Any, state: str, *, reason: str) -> None:
        """Return or reject a version."""
        entries.set_state(version, state, reason=reason)

    def remove(self, thing: Any, *, reason: str) -> None:
        """Leave a notice where it stood."""
        entries.take_down(thing, EntryState.REMOVED, reason=reason)

    def restore(self, thing: Any) -> None:
        """Bring back what was removed."""
        entries.restore(thing)

    def wait_again(self, version: Any, before: dict[str, Any]) -> None:
        """Let a version wait as it did before a decision that is undone."""
        entries.set_state(version, EntryState.PENDING, reason="")

    def allows(self, thing: Any, act: str) -> Answer:
        """Say whether the state of an entry allows an act."""
        return entries.allows(thing.state, act)

    def can_come_back(self, thing: Any) -> Answer:
        """Say yes: what was returned can be sent again whenever its owner likes."""
        return True

    def word_limit(self, thing: Any) -> int | None:
        """Return nothing: what an entry may hold is bounded part by part."""
        return None

    def label(self, thing: Any) -> str:
        """Return what it is called: of what is public its number."""
        return f"{self.says['name']} {thing.number}" if thing.number else str(self.says["name"])

    def letter_context(self, thing: Any, version_id: int | None, language: str) -> dict[str, Any]:
        """Return what its letters tell: its title, and whether a later version was decided on."""
        version = thing.versions.filter(pk=version_id).first() if version_id else None
        # Without one, it may be readers who are told: nothing of what waits or was refused, where something was public.
        version = version or entries.version_in_force(thing) or thing.versions.order_by("number").last()
        details = version.details if version else thing.details
        return {
            "entry": thing,
            "title": self.title(details, language) or str(self.says["name"]),
            "is_revision": bool(thing.number and version and version.number > 1),
        }

    def public_path(self, thing: Any, language: str) -> str:
        """Return where readers find it."""
        return f"/{language}/{self.folder}/{thing.number}/" if thing.number else self.author_path(thing, language)

    def author_path(self, thing: Any, language: str) -> str:
        """Return its owner's page of it."""
        return f"/{language}/my/{self.folder}/{thing.pk}/"

    def appeal_path(self, thing: Any, language: str) -> str:
        """Return where its owner appeals."""
        return f"/{language}/my/appeals/{self.kind}/{thing.pk}/"

    def published_at(self, thing: Any) -> Iterator[tuple[datetime.datetime, Any]]:
        """Yield the moment it was published."""
        if thing.published_at:
            yield thing.published_at, thing

    def in_register(self, decisions: Sequence[Any], consultation: Consultation) -> dict[int, dict[str, Any]]:
        """Return what the register tells of the entries decided on, by decision: their number and address. One query.

        An address of an entry stands below the language, not below a consultation.
        """
        keys = {each.object_id for each in decisions if each.object_id}
        things = self._all().filter(number__isnull=False).in_bulk(keys)
        return {
            each.pk: {
                "symbol": f"{self.folder}/{things[each.object_id].number}",
                "label": self.label(things[each.object_id]),
                "path": f"{self.folder}/{things[each.object_id].number}/",
                "submitted_at": things[each.object_id].proposed_at,
            }
            for each in decisions
            if each.object_id in things
        }

    # --- How rows become what the desk knows -------------------------------------------------------------------------

    def _all(self) -> QuerySet[Any]:
        return self.model.objects.filter(**self.only)  # type: ignore[no-any-return]

    def _scoped(self, entry: Any, where: Consultation | None) -> Any:
        entry.consultation, entry.consultation_id = where, where.pk if where else None
        return entry

    def _of(self, thing: Entry, version: Any) -> Any:
        """Give a version what the desk expects of any: the thing, a title, its words, who signs it."""
        if version is None:
            return None
        setattr(version, self.link, thing)
        version.title = self.title(version.details, version.language)
        content = "\n".join(self.lines(version.details)) if version.details else ""
        # What was blanked, by an erasure or because it is kept no longer, can neither be appealed about nor read.
        version.text = Words(content, None if version.details else version.submitted_at)
        version.byline, version.is_redacted = byline_of(thing.owner) if thing.owner else Byline(), False
        return version


class Events(Entries):
    """Events as publishables."""

    kind = "event"
    model, versions, link, folder = Event, EventVersion, "event", "events"
    says: Mapping[str, Any] = {
        **STATE_SENTENCES,
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
        return describe_details(details)

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

    def steps(self, person: Person, thing: Any) -> list[NextStep]:
        """Return what its owner can do with it."""
        found = []
        if permissions.may_change(person, thing):
            is_returned = not thing.is_published
            found.append(
                NextStep(
                    gettext("Change it and send it again. The moderator sees what you have changed.")
                    if is_returned
                    else gettext("Change it: a moderator reads the change, and what is published stays meanwhile."),
                    gettext("Change it and send it again") if is_returned else gettext("Change it"),
                    reverse("events:revise", args=[thing.pk]),
                    is_main=is_returned,
                )
            )
        if permissions.may_report_outcome(person, thing):
            sentence = gettext("Tell what came of it: the address of a report, or words.")
            found.append(
                NextStep(sentence, gettext("Tell what came of it"), reverse("events:outcome", args=[thing.pk]))
            )
        if permissions.may_cancel(person, thing):
            sentence = gettext(
                "Cancel it, or one of its dates: it stays in the calendar, marked, and calendars are told."
            )
            found.append(NextStep(sentence, gettext("Cancel it"), reverse("events:cancel", args=[thing.pk])))
        if permissions.may_withdraw(person, thing):
            sentence = (
                gettext("Withdraw it: a note that it was withdrawn stays in its place.")
                if thing.number
                else gettext("Withdraw it: nothing of it becomes public.")
            )
            found.append(NextStep(sentence, gettext("Withdraw"), reverse("events:withdraw", args=[thing.pk])))
        return found


register(Events())
