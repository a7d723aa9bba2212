"""What moderators, authors and readers do about what waits: one verb each."""

from plenara.moderation.actions.deciding import decide as decide
from plenara.moderation.actions.deciding import remove as remove
from plenara.moderation.actions.deciding import restore as restore
from plenara.moderation.actions.undoing import undo as undo
