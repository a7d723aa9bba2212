"""What authors do: one verb each. Publishing stands in `publishing.py`."""

from plenara.contributions.actions.drafts import delete_draft as delete_draft
from plenara.contributions.actions.drafts import save_draft as save_draft
from plenara.contributions.actions.submitting import byline_of as byline_of
from plenara.contributions.actions.submitting import revise as revise
from plenara.contributions.actions.submitting import submit as submit
from plenara.contributions.actions.submitting import withdraw as withdraw
