"""The context of every page's frame: the installation's name, the language and its alternatives; and the preview of a
new look.
"""

from base64 import b64encode

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import reverse

from plenara.accounts.forms.settings import LookForm
from plenara.accounts.permissions import has_any_role
from plenara.accounts.queries import installation
from plenara.core.colours import LIGHT
from plenara.core.languages import NAMES, current, direction, html_code


def frame(request: HttpRequest) -> dict[str, object]:
    """Return the context of the frame. It never reads the session: that is for member and staff pages."""
    code = current()
    path = request.path_info
    first, _slash, rest = path[1:].partition("/")
    tail = rest if first in NAMES else ""
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") and request.method == "GET" else ""
    languages = [
        {
            "code": each,
            "name": name,
            "html_lang": html_code(each),
            "url": f"/{each}/{tail}{query}",
            "current": each == code,
        }
        for each, name in NAMES.items()
    ]
    public = getattr(request, "is_public_page", False)
    person = None if public or not hasattr(request, "user") or not request.user.is_authenticated else request.user
    return {
        "installation": installation(),
        "lang": code,
        "html_lang": html_code(code),
        "dir": direction(code),
        "languages": languages,
        "site_url": settings.SITE_URL,
        "canonical_url": f"{settings.SITE_URL}{path}",
        "alternates": [
            {"html_lang": each["html_lang"], "url": f"{settings.SITE_URL}/{each['code']}/{tail}"} for each in languages
        ],
        "person": person,
        "nav_current": "my" if person and tail.startswith("account/") else "",  # a view may override this
        "person_has_desk": not public and person_has_desk(request),
        "messages": [] if public else get_messages(request),
        "demo": settings.DEMO,
        "has_docs": bool(settings.DOCS),
    }


def person_has_desk(request: HttpRequest) -> bool:
    """Return whether the person works at the desk, for a link in the header."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or user.is_suspended:
        return False
    return has_any_role(user)


def sample(form: LookForm) -> dict[str, object]:
    """Return what the preview of a valid form shows: the address of its colours, and the picture before the name."""
    given, here = form.cleaned_data, installation()
    accent = given["accent"] or LIGHT["accent"]
    mark_url = "" if given.get("drop_mark") else here.mark_url
    if form.chosen:
        media_type = {"svg": "image/svg+xml", "png": "image/png"}[form.chosen.type]
        mark_url = f"data:{media_type};base64,{b64encode(form.chosen.data).decode()}"
    return {
        "name": here.name,
        "sheet_url": reverse("sample_colours", args=[f"{accent[1:]}-{(given['header'] or accent)[1:]}"]),
        "mark_url": mark_url,
        "mark_is_name": given["mark_is_name"],
    }
