"""The actions on persons, the installation, invitations and lost passkeys. django-allauth does the signing in."""

from plenara.accounts.actions.installation import lock_person_after_installation, set_look, set_page, set_up
from plenara.accounts.actions.invitations import accept_invitation, invite, revoke_invitation
from plenara.accounts.actions.people import (
    passkeys_removal_takes_two,
    remove_passkeys,
    request_passkeys_removal,
    set_organizer,
    suspend,
    unsuspend,
)
from plenara.accounts.actions.profile import accept_rules, end_sessions, set_byline, set_profile
from plenara.accounts.actions.registration import (
    delete_unverified,
    make_organizer,
    register,
    sign_up,
    unverified,
    use_link,
    verify_by_provider,
    vouch_for,
)
from plenara.accounts.personal_data.erasure import erase, is_last_organizer, sweep
