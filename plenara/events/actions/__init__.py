"""Everything that writes events on the working side: proposing, changing, cancelling, withdrawing, bringing in."""

from plenara.events.actions.proposals import cancel, change, confirm, forget, keep, propose, report_outcome, withdraw
