"""The index of the API; the consultations; and the questions, figures and themes of one."""

from collections.abc import Iterable
from pathlib import Path

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from plenara import api
from plenara.accounts.models import Installation
from plenara.api import endpoints
from plenara.api.presenters import consultations
from plenara.api.presenters.consultations import FORMAT, figures, texts
from plenara.api.views.base import ApiView, OfConsultation, by_clock, later
from plenara.consultations.models import LIST_CACHE_TAG, Consultation, Thread
from plenara.core.languages import CODES
from plenara.directory.queries.lookup import FOLDERS
from plenara.exports.addresses import site
from plenara.exports.queries.record import public_consultations
from plenara.exports.views.base import OtherForm
from plenara.insights.queries.figures import figures_of


class Index(ApiView):
    """The index."""

    def cache_tags(self) -> list[str]:
        return ["installation"]

    def answer(self) -> dict[str, object]:
        known = Installation.objects.filter(pk=1).first() or Installation()
        return {
            "format": FORMAT,
            "self": endpoints.root(),
            "name": texts(known.name) or dict.fromkeys(CODES, "Plenara"),
            "address": site("/"),
            "links": {
                "consultations": endpoints.consultations(),
                "outcomes": endpoints.outcomes(),
                "events": endpoints.events(),
                **{folder: endpoints.listings(folder) for folder in FOLDERS.values()},
                "themes": endpoints.themes(),
                "search": endpoints.search(),
                "openapi": endpoints.document(),
            },
        }


class Document(ApiView):
    """The API's OpenAPI document."""

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.text = (Path(api.__file__).parent / "openapi.json").read_text("utf-8")
        self.variant = self.text

    def cache_tags(self) -> list[str]:
        return ["installation"]

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return OtherForm.get(self, request, *args, **kwargs)  # as the file is, line by line

    def write(self) -> Iterable[str]:
        yield self.text


class Nothing(ApiView):
    """Every unknown address below the API's."""

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        raise Http404


class Consultations(ApiView):
    """Every public consultation, by slug."""

    found: list[Consultation]
    after: str | None = None

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        after = self.parameters.slug("after")
        limit = self.parameters.limit()
        following = public_consultations().select_related("parent").order_by("slug")
        self.found = list((following.filter(slug__gt=after) if after else following)[: limit + 1])
        if len(self.found) > limit:
            self.found.pop()
            self.after = self.found[-1].slug
        self.variant = [self.parameters.given, by_clock(*self.found)[0]]

    def cache_tags(self) -> list[str]:
        return [LIST_CACHE_TAG, *(each.cache_tag for each in self.found)]

    def stamp(self, request: HttpRequest) -> tuple[str, int | None]:
        etag, modified = super().stamp(request)
        return etag, later(modified, by_clock(*self.found)[1])

    def answer(self) -> dict[str, object]:
        rows = [consultations.listed(each) for each in self.found]
        return self.list_answer(endpoints.consultations(), {"consultations": rows}, self.after)


class OneConsultation(OfConsultation):
    """A consultation, with the addresses of its parts."""

    def answer(self) -> dict[str, object]:
        counted = figures_of(list(self.consultation.threads.values_list("pk", flat=True)))
        return {"format": FORMAT} | consultations.whole(self.consultation, counted.total)


class Threads(OfConsultation):
    """The questions of a consultation."""

    def answer(self) -> dict[str, object]:
        threads = list(self.consultation.threads.all())
        counted = figures_of([each.pk for each in threads])
        rows = [consultations.question(each, self.consultation, counted) for each in threads]
        return self.list_answer(self.below("threads"), {"threads": rows})


class OneThread(OfConsultation):
    """A question."""

    thread: Thread

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        super().find(request, **kwargs)
        found = self.consultation.threads.filter(number=self.kwargs["number"]).first()
        if found is None:
            raise Http404
        self.thread = found

    def answer(self) -> dict[str, object]:
        answer = consultations.question(self.thread, self.consultation, figures_of([self.thread.pk]))
        return {"format": FORMAT, "consultation": consultations.head(self.consultation)} | answer


class Figures(OfConsultation):
    """The numbers of contributions, by dimension."""

    def answer(self) -> dict[str, object]:
        return self.list_answer(self.below("figures"), figures(list(self.consultation.threads.all())))


class Themes(OfConsultation):
    """The themes used."""

    def answer(self) -> dict[str, object]:
        rows = consultations.themes(self.consultation, self.consultation.threads.all())
        return self.list_answer(self.below("themes"), {"themes": rows})
