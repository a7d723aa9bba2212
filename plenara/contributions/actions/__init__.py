"""What authors do: one verb each. Publishing is in `publication.py`."""

from plenara.contributions.actions.drafts import attach as attach
from plenara.contributions.actions.drafts import delete_draft as delete_draft
from plenara.contributions.actions.drafts import detach as detach
from plenara.contributions.actions.drafts import draft_gone as draft_gone
from plenara.contributions.actions.drafts import save_draft as save_draft
from plenara.contributions.actions.entries import correct as correct
from plenara.contributions.actions.entries import enter as enter
from plenara.contributions.actions.entries import enter_sheet as enter_sheet
from plenara.contributions.actions.entries import keep_sheet as keep_sheet
from plenara.contributions.actions.entries import take_back as take_back
from plenara.contributions.actions.signatures import ask_anew as ask_anew
from plenara.contributions.actions.signatures import ask_to_sign as ask_to_sign
from plenara.contributions.actions.signatures import confirm as confirm
from plenara.contributions.actions.signatures import decline as decline
from plenara.contributions.actions.signatures import delete_remark as delete_remark
from plenara.contributions.actions.signatures import drop_signatory as drop_signatory
from plenara.contributions.actions.signatures import remark as remark
from plenara.contributions.actions.signatures import revoke as revoke
from plenara.contributions.actions.signatures import share as share
from plenara.contributions.actions.submission import byline_of as byline_of
from plenara.contributions.actions.submission import revise as revise
from plenara.contributions.actions.submission import submit as submit
from plenara.contributions.actions.submission import withdraw as withdraw
