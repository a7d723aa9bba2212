"""Everything that writes events on the working side: proposing, changing, cancelling, withdrawing, bringing in."""

from plenara.events.actions.proposals import cancel as cancel
from plenara.events.actions.proposals import change as change
from plenara.events.actions.proposals import confirm as confirm
from plenara.events.actions.proposals import forget as forget
from plenara.events.actions.proposals import keep as keep
from plenara.events.actions.proposals import propose as propose
from plenara.events.actions.proposals import report_outcome as report_outcome
from plenara.events.actions.proposals import withdraw as withdraw
