"""Validation of contributions, drafts and their signatures, translations, and disputes of a byline."""

import datetime

from django.db.models import Manager, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.models import Person
from plenara.accounts.validation import a_name, an_address
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Contribution, Draft, Remark, Share, Text, Version
from plenara.contributions.queries.submissions import parts_of
from plenara.core import clock
from plenara.core.languages import CODES, NAMES
from plenara.core.machines import translation as machine
from plenara.core.models import AuditEntry
from plenara.core.prepared import planned_once
from plenara.core.refusals import Answer, Denied
from plenara.core.text import plain, word_count
from plenara.core.validation import count_within_an_hour
from plenara.core.validation import short_enough as characters_fit
from plenara.core.vocabulary import language_in_sentence

#: Maximal characters of a text, whatever the word limit: a word may be arbitrarily long.
MOST_CHARACTERS = 100_000
#: Contributions and revisions that one account may send in an hour.
MOST_AN_HOUR = 30
#: Drafts of one person; and of one draft: open links, remarks, characters of a remark, signatories.
MOST_DRAFTS = 50
MOST_SHARES = 10
MOST_REMARKS = 200
MOST_REMARK = 2_000
MOST_SIGNATORIES = 50
#: How long a link to a draft may be valid, in days.
DAYS = (1, 30)


def has_text(text: str) -> Answer:
    """A text has a visible word, and is not too long to be stored."""
    if not any(character.isalnum() for character in plain(text)):
        return Denied(_("Enter your contribution."), "empty", "text")
    sentence = _("Your text has %(count)d characters. The limit is %(limit)d: shorten the text.")
    return characters_fit(text, MOST_CHARACTERS, "text", sentence)


def short_enough(text: str, consultation: Consultation) -> Answer:
    """A text is within the consultation's word limit."""
    limit = consultation.word_limit
    if limit is None:
        return True
    count = word_count(text)
    if count <= limit:
        return True
    return Denied(
        ngettext(
            "Your text has %(count)d words. The limit is %(limit)d: shorten it by %(over)d word.",
            "Your text has %(count)d words. The limit is %(limit)d: shorten it by %(over)d words.",
            count - limit,
        )
        % {"count": count, "limit": limit, "over": count - limit},
        "too_many_words",
        "text",
    )


def accepted_language(language: str, consultation: Consultation) -> Answer:
    """The consultation accepts the language."""
    if not language:
        return Denied(_("Choose the language of your text."), "no_language", "language")
    if language in consultation.languages:
        return True
    accepted = [language_in_sentence(code) for code in consultation.languages]
    return Denied(
        _("This consultation accepts contributions in these languages: %(languages)s.")
        % {"languages": " · ".join(accepted)},
        "language",
        "language",
    )


def title_fits(title: str) -> Answer:
    """A title has at most 200 characters."""
    if len(title) <= 200:
        return True
    return Denied(
        _("The title has %(count)d characters. The limit is %(limit)d: shorten the title.")
        % {"count": len(title), "limit": 200},
        "title",
        "title",
    )


def known_part(part: int | None, thread: Thread, before: int | None = None) -> Answer:
    """A contribution to a draft is about a paragraph of it, or about none; a moved one may keep its paragraph."""
    if part is None or part == before or any(part == each.number for each in parts_of(thread)):
        return True
    return Denied(_("Choose one of the paragraphs of this section, or none."), "part", "part")


def same_thread(thread_id: int, answered: Contribution | None) -> Answer:
    """A reply is in the thread of what it replies to."""
    if answered is None or answered.thread_id == thread_id:
        return True
    return Denied(_("A reply must be under the same question as the contribution it replies to."), "thread")


def not_sent_already(author_id: int, thread_id: int, sha256: str) -> Answer:
    """The same person has not sent the same text to the same thread, unless it was returned or withdrawn."""
    return not list(_sent(author_id, thread_id, sha256)) or Denied(
        _("You have already submitted this text to this question. You can find it on “My page”."), "twice", "text"
    )


@planned_once
def _sent(author_id: int, thread_id: int, sha256: str) -> QuerySet[Version, int]:
    author, thread = Q(contribution__author_id=author_id), Q(contribution__thread_id=thread_id)
    same = Version.objects.filter(author, thread, text__sha256=sha256, state__in=["pending", "published"])
    return same.values_list("id", flat=True)[:1]


def not_too_often(author_id: int) -> Answer:
    """An account sends at most so many texts an hour."""
    sent = count_within_an_hour(author_id, "contribution.submitted", "contribution.revised")
    return sent < MOST_AN_HOUR or Denied(
        _("You have submitted %(count)d texts in the last hour. Your text is saved as a draft. Submit it in an hour.")
        % {"count": sent},
        "too_often",
    )


def has_changed(text: str, earlier: Text) -> Answer:
    """A revision differs from the version that it revises."""
    return text != earlier.content or Denied(
        _("Your text has not changed. Change it before you submit it again."), "unchanged", "text"
    )


def days_of_share(days: int) -> Answer:
    """A link to a draft is valid for between a day and a month."""
    least, most = DAYS
    if least <= days <= most:
        return True
    return Denied(_("Enter a number of days from 1 to 30."), "days", "days")


