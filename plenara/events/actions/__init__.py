"""Every change of an event: proposing, revising, cancelling, withdrawing, importing a calendar file."""

from plenara.events.actions.proposals import cancel, change, confirm, forget, propose, report_outcome, upload, withdraw
