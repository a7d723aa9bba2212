"""Frames: statements that cite nothing and claim nothing about views. Their figures are calculated here, never written.

They are in the document's language, if our catalogues have it.
"""

from collections import Counter
from collections.abc import Iterable

from babel.lists import format_list
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.languages import NAMES, current, django_code, html_code
from plenara.core.templatetags.plenara import language_in_sentence
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.models import Kind
from plenara.summaries import periods
from plenara.summaries.drafts.statements import Statement
from plenara.summaries.models import Summary

#: The number for statements on the whole, without a question.
WHOLE = 0


def frames(summary: Summary, contributions: Iterable[tuple[str, str, int]]) -> list[Statement]:
    """Return the frames that a document lacks: on the period and the method, then on each question without an answer.

    `contributions` are (stakeholder group, language, number of the question) of all in the period. Two queries.
    """
    rows = list(contributions)
    there: set[tuple[str, int | None]] = set(summary.document.paragraphs.values_list("kind", "thread__number"))
    found = []
    with translation.override(django_code(summary.document.source_language)):
        if (Kind.FRAME, None) not in there:
            found.append(Statement(WHOLE, Kind.FRAME, period_and_method(summary, rows)))
        answered = {thread for _group, _language, thread in rows} | {thread for _kind, thread in there}
        for number in summary.consultation.threads.order_by("number").values_list("number", flat=True):
            if number not in answered:
                found.append(Statement(number, Kind.FRAME, _("No contribution from the period answers this question.")))
    return found


def period_and_method(summary: Summary, rows: list[tuple[str, str, int]]) -> str:
    """Return the sentences on the period, the contributors, and the limits of a summary."""
    period = periods.in_words(summary.period_from, summary.period_to, summary.consultation)
    if not rows:
        return _("This summary covers the period %(period)s. No contributions were made in this period.") % {
            "period": period
        }
    count = len(rows)
    covers = ngettext(
        "This summary covers %(count)d contribution from the period %(period)s.",
        "This summary covers %(count)d contributions from the period %(period)s.",
        count,
    ) % {"count": count, "period": period}
    labels = dict(StakeholderGroup.choices)
    by_group = _listed(Counter(str(labels.get(group, group)) for group, _language, _thread in rows))
    by_language = _listed(Counter(_name(language) for _group, language, _thread in rows))
    return "\n\n".join(
        [
            covers,
            _("By stakeholder group: %(list)s. By language: %(languages)s.")
            % {"list": by_group, "languages": by_language},
            _(
                "Anyone could contribute. This summary reports what the contributions say. It does not measure public "
                "opinion."
            ),
        ]
    )


def _name(language: str) -> str:
    return language_in_sentence(language) if language in NAMES else language


def _listed(counts: Counter[str]) -> str:
    """Return "civil society 5, government 4", the largest first."""
    rows = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    each = _("%(name)s %(count)d")
    parts = [each % {"name": name, "count": count} for name, count in rows]
    return format_list(parts, style="unit", locale=html_code(current()).replace("-", "_"))
