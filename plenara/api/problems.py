"""Errors of the API: a problem of RFC 9457, with a sentence in the reader's language.

The `type` of a problem is its address in the OpenAPI document.
"""

import json

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from plenara.api import endpoints
from plenara.contributions.models import Edition
from plenara.core.languages import current, html_code
from plenara.core.life_cycle import State
from plenara.core.rows import without_absent
from plenara.core.templatetags.plenara import iso
from plenara.directory.models import Entry
from plenara.exports import addresses
from plenara.exports.presenters import attribution

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """An error: status, a title for its kind, a sentence for this one, and fields for a program."""

    def __init__(self, status: int, kind: str, title: str, detail: str, **members: object):
        super().__init__(kind)
        self.status = status
        self.kind = kind
        self.title = title
        self.detail = detail
        self.members = members


def not_found() -> Problem:
    """Return the problem for an address without anything public."""
    return Problem(404, "NotFound", _("Not found"), _("There is nothing public at this address. Check the address."))


def not_allowed(allowed: str) -> Problem:
    """Return the problem for an attempt to write."""
    detail = _("The record can only be read through this API. Allowed methods: %(methods)s.") % {"methods": allowed}
    return Problem(405, "NotAllowed", _("Method not allowed"), detail)


def unavailable() -> Problem:
    """Return the problem while the record cannot be read. `Retry-After` has the time to retry."""
    return Problem(
        503, "Unavailable", _("Not available"), _("The record cannot be read at the moment. Try again later.")
    )


def bad(parameter: str, sentence: str) -> Problem:
    """Return the problem for a parameter's value. The value itself is not repeated."""
    return Problem(400, "BadParameter", _("Wrong parameter"), sentence, parameter=parameter)


def gone(edition: Edition) -> Problem:
    """Return the tombstone of an edition: its symbol, since when it is gone and why; none of its words."""
    members = {
        "symbol": edition.symbol,
        "number": edition.number,
        "revision": edition.revision,
        "state": attribution.status(edition),
        "gone_at": iso(attribution.gone_at(edition)),
        "reason": edition.gone_reason,
        "address": addresses.of_symbol(edition.symbol),
    }
    return Problem(410, "Gone", _("No longer available"), attribution.what_happened(edition), **without_absent(members))


def entry_gone(entry: Entry) -> Problem:
    """Return the stub of an event or a listing: its number, since when it is gone and why; none of its words."""
    withdrawn = entry.state == State.WITHDRAWN
    sentence = _("The owner withdrew this entry.") if withdrawn else _("A moderator removed this entry.")
    members = {
        "of": entry.kind,
        "number": entry.number,
        "state": entry.state,
        "gone_at": iso(entry.state_at),
        "reason": entry.reason,
    }
    return Problem(410, "EntryGone", _("No longer available"), sentence, **without_absent(members))


def answer(problem: Problem) -> HttpResponse:
    """Return a problem as a response."""
    content = {
        "type": f"{endpoints.document()}#/components/responses/{problem.kind}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
        **problem.members,
    }
    response = HttpResponse(f"{json.dumps(content, ensure_ascii=False)}\n", MEDIA_TYPE, problem.status)
    response["Content-Language"] = html_code(current())
    patch_vary_headers(response, ["Accept-Language"])
    return response
