"""One-time links: signing in by a link that an operator prints, where mail does not work or an address is lost.

A link is signed, not stored. It names the person, an end, and when they last signed in; signing in changes the last,
so a link works once, and an older one is void as soon as any sign-in happens.
"""

import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.languages import django_code

HOURS = 24
_SALT = "plenara.accounts.one-time-link"


def one_time_link(person: Person) -> str:
    """Return the address, with host, of a page where this person signs in with one press, once, within 24 hours."""
    until = clock.now() + datetime.timedelta(hours=HOURS)
    token = signing.dumps([person.pk, int(until.timestamp()), _last_login(person)], salt=_SALT)
    with translation.override(django_code(person.language)):
        return settings.SITE_URL + reverse("one_time_link", args=[token])


def person_of(token: str) -> Person | None:
    """Return whom a link signs in; nobody where it was used, is too old or is not ours."""
    try:
        pk, until, last_login = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if until < clock.now().timestamp():
        return None
    person = Person.objects.filter(pk=pk, is_active=True).first()
    return person if person and _last_login(person) == last_login else None


def _last_login(person: Person) -> str:
    return person.last_login.astimezone(datetime.UTC).isoformat() if person.last_login else ""
