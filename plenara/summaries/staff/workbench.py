"""The rapporteur's desk: the summaries of a consultation, and the workbench of one."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.consultations.staff.base import crumbs
from plenara.core import clock
from plenara.core.languages import in_language
from plenara.core.refusals import Refused
from plenara.core.transaction import writes
from plenara.documents import actions as document_actions
from plenara.documents import gate
from plenara.documents import rules as document_rules
from plenara.documents.models import Document
from plenara.documents.renditions import standings
from plenara.documents.staff.meanwhile import meanwhile
from plenara.summaries import actions, holding, periods, rules
from plenara.summaries.correcting.rules import may_see_requests
from plenara.summaries.correcting.upheld import for_writers
from plenara.summaries.coverage import CITED, coverage
from plenara.summaries.forms import NewForm, PeriodForm
from plenara.summaries.kind import NAME
from plenara.summaries.scheduling.dates import schedule_of
from plenara.summaries.staff.base import ConsultationView, SummaryView
from plenara.summaries.staff.listing import Listing
from plenara.summaries.staff.rows import statements_of


class List(ConsultationView):
    """The summaries of a consultation, those in the making first."""

    template_name = "summaries/desk/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        schedule = schedule_of(self.consultation)
        documents = (
            Document.objects.filter(consultation=self.consultation, kind=NAME)
            .select_related("summary")
            .prefetch_related("renditions")
            .order_by("number", "pk")
        )
        rows: list[dict[str, Any]] = [
            {
                "document": each,
                "summary": each.summary,
                "title": in_language(each.title, each.source_language),
                "period": periods.in_words(each.summary.period_from, each.summary.period_to, self.consultation),
                "published": sum(rendition.state == "published" for rendition in each.renditions.all()),
                **self.due(each),
            }
            for each in documents
        ]
        return self.page(
            request,
            {
                **self.frame(),
                "making": [row for row in rows if row["document"].state != "published"],
                "published": [row for row in reversed(rows) if row["document"].state == "published"],
                "may_begin": rules.may_begin(self.person, self.consultation),
                "may_answer": may_see_requests(self.person, self.consultation),
                "next_day": self.day(schedule.next_at) if schedule and schedule.next_at else None,
            },
        )

    def due(self, document: Document) -> dict[str, Any]:
        """Return the day by which a summary, or then its translations, are due, and whether it has gone by."""
        is_written = document.state in {"approved", "published"}
        waits = not is_written or any(each.state not in {"published", "reviewed"} for each in document.renditions.all())
        due = document.summary.translations_due_at if is_written else document.summary.due_at
        if due is None or not waits:
            return {"due": None, "is_late": False}
        return {"due": self.day(due), "is_late": clock.now() > due}

    def day(self, moment: datetime.datetime) -> datetime.date:
        """Return the day of a moment in the consultation's zone."""
        return moment.astimezone(self.consultation.zone).date()


class New(ConsultationView):
    """Beginning a summary."""

    template_name = "summaries/desk/new.html"

    rule = staticmethod(rules.may_begin)

    def get(self, request: HttpRequest) -> HttpResponse:
        form = NewForm(self.kept(request), initial=self.initial(), consultation=self.consultation)
        return self.show(request, form)

    def initial(self) -> dict[str, Any]:
        """Return the language of the person, and as period what has come since the last summary."""
        last = self.consultation.summaries.order_by("-period_to").first()
        begun = last.period_to if last else self.consultation.opens_at
        first = begun.astimezone(self.consultation.zone).date() if begun else None
        last_day = clock.now().astimezone(self.consultation.zone).date()
        return {
            "source_language": self.person.language,
            "period_from": first,
            "period_to": max(first or last_day, last_day),
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewForm(request.POST, consultation=self.consultation)
        if form.is_valid():
            period_from, period_to = form.moments()
            try:
                summary = actions.create(
                    actor=self.person,
                    consultation=self.consultation,
                    source_language=form.cleaned_data["source_language"],
                    period_from=period_from,
                    period_to=period_to,
                    title=form.cleaned_data["title"],
                )
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            else:
                return redirect("summaries:workbench", self.consultation.slug, summary.pk)
        return self.show(request, form, status=422)

    def show(self, request: HttpRequest, form: NewForm, status: int = 200) -> HttpResponse:
        here = (_("Summaries"), reverse("summaries:desk", args=[self.consultation.slug]), "")
        way = [*crumbs(self.consultation, is_inner=True), here]
        context = {**self.frame(), "form": form, "writer": self.writer(), "crumbs": way}
        return self.page(request, context, status=status)


class Period(SummaryView):
    """The title and the period of a summary in the making."""

    template_name = "summaries/desk/period.html"

    def may(self) -> Any:
        return document_rules.may_write(self.person, self.document)

    def get(self, request: HttpRequest) -> HttpResponse:
        first, last = periods.days(self.summary.period_from, self.summary.period_to, self.consultation)
        title = self.document.title.get(self.document.source_language, "")
        were = f"{self.summary.period_from.isoformat()}/{self.summary.period_to.isoformat()}"
        initial = {
            "title": title, "title_was": title, "period_from": first, "period_to": last, "period_was": were,
        }  # fmt: skip
        form = PeriodForm(self.kept(request), initial=initial, consultation=self.consultation)
        return self.page(request, self.context(form=form))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PeriodForm(request.POST, consultation=self.consultation)

        def save() -> None:
            period_from, period_to = form.moments()
            with writes():  # both or none
                document_actions.edit_title(
                    actor=self.person,
                    document=self.document,
                    title=form.cleaned_data["title"],
                    was=form.cleaned_data["title_was"],
                )
                actions.edit_period(
                    actor=self.person,
                    summary=self.summary,
                    period_from=period_from,
                    period_to=period_to,
                    was=form.moments_were(),
                )

        if self.attempt(request, form, save):
            self.say(request, _("Saved."))
            return redirect(self.address("workbench"))
        return self.page(request, self.context(form=form), status=self.status)


class Workbench(SummaryView):
    """The contributions of the period, the statements, and the coverage, in one view."""

    template_name = "summaries/desk/workbench.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        covered, statements = coverage(self.summary), statements_of(self.document)
        listing = Listing.read(request.GET.dict(), covered)
        found, total = listing.search(self.summary) if listing.query else listing.page()
        return self.page(
            request,
            self.context(
                to_put_right=for_writers(self.document.pk),
                coverage=covered,
                ticks=[each.standing == CITED for each in covered.contributions],
                listing=listing,
                back=listing.address(),
                query=listing.query,
                wanted=listing.wanted,
                editions=found,
                unread_here=[each.number for each in found if not each.is_read],  # type: ignore[attr-defined]
                total=total,
                cut=bool(listing.query) and total > len(found),
                pages=listing.pages(total) if not listing.query else None,
                period=periods.in_words(self.summary.period_from, self.summary.period_to, self.consultation),
                statements=statements,
                holders=holding.live(statements, covered),
                looked=gate.look(self.document, coverage=covered) if statements else None,
                meanwhile=meanwhile(request, self.document, self.person),
                standings=standings(self.document),
                note=self.document.note,
            ),
        )
