"""Sentences for the codes of a draft: why it could not be made, and why a model's statement was refused."""

from django.utils.translation import gettext_lazy as _

from plenara.core.machines import CODES
from plenara.core.machines.requests import failure_sentence as sentence_of_machine

_FAILURES = {
    "role": _("The person who asked for the draft can no longer write in this summary."),
    "state": _("The summary was no longer a draft when the machine was due to write this draft."),
    "too_many": _("The summary already has the maximum number of statements."),
}
_REASONS = {
    "shape": _("The statement was not in the requested form."),
    "no_citation": _("The statement cites no contribution."),
    "unknown_citation": _("The statement cites a sentence that the model was not given."),
    "not_exact": _("The statement quotes words that are not in the contribution."),
    "too_long": _("The statement is too long."),
    "address": _("The statement contains a web address or an e-mail address."),
    "marks": _("The statement contains code or characters that do not belong in a sentence."),
    "machine_talk": _("The statement is about instructions or about the model itself, not about contributions."),
    "language": _("The statement is not in the language of the summary."),
    "first_person": _("The statement is written in the first person."),
    "other_language": _(
        "The statement is not in the language of the summary, and this site has no machine translation."
    ),
    "figure": _("The statement gives a figure that is not in the words that it cites."),
    "name": _("The statement names someone or something not mentioned in the words that it cites."),
    "poll": _(
        "The statement says how many people or groups share an opinion. Only a count of contributions can show that."
    ),
    "polarity": _("The statement contradicts the words that it cites."),
    "no_support": _("The citations do not support the statement."),
    "sides": _("The statement is a disagreement, but it does not have two sides with citations."),
    "repeated": _("The statement has the same meaning as another statement."),
    "too_many": _("There were more statements than requested."),
}


def failure_in_words(code: str) -> str:
    """Return why a draft could not be made, or why the model's words are not in it."""
    return (
        sentence_of_machine(code) if code in CODES else str(_FAILURES.get(code, _("The draft could not be created.")))
    )


def reason_in_words(code: str) -> str:
    """Return why a model's statement was refused."""
    return str(_REASONS.get(code, _("The statement did not pass our checks.")))
