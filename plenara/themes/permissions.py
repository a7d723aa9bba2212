"""Who may manage the list of themes. Packages above, which know the roles, register rules."""

from collections.abc import Callable

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _

from plenara.core.refusals import Answer, Denied

#: `consultations` registers who may organize: it is above and cannot be imported.
_rules: list[Callable] = []


def manages_list[Rule: Callable](rule: Rule) -> Rule:
    """Register a rule for managing the list; one rule that allows it is enough."""
    if rule not in _rules:
        _rules.append(rule)
    return rule


def may_manage_list(person: AbstractBaseUser) -> Answer:
    """The secretariat: adds, edits, retires and imports themes."""
    answers = [rule(person) for rule in _rules]
    refused = next((each for each in answers if isinstance(each, Denied)), None)
    if any(answers):
        return True
    return refused or Denied(
        _(
            "Only organizers of this site, or of the calendar and directory, can change the list of themes. "
            "Ask one of them."
        )
    )
