"""What somebody had sent, so that they can send it again: the very same fields, and of these what they typed in sight.

Which fields are typed, and what they are called, the forms of the program say. Nothing is kept here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from django import forms
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

#: What an upload leaves in `request.META` of files that found no room: field and name of each.
NO_ROOM = "plenara.upload_no_room"
#: Characters of a form that are given back. Forms that are taken have fewer than twice as many bytes.
MOST = 2_000_000
#: Fields that nobody typed, of forms that are written in templates.
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "seal", "next", "then", "back", "key", "writer", "digest", "credential"})
_PASSWORD = re.compile(r"password\d?$")
#: None of the last three is a `TextInput` to Django.
_TYPING = (forms.TextInput, forms.Textarea, forms.EmailInput, forms.URLInput, forms.NumberInput)
_HIDDEN = (forms.HiddenInput, forms.MultipleHiddenInput)


@dataclass(frozen=True)
class Field:
    """One field as it was sent: shown, where a person typed it, or sent again unseen."""

    name: str
    value: str
    label: str = ""
    is_shown: bool = False


@dataclass
class Sent:
    """What a form had sent."""

    fields: list[Field] = field(default_factory=list)
    passwords: list[Field] = field(default_factory=list)  # to be typed again: they go into no page
    files: list[Field] = field(default_factory=list)  # to be chosen again: a page cannot choose them

    @property
    def shown(self) -> list[Field]:
        return [each for each in self.fields if each.is_shown]

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.passwords or self.files)


def sent(request: HttpRequest) -> Sent:
    """Return what a request had sent; nothing where that cannot be read any more, or is more than any form sends."""
    found = Sent()
    try:
        values = [(name, value) for name, several in request.POST.lists() for value in several]
        files = [(name, each.name or "") for name, several in request.FILES.lists() for each in several]
    except Exception:  # a stream that broke off, a form too large: whatever it is, this page must not fail
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
    """Return the fields of the form that was sent, as it seems: the one of the package with most of the names."""
    candidates = [each for each in _all_forms() if each.__module__.startswith((package, f"{package}."))]
    if package.startswith("allauth."):
        candidates = [each for each in _all_forms() if each.__module__.startswith(("plenara.accounts.", "allauth."))]
    fields = [each.base_fields for each in candidates]
    return max(fields, key=lambda each: (len(names & each.keys()), -len(each.keys() - names)), default={})


@lru_cache(maxsize=1)
def _all_forms() -> tuple[type[forms.Form], ...]:
    """Return every form of the program: all are there, since the addresses are loaded before the first request."""
    return tuple(_below(forms.Form))


def _below(form: type[forms.Form]) -> Iterator[type[forms.Form]]:
    for each in form.__subclasses__():
        yield each
        yield from _below(each)


def _label(known: Mapping[str, forms.Field], name: str) -> str:
    label = known[name].label if name in known else None
    return str(label) if label else _("What you wrote")


def _is_typed(known: Mapping[str, forms.Field], name: str, value: str) -> bool:
    """Say whether a person typed a value: the form says so, or it looks like words rather than a number or a code."""
    if not value.strip():
        return False
    if name in known and not isinstance(known[name].widget, _HIDDEN):
        return isinstance(known[name].widget, _TYPING)
    if name in _NOT_TYPED or (name in known and isinstance(known[name].widget, _HIDDEN)):
        return False
    return any(each.isspace() for each in value.strip()) or not value.isascii()
