"""Listings of the directory as kinds of moderated items: organizations, people and projects."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.consultations import community
from plenara.consultations.permissions import may_moderate
from plenara.core.languages import current
from plenara.core.life_cycle import State
from plenara.core.rows import Json
from plenara.directory import duplicates, permissions
from plenara.directory.models import Kind, Listing, ListingVersion
from plenara.directory.presenters import wording
from plenara.directory.presenters.wording import Described
from plenara.directory.queries import lookup
from plenara.directory.queries.lookup import FOLDERS
from plenara.directory.validation import NAMED_BY
from plenara.moderation.publishable import Templates, register
from plenara.moderation.publishable_entries import STATE_SENTENCES, Entries, NextStep


class Listings(Entries[Listing, ListingVersion]):
    """A kind of listing. Beside it, the moderator sees possible duplicates."""

    model = Listing
    templates = Templates(
        entry=Entries.templates.entry,
        beside="moderation/entries/beside_listing.html",
        row=Entries.templates.row,
        mail=Entries.templates.mail,
    )

    def __init__(self, kind: Kind, sentences: Mapping[str, Promise]):
        self.kind = kind.value
        self.folder, self.title_key = FOLDERS[kind], NAMED_BY[kind]
        self.sentences = {**STATE_SENTENCES, **sentences}

    def rows(self) -> QuerySet[Listing]:
        """Return all listings of the kind."""
        return Listing.objects.filter(of=self.kind)

    def described(self, details: Json) -> Described:
        """Return details in words, in the active language."""
        titles, texts = wording.titles(self.kind, details), wording.texts(self.kind, details)
        return Described(titles, wording.lines(self.kind, details), texts)

    def lines(self, details: Json) -> Iterable[str]:
        """Yield the details as text that does not depend on the active language."""
        return wording.plain(self.kind, details)

    def find(self, pk: int) -> Listing | None:
        """Return a listing with what the desk shows beside it, without a lock: possible duplicates."""
        found = super().find(pk)
        if found is not None:
            found.duplicates = SimpleLazyObject(lambda: self._duplicates(found))  # type: ignore[attr-defined]
        return found

    def _duplicates(self, listing: Listing) -> list[duplicates.Duplicate]:
        last = listing.versions.order_by("number").last()
        details = last.details if last else listing.details
        similar = duplicates.likely(self.kind, details, besides=listing.pk) if details else []
        for each in similar:
            each.listing.title = wording.title(each.listing)  # type: ignore[attr-defined]
            each.listing.path = self.public_path(each.listing, current())  # type: ignore[attr-defined]
        return similar

    def steps(self, person: Person, thing: Listing) -> list[NextStep]:
        """Return its owner's next steps, the main one first."""
        found = [_step(*each, thing) for each in _STEPS if each[0](person, thing)]
        if not found:
            return []
        if thing.state == State.RETURNED or thing.asked_at:
            found[0] = dataclasses.replace(found[0], is_main=True)
        return found

    def author_path(self, thing: Listing, language: str) -> str:
        """Return its owner's page of it."""
        return f"/{language}/my/listings/{thing.pk}/"


#: The owner's next steps, in the order of the page: permission, address, sentence, button.
_STEPS: tuple[tuple[Callable[[Person, Listing], object], str, Promise, Promise], ...] = (
    (
        lambda person, it: it.asked_at is not None and permissions.may_confirm(person, it),
        "confirm",
        _("We have asked whether it still holds. If it does, say so."),
        _("It still holds"),
    ),
    (
        permissions.may_send_again,
        "change",
        _("Change it and send it again. The moderator sees what you have changed."),
        _("Change it and send it again"),
    ),
    (
        permissions.may_revise,
        "change",
        _("Change it: a moderator reads the change, and what is published stays meanwhile."),
        _("Change it"),
    ),
    (
        lambda person, it: permissions.may_prove(person, it) and not lookup.current_verifications([it.pk]),
        "prove",
        _("Let it be verified by a message to an address of its own domain."),
        _("Verify it"),
    ),
    (
        permissions.may_name,
        "representatives",
        _("Say who speaks for it: what they contribute in its name is marked as verified."),
        _("Who speaks for it"),
    ),
    (permissions.may_hand_over, "hand_over", _("Hand it over to somebody else, who keeps it then."), _("Hand it over")),
    (
        lambda person, it: it.number is not None and permissions.may_withdraw(person, it),
        "withdraw",
        _("Withdraw it: it leaves the directory at once, and for good."),
        _("Withdraw"),
    ),
    (
        lambda person, it: it.number is None and permissions.may_withdraw(person, it),
        "withdraw",
        _("Withdraw it: nothing of it becomes public."),
        _("Withdraw"),
    ),
)


def _step(_rule: object, name: str, sentence: Promise, button: Promise, thing: Listing) -> NextStep:
    return NextStep(str(sentence), str(button), reverse(f"directory:{name}", args=[thing.pk]))


def _moderates(person: Person) -> bool:
    where = community.existing()
    return where is not None and bool(may_moderate(person, where))


permissions.moderated_by(_moderates)
register(
    Listings(
        Kind.ORGANIZATION,
        {
            "name": _("Organization"),
            "names": _("Organizations"),
            "decide": _("Decide on an organization"),
            "check": _("A published organization"),
            "restore": _("Restore an organization"),
            "pending": _("Pending organization"),
            "yours": _("Your entry of an organization"),
            "all_about": _("All about this entry:"),
        },
    )
)
register(
    Listings(
        Kind.PERSON,
        {
            "name": _("Person in the directory"),
            "names": _("People in the directory"),
            "decide": _("Decide on an entry of a person"),
            "check": _("A published entry of a person"),
            "restore": _("Restore an entry of a person"),
            "pending": _("Pending entry of a person"),
            "yours": _("Your entry of yourself"),
            "all_about": _("All about this entry:"),
        },
    )
)
register(
    Listings(
        Kind.PROJECT,
        {
            "name": _("Project"),
            "names": _("Projects"),
            "decide": _("Decide on a project"),
            "check": _("A published project"),
            "restore": _("Restore a project"),
            "pending": _("Pending project"),
            "yours": _("Your entry of a project"),
            "all_about": _("All about this entry:"),
        },
    )
)
