"""The permissions to contribute, reply, send again, revise and withdraw, share a draft, enter letters, and read and
write translations.
"""

import datetime

from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations.models import RETURN_DAYS, Consultation, RoleName, Thread
from plenara.consultations.models import State as ConsultationState
from plenara.consultations.permissions import (
    has_role,
    may_act,
    may_moderate,
    may_organize,
    takes_contributions,
    takes_returned,
)
from plenara.contributions.models import Contribution, Draft, Share
from plenara.contributions.queries.translations import Original
from plenara.core.life_cycle import State
from plenara.core.refusals import Answer, Denied


def may_contribute(person: Person, thread: Thread, *, opened_at: datetime.datetime | None = None) -> Answer:
    """Anybody who is signed in and not suspended, while the consultation accepts contributions."""
    return may_act(person) and takes_contributions(thread.consultation, opened_at=opened_at)


def may_reply(person: Person, contribution: Contribution, *, opened_at: datetime.datetime | None = None) -> Answer:
    """As `may_contribute`, for a reply to a published contribution."""
    if contribution.state != State.PUBLISHED:
        return Denied(_("This contribution is not published, so you cannot reply to it."), "not_published")
    return may_contribute(person, contribution.thread, opened_at=opened_at)


def is_author(person: Person, contribution: Contribution) -> bool:
    """Return whether this person submitted it."""
    return contribution.author_id is not None and contribution.author_id == getattr(person, "pk", None)


def may_see(person: Person, contribution: Contribution) -> Answer:
    """Its author, and the moderators of the consultation."""
    return is_author(person, contribution) or may_moderate(person, contribution.consultation)


def may_send_again(person: Person, contribution: Contribution) -> Answer:
    """The author of a returned text, while the consultation is open and seven days after."""
    if not is_author(person, contribution):
        return Denied(_("Only the author can submit this contribution again."))
    if contribution.state != State.RETURNED:
        return Denied(_("Only a text that was returned can be submitted again."), "wrong_state")
    return may_act(person) and takes_returned(contribution.consultation)


def may_correct_pending(person: Person, contribution: Contribution) -> Answer:
    """The author of a pending text, while the consultation is open and seven days after."""
    if not is_author(person, contribution):
        return Denied(_("Only the author can revise this contribution."))
    return may_act(person) and takes_returned(contribution.consultation)


def may_revise(person: Person, contribution: Contribution) -> Answer:
    """The author of a published contribution, while the consultation is open."""
    if not is_author(person, contribution):
        return Denied(_("Only the author can revise this contribution."))
    if contribution.state != State.PUBLISHED:
        return Denied(_("Only a published contribution can be revised."), "wrong_state")
    return may_act(person) and takes_contributions(contribution.consultation)


def may_withdraw(person: Person, contribution: Contribution) -> Answer:
    """Its author, at any time, while it is pending, returned or published."""
    if not is_author(person, contribution):
        return Denied(_("Only the author can withdraw this contribution."))
    if contribution.state not in {State.PENDING, State.RETURNED, State.PUBLISHED}:
        return Denied(
            _("You cannot withdraw this contribution, because it was withdrawn, rejected or removed."), "wrong_state"
        )
    return True


def may_enter(person: Person, consultation: Consultation) -> Answer:
    """A moderator or organizer, for a letter or a statement made at a meeting, until seven days after closing."""
    answer = may_moderate(person, consultation)
    if not answer:
        return answer
    if consultation.state in {ConsultationState.DRAFT, ConsultationState.ANNOUNCED}:
        return Denied(_("This consultation is not open yet. You can contribute when it opens."), "not_open")
    return bool(takes_returned(consultation)) or Denied(
        _(
            "Letters and statements received in time could be entered up to %(days)d days after the closing date. This "
            "period has ended."
        )
        % {"days": RETURN_DAYS},
        "closed",
    )


def answers_for(person: Person, contribution: Contribution) -> bool:
    """Return whether a member of the secretariat acts for its author: the one who entered it, or an organizer."""
    if not contribution.is_entered or not may_moderate(person, contribution.consultation):
        return False
    return contribution.entered_by_id == person.pk or bool(may_organize(person, contribution.consultation))


def may_correct(person: Person, contribution: Contribution) -> Answer:
    """The person who acts for the author of a returned entry, while the consultation is open and seven days after."""
    if not answers_for(person, contribution):
        return Denied(_("Only the person who entered this text, or an organizer, can correct it."))
    if contribution.state != State.RETURNED:
        return Denied(_("Only a text that was returned can be corrected."), "wrong_state")
    return may_act(person) and takes_returned(contribution.consultation)


def may_take_back(person: Person, contribution: Contribution) -> Answer:
    """The person who acts for the author of an entry, at any time, while it is pending, returned or published."""
    if not answers_for(person, contribution):
        return Denied(_("Only the person who entered this text, or an organizer, can withdraw it."))
    if contribution.state not in {State.PENDING, State.RETURNED, State.PUBLISHED}:
        return Denied(
            _("You cannot withdraw this contribution, because it was withdrawn, rejected or removed."), "wrong_state"
        )
    return may_act(person)


def may_open_draft(person: Person, draft: Draft) -> Answer:
    """The author of the draft, nobody else."""
    return draft.person_id == getattr(person, "pk", None) or Denied(_("This draft belongs to another person."))


def may_clear(person: Person, draft: Draft) -> Answer:
    """Sharing a draft and asking people to sign it: its author, unless suspended."""
    answer = may_open_draft(person, draft)
    return may_act(person) if answer else answer


def is_shared(share: Share) -> bool:
    """Return whether a link leads to its draft: it has not expired or been revoked, and its author is not suspended."""
    return share.is_open and not share.draft.person.is_suspended


def may_see_original(person: Person, original: Original) -> Answer:
    """Pending texts: moderators. Published ones: everybody who works in the consultation."""
    if not original.is_published:
        return may_moderate(person, original.consultation)
    return has_role(person, original.consultation, *RoleName.values) or Denied(
        _("Only people who have a role in this consultation can see this page. Ask an organizer for a role.")
    )


def may_translate_original(person: Person, original: Original, language: str) -> Answer:
    """Pending texts: moderators. Published ones: also rapporteurs, and translators into the language."""
    if original.source == language:
        return Denied(
            _("The original is in this language. Translate the text into another language."), "source_language"
        )
    answer = may_moderate(person, original.consultation)
    if answer or not original.is_published:
        return answer
    return (
        has_role(person, original.consultation, RoleName.RAPPORTEUR)
        or has_role(person, original.consultation, RoleName.TRANSLATOR, language=language)
        or Denied(_("Only translators into this language can do this. Ask one of them."))
    )


def may_show_machine_translations(person: Person, consultation: Consultation) -> Answer:
    """An organizer: no machine translation reaches readers before somebody has decided that it may."""
    return may_organize(person, consultation)
