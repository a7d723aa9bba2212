"""E-mails about accounts, sent after the fact."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from plenara.accounts import invitations, queries
from plenara.accounts.models import IdentityProof, Invitation, Person, SuspensionReason
from plenara.accounts.sign_on.queries import name_of
from plenara.core import clock
from plenara.core.languages import django_code
from plenara.core.tasks import task
from plenara.email import delivery


@task
def letter(*, template: str, address: str, language: str, name: str, until: str, context: dict[str, object]) -> None:
    """Send one of django-allauth's e-mails. `name` is the permanent name of the e-mail.

    An e-mail whose code is no longer valid is not sent.
    """
    if until and clock.now() > datetime.datetime.fromisoformat(until):
        return
    delivery.send(to=address, template=f"accounts/mail/{template}", context=context, key=name, language=language)


@task
def send_invitation(*, invitation_id: int, token: str) -> None:
    """Send an invitation to its address, while it is open."""
    invitation = Invitation.objects.select_related("invited_by").filter(pk=invitation_id).first()
    if invitation is None or not invitation.is_pending or not invitation.address:
        return
    with translation.override(django_code(invitation.language)):
        context = {
            "sentence": invitations.sentence_of(invitation.purpose),
            "inviter": invitation.invited_by.name if invitation.invited_by else "",
            "reader_name": invitation.name,
            "link": settings.SITE_URL + reverse("invitation", args=[token]),
            "until": invitation.expires_at,
        }
    delivery.send(
        to=invitation.address,
        template="accounts/mail/invitation",
        context=context,
        key=f"invitation-{invitation.pk}",
        language=invitation.language,
    )


@task
def notify_suspended(*, person_id: int, act_id: int) -> None:
    """Notify a person that their account is suspended, and why."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None or not person.is_suspended:
        return
    with translation.override(django_code(person.language)):
        context = {"reason": str(SuspensionReason(person.suspension_reason).label)}
    delivery.send(to=person, template="accounts/mail/suspended", context=context, key=f"suspended-{act_id}")


@task
def notify_unsuspended(*, person_id: int, act_id: int) -> None:
    """Notify a person that they can act again."""
    if person := Person.objects.filter(pk=person_id).first():
        delivery.send(to=person, template="accounts/mail/unsuspended", context={}, key=f"unsuspended-{act_id}")


@task
def notify_identity(*, person_id: int, act_id: int, template: str, provider: str) -> None:
    """Notify a person that an identity of another provider was connected or disconnected."""
    if person := Person.objects.filter(pk=person_id).first():
        with translation.override(django_code(person.language)):
            context = {"name": name_of(provider)}
        delivery.send(to=person, template=f"accounts/mail/{template}", context=context, key=f"identity-{act_id}")


@task
def notify_passkeys_removed(*, person_id: int, act_id: int, proof: str) -> None:
    """Notify a person that an organizer removed their passkeys, and how they made sure who asked."""
    if person := Person.objects.filter(pk=person_id).first():
        with translation.override(django_code(person.language)):
            context = {"proof": str(IdentityProof(proof).label)}
        delivery.send(
            to=person, template="accounts/mail/passkeys_removed", context=context, key=f"passkeys-removed-{act_id}"
        )


@task
def ask_to_confirm_passkeys(*, person_id: int, act_id: int, of_id: int) -> None:
    """Ask an organizer of the installation to confirm a request to remove somebody's passkeys, while it is pending."""
    of = Person.objects.filter(pk=of_id).first()
    request = queries.passkeys_request_for(of) if of else None
    if of is None or request is None or request.act_id != act_id:
        return
    if person := queries.other_organizers(request.by, of).filter(pk=person_id).first():
        with translation.override(django_code(person.language)):
            url = settings.SITE_URL + reverse("person", args=[of.pk])
            context = {"name": request.by.name, "of": of.name, "proof": request.proof_words, "url": url}
        delivery.send(
            to=person,
            template="accounts/mail/confirm_passkeys",
            context=context,
            key=f"confirm-passkeys-{act_id}-{person_id}",
        )
