"""Actions on bodies and their members: create, edit, publish; add, order, end, invite by e-mail."""

import datetime
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from plenara.accounts import actions as accounts
from plenara.accounts.models import Invitation, Person
from plenara.consultations.actions.lifecycle import clean_texts, lock_consultation, require_current
from plenara.consultations.models import Consultation
from plenara.consultations.validation import can_hold_role
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import Answer, InvalidInput, require, require_valid
from plenara.core.text import clean, clean_line, digest
from plenara.core.transaction import writing
from plenara.outcomes import emails, permissions
from plenara.outcomes.models import Body, Member, Outcome
from plenara.outcomes.queries.consultations import cache_tags_behind
from plenara.outcomes.validation import contents


@writing
def make_body(
    *,
    actor: Person,
    consultation: Consultation,
    slug: str,
    name: Mapping[str, str],
    mandate: Mapping[str, str] | None = None,
    begins_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
) -> Body:
    """Create a body whose home is a consultation; not public yet. The same twice (a double click) is created once."""
    require(permissions.may_make_body(actor, consultation))
    consultation = lock_consultation(consultation)
    name, mandate = clean_texts(name, clean_line), clean_texts(mandate, clean)
    earlier = Body.objects.filter(consultation=consultation, slug=slug, name=name, created_by=actor).first()
    if earlier:
        return earlier
    require_valid(*_fit(name, mandate, begins_on, ends_on), contents.slug_fits(slug), contents.body_slug_is_free(slug))
    try:
        with transaction.atomic():
            body = Body.objects.create(
                consultation=consultation, slug=slug, name=name, mandate=mandate, begins_on=begins_on, ends_on=ends_on,
                created_by=actor,
            )  # fmt: skip
    except IntegrityError:  # in another home, at the same time
        raise InvalidInput(contents.body_slug_is_taken(), "taken", "slug") from None
    audit.log("body.made", actor=actor, about=body, consultation=consultation)
    return body


@writing
def edit_body(
    *,
    actor: Person,
    body: Body,
    name: Mapping[str, str],
    mandate: Mapping[str, str],
    begins_on: datetime.date | None,
    ends_on: datetime.date | None,
    stamp: int | None = None,
) -> Body:
    """Change a body's details. `stamp` is the body's when the form was opened."""
    body = lock_body(body)
    require(permissions.may_manage_body(actor, body))
    name, mandate = clean_texts(name, clean_line), clean_texts(mandate, clean)
    wanted = (name, mandate, begins_on, ends_on)
    if wanted == (body.name, body.mandate, body.begins_on, body.ends_on):
        return body
    require_current(stamp, body.stamp)
    require_valid(*_fit(name, mandate, begins_on, ends_on))
    body.name, body.mandate, body.begins_on, body.ends_on = wanted
    body.stamp += 1
    body.save(update_fields=["name", "mandate", "begins_on", "ends_on", "stamp"])
    audit.log("body.edited", actor=actor, about=body, consultation=body.consultation)
    invalidate_body(body, nothing_withdrawn=True)
    return body


@writing
def publish_body(*, actor: Person, body: Body) -> Body:
    """Publish a body's page. A second time changes nothing."""
    body = lock_body(body)
    require(permissions.may_manage_body(actor, body))
    if body.published_at is None:
        body.published_at = clock.now()
        body.save(update_fields=["published_at"])
        audit.log("body.published", actor=actor, about=body, consultation=body.consultation)
        invalidate_body(body, nothing_withdrawn=True)
    return body


def lock_body(body: Body) -> Body:
    """Return a body as it is now, locked until the transaction ends."""
    return Body.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=body.pk)


def invalidate_body(body: Body, *, nothing_withdrawn: bool = False) -> None:
    """Invalidate the pages that show a body; none do before it is published."""
    if body.is_public:
        for cache_tag in sorted(cache_tags_of(body)):
            invalidate(cache_tag, nothing_withdrawn=nothing_withdrawn)


def cache_tags_of(body: Body) -> set[str]:
    """Return the cache tags of a body: its home, and every consultation behind its outcomes. One query."""
    return set(cache_tags_behind(Outcome.objects.filter(body=body).values("pk"), body.consultation))


def _fit(
    name: Mapping[str, str], mandate: Mapping[str, str], first: datetime.date | None, last: datetime.date | None
) -> list[Answer]:
    return [
        contents.texts_fit("name", name),
        contents.in_some_language("name", name, "en"),
        contents.texts_fit("mandate", mandate),
        contents.days_fit(first, last, "ends_on"),
    ]


#: The kind of an invitation to act as a member, in `accounts.invitations`.
INVITATION_KIND = "body_member"


