"""What a contribution may be: its length, its language, its place."""

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.checks import a_name, an_address
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import Contribution, Draft, Text, Version
from plenara.contributions.parts import parts_of
from plenara.core import clock
from plenara.core.models import Act
from plenara.core.refusals import Answer, No
from plenara.core.text import plain, word_count
from plenara.core.vocabulary import language_name

#: The most characters that a text may have, whatever the word limit: a word can be made endless.
MOST_CHARACTERS = 100_000
#: Contributions and revisions that one account may send in an hour.
MOST_AN_HOUR = 30
#: Drafts of one person, and what one draft may have: open links, remarks, characters of a remark, co-signatories.
MOST_DRAFTS = 50
MOST_SHARES = 10
MOST_REMARKS = 200
MOST_REMARK = 2_000
MOST_SIGNATORIES = 50
#: How long a link to a draft may live, in days.
DAYS = (1, 30)


def says_something(text: str) -> Answer:
    """A text has a word that a reader sees, and is not too long to be kept."""
    if not any(character.isalnum() for character in plain(text)):
        return No(_("Write your contribution."), "empty", "text")
    if len(text) > MOST_CHARACTERS:
        return No(
            _("Your text has %(count)d characters. It can have %(limit)d at most.")
            % {"count": len(text), "limit": MOST_CHARACTERS},
            "too_long",
            "text",
        )
    return True


def short_enough(text: str, consultation: Consultation) -> Answer:
    """A text keeps to the consultation's word limit."""
    limit = consultation.word_limit
    if limit is None:
        return True
    count = word_count(text)
    if count <= limit:
        return True
    return No(
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
    """A language is one of those that the consultation accepts."""
    if not language:
        return No(_("Choose the language of your text."), "no_language", "language")
    if language in consultation.languages:
        return True
    accepted = [language_name(code) for code in consultation.languages]
    return No(
        _("This consultation accepts contributions in: %(languages)s.") % {"languages": " · ".join(accepted)},
        "language",
        "language",
    )


def title_fits(title: str) -> Answer:
    """A title has at most 200 characters."""
    if len(title) <= 200:
        return True
    return No(
        _("The title has %(count)d characters. It can have %(limit)d at most.") % {"count": len(title), "limit": 200},
        "title",
        "title",
    )


def known_part(part: int | None, thread: Thread, before: int | None = None) -> Answer:
    """A contribution to a draft speaks to a paragraph of it, or to none; a moved one may keep what it spoke to."""
    if part is None or part == before or any(part == each.number for each in parts_of(thread)):
        return True
    return No(_("Choose one of the paragraphs of this section, or none."), "part", "part")


def same_thread(thread_id: int, answered: Contribution | None) -> Answer:
    """A reply stands in the thread of what it answers."""
    if answered is None or answered.thread_id == thread_id:
        return True
    return No(_("A reply belongs to the question of the contribution that it answers."), "thread")


def not_sent_already(author_id: int, thread_id: int, sha256: str) -> Answer:
    """The same person has not sent the same text to the same thread, unless it came back or was withdrawn."""
    sent = Version.objects.filter(
        contribution__author_id=author_id,
        contribution__thread_id=thread_id,
        text__sha256=sha256,
        state__in=["pending", "published"],
    )
    return not sent.exists() or No(_("You have already sent this text to this question."), "twice", "text")


def not_too_often(author_id: int) -> Answer:
    """An account sends at most so many texts an hour."""
    since = clock.now() - datetime.timedelta(hours=1)
    sent = Act.objects.filter(
        actor_id=author_id, verb__in=["contribution.submitted", "contribution.revised"], at__gt=since
    ).count()
    if sent < MOST_AN_HOUR:
        return True
    return No(
        _("You have sent %(count)d texts within an hour. Your text is kept as a draft; send it a little later.")
        % {"count": sent},
        "too_often",
    )


def has_changed(text: str, earlier: Text) -> Answer:
    """A revision differs from what it revises."""
    return text != earlier.content or No(_("Your text has not changed."), "unchanged", "text")


def days_of_share(days: int) -> Answer:
    """A link to a draft lives between a day and a month."""
    least, most = DAYS
    if least <= days <= most:
        return True
    return No(_("A link can be open for 1 to 30 days."), "days", "days")


def room_for_share(shares: Any) -> Answer:
    """A draft has a few links at a time."""
    if shares.filter(revoked_at=None, expires_at__gt=clock.now()).count() < MOST_SHARES:
        return True
    return No(
        _("%(count)d links to this draft are open. End one before you make another.") % {"count": MOST_SHARES},
        "too_many_shares",
        "days",
    )


def remark_name(name: str) -> Answer:
    """Who remarks on a draft says who they are."""
    return a_name(name, "name")


def remark_fits(text: str) -> Answer:
    """A remark says something, in at most 2,000 characters."""
    if not text:
        return No(_("Write your remark."), "empty", "text")
    if len(text) <= MOST_REMARK:
        return True
    return No(
        _("Your remark has %(count)d characters. It can have 2,000 at most.") % {"count": len(text)}, "long", "text"
    )


def room_for_remark(remarks: Any) -> Answer:
    """A draft holds so many remarks."""
    if remarks.count() < MOST_REMARKS:
        return True
    return No(_("This draft has so many remarks already that it takes no more."), "too_many_remarks")


def room_for_draft(person_id: int) -> Answer:
    """A person keeps so many drafts at a time."""
    if Draft.objects.filter(person_id=person_id).count() < MOST_DRAFTS:
        return True
    return No(
        _("You have %(count)d drafts, which is the most that are kept. Delete one on your page to keep another.")
        % {"count": MOST_DRAFTS},
        "too_many_drafts",
    )


def addresses_to_ask(addresses: list[str], own: str, asked: int) -> Answer:
    """Those who are asked to sign: real addresses, not one's own, not more than a text can have."""
    if not addresses:
        return No(_("Write the e-mail address of at least one person."), "empty", "addresses")
    for address in addresses:
        if not an_address(address):
            return No(
                _("“%(address)s” is not an e-mail address. Write one address a line.") % {"address": address[:254]},
                "address",
                "addresses",
            )
        if address == own.lower():
            return No(_("You sign the text as its author: leave your own address out."), "own", "addresses")
    if asked + len(addresses) > MOST_SIGNATORIES:
        return No(
            _("A text can have %(most)d co-signatories. You have asked %(asked)d.")
            % {"most": MOST_SIGNATORIES, "asked": asked},
            "too_many",
            "addresses",
        )
    return True
