"""Permissions and periods: requesting a correction, submitting it again, withdrawing it, answering it."""

import datetime

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.models import RETURN_DAYS, Consultation, Role, RoleName, State
from plenara.consultations.permissions import has_role, may_act
from plenara.core import clock
from plenara.core.life_cycle import State as ItemState
from plenara.core.refusals import Answer, Denied
from plenara.documents.models import Change, DocumentEdition, PublishedParagraph, Signature
from plenara.summaries.models import Correction

#: Days to request a correction, days to answer it, and days before the due day on which the people who may answer get
#: an e-mail.
ASK_DAYS, ANSWER_DAYS, REMIND_DAYS = 30, 14, 4


def _end_of(day: datetime.date, consultation: Consultation) -> datetime.datetime:
    """Return the last second of a day in the consultation's zone."""
    following = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), consultation.zone)
    return following.astimezone(datetime.UTC) - datetime.timedelta(seconds=1)


def last_day_to_ask(edition: DocumentEdition, consultation: Consultation) -> datetime.date | None:
    """Return the last day to request a correction of an edition; None if it is undated."""
    if edition.published_at is None:
        return None
    return edition.published_at.astimezone(consultation.zone).date() + datetime.timedelta(days=ASK_DAYS)


def is_time_to_ask(edition: DocumentEdition, consultation: Consultation) -> bool:
    """Return whether a correction can still be requested."""
    last = last_day_to_ask(edition, consultation)
    return last is not None and clock.now() <= _end_of(last, consultation)


def is_time_to_send_again(edition: DocumentEdition, consultation: Consultation) -> bool:
    """Return whether a returned text may still be submitted again, for which there are some more days."""
    last = last_day_to_ask(edition, consultation)
    return last is not None and clock.now() <= _end_of(last + datetime.timedelta(days=RETURN_DAYS), consultation)


def answer_due(published_at: datetime.datetime, consultation: Consultation) -> datetime.datetime:
    """Return the day by which a request published at a moment must be answered."""
    day = published_at.astimezone(consultation.zone).date() + datetime.timedelta(days=ANSWER_DAYS)
    return _end_of(day, consultation)


#: The roles that answer.
ANSWER = (RoleName.ORGANIZER, RoleName.RAPPORTEUR)


def takes_requests(edition: DocumentEdition, consultation: Consultation) -> Answer:
    """The edition in force, for thirty days, also of a closed consultation, but not of an archived one."""
    if consultation.state == State.ARCHIVED:
        return Denied(_("This consultation is archived, so nothing more can be added to its record."), "archived")
    if not edition.in_force:
        return Denied(
            _("A later edition replaces this summary. Ask for a correction of the later edition."), "not_in_force"
        )
    if edition.published_at is None:
        return Denied(_("This summary comes from an archive, so it cannot be corrected."), "undated")
    if not is_time_to_ask(edition, consultation):
        return Denied(_("The 30 days for requesting a correction have ended."), "too_late")
    return True


def may_ask(person: Person, edition: DocumentEdition, consultation: Consultation) -> Answer:
    """Any participant who is signed in and not suspended, while it takes requests."""
    return may_act(person) and takes_requests(edition, consultation)


def is_asker(person: Person, correction: Correction) -> bool:
    """Return whether this person made the request."""
    return correction.person_id is not None and correction.person_id == getattr(person, "pk", None)


def can_be_sent_again(correction: Correction) -> Answer:
    """A returned request can be submitted again for those thirty days and seven more."""
    if correction.consultation.state == State.ARCHIVED:
        return Denied(_("This consultation is archived, so nothing more can be added to its record."), "archived")
    if not is_time_to_send_again(correction.edition, correction.consultation):
        return Denied(_("The time for requests has ended, so you cannot submit this request again."), "too_late")
    return True


def may_send_again(person: Person, correction: Correction) -> Answer:
    """The requester, if it was returned."""
    if not is_asker(person, correction):
        return Denied(_("Only the person who made the request can submit it again."))
    if correction.state != ItemState.RETURNED:
        return Denied(_("Only a text that was returned can be submitted again."), "wrong_state")
    return may_act(person) and can_be_sent_again(correction)


def may_withdraw(person: Person, correction: Correction) -> Answer:
    """The requester, at any time, while it is pending, returned or published."""
    if not is_asker(person, correction):
        return Denied(_("Only the person who made the request can withdraw it."))
    if correction.state not in {ItemState.PENDING, ItemState.RETURNED, ItemState.PUBLISHED}:
        return Denied(
            _("You cannot withdraw this request, because it has already been withdrawn, rejected or removed."),
            "wrong_state",
        )
    return True


def writers_of(correction: Correction) -> set[int]:
    """Return the writers of the text that a request is about, of its edition and its document. Three queries."""
    document = correction.edition.document_id
    signed = Signature.objects.filter(edition=correction.edition_id, part=Signature.Part.WROTE, person__isnull=False)
    found = set(signed.values_list("person_id", flat=True))
    found |= set(correction.edition.document.writers.values_list("pk", flat=True))
    asked = PublishedParagraph.objects.filter(edition=correction.edition_id, number=correction.statement or 0)
    changed = Change.objects.filter(document=document, paragraph__in=asked.values("origin"), by__isnull=False)
    return found | set(changed.values_list("by_id", flat=True))


def who_answers(correction: Correction) -> set[int]:
    """Return the active organizers and rapporteurs who did not make the request themselves. One query."""
    roles = Role.objects.filter(
        consultation_id=correction.consultation_id,
        name__in=ANSWER,
        person__is_active=True,
        person__suspended_at=None,
    )
    return set(roles.values_list("person_id", flat=True)) - {correction.person_id}


def who_may_answer(correction: Correction) -> set[int]:
    """Return the ids of the people who may answer: those who did not write it or, failing them, those who did."""
    everybody = who_answers(correction)
    return everybody - writers_of(correction) or everybody


def may_see_requests(person: Person, consultation: Consultation) -> Answer:
    """Organizers and rapporteurs of the consultation, at the desk."""
    return has_role(person, consultation, *ANSWER) or Denied(
        _("Only organizers and rapporteurs of this consultation can answer requests for correction.")
    )


def may_answer(person: Person, correction: Correction) -> Answer:
    """An organizer or rapporteur, not the requester and not a writer; a writer only if there is nobody else."""
    answer = may_see_requests(person, correction.consultation)
    if not answer:
        return answer
    if is_asker(person, correction):
        return Denied(_("You made this request yourself, so someone else must answer it."), "own")
    if correction.state != ItemState.PUBLISHED:
        return Denied(_("A request can be answered only after it has been published."), "wrong_state")
    if person.pk not in who_may_answer(correction):
        return Denied(
            _("You helped to write this summary, so someone who did not write it must answer the request."), "wrote_it"
        )
    return True


def is_self_answer(person: Person, correction: Correction) -> bool:
    """Return whether an answer by this person would be about their own text."""
    return person.pk in writers_of(correction)
