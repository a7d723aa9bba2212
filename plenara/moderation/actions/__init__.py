"""What moderators, authors and readers do about what waits: one verb each."""

from plenara.moderation.actions.appeals import appeal as appeal
from plenara.moderation.actions.appeals import confirm_report as confirm_report
from plenara.moderation.actions.appeals import decide_appeal as decide_appeal
from plenara.moderation.actions.appeals import report as report
from plenara.moderation.actions.campaigns import decide_campaign as decide_campaign
from plenara.moderation.actions.campaigns import take_out as take_out
from plenara.moderation.actions.claims import claim as claim
from plenara.moderation.actions.claims import hold as hold
from plenara.moderation.actions.claims import leave_note as leave_note
from plenara.moderation.actions.claims import release as release
from plenara.moderation.actions.claims import release_hold as release_hold
from plenara.moderation.actions.claims import set_preference as set_preference
from plenara.moderation.actions.claims import take_over as take_over
from plenara.moderation.actions.decisions import check as check
from plenara.moderation.actions.decisions import consent as consent
from plenara.moderation.actions.decisions import decide as decide
from plenara.moderation.actions.decisions import decline as decline
from plenara.moderation.actions.decisions import propose_redaction as propose_redaction
from plenara.moderation.actions.decisions import remove as remove
from plenara.moderation.actions.decisions import restore as restore
from plenara.moderation.actions.decisions import take_back as take_back
from plenara.moderation.actions.undo import publish_campaign_now as publish_campaign_now
from plenara.moderation.actions.undo import publish_now as publish_now
from plenara.moderation.actions.undo import undo as undo
from plenara.moderation.actions.undo import undo_campaign as undo_campaign
