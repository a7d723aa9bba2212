"""The scope in which calendar and directory are moderated, with roles, a queue and a calendar of working days.

It is a row of `Consultation` that is never public and takes no contributions: its moderators are granted, its queue
is read and its decisions are numbered as those of any consultation.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Role, RoleName
from plenara.core import audit
from plenara.core.languages import NAMES, django_code
from plenara.core.prepared import prepared
from plenara.core.transaction import writing

SLUG, SYMBOL = "community", "COMMUNITY"
#: The roles that decide there.
ROLES = (RoleName.ORGANIZER, RoleName.MODERATOR)
_TITLE = gettext_noop("Calendar and directory")


def community() -> Consultation:
    """Return the community's row. An action or the desk creates it when it is first needed, never a public page."""
    return existing() or _make()


def existing() -> Consultation | None:
    """Return the community's row, if it exists."""
    return next(iter(_rows()), None)


@prepared
def _rows() -> QuerySet[Consultation]:
    return Consultation.objects.filter(is_community=True)


@writing
def _make() -> Consultation:
    titles = {}
    for code in NAMES:
        with override(django_code(code)):
            titles[code] = _(_TITLE)
    made, is_new = Consultation.objects.get_or_create(
        is_community=True, defaults={"slug": SLUG, "symbol": SYMBOL, "title": titles, "languages": list(NAMES)}
    )
    if is_new:
        audit.log("community.made", actor=None, about=made)
    return made


@writing
def take_charge(*, actor: Person) -> Consultation:
    """Make an organizer of the installation the community's first organizer, who grants the other roles."""
    from plenara.accounts.permissions import may_set_up
    from plenara.core.refusals import require

    require(may_set_up(actor))
    made = community()
    _role, is_new = Role.objects.get_or_create(consultation=made, person=actor, name=RoleName.ORGANIZER, language="")
    if is_new:
        audit.log("role.granted", actor=actor, about=made, consultation=made, person=actor.pk, role=RoleName.ORGANIZER)
    return made
