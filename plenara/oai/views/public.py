"""The view for harvesters: OAI-PMH 2.0 (`plenara.oai`)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from plenara.accounts.queries import installation
from plenara.core import clock
from plenara.core.snapshots import snapshot
from plenara.core.views import open_to_all
from plenara.exports.views.base import LanguageFree
from plenara.oai import presenters, queries
from plenara.oai.validation import Asked, Wrong, read


class Oai(LanguageFree):
    """What is asked and answered. An error of the protocol is an answer too, with status 200.

    It takes forms as well, the one public view that does: the protocol wants both ways to ask, and neither changes
    anything. Nothing may be served stale: whoever harvests goes by the moment in the answer, and would miss for good
    what came between.
    """

    known_parameters = None  # the protocol answers what it does not know with an error

    http_method_names = [*LanguageFree.http_method_names, "post"]
    s_maxage = 0
    stale_while_revalidate = 0

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.answer(request.GET)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_form = request.content_type == "application/x-www-form-urlencoded"  # no upload is read for a question
        return self.answer(request.POST if is_form else QueryDict())

    def answer(self, parameters: QueryDict) -> HttpResponse:
        """Return the answer to what was asked, in English: a record tells each text's own language."""
        at, asked = clock.now(), Asked()
        with translation.override("en"):
            try:
                asked = read(parameters)
                with snapshot():
                    body = ANSWERS[asked.verb](asked)
            except Wrong as wrong:
                body = presenters.error(wrong)
        return open_to_all(HttpResponse(presenters.answer(asked, at, body), content_type=presenters.MEDIA_TYPE))


def identify(_asked: Asked) -> str:
    """Answer who we are."""
    return presenters.identify(installation(), queries.earliest() or clock.now())


def list_formats(asked: Asked) -> str:
    """Answer in which forms records, or one of them, can be had."""
    if (wanted := asked.get("identifier")) and queries.find(wanted, with_metadata=False) is None:
        raise Wrong("idDoesNotExist", "There is no such record.")
    return presenters.formats()


def list_sets(asked: Asked) -> str:
    """Answer which sets there are."""
    return presenters.list_of_sets(queries.page_of_sets(asked))


def list_records(asked: Asked) -> str:
    """Answer with a page of records, or of their headers."""
    return presenters.list_of(asked.verb, queries.page_of_records(asked, with_metadata=asked.verb == "ListRecords"))


def get_record(asked: Asked) -> str:
    """Answer with one record."""
    found = queries.find(asked.get("identifier"))
    if found is None:
        raise Wrong("idDoesNotExist", "There is no such record.")
    return presenters.one(found)


ANSWERS: dict[str, Callable[[Asked], str]] = {
    "Identify": identify,
    "ListMetadataFormats": list_formats,
    "ListSets": list_sets,
    "ListIdentifiers": list_records,
    "ListRecords": list_records,
    "GetRecord": get_record,
}
