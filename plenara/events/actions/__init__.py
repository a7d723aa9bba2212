"""Everything that writes events on the working side: proposing, changing, cancelling, withdrawing, bringing in."""

from plenara.events.actions.cancelling import cancel as cancel
from plenara.events.actions.importing import confirm as confirm
from plenara.events.actions.importing import forget as forget
from plenara.events.actions.importing import keep as keep
from plenara.events.actions.proposing import change as change
from plenara.events.actions.proposing import propose as propose
from plenara.events.actions.proposing import tell_outcome as tell_outcome
from plenara.events.actions.proposing import withdraw as withdraw
