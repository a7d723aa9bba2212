"""The view for harvesters: OAI-PMH 2.0 (`plenara.oai`)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from plenara.accounts.queries import installation
from plenara.core import clock
from plenara.core.snapshots import snapshot
from plenara.core.views import open_to_all
from plenara.exports.views.base import LanguageFree
from plenara.oai import presenters, queries
from plenara.oai.validation import OaiError, OaiRequest, read


class Oai(LanguageFree):
    """Handles requests. An error of the protocol is a response with status 200.

    It takes POST too, as the only public view: the protocol requires both, and neither changes
    anything. Nothing is served stale: a harvester relies on the date in the response, and would miss
    changes in between.
    """

    known_parameters = None  # the protocol has an error for unknown parameters

    http_method_names = [*LanguageFree.http_method_names, "post"]
    s_maxage = 0
    stale_while_revalidate = 0

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return self.answer(request.GET)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        is_form = request.content_type == "application/x-www-form-urlencoded"  # uploads are not read
        return self.answer(request.POST if is_form else QueryDict())

    def answer(self, parameters: QueryDict) -> HttpResponse:
        """Return the response to a request, in English: a record names the language of each text."""
        at, wanted = clock.now(), OaiRequest()
        with translation.override("en"):
            try:
                wanted = read(parameters)
                with snapshot():
                    body = ANSWERS[wanted.verb](wanted)
            except OaiError as wrong:
                body = presenters.error(wrong)
        return open_to_all(HttpResponse(presenters.answer(wanted, at, body), content_type=presenters.MEDIA_TYPE))


def identify(_asked: OaiRequest) -> str:
    """Return the description of the repository."""
    return presenters.identify(installation(), queries.earliest() or clock.now())


def list_formats(wanted: OaiRequest) -> str:
    """Return the formats of all records, or of one."""
    if (identifier := wanted.get("identifier")) and queries.find(identifier, with_metadata=False) is None:
        raise OaiError("idDoesNotExist", "There is no such record.")
    return presenters.formats()


def list_sets(wanted: OaiRequest) -> str:
    """Return a page of the sets."""
    return presenters.list_of_sets(queries.page_of_sets(wanted))


def list_records(wanted: OaiRequest) -> str:
    """Return a page of records, or of their headers."""
    return presenters.list_of(wanted.verb, queries.page_of_records(wanted, with_metadata=wanted.verb == "ListRecords"))


def get_record(wanted: OaiRequest) -> str:
    """Return one record."""
    found = queries.find(wanted.get("identifier"))
    if found is None:
        raise OaiError("idDoesNotExist", "There is no such record.")
    return presenters.one(found)


ANSWERS: dict[str, Callable[[OaiRequest], str]] = {
    "Identify": identify,
    "ListMetadataFormats": list_formats,
    "ListSets": list_sets,
    "ListIdentifiers": list_records,
    "ListRecords": list_records,
    "GetRecord": get_record,
}
