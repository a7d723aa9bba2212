"""The permissions to dispute a byline for an organization, withdraw a dispute, and decide on it; and whether a byline
names an organization.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.models import State as ConsultationState
from plenara.consultations.permissions import may_act, may_moderate
from plenara.contributions.models import Byline, Dispute, Edition
from plenara.core.life_cycle import State
from plenara.core.refusals import Answer, Denied
from plenara.core.vocabulary import Capacity
from plenara.directory.models import Kind, Listing, Representative
from plenara.directory.permissions import is_owner
from plenara.directory.queries import lookup
from plenara.directory.queries.duplicates import bare


def is_named(byline: Byline | None, organization: Listing) -> bool:
    """Return whether a byline, in the capacity of an organization, names this one; marks, spaces and case aside."""
    if byline is None or byline.capacity != Capacity.ORGANIZATION or not byline.organization:
        return False
    return bare(byline.organization) in set(_names(organization))


def _names(organization: Listing) -> Iterable[str]:
    acronym = bare(str(organization.details.get("acronym", "")))
    if acronym:
        yield acronym
    for name in organization.details.get("name", {}).values():
        yield bare(name)
        if acronym:
            yield bare(name) + acronym
            yield acronym + bare(name)


def acts_for(person: Person, organization: Listing) -> bool:
    """Return whether a person owns or represents an organization's entry, and it is verified. At most two queries."""
    if organization.state != State.PUBLISHED or organization.merged_into_id:
        return False
    speaks = is_owner(person, organization) or organization.representatives.filter(person=person, until=None).exists()
    return speaks and bool(lookup.current_verifications([organization.pk]))


def named_ones(person: Person, edition: Edition) -> list[Listing]:
    """Return the organizations of a person that an edition's byline names. A fixed number of queries."""
    own = Listing.objects.filter(of=Kind.ORGANIZATION, owner=person, state=State.PUBLISHED, merged_into=None)
    acting = Representative.objects.filter(person=person, until=None).values("organization")
    theirs = {each.pk: each for each in (*own, *Listing.objects.filter(pk__in=acting))}
    named = [each for each in theirs.values() if is_named(edition.byline, each)]
    return [each for each in named if acts_for(person, each)]


def may_dispute(person: Person, edition: Edition, organization: Listing) -> Answer:
    """The owner or a representative of a verified organization in the byline of another author's published edition.

    Once, unless it was withdrawn; not in an archived consultation, to whose record nothing is added.
    """
    answer = may_act(person)
    if not answer:
        return answer
    if edition.is_gone or not is_named(edition.byline, organization):
        return Denied(
            _("This contribution does not name your organization, so you cannot dispute its byline."), "not_named"
        )
    if not acts_for(person, organization):
        return Denied(
            _(
                "Only a person who maintains the entry of a verified organization, or represents the "
                "organization, can dispute this byline."
            ),
            "not_yours",
        )
    if edition.consultation.state == ConsultationState.ARCHIVED:
        return Denied(_("This consultation is archived, so nothing more can be added to its record."), "archived")
    if edition.contribution.author_id == person.pk:
        return Denied(
            _(
                "You wrote this contribution yourself, so you cannot dispute its byline. You can "
                "withdraw the contribution."
            ),
            "own",
        )
    if edition.disputes.filter(organization=organization).exclude(status=Dispute.Status.WITHDRAWN).exists():
        return Denied(
            _("The organization has already disputed this byline. An organization can dispute a byline only once."),
            "once",
        )
    return True


def may_withdraw_dispute(person: Person, dispute: Dispute) -> Answer:
    """The person who disputed it, or may speak for the organization and did not write it; while it is not decided."""
    answer = may_act(person)
    if not answer:
        return answer
    if dispute.status != Dispute.Status.PENDING:
        return Denied(_("This dispute has already been decided."), "decided")
    wrote_it = dispute.edition.contribution.author_id == person.pk
    if dispute.person_id == person.pk or (not wrote_it and acts_for(person, dispute.organization)):
        return True
    return Denied(
        _(
            "Only a person who maintains the entry of a verified organization, or represents the "
            "organization, can withdraw this dispute."
        ),
        "not_yours",
    )


def may_decide_dispute(person: Person, dispute: Dispute) -> Answer:
    """A moderator or organizer of the consultation, who neither wrote it nor speaks for the organization."""
    answer = may_moderate(person, dispute.edition.consultation)
    if not answer:
        return answer
    if person.pk in {dispute.person_id, dispute.edition.contribution.author_id} or acts_for(
        person, dispute.organization
    ):
        return Denied(_("You are a party to this dispute, so another moderator will decide."), "own")
    if dispute.status != Dispute.Status.PENDING:
        return Denied(_("This dispute has already been decided."), "decided")
    return True
