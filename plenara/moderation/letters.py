"""What letters say: to the author about a decision (the desk shows it before it is sent) or an appeal, to readers.

What a letter needs is gathered here in its reader's language; the words stand in the templates.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from plenara.consultations.models import State
from plenara.core.languages import django_code, in_language
from plenara.core.text import clean, digest
from plenara.moderation import appeals, reasons
from plenara.moderation.checks import can_come_back
from plenara.moderation.models import APPEALABLE, APPROVING, Appeal, Code, Decision, Redaction, Report
from plenara.moderation.publishable import KINDS


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


def letter(decision: Decision, thing: Any, language: str) -> Letter:
    """Return the letter about a decision, saved or only proposed, in a language. At most three queries."""
    return _letter(thing, "decision", decision, context_of(decision, thing, language), language)


def redaction_letter(proposal: Redaction, thing: Any, language: str) -> Letter:
    """Return the letter that asks an author about words to leave out, in a language. It quotes none of them."""
    context = {
        **KINDS[thing.kind].letter_context(thing, None, language),
        "reason_label": reasons.label(proposal.reason, language) if proposal.reason else "",
        "foreign": proposal.sentence_language if proposal.sentence_language != language else "",
        "can_come_back": can_come_back(thing),
        "url": f"{settings.SITE_URL}{KINDS[thing.kind].mine_path(thing, language)}redaction/",
    }
    return _letter(thing, "redaction", proposal, context, language)


def _letter(thing: Any, name: str, about: Decision | Redaction, context: dict[str, Any], language: str) -> Letter:
    folder = KINDS[thing.kind].templates.mail
    templates = {part: f"{folder}/{name}_{part}.txt" for part in ("subject", "says", "then")}
    if about.sentence:
        templates["adds"] = "moderation/mail/decision_adds.txt"
    with translation.override(django_code(language)):
        made = {part: clean(render_to_string(template, context)) for part, template in templates.items()}
    return Letter(
        language=language, sentence=about.sentence, sentence_language=about.sentence_language, **{"adds": "", **made}
    )


def context_of(decision: Decision, thing: Any, language: str) -> dict[str, Any]:
    """Return what the letter's templates need, in the author's language."""
    publishable, refuses = KINDS[thing.kind], bool(decision.reason) and decision.code not in APPROVING
    told = publishable.letter_context(thing, decision.version_id, language)
    if decision.moved_to and decision.moved_to != thing.thread.number:
        thread = thing.consultation.threads.filter(number=decision.moved_to).first() or thing.thread
        told["question"] = in_language(thread.question, language).text
    return {
        **told,
        "code": str(Code.APPROVED if decision.code in APPROVING else decision.code),
        "codes": {code.name: str(code) for code in Code},
        "publishes": decision.before.get("publishes", True),
        "number": decision.moved_to,
        "reason_label": reasons.label(decision.reason, language) if refuses else "",
        "reason_text": reasons.text(decision.reason, language) if refuses else "",
        "foreign": decision.sentence_language if decision.sentence_language != language else "",
        "can_come_back": can_come_back(thing),
        "appeal_until": _appeal_until(decision, thing),
        "appeal_url": f"{settings.SITE_URL}{publishable.appeal_path(thing, language)}",
    }


def _appeal_until(decision: Decision, thing: Any) -> datetime.date | None:
    """Return the last day on which the author can appeal; nothing where nobody can."""
    consultation = thing.consultation
    if decision.code not in APPEALABLE or consultation.state == State.ARCHIVED:
        return None
    return appeals.last_day(decision, consultation)


def appeal_context_of(appeal: Appeal, thing: Any, language: str) -> dict[str, Any]:
    """Return what the letter about an appeal needs, in the author's language."""
    publishable = KINDS[thing.kind]
    is_upheld = appeal.status == Appeal.Status.UPHELD
    return {
        **publishable.letter_context(thing, None, language),
        "is_upheld": is_upheld,
        "appeal": appeal,
        "kind": publishable,
        "says_template": f"{publishable.templates.mail}/appeal_outcome_says.txt",
        "public_path": publishable.public_path(thing, language) if is_upheld else "",
        "mine_path": publishable.mine_path(thing, language),
        "foreign": appeal.answer_language if appeal.answer_language != language else "",
    }


def appeal_letter(appeal: Appeal, thing: Any, language: str) -> str:
    """Return what the letter about an appeal says, decided or only proposed, in a language."""
    with translation.override(django_code(language)):
        context = appeal_context_of(appeal, thing, language)
        return render_to_string(context["says_template"], context).strip()


def report_context_of(report: Report, thing: Any, language: str) -> dict[str, Any]:
    """Return what the letters about a report need, in the language of their reader. They tell none of its words."""
    publishable = KINDS[report.kind]
    context = {
        "contribution": thing,
        "question": in_language(thing.thread.question, language).text if thing.thread else "",
        "title": publishable.letter_context(thing, None, language).get("title", ""),
        "public_path": publishable.public_path(thing, language),
        "reported": reasons.label(report.reason, language),
        "outcome": str(report.outcome),
        "outcomes": {outcome.name: str(outcome) for outcome in Report.Outcome},
    }
    if report.outcome == Report.Outcome.REMOVED:
        removed = Decision.objects.filter(kind=report.kind, object_id=report.object_id, code=Code.REMOVED)
        decision = removed.order_by("-number").first()
        context["removed_for"] = reasons.label(decision.reason, language) if decision else ""
    return context
