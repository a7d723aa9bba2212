"""Validation of requests for correction and answers."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from plenara.core.languages import CODES
from plenara.core.life_cycle import State
from plenara.core.refusals import Answer, Denied
from plenara.core.text import word_count
from plenara.core.validation import count_within_an_hour, short_enough
from plenara.documents.models import DocumentEdition
from plenara.summaries.corrections.models import MOST_WORDS
from plenara.summaries.models import Correction, CorrectionVersion

#: The most characters of a request and its answer, since a word may be endless.
MOST_CHARACTERS = 5_000
#: Requests that one account may send in an hour.
MOST_AN_HOUR = 10


def words_fit(text: str, field: str = "text") -> Answer:
    """A text has words, three hundred at most."""
    if not any(character.isalnum() for character in text):
        return Denied(
            _("Write what should be corrected.") if field == "text" else pgettext("text", "Enter the reason."),
            "empty",
            field,
        )
    count = word_count(text)
    if count > MOST_WORDS:
        return Denied(
            ngettext(
                "Your text has %(count)d words. The limit is %(limit)d: shorten it by %(over)d word.",
                "Your text has %(count)d words. The limit is %(limit)d: shorten it by %(over)d words.",
                count - MOST_WORDS,
            )
            % {"count": count, "limit": MOST_WORDS, "over": count - MOST_WORDS},
            "too_many_words",
            field,
        )
    sentence = _("Your text has %(count)d characters. The limit is %(limit)d: shorten the text.")
    return short_enough(text, MOST_CHARACTERS, field, sentence)


def known_language(language: str, field: str = "language") -> Answer:
    """A text is in one of the six languages, whatever the consultation accepts."""
    return language in CODES or Denied(_("Choose the language of your text."), "language", field)


def statement_of(edition: DocumentEdition, statement: int | None) -> Answer:
    """A request is about a statement of the edition, or about an omission."""
    if statement is None or edition.paragraphs.filter(number=statement).exists():
        return True
    return Denied(_("Choose the statement, or say that something is missing."), "statement", "statement")


def about_fits(about: Edition | None, consultation: Consultation, statement: int | None) -> Answer:
    """The contribution that was left out is a published one of this consultation."""
    if about is None:
        return True
    if statement is not None:
        return Denied(_("Enter a contribution number only if something is missing from the summary."), "about", "about")
    if about.consultation_id != consultation.pk or about.is_gone:
        return Denied(_("No published contribution has this number. Check the number."), "about", "about")
    return True


def not_asked_already(person_id: int, edition: DocumentEdition, statement: int | None, sha256: str) -> Answer:
    """The person has not made the same request in the same words, unless it was returned or withdrawn."""
    asked = CorrectionVersion.objects.filter(
        correction__person_id=person_id,
        correction__edition=edition,
        correction__statement=statement,
        text__sha256=sha256,
        state__in=[State.PENDING, State.PUBLISHED],
    )
    return not asked.exists() or Denied(
        _("You have already submitted this request. You can find the request on “My page”."), "twice", "text"
    )


def not_too_often(person_id: int) -> Answer:
    """An account sends at most so many requests an hour."""
    sent = count_within_an_hour(person_id, "correction.asked", "correction.sent_again")
    return sent < MOST_AN_HOUR or Denied(
        _("You have submitted %(count)d requests in the last hour. Submit your next request in an hour.")
        % {"count": sent},
        "too_often",
    )


def verdict_given(verdict: str) -> Answer:
    """A request is upheld, upheld in part or not upheld."""
    return verdict in Correction.Verdict.values or Denied(_("Choose an answer."), "verdict", "verdict")