def room_for_share(shares: Manager[Share]) -> Answer:
    """A draft has a few links at a time."""
    if shares.filter(revoked_at=None, expires_at__gt=clock.now()).count() < MOST_SHARES:
        return True
    return Denied(
        _("%(count)d links to this draft are active. Turn off one before you create another.") % {"count": MOST_SHARES},
        "too_many_shares",
        "days",
    )


def remark_name(name: str) -> Answer:
    """The author of a remark on a draft gives a name."""
    return a_name(name, "name")


def remark_fits(text: str) -> Answer:
    """A remark is not empty, and is not too long."""
    if not text:
        return Denied(pgettext("text", "Enter your remark."), "empty", "text")
    if len(text) <= MOST_REMARK:
        return True
    sentence = _("Your remark has %(count)d characters. The limit is %(limit)d: shorten the remark.")
    return Denied(sentence % {"count": len(text), "limit": MOST_REMARK}, "long", "text")


def room_for_remark(remarks: Manager[Remark]) -> Answer:
    """A draft has a limited number of remarks."""
    if remarks.count() < MOST_REMARKS:
        return True
    return Denied(_("This draft has the maximum number of remarks. Ask the author to delete some."), "too_many_remarks")


def room_for_draft(person_id: int) -> Answer:
    """A person has a limited number of drafts."""
    if Draft.objects.filter(person_id=person_id).count() < MOST_DRAFTS:
        return True
    return Denied(
        _("You have %(count)d drafts, which is the maximum. Delete one on “My page” before you save another.")
        % {"count": MOST_DRAFTS},
        "too_many_drafts",
    )


def addresses_to_ask(addresses: list[str], own: str, asked: int) -> Answer:
    """People are asked to sign by real addresses, not one's own, and not more than a text can have."""
    if not addresses:
        return Denied(_("Enter at least one e-mail address."), "empty", "addresses")
    for address in addresses:
        if not an_address(address):
            return Denied(
                _("“%(address)s” is not an e-mail address. Enter one e-mail address per line.")
                % {"address": address[:254]},
                "address",
                "addresses",
            )
        if address == own.lower():
            return Denied(_("You sign the text as its author. Remove your own address."), "own", "addresses")
    if asked + len(addresses) > MOST_SIGNATORIES:
        return Denied(
            _(
                "A text can have up to %(most)d signatories. You have asked %(asked)d people. Enter fewer "
                "e-mail addresses, or cancel a request."
            )
            % {"most": MOST_SIGNATORIES, "asked": asked},
            "too_many",
            "addresses",
        )
    return True


#: Characters of a reason and of an answer; disputes of one person in a day.
MOST_DISPUTE_CHARACTERS, MOST_DISPUTES_A_DAY = 2_000, 10


def dispute_words_fit(text: str, field: str) -> Answer:
    """A reason or an answer is not empty, and not too long."""
    if not any(character.isalnum() for character in text):
        return Denied(
            _("Enter your reason.") if field == "text" else pgettext("text", "Enter the reason."), "empty", field
        )
    return characters_fit(text, MOST_DISPUTE_CHARACTERS, field)


def dispute_language_known(language: str, field: str) -> Answer:
    """A text is in one of the six languages."""
    return language in CODES or Denied(_("Choose the language of your text."), "language", field)


def disputes_not_too_often(person: Person) -> Answer:
    """A daily limit on a person's disputes."""
    since = clock.now() - datetime.timedelta(days=1)
    sent = AuditEntry.objects.filter(actor_id=person.pk, verb="byline.disputed", at__gt=since).count()
    return sent < MOST_DISPUTES_A_DAY or Denied(
        _("You have disputed %(count)d bylines today, which is the limit. Try again tomorrow.") % {"count": sent},
        "too_often",
    )


#: Characters of a translation, and of its title: some languages need half as many again as the original.
MOST_TRANSLATION_CHARACTERS, MOST_TRANSLATION_TITLE = 200_000, 600


def translation_language_known(language: str) -> Answer:
    """A translation is in one of the six languages."""
    return language in NAMES or Denied(_("Choose one of the six languages."), "language", "language")


def translation_has_text(content: str) -> Answer:
    """A translation is not empty, and not too long."""
    if not content:
        return Denied(_("Enter the translation."), "empty", "content")
    sentence = _("The text has %(count)d characters. The limit is %(limit)d: shorten the text.")
    return characters_fit(content, MOST_TRANSLATION_CHARACTERS, "content", sentence)


def translation_title_fits(title: str) -> Answer:
    """Its title fits a line or two."""
    return characters_fit(title, MOST_TRANSLATION_TITLE, "title")


def has_machine() -> Answer:
    """The operator has set up machine translation."""
    return machine.is_configured() or Denied(
        _("Machine translation is not set up on this site. People can translate contributions."), "no_machine"
    )


def machine_knows(source: str) -> Answer:
    """A machine translates from one of the six languages."""
    return bool(source) or Denied(
        _("This contribution is not in one of the six languages. A person has to translate it."), "no_source"
    )
