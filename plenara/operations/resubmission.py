"""Fields of a form that was not processed, so that a person can send it again: typed ones visible, others hidden.

The program's forms show which fields are typed, and their labels. Nothing is stored.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django import forms
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import pgettext

#: Key in `request.META` for files that did not fit on the disk: field and name of each.
NO_ROOM = "plenara.upload_no_room"
#: The most characters of a form that are shown again. Accepted forms have fewer than twice as many bytes.
MOST = 2_000_000
#: Fields of forms in templates that nobody types.
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "seal", "next", "then", "back", "key", "writer", "digest", "credential"})
_PASSWORD = re.compile(r"password\d?$")
#: In Django the last three are no subclasses of `TextInput`.
_TYPING = (forms.TextInput, forms.Textarea, forms.EmailInput, forms.URLInput, forms.NumberInput)
_HIDDEN = (forms.HiddenInput, forms.MultipleHiddenInput)


@dataclass(frozen=True)
class Field:
    """One field as it was sent: visible if a person typed it, otherwise hidden."""

    name: str
    value: str
    label: str = ""
    is_shown: bool = False


@dataclass
class Sent:
    """The content of a form."""

    fields: list[Field] = field(default_factory=list)
    passwords: list[Field] = field(default_factory=list)  # to be typed again: they are in no page
    files: list[Field] = field(default_factory=list)  # to be chosen again: a page cannot choose them

    @property
    def shown(self) -> list[Field]:
        return [each for each in self.fields if each.is_shown]

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.passwords or self.files)


def sent(request: HttpRequest) -> Sent:
    """Return the content of a request; None if it cannot be read any more, or is too large for a form."""
    found = Sent()
    try:
        values = [(name, value) for name, several in request.POST.lists() for value in several]
        files = [(name, each.name or "") for name, several in request.FILES.lists() for each in several]
    except Exception:  # an interrupted stream, a form too large: in any case this page must not fail
        return found
    if sum(len(name) + len(value) for name, value in values) > MOST:
        return found
    known = _known(_package(request), frozenset(request.POST))
    for name, value in values:
        if isinstance(known.get(name, forms.Field()).widget, forms.PasswordInput) or _PASSWORD.search(name):
            found.passwords.append(Field(name, "", _label(known, name)))
        else:
            value = _token_of(request, value) if name == "csrfmiddlewaretoken" else value
            found.fields.append(Field(name, value, _label(known, name), _is_typed(known, name, value)))
    found.files = [Field(name, value, _label(known, name)) for name, value in [*files, *request.META.get(NO_ROOM, [])]]
    return found


def _token_of(request: HttpRequest, sent: str) -> str:
    """Return the token with which a form can be sent again: signing in changes it, in the cookie of this page too."""
    return get_token(request) if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") else sent


def _package(request: HttpRequest) -> str:
    """Return the package whose view the form was sent to."""
    view = getattr(request.resolver_match, "func", None)
    module = getattr(getattr(view, "view_class", view), "__module__", "") or ""
    return ".".join(module.split(".")[:2])


def _known(package: str, names: frozenset[str]) -> Mapping[str, forms.Field]:
    """Return the fields of the form that was probably sent: the one of the package with most of the names."""
    candidates = [each for each in _all_forms() if each.__module__.startswith((package, f"{package}."))]
    if package.startswith("allauth."):
        candidates = [each for each in _all_forms() if each.__module__.startswith(("plenara.accounts.", "allauth."))]
    fields = [each.base_fields for each in candidates]
    return max(fields, key=lambda each: (len(names & each.keys()), -len(each.keys() - names)), default={})


@lru_cache(maxsize=1)
def _all_forms() -> tuple[type[forms.Form], ...]:
    """Return every form of the program: the URLs have loaded all before the first request."""
    return tuple(_below(forms.Form))


def _below(form: type[forms.Form]) -> Iterator[type[forms.Form]]:
    for each in form.__subclasses__():
        yield each
        yield from _below(each)


def _label(known: Mapping[str, forms.Field], name: str) -> str:
    label = known[name].label if name in known else None
    return str(label) if label else pgettext("label", "What you wrote")


def _is_typed(known: Mapping[str, forms.Field], name: str, value: str) -> bool:
    """Return whether a person typed a value: by the form, or if it looks like words rather than a number or a code."""
    if not value.strip():
        return False
    if name in known and not isinstance(known[name].widget, _HIDDEN):
        return isinstance(known[name].widget, _TYPING)
    if name in _NOT_TYPED or (name in known and isinstance(known[name].widget, _HIDDEN)):
        return False
    return any(each.isspace() for each in value.strip()) or not value.isascii()