@writing
def add_member(
    *,
    actor: Person,
    body: Body,
    part: str,
    name: str,
    person: Person | None = None,
    stakeholder_group: str = "",
    organization: str = "",
    country: str = "",
    since: datetime.date | None = None,
) -> Member:
    """Add a member at the end; with a person, who can then act. If the person is a member already, do nothing.

    The same twice (a double click) is added once.
    """
    body = lock_body(body)
    require(permissions.may_manage_body(actor, body))
    name, organization = clean_line(name), clean_line(organization)
    require_valid(*contents.member_fits(part, name, stakeholder_group, organization, country))
    details = {"name": name, "part": part, "organization": organization, "country": country}
    same = {"person": person} if person else {"person": None, **details}
    if there := body.members.filter(until=None, **same).first():
        return there
    if person:
        require_valid(can_hold_role(person))
    if body.members.count() >= contents.MOST_MEMBERS:
        raise InvalidInput(contents.too_many_members(), "too_many")
    last = body.members.order_by("-position").values_list("position", flat=True).first() or 0
    member = Member.objects.create(
        body=body, person=person, part=part, name=name, stakeholder_group=stakeholder_group,
        organization=organization, country=country, since=since, position=last + 1,
    )  # fmt: skip
    _log_member("member.added", actor, member, body, part=part)
    invalidate_body(body, nothing_withdrawn=True)
    if person and person.pk != actor.pk:
        emails.member_email.using(key=f"member-{member.pk}").enqueue(member_id=member.pk)
    return member


@writing
def edit_member(
    *,
    actor: Person,
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
    """Change a member's details and days of membership. `stamp` is `stamp_of` when the form was opened.

    A past day of leaving ends the membership at once; no day resumes one that has ended.
    """
    body, member = _lock_member(actor, member)
    name, organization = clean_line(name), clean_line(organization)
    wanted = {
        "part": part, "name": name, "stakeholder_group": stakeholder_group, "organization": organization,
        "country": country, "since": since, "until": until,
    }  # fmt: skip
    if all(getattr(member, field) == value for field, value in wanted.items()):
        return member
    require_current(stamp, member_stamp(member))
    require_valid(
        *contents.member_fits(part, name, stakeholder_group, organization, country),
        contents.days_fit(since, until, "until"),
        until is not None or contents.is_member_once(member),
    )
    for field, value in wanted.items():
        setattr(member, field, value)
    member.save(update_fields=list(wanted))
    _log_member("member.edited", actor, member, body, part=part)
    invalidate_body(body)
    return member


@writing
def move_member(*, actor: Person, member: Member, to: int) -> Member:
    """Move a member to a place among the others, 1 for the first."""
    body, member = _lock_member(actor, member)
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
        _log_member("member.moved", actor, member, body, to=member.position)
        invalidate_body(body, nothing_withdrawn=True)
    return member


@writing
def remove_member(*, actor: Person, member: Member) -> None:
    """Remove a member who was added by mistake. One who was public or took a position gets a day of leaving instead."""
    body = lock_body(member.body)
    require(permissions.may_manage_body(actor, body))
    found = body.members.filter(pk=member.pk).first()
    if found is None:
        return  # removed already
    require_valid(contents.may_be_removed(found, body))
    _log_member("member.removed", actor, found, body, part=found.part)
    found.delete()
    permissions.forget_memberships(actor)


@writing
def invite_member(*, actor: Person, member: Member, address: str, email_language: str = "") -> Invitation:
    """Invite an e-mail address to act as a member. The result does not show whether the address has an account."""
    body, member = _lock_member(actor, member)
    require_valid(contents.may_be_invited(member, permissions.today()))
    return accounts.invite(
        actor=actor,
        address=address,
        purpose={"kind": INVITATION_KIND, "body_id": body.pk, "member_id": member.pk},
        language=email_language,
    )[0]


@writing
def revoke_member_invitation(*, actor: Person, body: Body, invitation: Invitation) -> None:
    """Revoke an invitation to this body that nobody has accepted."""
    body = lock_body(body)
    require(permissions.may_manage_body(actor, body))
    if invitation.purpose.get("kind") != INVITATION_KIND or invitation.purpose.get("body_id") != body.pk:
        raise InvalidInput(_("This invitation is for another body. Withdraw it on the page of that body."), "other")
    accounts.revoke_invitation(actor=actor, invitation=invitation)


def join(*, inviter: Person, member: Member, person: Person) -> Body:
    """Connect a membership with the person who accepted its invitation; called in that transaction."""
    body, member = _lock_member(inviter, member)
    if not body.members.filter(person=person, until=None).exists():
        require_valid(contents.may_be_invited(member, permissions.today()), can_hold_role(person))
        member.person = person
        member.save(update_fields=["person"])
        _log_member("member.joined", person, member, body, part=member.part)
    permissions.forget_memberships(person)
    return body


def member_stamp(member: Member) -> int:
    """Return the stamp that a form carries, to detect that a member changed after it was opened."""
    shown = (member.part, member.name, member.stakeholder_group, member.organization, member.country)
    return int(digest("\n".join((*shown, str(member.since), str(member.until))))[:7], 16)


def _lock_member(actor: Person, member: Member) -> tuple[Body, Member]:
    """Return a member and their body as they are now, locked, for a person who manages the body."""
    body = lock_body(member.body)
    require(permissions.may_manage_body(actor, body))
    found = body.members.filter(pk=member.pk).first()
    if found is None:
        raise InvalidInput(_("This member has been removed."), "gone")
    return body, found


def _log_member(verb: str, actor: Person, member: Member, body: Body, **what: object) -> None:
    audit.log(verb, actor=actor, about=member, consultation=body.consultation, body=body.pk, **what)
