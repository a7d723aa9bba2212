"""What moderators, authors and readers do about what waits: one verb each."""

from plenara.moderation.actions.appealing import appeal as appeal
from plenara.moderation.actions.appealing import decide_appeal as decide_appeal
from plenara.moderation.actions.campaigning import decide_campaign as decide_campaign
from plenara.moderation.actions.campaigning import take_out as take_out
from plenara.moderation.actions.checking import check as check
from plenara.moderation.actions.claiming import claim as claim
from plenara.moderation.actions.claiming import hold as hold
from plenara.moderation.actions.claiming import release as release
from plenara.moderation.actions.claiming import release_hold as release_hold
from plenara.moderation.actions.claiming import take_over as take_over
from plenara.moderation.actions.deciding import decide as decide
from plenara.moderation.actions.deciding import remove as remove
from plenara.moderation.actions.deciding import restore as restore
from plenara.moderation.actions.noting import leave_note as leave_note
from plenara.moderation.actions.preferring import set_preference as set_preference
from plenara.moderation.actions.redacting import consent as consent
from plenara.moderation.actions.redacting import decline as decline
from plenara.moderation.actions.redacting import propose_redaction as propose_redaction
from plenara.moderation.actions.redacting import take_back as take_back
from plenara.moderation.actions.reporting import confirm_report as confirm_report
from plenara.moderation.actions.reporting import report as report
from plenara.moderation.actions.undoing import publish_campaign_now as publish_campaign_now
from plenara.moderation.actions.undoing import publish_now as publish_now
from plenara.moderation.actions.undoing import undo as undo
from plenara.moderation.actions.undoing import undo_campaign as undo_campaign
