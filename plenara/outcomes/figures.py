"""How many are answered, in figures: of whom an outcome answers how many contributions, by group, country, language,
channel and question. Reckoned once, when a version is published, and kept with it.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from plenara.consultations.models import Thread
from plenara.contributions.models import Channel
from plenara.core.languages import Localized, current, in_language
from plenara.core.vocabulary import StakeholderGroup, country_name, language_name
from plenara.outcomes.models import OutcomeEdition, Trace
from plenara.outcomes.unanswered import to_answer

#: What coverage is told by: its name in the figures kept, and where a contribution has it.
BY = {
    "groups": "stakeholder_group",
    "countries": "byline__country",
    "languages": "language",
    "channels": "channel",
}


def reckoned(version: OutcomeEdition) -> dict[str, Any]:
    """Return the figures of a version with its traces: `answered`, `left`, and [all, answered] by each of `BY`
    and by question ("slug/number").

    Five queries. Countries and channels that are not told are counted under "".
    """
    is_treated = Trace.objects.filter(edition=version, contribution=OuterRef("contribution"), reason__isnull=False)
    found = to_answer(version.outcome).order_by().annotate(is_answered=Exists(is_treated.exclude(treatment="")))
    figures: dict[str, Any] = {}
    for name, of in BY.items():
        rows = found.values_list(of).annotate(all=Count("pk"), answered=Count("pk", filter=Q(is_answered=True)))
        figures[name] = {str(value or ""): [every, answered] for value, every, answered in rows.order_by(of)}
    by_thread = found.values_list("consultation__slug", "thread__number").annotate(
        all=Count("pk"), answered=Count("pk", filter=Q(is_answered=True))
    )
    figures["threads"] = {
        f"{slug}/{number}": [every, answered]
        for slug, number, every, answered in by_thread.order_by("consultation", "thread__number")
    }
    figures["answered"] = sum(answered for _all, answered in figures["groups"].values())
    figures["left"] = sum(every - answered for every, answered in figures["groups"].values())
    return figures


@dataclass(frozen=True)
class Line:
    """A line of a table of coverage."""

    key: str
    label: Localized
    all: int
    answered: int
    url: str = ""


@dataclass(frozen=True)
class Table:
    """Coverage by one thing."""

    name: str
    title: str
    lines: list[Line]

    @property
    def most(self) -> int:
        return max((each.all for each in self.lines), default=0)


def tables(figures: dict[str, Any]) -> list[Table]:
    """Return what is kept with a version as tables in the reader's language. One query.

    Every stakeholder group is told, those that said nothing too: who is missing is seen.
    """
    groups = {each: [0, 0] for each in StakeholderGroup.values} | figures.get("groups", {})
    return [
        Table("groups", _("By stakeholder group"), _lines(groups, _group)),
        Table("threads", _("By question"), _threads(figures.get("threads", {}))),
        Table("languages", _("By language"), _lines(figures.get("languages", {}), language_name)),
        Table("channels", _("By channel"), _lines(figures.get("channels", {}), _channel)),
        Table("countries", _("By country"), _lines(figures.get("countries", {}), _country)),
    ]


def _lines(rows: dict[str, list[int]], called: Any) -> list[Line]:
    found = [Line(key, Localized(called(key), ""), every, answered) for key, (every, answered) in rows.items()]
    return sorted(found, key=lambda each: (-each.all, each.key))


def _group(code: str) -> str:
    return str(StakeholderGroup(code).label) if code in StakeholderGroup.values else code


def _channel(code: str) -> str:
    return str(Channel(code).label) if code in Channel.values else _("Not told")


def _country(code: str) -> str:
    return country_name(code) if code else _("Not told")


def _threads(rows: dict[str, list[int]]) -> list[Line]:
    places = [key.rpartition("/") for key in rows]
    found = Thread.objects.select_related("consultation").filter(consultation__slug__in={each[0] for each in places})
    threads = {f"{each.consultation.slug}/{each.number}": each for each in found}
    return [
        Line(key, thread_label(threads[key]), every, answered, thread_url(threads[key]))
        for key, (every, answered) in rows.items()
        if key in threads
    ]


def thread_label(thread: Thread) -> Localized:
    """Return a question with its number. Its consultation is there."""
    question = in_language(thread.question)
    return Localized(f"{thread.number}. {question.text}", question.language)


def thread_url(thread: Thread) -> str:
    """Return where a question stands."""
    return f"/{current()}/consultations/{thread.consultation.slug}/threads/{thread.number}/"
