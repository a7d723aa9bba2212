"""The only writers of consultations, questions and roles. Each is one verb, one transaction, one audit entry."""

from plenara.consultations.actions.announcement import announce, open_now, request_announcement
from plenara.consultations.actions.follows import follow, follow_replies, set_paces, stop
from plenara.consultations.actions.lifecycle import close_early, create, edit, extend, move_on
from plenara.consultations.actions.roles import (
    grant_role,
    invite_all,
    invite_to_role,
    revoke_invitation,
    revoke_role,
    take_charge,
)
from plenara.consultations.actions.threads import add_thread, edit_thread, move_thread, remove_thread
from plenara.consultations.actions.translations import ask_machine_for_texts, review_texts, save_texts
