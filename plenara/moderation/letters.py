"""What the author reads about a decision: one text, for the letter and for the desk that shows it before it is sent."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from plenara.common.languages import django_code, html_code, in_language
from plenara.contributions.models import Contribution
from plenara.moderation import reasons
from plenara.moderation.models import Code, Decision


def context_of(decision: Decision, contribution: Contribution, language: str) -> dict[str, Any]:
    """Return what the letter's template needs, in the author's language."""
    return {
        "decision": decision,
        "code": str(decision.code),
        "codes": {code.name: str(code) for code in Code},
        "contribution": contribution,
        "consultation": contribution.consultation,
        "thread": contribution.thread,
        "question": in_language(contribution.thread.question, language).text,
        "reason_label": reasons.label(decision.reason, language) if decision.reason else "",
        "reason_text": reasons.text(decision.reason, language) if decision.reason else "",
        "foreign": decision.sentence_language if decision.sentence_language != language else "",
    }


def body_shown(decision: Decision, contribution: Contribution, language: str) -> str:
    """Return the letter's words as they will be sent, for the moderator to read before."""
    with translation.override(django_code(language)):
        return render_to_string(
            "moderation/mail/decision_body.txt",
            {**context_of(decision, contribution, language), "lang": language, "html_lang": html_code(language)},
        ).strip()
