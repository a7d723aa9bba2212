"""Actions on the installation: its name and rules, its look, its pages."""

import hashlib
from collections.abc import Mapping

from django.utils.translation import gettext as _

from plenara.accounts import permissions, queries, validation
from plenara.accounts.actions.people import lock_person
from plenara.accounts.models import Installation, Person
from plenara.accounts.queries import ACCEPTED_PAGES, PAGES, default_page_text, installation_row
from plenara.core import audit
from plenara.core.cache_tags import invalidate
from plenara.core.languages import NAMES
from plenara.core.refusals import Denied, InvalidInput, require, require_valid
from plenara.core.store import document
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing


@writing
def set_up(
    *,
    actor: Person,
    name: Mapping[str, str],
    contact: str,
    controller: Mapping[str, str],
    announcing_takes_two: bool | None = None,
    requires_second_factor: bool | None = None,
) -> Installation:
    """Set the installation's name, contact and controller, and what it requires of people with a role."""
    require(permissions.may_set_up(actor))
    names, controllers = _by_language(name), _by_language(controller)
    contact = contact.strip()
    if not names:
        raise InvalidInput(_("Enter the name of the site in at least one language."), "name", "name")
    require_valid(*(validation.a_name(text, f"name_{code}") for code, text in names.items()))
    require_valid(validation.an_address(contact, "contact"))
    if requires_second_factor and not queries.has_second_factor(actor):
        raise InvalidInput(
            _("Add a passkey or an authenticator app to your own account first."), "own", "requires_second_factor"
        )
    it = _locked_row()
    it.name, it.controller, it.contact, it.is_set_up = names, controllers, contact, True
    if announcing_takes_two is not None:
        it.announcing_takes_two = announcing_takes_two
    if requires_second_factor is not None:
        it.requires_second_factor = requires_second_factor
    it.save()
    audit.log(
        "installation.set_up",
        actor=actor,
        about=it,
        announcing_takes_two=it.announcing_takes_two,
        requires_second_factor=it.requires_second_factor,
    )
    invalidate("installation")
    return it


@writing
def set_look(
    *,
    actor: Person,
    accent: str,
    header: str,
    mark: bytes | None = None,
    drop_mark: bool = False,
    mark_is_name: bool = False,
) -> Installation:
    """Set the installation's colours ("" for the default) and its mark. Without `mark` the present one stays."""
    require(permissions.may_set_up(actor))
    require_valid(validation.an_accent(accent), validation.a_header(header))
    it = _locked_row()
    it.accent, it.header, it.mark_is_name = accent, header, mark_is_name
    if mark:
        found = validation.read_mark(mark)
        if isinstance(found, Denied):
            raise InvalidInput(found.sentence, found.code, found.field)
        it.mark, it.mark_type = _store_file(found.data), found.type
    elif drop_mark:
        it.mark = ""
    it.save()
    audit.log("installation.set_look", actor=actor, about=it, accent=accent, header=header, mark=it.mark)
    invalidate("installation")
    return it


@writing
def set_page(*, actor: Person, page: str, texts: Mapping[str, str]) -> Installation:
    """Set one of the installation's pages. A blank text, or one equal to the default, restores the default."""
    require(permissions.may_set_up(actor))
    if page not in PAGES:
        raise InvalidInput(_("This site has no page with this name. Choose another page."), "page")
    own = {code: clean(text) for code, text in texts.items() if code in NAMES}
    own = {code: text for code, text in own.items() if text and text != clean(default_page_text(page, code))}
    it = _locked_row()
    if own == it.pages.get(page, {}):
        return it
    it.pages = {**{other: its for other, its in it.pages.items() if other != page}, **({page: own} if own else {})}
    if page in ACCEPTED_PAGES:
        it.rules_version = str(int(it.rules_version) + 1)
    it.save()
    audit.log("installation.changed_page", actor=actor, about=it, page=page, rules_version=it.rules_version)
    invalidate("installation")
    return it


def lock_person_after_installation(person: Person) -> Person:
    """Lock the installation, then a person: of two last organizers, only one at a time can cease to be one."""
    _locked_row()
    return lock_person(person)


def _locked_row() -> Installation:
    return Installation.objects.select_for_update().get(pk=installation_row().pk)


def _by_language(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text for code in NAMES if (text := clean_line(texts.get(code, "")))}


def _store_file(data: bytes) -> str:
    """Store bytes among the documents under their SHA-256, and return it."""
    sha256 = hashlib.sha256(data).hexdigest()
    document(sha256).put(data)
    return sha256
