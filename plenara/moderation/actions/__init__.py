"""What moderators, authors and readers do with moderated items: one verb each."""

from plenara.moderation.actions.appeals import appeal, confirm_report, decide_appeal, report
from plenara.moderation.actions.campaigns import decide_campaign, take_out
from plenara.moderation.actions.claims import claim, hold, leave_note, release, release_hold, set_preference, take_over
from plenara.moderation.actions.decisions import (
    check,
    consent,
    decide,
    decline,
    propose_redaction,
    remove,
    restore,
    take_back,
)
from plenara.moderation.actions.undo import publish_campaign_now, publish_now, undo, undo_campaign
