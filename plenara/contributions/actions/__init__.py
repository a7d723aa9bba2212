"""The actions of authors: one verb each. Publishing is in `publication.py`."""

from plenara.contributions.actions.drafts import attach, delete_draft, detach, draft_gone, save_draft
from plenara.contributions.actions.entries import correct, enter, enter_sheet, save_sheet, take_back
from plenara.contributions.actions.signatures import (
    ask_again,
    ask_to_sign,
    confirm,
    decline,
    delete_remark,
    drop_signatory,
    remark,
    revoke,
    share,
)
from plenara.contributions.actions.submission import byline_of, revise, submit, withdraw
