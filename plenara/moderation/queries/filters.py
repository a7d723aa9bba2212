"""The filters of the queue's page: the parameters of its address, and the choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations.models import Consultation, Thread
from plenara.consultations.working_time import Calendar, promised_minutes
from plenara.core import clock
from plenara.core.languages import in_language
from plenara.core.vocabulary import StakeholderGroup, language_name
from plenara.moderation.kinds import KINDS
from plenara.moderation.models import Item

#: Ages that can be filtered by, as parts of the promise.
AGES = {"half": 0.5, "over": 1.0}
#: Filters by a column.
COLUMNS = {"language": "language", "group": "stakeholder_group", "why": "why", "kind": "kind"}
#: Marks that can be filtered by, and their columns.
MARKS = {"new": "by_newcomer", "flagged": "is_flagged", "returned": "was_returned"}


class Choice(NamedTuple):
    """One value of a filter."""

    value: str
    label: str


class Filter(NamedTuple):
    """A filter with its choices, and the chosen one."""

    name: str
    label: str
    all: str  # the label of the empty choice
    choices: list[Choice]
    chosen: str


@dataclass(frozen=True)
class QueueFilters:
    """The parameters of an address. Unknown values are ignored."""

    values: dict[str, str]
    where: Sequence[Consultation]  # the shown part of the queue

    @classmethod
    def read(cls, address: Mapping[str, object], where: Sequence[Consultation], threads: Sequence[Thread]) -> Self:
        """Return the parameters of an address, for the consultations that somebody moderates and their questions."""
        given = {name: str(value) for name, value in address.items()}
        found = [one for one in where if one.slug == given.get("consultation")] or list(where)
        offered = {each.name: {choice.value for choice in each.choices} for each in filter_choices({}, found, threads)}
        offered["consultation"] = {one.slug for one in where}
        values = {name: given[name] for name in offered if given.get(name) in offered[name]}
        return cls(values | {name: "1" for name in MARKS if given.get(name) == "1"}, found)

    @property
    def marks(self) -> list[tuple[str, str, bool]]:
        """Return the marks that can be filtered by: name, label, and whether it is set."""
        words = {
            "new": pgettext("option", "New author"),
            "flagged": pgettext("option", "Something was noticed by a machine"),
            "returned": pgettext("option", "Returned to the author before"),
        }
        return [(name, words[name], name in self.values) for name in MARKS]

    def condition(self) -> Q:
        """Return the condition on rows of the queue."""
        found = Q()
        if "consultation" in self.values:
            found &= Q(consultation__in=[one.pk for one in self.where])
        if "thread" in self.values:
            found &= Q(thread=int(self.values["thread"]))
        for name, column in COLUMNS.items():
            if name in self.values:
                found &= Q(**{column: self.values[name]})
        for name, column in MARKS.items():
            if name in self.values:
                found &= Q(**{column: True})
        if "same" in self.values:
            found &= Q(campaign__isnull=self.values["same"] == "none")
        if "age" in self.values:
            found &= self._older(AGES[self.values["age"]])
        return found

    def _older(self, part: float) -> Q:
        """Return items older than a part of the promise, by each consultation's working days."""
        found = Q(pk__in=[])
        for one in self.where:
            # The first full minute past it, as the page counts minutes.
            minutes = promised_minutes(one) * part + 1
            found |= Q(consultation=one.pk, since__lte=Calendar(one, clock.now()).moment_before(minutes))
        return found


def filter_choices(values: Mapping[str, str], where: Sequence[Consultation], threads: Sequence[Thread]) -> list[Filter]:
    """Return the filters of the queue's page below its consultation's: question, language, group, age, cause, kind."""
    here = {one.pk: one for one in where}
    asked = [thread for thread in threads if thread.consultation_id in here]
    if len(here) == 1:
        questions = [Choice(str(each.number), f"{each.number}. {in_language(each.question)}") for each in asked]
    else:
        numbers = sorted({each.number for each in asked})
        questions = [
            Choice(str(number), pgettext("label", "Question %(number)s") % {"number": number}) for number in numbers
        ]
    languages = sorted({code for one in where for code in one.languages})
    return [
        Filter(
            "thread",
            pgettext("label", "Question"),
            pgettext("label", "All questions"),
            questions,
            values.get("thread", ""),
        ),
        Filter(
            "language",
            pgettext("label", "Language"),
            pgettext("label", "All languages"),
            [Choice(code, language_name(code)) for code in languages],
            values.get("language", ""),
        ),
        Filter(
            "group",
            pgettext("label", "Stakeholder group"),
            pgettext("label", "All stakeholder groups"),
            [Choice(value, str(label)) for value, label in StakeholderGroup.choices],
            values.get("group", ""),
        ),
        Filter(
            "age",
            _("Waiting time"),
            _("Any time"),
            [
                Choice("half", _("Longer than half of the promised time")),
                Choice("over", _("Longer than the promised time")),
            ],
            values.get("age", ""),
        ),
        Filter(
            "same",
            _("Same text from several people"),
            pgettext("filter", "Any"),
            [Choice("none", _("Not in a campaign")), Choice("campaign", _("In a campaign"))],
            values.get("same", ""),
        ),
        Filter(
            "why",
            _("Reason for being in the queue"),
            _("Any reason"),
            [Choice(value, str(label)) for value, label in Item.Why.choices],
            values.get("why", ""),
        ),
        Filter(
            "kind",
            pgettext("label", "Kind"),
            pgettext("label", "All kinds"),
            [Choice(kind, str(each.sentences["names"])) for kind, each in KINDS.items()],
            values.get("kind", ""),
        ),
    ]
