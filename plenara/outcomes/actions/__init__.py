"""What is done to bodies and outcomes. Words, comments and the way through review are `documents.actions`."""

from plenara.outcomes.actions.agenda import add_item, add_matter, delete_item, edit_item, move_item, take_matter
from plenara.outcomes.actions.bodies import edit_body, make_body, publish_body
from plenara.outcomes.actions.deciding import edit_decision, write_decision
from plenara.outcomes.actions.dossier_files import ask_files
from plenara.outcomes.actions.leading import approve, ask_approval, reopen, send_back
from plenara.outcomes.actions.making import edit_outcome, make_outcome
from plenara.outcomes.actions.meetings import delete_dossier, edit_dossier, make_dossier, publish_dossier, write_report
from plenara.outcomes.actions.members import (
    add_member,
    edit_member,
    invite_member,
    move_member,
    remove_member,
    revoke_member_invitation,
)
from plenara.outcomes.actions.opening import open_for_comment
from plenara.outcomes.actions.proposing import accept, decline, propose, withdraw
from plenara.outcomes.actions.publishing import publish
from plenara.outcomes.actions.sections import add_section, delete_section, edit_section, move_section
from plenara.outcomes.actions.standing import (
    agree,
    agree_with_many,
    declare_agreed,
    declare_many_agreed,
    object_to,
    open_again,
    take_back_position,
)
from plenara.outcomes.actions.treating import (
    change_treatment,
    refer,
    refer_many,
    take_back,
    treat,
    treat_many,
    treated_as,
)
from plenara.outcomes.actions.writing import add_paragraph, delete_paragraph, edit_paragraph, move_paragraph

__all__ = [
    "accept",
    "add_item",
    "add_matter",
    "add_member",
    "add_paragraph",
    "add_section",
    "agree",
    "agree_with_many",
    "approve",
    "ask_approval",
    "ask_files",
    "change_treatment",
    "declare_agreed",
    "declare_many_agreed",
    "decline",
    "delete_dossier",
    "delete_item",
    "delete_paragraph",
    "delete_section",
    "edit_body",
    "edit_decision",
    "edit_dossier",
    "edit_item",
    "edit_member",
    "edit_outcome",
    "edit_paragraph",
    "edit_section",
    "invite_member",
    "make_body",
    "make_dossier",
    "make_outcome",
    "move_item",
    "move_member",
    "move_paragraph",
    "move_section",
    "object_to",
    "open_again",
    "open_for_comment",
    "propose",
    "publish",
    "publish_body",
    "publish_dossier",
    "refer",
    "refer_many",
    "remove_member",
    "reopen",
    "revoke_member_invitation",
    "send_back",
    "take_back",
    "take_back_position",
    "take_matter",
    "treat",
    "treat_many",
    "treated_as",
    "withdraw",
    "write_decision",
    "write_report",
]
