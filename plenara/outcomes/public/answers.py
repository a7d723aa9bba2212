"""The view for readers to what was asked, what was said and what was done."""

from django.http import Http404, HttpRequest, HttpResponse

from plenara.outcomes import answering
from plenara.outcomes.public.base import OutcomeView


class Answers(OutcomeView):
    """We asked, you said, we did: a few questions a page."""

    template_name = "outcomes/answers.html"

    def get(self, request: HttpRequest, body: str, outcome: str, start: int = 1) -> HttpResponse:
        self.find(body, outcome)
        found = answering.page_of(self.version, start)
        if found is None:
            raise Http404
        base = f"{self.place.outcome_url}answers/"
        return self.page(
            request,
            self.context(
                found=found,
                answered=self.version.figures.get("answered", 0),
                left=self.version.figures.get("left", 0),
                is_of_several=len({each.thread.consultation_id for each in found.answers}) > 1,
                first_url=base if start > 1 else "",
                next_url=f"{base}from/{found.next}/" if found.next else "",
            ),
        )
