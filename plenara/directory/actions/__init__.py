"""Every change of a listing: proposing, revising, handing over, merging, verifying, representing, confirming."""

from plenara.directory.actions.decisions import (
    ask_for_proof,
    decide_to_distinguish,
    decide_to_end,
    decide_to_merge,
    decide_to_verify,
    end_verification,
    prove,
    undo_decision,
    verify,
)
from plenara.directory.actions.invitations import end_representation, hand_over, name_representative
from plenara.directory.actions.listings import (
    archive,
    confirm,
    confirm_all,
    doubt,
    merge,
    propose,
    revise,
    send_again,
    withdraw,
)
