"""Sentences for the codes of a draft: why it could not be made, and why a model's statement was refused."""

from django.utils.translation import gettext_lazy as _

from plenara.core.machines import CODES
from plenara.core.machines.requests import failure_sentence as sentence_of_machine

_FAILURES = {
    "role": _("Who asked for it may not write in this summary any more."),
    "state": _("The summary was not a draft any more when it was to be made."),
    "too_many": _("The summary has as many statements as it can have."),
}
_REASONS = {
    "shape": _("It was not in the form that was asked for."),
    "no_citation": _("It cites no contribution."),
    "unknown_citation": _("It cites a sentence that it was not given."),
    "not_exact": _("It quotes words that do not stand in the contribution."),
    "too_long": _("It is too long."),
    "address": _("It names an address of a page or a mailbox."),
    "marks": _("It holds code or marks that belong to no sentence."),
    "machine_talk": _("It speaks about instructions or about itself, not about contributions."),
    "language": _("It is not in the language of the summary."),
    "first_person": _("It speaks in the first person."),
    "other_language": _("It is not in the language of the summary, and no machine translates it here."),
    "figure": _("It names a figure that does not stand in what it cites."),
    "name": _("It names somebody or something that does not stand in what it cites."),
    "poll": _("It says how many people or groups are of an opinion. Only counted contributions can say that."),
    "polarity": _("It denies what its citations say, or says what they deny."),
    "no_support": _("What it says does not rest on what it cites."),
    "sides": _("It is a disagreement without two sides that cite."),
    "repeated": _("It says the same as another statement."),
    "too_many": _("There were more statements than were asked for."),
}


def failure_in_words(code: str) -> str:
    """Return why a draft could not be made, or why the model's words are not in it."""
    return sentence_of_machine(code) if code in CODES else str(_FAILURES.get(code, _("It could not be made.")))


def reason_in_words(code: str) -> str:
    """Return why a model's statement was refused."""
    return str(_REASONS.get(code, _("It did not pass our checks.")))
