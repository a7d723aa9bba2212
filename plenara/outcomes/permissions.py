"""Permissions: bodies and outcomes. For paragraphs and renditions `documents.permissions` calls `PERMISSIONS`."""

import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.accounts.permissions import has_desk
from plenara.consultations.models import Consultation, RoleName
from plenara.consultations.permissions import has_role, is_known, may_act, may_organize
from plenara.consultations.queries import role_holders
from plenara.core import clock
from plenara.core.refusals import Answer, Denied
from plenara.documents.kinds import DocumentPermissions
from plenara.documents.models import Document
from plenara.outcomes.models import Body, Member, Proposal

Part = Member.Part
#: The parts that write the text, speak for it, agree or object, and see it in the making.
WRITING = frozenset({Part.CHAIR, Part.VICE_CHAIR, Part.RAPPORTEUR, Part.SECRETARIAT})
LEADING = frozenset({Part.CHAIR, Part.VICE_CHAIR})
DECIDING = frozenset({Part.CHAIR, Part.VICE_CHAIR, Part.RAPPORTEUR, Part.MEMBER})
ALL = frozenset(Part.values)


def today() -> datetime.date:
    """Return the day by which memberships begin and end (UTC)."""
    return clock.now().date()


def memberships_of(person: Person | None) -> dict[int, Member]:
    """Return the present memberships of a person by body, read once for each request. One query."""
    if not is_known(person):
        return {}
    if not hasattr(person, "_memberships"):
        now = today()
        found = Member.objects.filter(
            Q(since=None) | Q(since__lte=now), Q(until=None) | Q(until__gte=now), person=person
        )
        person._memberships = {each.body_id: each for each in found}  # type: ignore[attr-defined]
    return person._memberships  # type: ignore[attr-defined]


@has_desk
def is_member_somewhere(person: Person) -> bool:
    """Return whether a person is a present member of any body, and so works at the desk."""
    return bool(memberships_of(person))


def forget_memberships(person: Person) -> None:
    """Clear a person's memberships, which were changed within this request."""
    if hasattr(person, "_memberships"):
        del person._memberships  # type: ignore[attr-defined]


def member_of(person: Person | None, body: Body) -> Member | None:
    """Return the present membership of a person in a body, if they can act."""
    return memberships_of(person).get(body.pk) if may_act(person) else None


def _has_part(person: Person | None, body: Body, parts: frozenset[str]) -> bool:
    member = member_of(person, body)
    return member is not None and member.part in parts


def may_make_body(person: Person, consultation: Consultation) -> Answer:
    """An organizer of the consultation that will be its home."""
    return may_organize(person, consultation)


def may_manage_body(person: Person, body: Body) -> Answer:
    """An organizer of its home: its name, mandate and members, its outcomes and their sections."""
    return may_organize(person, body.consultation)


def may_see_body(person: Person, body: Body) -> Answer:
    """On the working side: its members, and organizers, rapporteurs and translators of its home."""
    return (
        _has_part(person, body, ALL)
        or has_role(person, body.consultation, RoleName.ORGANIZER, RoleName.RAPPORTEUR, RoleName.TRANSLATOR)
        or Denied(
            _(
                "Only members of this body, and organizers, rapporteurs and translators of its consultation, "
                "can see this page. Ask an organizer of the consultation for access."
            )
        )
    )


def may_see_bodies(person: Person, consultation: Consultation) -> Answer:
    """Organizers, rapporteurs and translators of the consultation."""
    return has_role(person, consultation, RoleName.ORGANIZER, RoleName.RAPPORTEUR, RoleName.TRANSLATOR) or Denied(
        _(
            "Only organizers, rapporteurs and translators of this consultation can see this page. Ask an "
            "organizer of the consultation for access."
        )
    )


def may_write_outcome(person: Person | None, body: Body) -> Answer:
    """Its chair, vice-chairs, rapporteurs and secretariat: words, citations and responses."""
    return _has_part(person, body, WRITING) or Denied(
        _(
            "Only the chair, vice-chairs, rapporteurs and secretariat of this body can change its "
            "outcomes. Ask one of them."
        )
    )


