"""The base view of the API: JSON for everybody, the same for every language; errors are problems."""

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from plenara.api import endpoints, problems
from plenara.api.presenters.consultations import FORMAT, head
from plenara.api.problems import Problem
from plenara.api.validation import Parameters
from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.rows import Json
from plenara.core.snapshots import snapshot
from plenara.core.views import open_to_all
from plenara.core.vocabulary import licence_url
from plenara.exports.queries.record import consultation_or_404
from plenara.exports.views.base import LanguageFree, OtherForm, unless_new


class ApiView(LanguageFree, OtherForm):
    """A view of the API. A subclass defines its object (`find`) and its answer (`answer`)."""

    known_parameters = None  # unknown parameters are a problem

    media_type = "application/json; charset=utf-8"
    parameters: Parameters

    @method_decorator(csrf_exempt)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return open_to_all(problems.answer(problems.not_found()))
        except Problem as problem:
            return open_to_all(problems.answer(problem))

    def http_method_not_allowed(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        allowed = ", ".join(name.upper() for name in self.http_method_names)
        response = problems.answer(problems.not_allowed(allowed))
        response["Allow"] = allowed
        return open_to_all(response)

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.parameters = Parameters(request.GET)
        self.find(request, **kwargs)
        etag, modified = self.stamp(request)
        response = HttpResponse(content_type=self.media_type)
        response["ETag"] = etag
        if modified:
            response["Last-Modified"] = http_date(modified)
        links = [(endpoints.document(), "describedby"), *self.links()]
        if known := unless_new(request, response, modified):
            return open_to_all(known)
        with self.reading(), translation.override("en"):
            content = self.answer()
        if "next" in content:
            links.append((content["next"], "next"))
        response["Link"] = ", ".join(f'<{address}>; rel="{relation}"' for address, relation in links)
        response.write(f"{json.dumps(content, ensure_ascii=False, separators=(',', ':'))}\n".encode(errors="replace"))
        return open_to_all(response)

    def reading(self) -> AbstractContextManager[None]:
        """Return the context manager for reading an answer: one snapshot of the record."""
        return snapshot()

    def links(self) -> list[tuple[str, str]]:
        """Return further links, each with its relation."""
        return []

    def answer(self) -> Json:
        """Return the answer. Read from one snapshot of the record, in English where words depend on a language."""
        raise NotImplementedError

    def of(self) -> dict[str, object]:
        """Return the header of a list about its object."""
        return {}

    def list_answer(self, own: str, rows: dict[str, object], after: object = None) -> dict[str, object]:
        """Return a list at the address `own`: its filters, its rows, and the next page, if there is one."""
        given = self.parameters.given
        filters = {name: value for name, value in given.items() if name not in {"after", "limit"}}
        found = {"format": FORMAT, "self": _with(own, given), **self.of()}
        if filters:
            found["filters"] = filters
        following = {} if after is None else {"next": _with(own, given | {"after": str(after)})}
        return found | rows | following

    def write(self) -> Iterable[str]:
        raise NotImplementedError("an answer of the API is written at once")


def _with(own: str, given: dict[str, str]) -> str:
    """Return an address with parameters."""
    return f"{own}?{urlencode(given)}" if given else own


def by_clock(*consultations: Consultation) -> tuple[list[str], int | None]:
    """Return the states of consultations, and when the clock last changed one, without an audit entry."""
    moments = [at for each in consultations for at in (each.opens_at, each.closes_at) if at and at <= clock.now()]
    return [each.state for each in consultations], int(max(moments).timestamp()) if moments else None


def later(one: int | None, other: int | None) -> int | None:
    """Return the later of two times; a change without a revision is unknown."""
    return max(one, other) if one and other else one


class OfConsultation(ApiView):
    """Base of the views of one consultation's parts."""

    consultation: Consultation

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.consultation = consultation_or_404(self.kwargs["slug"])
        self.read_parameters()
        self.variant = [self.parameters.given, self.consultation.state]

    def read_parameters(self) -> None:
        """Read the parameters."""

    def cache_tags(self) -> list[str]:
        return [self.consultation.cache_tag]

    def stamp(self, request: HttpRequest) -> tuple[str, int | None]:
        etag, modified = super().stamp(request)
        return etag, later(modified, by_clock(self.consultation)[1])

    def links(self) -> list[tuple[str, str]]:
        licence = licence_url(self.consultation.licence)
        return [(licence, "license")] if licence else []

    def of(self) -> dict[str, object]:
        return {"consultation": head(self.consultation), "licence": self.consultation.licence}

    def below(self, name: str) -> str:
        """Return an address below the consultation's."""
        return f"{endpoints.consultation(self.consultation.slug)}/{name}"
