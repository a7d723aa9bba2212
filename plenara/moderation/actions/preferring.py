"""How a moderator works: the languages they read, and when they are told by mail what waits."""

from collections.abc import Sequence
from typing import Any

from plenara.core import audit
from plenara.core.refusals import require, require_valid
from plenara.core.transaction import writing
from plenara.moderation import checks, queue, rules
from plenara.moderation.models import Preference


@writing
def set_preference(*, actor: Any, reads: Sequence[str], tell_late: bool, digest: str) -> Preference:
    """Keep which languages a moderator reads (none: all), and when they want mail about what waits."""
    require(rules.may_open_queue(actor))
    offered = queue.languages_of(actor)
    require_valid(checks.languages_offered(reads, offered), checks.digest_known(digest))
    preference, _made = Preference.objects.update_or_create(
        person=actor,
        defaults={
            "reads": [code for code in offered if code in reads],
            "tell_late": tell_late,
            "digest": digest,
        },
    )
    audit.log("moderation.preference_set", actor=actor, about=preference, digest=digest, tell_late=tell_late)
    return preference
