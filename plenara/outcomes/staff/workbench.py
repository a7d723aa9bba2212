"""The workbench of an outcome: the whole draft at a glance, and its paragraphs, section by section."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from plenara.documents import rules as document_rules
from plenara.documents.staff.meanwhile import meanwhile
from plenara.outcomes import actions, rules
from plenara.outcomes.staff.base import OutcomeView
from plenara.outcomes.staff.bench import bench_of, place_of
from plenara.outcomes.unanswered import left_now, to_answer


class Workbench(OutcomeView):
    """Where the whole draft stands, what waits, and the paragraphs, a page at a time."""

    template_name = "outcomes/desk/workbench.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = {name: request.GET.get(name, "")[:80] for name in ("show", "section")}
        bench = bench_of(self.outcome, self.person, page=number_in(request.GET.get("page")), **asked)
        answers = to_answer(self.outcome).count()
        left = left_now(self.outcome).count()
        return self.page(
            request,
            self.context(
                bench=bench,
                answers=answers,
                answered=answers - left,
                left=left,
                note=self.document.note,
                meanwhile=meanwhile(request, self.document, self.person),
                may_agree=bool(
                    rules.may_take_position(self.person, self.body) or rules.may_declare(self.person, self.body)
                ),
                may_propose=bool(rules.may_propose(self.person, self.body)),
            ),
        )


class Move(OutcomeView):
    """Letting a paragraph stand elsewhere: `place` names its section and after which one, as `section:after`."""

    http_method_names = ["post"]

    def may(self) -> Any:
        return document_rules.may_write(self.person, self.document)

    def post(self, request: HttpRequest) -> HttpResponse:
        pk, _colon, place = request.POST.get("move", "").partition(":")
        section, _colon, after = (place or request.POST.get("place", "")).partition(":")
        ids = [number_in(each) for each in (pk, section, after)]
        paragraph = self.document.paragraphs.select_related("document").filter(pk=ids[0]).first()
        target = self.outcome.sections.filter(pk=ids[1]).first()
        if paragraph is None or target is None:
            raise Http404
        before = self.document.paragraphs.filter(pk=ids[2]).first() if ids[2] else None
        moved = actions.move_paragraph(actor=self.person, paragraph=paragraph, section=target, after=before)
        return redirect(self.address("workbench") + place_of(moved))


def number_in(value: str | None) -> int:
    """Return the whole number that an address or a form says; 0 where it says none."""
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 19 else 0
