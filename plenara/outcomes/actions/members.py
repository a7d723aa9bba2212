"""Members of bodies: added, changed, ordered, ended; and invited by mail to act as who they are."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from plenara.accounts import actions as accounts
from plenara.accounts.models import Invitation, Person
from plenara.consultations.actions.common import require_current
from plenara.consultations.checks import can_hold_role
from plenara.core import audit
from plenara.core.refusals import Invalid, require, require_valid
from plenara.core.text import clean_line, digest
from plenara.core.transaction import writing
from plenara.outcomes import checks, rules, tasks
from plenara.outcomes.actions.bodies import held, invalidate_body
from plenara.outcomes.models import Body, Member

#: What an invitation to act as a member is called in `accounts.invitations`.
KIND = "body_member"


@writing
def add_member(
    *,
    actor: Any,
    body: Body,
    part: str,
    name: str,
    person: Person | None = None,
    stakeholder_group: str = "",
    organization: str = "",
    country: str = "",
    since: datetime.date | None = None,
) -> Member:
    """Add a member, at the end; with a person, who can then act. A person who is in it already stays as they are.

    The same twice (a double click) is added once.
    """
    body = held(body)
    require(rules.may_keep_body(actor, body))
    name, organization = clean_line(name), clean_line(organization)
    require_valid(*checks.member_fits(part, name, stakeholder_group, organization, country))
    told = {"name": name, "part": part, "organization": organization, "country": country}
    same = {"person": person} if person else {"person": None, **told}
    if there := body.members.filter(until=None, **same).first():
        return there
    if person:
        require_valid(can_hold_role(person))
    if body.members.count() >= checks.MOST_MEMBERS:
        raise Invalid(checks.too_many_members(), "too_many")
    last = body.members.order_by("-position").values_list("position", flat=True).first() or 0
    member = Member.objects.create(
        body=body, person=person, part=part, name=name, stakeholder_group=stakeholder_group,
        organization=organization, country=country, since=since, position=last + 1,
    )  # fmt: skip
    _record("member.added", actor, member, body, part=part)
    invalidate_body(body, nothing_goes=True)
    if person and person.pk != actor.pk:
        tasks.member_letter.using(key=f"member-{member.pk}").enqueue(member_id=member.pk)
    return member


@writing
def edit_member(
    *,
    actor: Any,
    member: Member,
    part: str,
    name: str,
    stakeholder_group: str,
    organization: str,
    country: str,
    since: datetime.date | None,
    until: datetime.date | None = None,
    stamp: int | None = None,
) -> Member:
    """Change what is shown of a member, and from when to when they are one. `stamp` is `stamp_of` when it was shown.

    A day of leaving that has gone by ends the membership at once; no day takes up one that has ended.
    """
    body, member = _kept(actor, member)
    name, organization = clean_line(name), clean_line(organization)
    wanted = {
        "part": part, "name": name, "stakeholder_group": stakeholder_group, "organization": organization,
        "country": country, "since": since, "until": until,
    }  # fmt: skip
    if all(getattr(member, field) == value for field, value in wanted.items()):
        return member
    require_current(stamp, stamp_of(member))
    require_valid(
        *checks.member_fits(part, name, stakeholder_group, organization, country),
        checks.days_fit(since, until, "until"),
        until is not None or checks.is_member_once(member),
    )
    for field, value in wanted.items():
        setattr(member, field, value)
    member.save(update_fields=list(wanted))
    _record("member.edited", actor, member, body, part=part)
    invalidate_body(body)
    return member


@writing
def move_member(*, actor: Any, member: Member, to: int) -> Member:
    """Let a member stand at a place among the others, 1 the first."""
    body, member = _kept(actor, member)
    members = list(body.members.all())
    before = [each.pk for each in members]
    members.sort(key=lambda each: each.pk == member.pk)
    members.insert(min(max(to, 1), len(members)) - 1, members.pop())
    for position, each in enumerate(members, 1):
        if each.position != position:
            each.position = position
            each.save(update_fields=["position"])
    member.refresh_from_db(fields=["position"])
    if [each.pk for each in members] != before:
        _record("member.moved", actor, member, body, to=member.position)
        invalidate_body(body, nothing_goes=True)
    return member


@writing
def remove_member(*, actor: Any, member: Member) -> None:
    """Take away a member who was added by mistake. Who has been shown, or took a position, leaves by a day instead."""
    body = held(member.body)
    require(rules.may_keep_body(actor, body))
    found = body.members.filter(pk=member.pk).first()
    if found is None:
        return  # removed already
    require_valid(checks.may_be_removed(found, body))
    _record("member.removed", actor, found, body, part=found.part)
    found.delete()
    rules.forget_memberships(actor)


@writing
def invite_member(*, actor: Any, member: Member, address: str, letter_language: str = "") -> Invitation:
    """Offer an address to act as a member. Whether somebody has it makes no difference, so nobody can learn it here."""
    body, member = _kept(actor, member)
    require_valid(checks.may_be_invited(member, rules.today()))
    return accounts.invite(
        actor=actor,
        address=address,
        purpose={"kind": KIND, "body_id": body.pk, "member_id": member.pk},
        language=letter_language,
    )[0]


@writing
def revoke_member_invitation(*, actor: Any, body: Body, invitation: Invitation) -> None:
    """Take back an invitation to this body that nobody has accepted."""
    body = held(body)
    require(rules.may_keep_body(actor, body))
    if invitation.purpose.get("kind") != KIND or invitation.purpose.get("body_id") != body.pk:
        raise Invalid(_("This invitation is to another body."), "other")
    accounts.revoke_invitation(actor=actor, invitation=invitation)


def join(*, inviter: Any, member: Member, person: Person) -> Body:
    """Let a membership be a person's, who accepted an invitation to it. In its transaction."""
    body, member = _kept(inviter, member)
    if not body.members.filter(person=person, until=None).exists():
        require_valid(checks.may_be_invited(member, rules.today()), can_hold_role(person))
        member.person = person
        member.save(update_fields=["person"])
        _record("member.joined", person, member, body, part=member.part)
    rules.forget_memberships(person)
    return body


def stamp_of(member: Member) -> int:
    """Return what a form carries, to tell whether a member was changed since it was opened."""
    shown = (member.part, member.name, member.stakeholder_group, member.organization, member.country)
    return int(digest("\n".join((*shown, str(member.since), str(member.until))))[:7], 16)


def _kept(actor: Any, member: Member) -> tuple[Body, Member]:
    """Return a member and their body as they are now, held, for somebody who keeps the body."""
    body = held(member.body)
    require(rules.may_keep_body(actor, body))
    found = body.members.filter(pk=member.pk).first()
    if found is None:
        raise Invalid(_("This member has been removed meanwhile."), "gone")
    return body, found


def _record(verb: str, actor: Any, member: Member, body: Body, **what: Any) -> None:
    audit.log(verb, actor=actor, about=member, consultation=body.consultation, body=body.pk, **what)
