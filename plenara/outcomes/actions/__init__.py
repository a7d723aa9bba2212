"""Actions on bodies and outcomes. Those on words, comments and review are in `documents.actions`."""

from plenara.outcomes.actions.bodies import (
    add_member,
    edit_body,
    edit_member,
    invite_member,
    make_body,
    move_member,
    publish_body,
    remove_member,
    revoke_member_invitation,
)
from plenara.outcomes.actions.meetings import (
    add_item,
    add_matter,
    ask_files,
    delete_dossier,
    delete_item,
    edit_decision,
    edit_dossier,
    edit_item,
    make_dossier,
    move_item,
    publish_dossier,
    take_matter,
    write_decision,
    write_report,
)
from plenara.outcomes.actions.outcomes import (
    add_section,
    delete_section,
    edit_outcome,
    edit_section,
    make_outcome,
    move_section,
)
from plenara.outcomes.actions.paragraphs import (
    accept,
    add_paragraph,
    agree,
    agree_with_many,
    declare_agreed,
    declare_many_agreed,
    decline,
    delete_paragraph,
    edit_paragraph,
    move_paragraph,
    object_to,
    open_again,
    propose,
    take_back_position,
    withdraw,
)
from plenara.outcomes.actions.publication import open_for_comment, publish
from plenara.outcomes.actions.responses import (
    change_response,
    refer,
    refer_many,
    respond,
    respond_to_many,
    response_stamp,
    take_back,
)
