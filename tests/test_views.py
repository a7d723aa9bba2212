"""Every address of ours leads to one of the four kinds of view."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from plenara.core.views import MemberView, OpenView, PublicView, StaffView

KINDS = (PublicView, OpenView, MemberView, StaffView)


def every_pattern(resolver=None, prefix=""):
    """Yield (route, view) of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from every_pattern(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def kind_of(view):
    """Return the kind of view that a view is, or nothing."""
    found = getattr(view, "view_class", None)
    return next((kind for kind in reversed(KINDS) if found and issubclass(found, kind)), None)


def is_allauths(view):
    """Say whether a view is django-allauth's, or our form of it: the one listed exception."""
    found = getattr(view, "view_class", view)
    return any(each.__module__.startswith("allauth.") for each in getattr(found, "__mro__", [found]))


def test_every_view_is_of_one_of_the_four_kinds():
    strangers = [route for route, view in every_pattern() if kind_of(view) is None and not is_allauths(view)]
    assert strangers == []


def test_every_view_stands_in_the_file_of_its_kind():
    rooms = {PublicView: "public", OpenView: "open", MemberView: "member", StaffView: "staff"}
    lost = [
        f"{view.view_class.__module__}.{view.view_class.__name__}"
        for _route, view in every_pattern()
        if (kind := kind_of(view)) and rooms[kind] not in view.view_class.__module__.split(".")
    ]
    assert lost == []


def test_a_public_view_takes_no_form():
    # OAI-PMH 2.0 (3.1.1) wants to be asked by GET and by POST; either way it is a question, and changes nothing.
    assert [
        view.view_class.__name__
        for _route, view in every_pattern()
        if kind_of(view) is PublicView and {"post", "put", "patch", "delete"} & set(view.view_class.http_method_names)
    ] == ["Oai"]


@pytest.mark.django_db
def test_a_member_view_sends_a_stranger_to_sign_in_and_back(client):
    answer = client.get("/fr/my/")
    assert answer.status_code == 302
    assert answer.url == "/fr/account/login/?next=/fr/my/"
