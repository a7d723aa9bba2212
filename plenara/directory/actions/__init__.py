"""What is done to listings: proposing, changing, handing over, merging, verifying, representing, confirming."""

from plenara.directory.actions.confirming import archive, confirm, confirm_all, doubt
from plenara.directory.actions.deciding import (
    decide_to_distinguish,
    decide_to_end,
    decide_to_merge,
    decide_to_verify,
    undo_decision,
)
from plenara.directory.actions.merging import merge
from plenara.directory.actions.owning import hand_over
from plenara.directory.actions.proposing import propose, revise, send_again, withdraw
from plenara.directory.actions.representing import end_representation, name_representative
from plenara.directory.actions.verifying import ask_for_proof, end_verification, prove, verify

__all__ = [
    "archive",
    "ask_for_proof",
    "confirm",
    "confirm_all",
    "decide_to_distinguish",
    "decide_to_end",
    "decide_to_merge",
    "decide_to_verify",
    "doubt",
    "end_representation",
    "end_verification",
    "hand_over",
    "merge",
    "name_representative",
    "propose",
    "prove",
    "revise",
    "send_again",
    "undo_decision",
    "verify",
    "withdraw",
]
