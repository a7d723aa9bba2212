"""Listings of the directory as kinds of moderated items: organizations, people and projects."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from plenara.accounts.models import Person
from plenara.consultations import community
from plenara.consultations.permissions import may_moderate
from plenara.core.languages import current
from plenara.core.life_cycle import State
from plenara.core.rows import Json
from plenara.directory import permissions
from plenara.directory.models import Kind, Listing, ListingVersion
from plenara.directory.presenters import wording
from plenara.directory.presenters.wording import Described
from plenara.directory.queries import duplicates, lookup
from plenara.directory.queries.lookup import FOLDERS
from plenara.directory.validation import NAMED_BY
from plenara.moderation.kinds import Templates
from plenara.moderation.kinds.entries import STATE_SENTENCES, Entries, NextStep


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
        _("We have asked you whether this entry is still correct. If the entry is still correct, confirm it."),
        pgettext_lazy("label", "Confirm this entry"),
    ),
    (
        permissions.may_send_again,
        "change",
        _("You can change the entry and submit it again. The moderator will see what you have changed."),
        pgettext_lazy("label", "Change the entry"),
    ),
    (
        permissions.may_revise,
        "change",
        _("You can change the entry. The published entry does not change until a moderator has approved your changes."),
        pgettext_lazy("label", "Change the entry"),
    ),
    (
        lambda person, it: permissions.may_prove(person, it) and not lookup.current_verifications([it.pk]),
        "prove",
        _("You can have the organization verified by an e-mail to an address at its own domain."),
        pgettext_lazy("label", "Verify the organization"),
    ),
    (
        permissions.may_name,
        "representatives",
        _(
            "You can name people who represent the organization. Contributions that they submit on "
            "its behalf are marked as verified."
        ),
        pgettext_lazy("label", "Representatives"),
    ),
    (
        permissions.may_hand_over,
        "hand_over",
        _("You can hand the entry over to someone else, who will then maintain it."),
        _("Hand over the entry"),
    ),
    (
        lambda person, it: it.number is not None and permissions.may_withdraw(person, it),
        "withdraw",
        _("You can withdraw the entry. The entry then disappears from the directory immediately and permanently."),
        pgettext_lazy("label", "Withdraw"),
    ),
    (
        lambda person, it: it.number is None and permissions.may_withdraw(person, it),
        "withdraw",
        _("You can withdraw what you submitted. It will not be published."),
        pgettext_lazy("label", "Withdraw"),
    ),
)


def _step(_rule: object, name: str, sentence: Promise, button: Promise, thing: Listing) -> NextStep:
    return NextStep(str(sentence), str(button), reverse(f"directory:{name}", args=[thing.pk]))


def _moderates(person: Person) -> bool:
    where = community.existing()
    return where is not None and bool(may_moderate(person, where))


permissions.moderated_by(_moderates)
ORGANIZATIONS = Listings(
    Kind.ORGANIZATION,
    {
        "name": pgettext_lazy("label", "Organization"),
        "names": pgettext_lazy("label", "Organizations"),
        "decide": _("Decide on an organization"),
        "check": _("Check a published organization"),
        "restore": _("Restore an organization"),
        "pending": _("Organization waiting for a decision"),
        "yours": _("Your organization’s entry"),
        "all_about": _("Details of this entry:"),
    },
)
PEOPLE = Listings(
    Kind.PERSON,
    {
        "name": _("Person in the directory"),
        "names": _("People in the directory"),
        "decide": _("Decide on a person’s entry"),
        "check": _("Check a published entry of a person"),
        "restore": _("Restore a person’s entry"),
        "pending": _("Person’s entry waiting for a decision"),
        "yours": _("Your own entry"),
        "all_about": _("Details of this entry:"),
    },
)
PROJECTS = Listings(
    Kind.PROJECT,
    {
        "name": pgettext_lazy("label", "Project"),
        "names": pgettext_lazy("label", "Projects"),
        "decide": _("Decide on a project"),
        "check": _("Check a published project"),
        "restore": _("Restore a project"),
        "pending": _("Project waiting for a decision"),
        "yours": _("Your project’s entry"),
        "all_about": _("Details of this entry:"),
    },
)
