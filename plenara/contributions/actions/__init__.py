"""What authors do: one verb each. Publishing stands in `publishing.py`."""

from plenara.contributions.actions.attaching import attach as attach
from plenara.contributions.actions.attaching import detach as detach
from plenara.contributions.actions.attaching import draft_gone as draft_gone
from plenara.contributions.actions.drafts import delete_draft as delete_draft
from plenara.contributions.actions.drafts import save_draft as save_draft
from plenara.contributions.actions.entering import correct as correct
from plenara.contributions.actions.entering import enter as enter
from plenara.contributions.actions.entering import enter_sheet as enter_sheet
from plenara.contributions.actions.entering import keep_sheet as keep_sheet
from plenara.contributions.actions.entering import take_back as take_back
from plenara.contributions.actions.sharing import delete_remark as delete_remark
from plenara.contributions.actions.sharing import remark as remark
from plenara.contributions.actions.sharing import revoke as revoke
from plenara.contributions.actions.sharing import share as share
from plenara.contributions.actions.signing import ask_anew as ask_anew
from plenara.contributions.actions.signing import ask_to_sign as ask_to_sign
from plenara.contributions.actions.signing import confirm as confirm
from plenara.contributions.actions.signing import decline as decline
from plenara.contributions.actions.signing import drop_signatory as drop_signatory
from plenara.contributions.actions.submitting import byline_of as byline_of
from plenara.contributions.actions.submitting import revise as revise
from plenara.contributions.actions.submitting import submit as submit
from plenara.contributions.actions.submitting import withdraw as withdraw
