"""What letters say: to the author about a decision (the desk shows it before it is sent) or an appeal, to readers.

What a letter needs is gathered here in its reader's language; the words stand in the templates.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from plenara.common.languages import django_code, in_language
from plenara.common.text import clean, digest
from plenara.consultations.models import State
from plenara.contributions.models import Contribution, Version
from plenara.moderation import appeals, reasons
from plenara.moderation.checks import can_come_back
from plenara.moderation.models import APPEALABLE, Appeal, Code, Decision, Redaction, Report


@dataclass(frozen=True)
class Letter:
    """What an author reads about a decision: the same at the desk, before it is sent, and in the mail."""

    language: str  # of the letter
    subject: str
    says: str
    adds: str  # who adds the sentence, and that it is not translated where that is so
    sentence: str  # in the moderator's own words
    sentence_language: str
    then: str  # what can be done next

    @property
    def digest(self) -> str:
        """Return by what a letter that was shown is known again."""
        return digest("\n".join([self.language, self.subject, self.says, self.adds, self.sentence, self.then]))


def letter(decision: Decision, contribution: Contribution, language: str) -> Letter:
    """Return the letter about a decision, saved or only proposed, in a language. At most three queries."""
    return _letter("decision", decision, context_of(decision, contribution, language), language)


def redaction_letter(proposal: Redaction, contribution: Contribution, language: str) -> Letter:
    """Return the letter that asks an author about words to leave out, in a language. It quotes none of them."""
    context = {
        "question": in_language(contribution.thread.question, language).text,
        "foreign": proposal.sentence_language if proposal.sentence_language != language else "",
        "can_come_back": can_come_back(contribution),
        "url": f"{settings.SITE_URL}/{language}/my/contributions/{contribution.pk}/redaction/",
    }
    return _letter("redaction", proposal, context, language)


def _letter(name: str, about: Decision | Redaction, context: dict[str, Any], language: str) -> Letter:
    templates = {part: f"moderation/mail/{name}_{part}.txt" for part in ("subject", "says", "then")}
    if about.sentence:
        templates["adds"] = "moderation/mail/decision_adds.txt"
    with translation.override(django_code(language)):
        made = {part: clean(render_to_string(template, context)) for part, template in templates.items()}
    return Letter(
        language=language, sentence=about.sentence, sentence_language=about.sentence_language, **{"adds": "", **made}
    )


def context_of(decision: Decision, contribution: Contribution, language: str) -> dict[str, Any]:
    """Return what the letter's templates need, in the author's language."""
    consultation, thread = contribution.consultation, contribution.thread
    if decision.moved_to and decision.moved_to != thread.number:
        thread = consultation.threads.filter(number=decision.moved_to).first() or thread
    version = Version.objects.filter(pk=decision.version_id or 0).first()
    earlier = contribution.editions.filter(version__number__lt=version.number) if version else None
    return {
        "code": str(decision.code),
        "codes": {code.name: str(code) for code in Code},
        "is_revision": bool(earlier and earlier.exists()),
        "is_redacted": bool(version and version.is_redacted),
        "publishes": decision.before.get("publishes", True),
        "number": decision.moved_to,
        "question": in_language(thread.question, language).text,
        "reason_label": reasons.label(decision.reason, language) if decision.reason else "",
        "reason_text": reasons.text(decision.reason, language) if decision.reason else "",
        "foreign": decision.sentence_language if decision.sentence_language != language else "",
        "can_come_back": can_come_back(contribution),
        "appeal_until": _appeal_until(decision, contribution),
        "appeal_url": f"{settings.SITE_URL}/{language}/my/contributions/{contribution.pk}/appeal/",
    }


def _appeal_until(decision: Decision, contribution: Contribution) -> datetime.date | None:
    """Return the last day on which the author can appeal; nothing where nobody can."""
    consultation = contribution.consultation
    if decision.code not in APPEALABLE or consultation.state == State.ARCHIVED:
        return None
    return appeals.last_day(decision, consultation)


def appeal_context_of(appeal: Appeal, contribution: Contribution, language: str) -> dict[str, Any]:
    """Return what the letter about an appeal needs, in the author's language."""
    return {
        "is_upheld": appeal.status == Appeal.Status.UPHELD,
        "appeal": appeal,
        "contribution": contribution,
        "question": in_language(contribution.thread.question, language).text,
        "foreign": appeal.answer_language if appeal.answer_language != language else "",
    }


def appeal_letter(appeal: Appeal, contribution: Contribution, language: str) -> str:
    """Return what the letter about an appeal says, decided or only proposed, in a language."""
    with translation.override(django_code(language)):
        context = appeal_context_of(appeal, contribution, language)
        return render_to_string("moderation/mail/appeal_outcome_says.txt", context).strip()


def report_context_of(report: Report, contribution: Contribution, language: str) -> dict[str, Any]:
    """Return what the letters about a report need, in the language of their reader. They tell none of its words."""
    context = {
        "contribution": contribution,
        "question": in_language(contribution.thread.question, language).text,
        "reported": reasons.label(report.reason, language),
        "outcome": str(report.outcome),
        "outcomes": {outcome.name: str(outcome) for outcome in Report.Outcome},
    }
    if report.outcome == Report.Outcome.REMOVED:
        removed = Decision.objects.filter(kind=report.kind, object_id=report.object_id, code=Code.REMOVED)
        decision = removed.order_by("-number").first()
        context["removed_for"] = reasons.label(decision.reason, language) if decision else ""
    return context