def may_arrange(person: Person, body: Body) -> Answer:
    """A person who manages the body or writes for it: sections, and places of paragraphs."""
    return may_manage_body(person, body) or may_write_outcome(person, body)


def may_propose(person: Person, body: Body) -> Answer:
    """A member who decides or writes; not an observer."""
    return _has_part(person, body, DECIDING | WRITING) or Denied(
        _("Only members of this body can propose other wording, agree or object. Observers cannot.")
    )


def may_answer_proposal(person: Person, body: Body) -> Answer:
    """A person who writes it accepts or declines proposals."""
    return may_write_outcome(person, body)


def may_withdraw(person: Person, proposal: Proposal, body: Body) -> Answer:
    """Its proposer, while they are in the body."""
    return (proposal.by_id == getattr(person, "pk", None) and bool(may_propose(person, body))) or Denied(
        _("Only the member who made this proposal can withdraw it.")
    )


def may_take_position(person: Person, body: Body) -> Answer:
    """A member who decides; not the secretariat or an observer."""
    return _has_part(person, body, DECIDING) or Denied(
        _("Only the members of this body can agree or object. Its secretariat and its observers cannot.")
    )


def may_declare(person: Person, body: Body) -> Answer:
    """The chair or a vice-chair."""
    return _has_part(person, body, LEADING) or Denied(
        _("Only the chair or a vice-chair of this body can declare paragraphs agreed or reopen them. Ask one of them.")
    )


def may_publish_outcome(person: Person, body: Body) -> Answer:
    """A person who leads the body, or an organizer of its home."""
    return _has_part(person, body, LEADING) or may_manage_body(person, body)


def may_open_for_comment(person: Person, body: Body) -> Answer:
    """A person who leads the body, or an organizer of its home."""
    return may_publish_outcome(person, body)


def may_manage_meeting(person: Person, body: Body) -> Answer:
    """A person who writes for the body, or an organizer of its home: dossiers, reports of meetings, decisions."""
    return _has_part(person, body, WRITING) or may_manage_body(person, body)


def _body(document: Document) -> Body:
    found: Body = document.outcome.body
    return found


def _sees(person: Person, document: Document) -> Answer:
    return may_see_body(person, _body(document))


def _writes(person: Person | None, document: Document) -> Answer:
    return may_write_outcome(person, _body(document))


def _approves(person: Person, document: Document) -> Answer:
    return may_publish_outcome(person, _body(document))


def _renders(person: Person, document: Document, language: str) -> Answer:
    """A translator of its home into the language, or a person who writes for the body."""
    return (
        has_role(person, document.consultation, RoleName.TRANSLATOR, language=language)
        or _has_part(person, _body(document), WRITING)
        or Denied(_("Only translators into this language can do this. Ask one of them."))
    )


def _people(body: Body, parts: frozenset[str]) -> set[int]:
    now = today()
    found = Member.objects.filter(
        Q(since=None) | Q(since__lte=now), Q(until=None) | Q(until__gte=now), body=body, part__in=parts,
        person__is_active=True, person__suspended_at=None,
    )  # fmt: skip
    return {pk for pk in found.values_list("person_id", flat=True) if pk}


def _approvers(document: Document) -> set[int]:
    organizers = role_holders(document.consultation_id, RoleName.ORGANIZER)
    return _people(_body(document), LEADING) | {person for person, _language in organizers}


def _reviewers(document: Document, language: str) -> set[int]:
    translators = role_holders(document.consultation_id, RoleName.TRANSLATOR)
    return _people(_body(document), WRITING) | {person for person, code in translators if code == language}


PERMISSIONS = DocumentPermissions(
    sees=_sees, writes=_writes, approves=_approves, renders=_renders, approvers=_approvers, reviewers=_reviewers
)
