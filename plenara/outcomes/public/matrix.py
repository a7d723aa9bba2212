"""Views for readers: the traceability matrix, coverage, and who is left without an answer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.models import Treatment
from plenara.outcomes import figures, matrix, unanswered
from plenara.outcomes.public.base import OutcomeView


class Matrix(OutcomeView):
    """Each contribution with the paragraphs that treat it, fifty links a page."""

    known_parameters = matrix.PARAMETERS

    template_name = "outcomes/matrix.html"

    def get(self, request: HttpRequest, body: str, outcome: str, start: int | None = None) -> HttpResponse:
        self.find(body, outcome)
        filters = matrix.filters_of(request.GET.dict())
        found = matrix.page_of(self.version, filters, start)
        if found is None or (start is not None and not found.rows):
            raise Http404
        threads = matrix.threads_to_answer(self.place.outcome)
        base = f"{self.place.outcome_url}matrix/"
        return self.page(
            request,
            self.context(
                found=found,
                filters=filters,
                start=start,
                treatments=Treatment.choices,
                groups=StakeholderGroup.choices,
                threads=[(f"{each.consultation.slug}/{each.number}", each) for each in threads],
                is_of_several=len({each.consultation_id for each in threads}) > 1,
                counts=matrix.by_treatment(self.version),
                first_url=f"{base}{filters.query}" if start is not None else "",
                next_url=f"{base}from/{found.next}/{filters.query}" if found.next else "",
            ),
        )


class Coverage(OutcomeView):
    """Of whom how many contributions are answered: by group, question, language, channel and country."""

    template_name = "outcomes/coverage.html"

    def get(self, request: HttpRequest, body: str, outcome: str) -> HttpResponse:
        self.find(body, outcome)
        kept = self.version.figures
        answered, left = kept.get("answered", 0), kept.get("left", 0)
        return self.page(
            request,
            self.context(tables=figures.tables(kept), answered=answered, left=left, to_answer=answered + left),
        )


class Unanswered(OutcomeView):
    """The contributions to which the version in force gives no treatment with a reason, forty a page."""

    template_name = "outcomes/unanswered.html"

    def get(
        self, request: HttpRequest, body: str, outcome: str, consultation: str = "", number: int = 0
    ) -> HttpResponse:
        self.find(body, outcome)
        found = unanswered.page_of(self.version, consultation, number)
        if found is None:
            raise Http404
        base = f"{self.place.outcome_url}unanswered/"
        more: dict[str, Any] = {
            "found": found,
            "left_then": self.version.figures.get("left", 0),
            "left_now": unanswered.left_by(self.version).count(),
            "first_url": base if number else "",
            "next_url": f"{base}from/{found.next[0]}/{found.next[1]}/" if found.next else "",
        }
        return self.page(request, self.context(**more))
