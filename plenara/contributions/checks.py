"""What a contribution may be: its length, its language, its place."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.common import clock
from plenara.common.refusals import Answer, No
from plenara.common.text import plain, word_count
from plenara.common.vocabulary import language_name
from plenara.consultations.models import Consultation
from plenara.contributions.models import Contribution, Text, Version
from plenara.ledger.models import Act

#: The most characters that a text may have, whatever the word limit: a word can be made endless.
MOST_CHARACTERS = 100_000
#: Contributions and revisions that one account may send in an hour.
MOST_AN_HOUR = 30


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
