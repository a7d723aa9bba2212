"""What the actions on a consultation share: taking hold of its row, asking the table of states, cleaning texts."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from plenara.consultations import rules, states
from plenara.consultations.models import LIST_CACHE_TAG, Consultation
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES
from plenara.core.refusals import AlreadyDone, Invalid, No, require


def take_hold(consultation: Consultation) -> Consultation:
    """Return the consultation as it is kept now; on PostgreSQL nobody else changes it until we have finished."""
    return Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)


def require_possible(actor: Any, consultation: Consultation, verb: states.Verb) -> None:
    """Refuse what the actor may not, or what the state does not allow; say so where it was done before."""
    require(rules.may_organize(actor, consultation))
    answer = states.allows(consultation.state, verb)
    if isinstance(answer, No) and answer.code == "already":
        raise AlreadyDone(answer.sentence, answer.code)
    require(answer)


def require_current(stamp: int | None, kept: int) -> None:
    """Refuse an edit that was begun before another was saved. None asks for nothing: no form was shown."""
    if stamp is not None and stamp != kept:
        raise Invalid(_("Somebody else has saved a change since you opened this page."), "stale")


def clean_texts(texts: Mapping[str, str] | None, clean: Callable[[str], str]) -> dict[str, str]:
    """Return a text in several languages as it will be kept: cleaned, in one order, without the empty ones."""
    cleaned = {code: clean(text) for code, text in (texts or {}).items()}
    order = [*NAMES, *(code for code in cleaned if code not in NAMES)]
    return {code: cleaned[code] for code in order if cleaned.get(code)}


def invalidate_public(consultation: Consultation, *, lists: bool = False) -> None:
    """Make its pages stale, and with `lists` those that name it; a draft has none."""
    if consultation.is_public:
        invalidate(consultation.cache_tag, nothing_goes=True)
        if lists:
            invalidate(LIST_CACHE_TAG, nothing_goes=True)
