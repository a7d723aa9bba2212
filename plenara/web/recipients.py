"""To whom the letters of background tasks go, for those who may see it: read from the tables, and stored nowhere."""

from collections.abc import Sequence

from django.db.models import Model

from plenara.accounts.models import Invitation, Person
from plenara.consultations.models import Role
from plenara.contributions.models import Contribution, Signatory, Version
from plenara.core.models import BackgroundTask
from plenara.directory.models import Kind, Listing, ListingVersion
from plenara.events.models import Event, EventVersion
from plenara.moderation.models import Appeal, Decision, Redaction
from plenara.outcomes.models import Member, Proposal
from plenara.summaries.models import Correction, CorrectionVersion

#: How the argument of a kind leads to the address; the arguments that every kind may have are in `_COMMON`. Whoever
#: reported something is named to nobody.
_OF_KIND: dict[str, tuple[str, type[Model], str]] = {
    "consultations.tell_role": ("role_id", Role, "person__email"),
    "contributions.ask_to_sign": ("signatory_id", Signatory, "address"),
    "contributions.send_receipt": ("version_id", Version, "contribution__author__email"),
    "contributions.tell_signatory": ("signatory_id", Signatory, "address"),
    "directory.receipt": ("version_id", ListingVersion, "listing__owner__email"),
    "events.receipt": ("version_id", EventVersion, "event__owner__email"),
    "moderation.tell_appeal": ("appeal_id", Appeal, "person__email"),
    "outcomes.lapsed_letter": ("member_id", Member, "person__email"),
    "outcomes.member_letter": ("member_id", Member, "person__email"),
    "outcomes.proposal_letter": ("proposal_id", Proposal, "by__email"),
    "summaries.correction_answered": ("correction_id", Correction, "person__email"),
    "summaries.correction_made": ("correction_id", Correction, "person__email"),
    "summaries.correction_receipt": ("version_id", CorrectionVersion, "correction__person__email"),
}
_COMMON: dict[str, tuple[type[Model], str]] = {"person_id": (Person, "email"), "invitation_id": (Invitation, "address")}
#: Of these the argument leads to something that was moderated, by its kind and id, and that leads to its author.
_TO_AUTHOR: dict[str, tuple[str, type[Model]]] = {
    "moderation.ask_redaction": ("redaction_id", Redaction),
    "moderation.tell_author": ("decision_id", Decision),
}
_AUTHORS: dict[str, tuple[type[Model], str]] = {
    "contribution": (Contribution, "author__email"),
    "correction": (Correction, "person__email"),
    "event": (Event, "owner__email"),
    **dict.fromkeys(Kind.values, (Listing, "owner__email")),
}


def recipients_of(tasks: Sequence[BackgroundTask]) -> dict[int, str]:
    """Return the addresses, by the task's id, where the task names a reader. A fixed number of queries."""
    found = {each.pk: str(each.arguments["address"]) for each in tasks if each.arguments.get("address")}
    for argument, (model, path) in _COMMON.items():
        found |= _read([each for each in tasks if argument in each.arguments], argument, model, path)
    for kind, (argument, model, path) in _OF_KIND.items():
        found |= _read([each for each in tasks if each.task == kind], argument, model, path)
    for kind, (argument, model) in _TO_AUTHOR.items():
        found |= _read_authors([each for each in tasks if each.task == kind], argument, model)
    return {pk: address for pk, address in found.items() if address}


def _read_authors(tasks: Sequence[BackgroundTask], argument: str, model: type[Model]) -> dict[int, str]:
    ids = {each.arguments.get(argument) for each in tasks}
    about = {
        pk: thing for pk, *thing in model._default_manager.filter(pk__in=ids).values_list("pk", "kind", "object_id")
    }
    addresses: dict[tuple[str, int], str] = {}
    for kind in {kind for kind, _pk in about.values()} & set(_AUTHORS):
        author, path = _AUTHORS[kind]
        things = author._default_manager.filter(pk__in=[pk for of, pk in about.values() if of == kind])
        addresses |= {(kind, pk): address for pk, address in things.values_list("pk", path)}
    return {each.pk: addresses.get(tuple(about.get(each.arguments.get(argument), ())), "") for each in tasks}


def _read(tasks: Sequence[BackgroundTask], argument: str, model: type[Model], path: str) -> dict[int, str]:
    ids = {each.arguments.get(argument) for each in tasks}
    rows = model._default_manager.filter(pk__in=ids).values_list("pk", path)
    addresses = dict(rows)
    return {each.pk: addresses.get(each.arguments.get(argument)) or "" for each in tasks}
