"""What the installation's pages (how it works, rules, privacy) say of the code: its time limits and its reasons."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import ngettext

from plenara.consultations.models import RETURN_DAYS
from plenara.core.languages import django_code
from plenara.directory.personal_data import PROOF_DAYS
from plenara.directory.queries.verification import PROOF_LIFE
from plenara.moderation.kinds import OF_CORRECTIONS, OF_ENTRIES, OF_TEXTS, Reasons, reason_label, reason_text
from plenara.moderation.models import APPEAL_DAYS
from plenara.summaries.corrections.permissions import ASK_DAYS

#: A document symbol, as pages show it.
EXAMPLE = "WGIG/2004/Q3/74"


def page_facts(language: str) -> dict[str, str]:
    """Return the values of the names in braces, such as `{appeal_days}`, as words or Markdown in a language."""
    days = {
        "return_days": RETURN_DAYS,
        "request_days": ASK_DAYS,
        "correction_days": ASK_DAYS + RETURN_DAYS,
        "appeal_days": APPEAL_DAYS,
        "session_days": settings.SESSION_COOKIE_AGE // 86400,
        "proof_days": PROOF_LIFE.days + PROOF_DAYS,
        **{f"{kind}_days": number for kind, number in settings.KEEP_DAYS.items()},
    }
    reasons = {"contribution_reasons": OF_TEXTS, "entry_reasons": OF_ENTRIES, "correction_reasons": OF_CORRECTIONS}
    with translation.override(django_code(language)):
        limits = {
            name: ngettext("%(count)d day", "%(count)d days", number) % {"count": number}
            for name, number in days.items()
        }
    lists = {name: _list_of(each, language) for name, each in reasons.items()}
    return limits | lists | {"example_symbol": EXAMPLE}


def _list_of(reasons: Reasons, language: str) -> str:
    """Return the reasons as a list: code, label, and below them what the author reads."""
    return "\n".join(
        f"- **{code}** {reason_label(code, language)}\n  {reason_text(code, language)}"
        for code in reasons.for_moderators
    )
