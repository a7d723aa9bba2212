"""The rapporteur's desk: the summaries of a consultation and their schedule, the workbench of one, its review."""

import datetime

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext

from plenara.consultations.permissions import may_organize
from plenara.consultations.views.staff.base import crumbs
from plenara.core import clock
from plenara.core.languages import in_language
from plenara.core.refusals import ActionRefused, require
from plenara.core.transaction import writes
from plenara.documents import actions as document_actions
from plenara.documents import permissions as document_permissions
from plenara.documents import states
from plenara.documents.actions import stamp
from plenara.documents.actions.renditions import rendition_statuses
from plenara.documents.models import Document, ParagraphText
from plenara.documents.presenters.statements import sides_of
from plenara.documents.validation import publication
from plenara.documents.views.staff import review
from plenara.documents.views.staff.paragraphs import WritingView
from plenara.summaries import periods, permissions
from plenara.summaries.actions import summaries
from plenara.summaries.corrections.permissions import may_see_requests
from plenara.summaries.corrections.queries import uncorrected_for_writers
from plenara.summaries.forms import NewForm, NoteForm, PeriodForm, ScheduleForm
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.models import Schedule
from plenara.summaries.queries import statement_holders
from plenara.summaries.queries.coverage import CITED, coverage
from plenara.summaries.schedule.actions import set_schedule
from plenara.summaries.schedule.queries import schedule_of
from plenara.summaries.views.staff.base import ConsultationView, SummaryView
from plenara.summaries.views.staff.contributions import Listing


def statements_of(document: Document) -> list[dict]:
    """Return a document's paragraphs with their source words and citations. Three queries."""
    found = ParagraphText.objects.filter(paragraph__document=document, language=document.source_language)
    texts = {each.paragraph_id: each for each in found.select_related("changed_by")}
    paragraphs = list(
        document.paragraphs.select_related("thread", "accepted_by")
        .annotate(open_comments=Count("comments", filter=Q(comments__resolved_at=None, comments__language="")))
        .prefetch_related("citations__edition__byline")
        .order_by("number")
    )
    rows: list[dict] = []
    for each in paragraphs:
        text, citations = texts.get(each.pk), list(each.citations.all())
        rows.append(
            {
                "paragraph": each,
                "text": text,
                "citations": citations,
                "sides": sides_of(each.kind, text, citations),
                "opens": each.thread if not rows or rows[-1]["paragraph"].thread_id != each.thread_id else None,
                "leaves": bool(rows) and rows[-1]["paragraph"].thread_id is not None and each.thread_id is None,
                "was": stamp(each, text) if text else "",
                "up": f"{each.pk}:{each.number - 1}" if each.number > 1 else "",
                "down": f"{each.pk}:{each.number + 1}" if each.number < len(paragraphs) else "",
            }
        )
    return rows


class Review(review.Review[NoteForm], SummaryView):
    """The summary as it is, with everything that prevents its publication."""

    template_name = "summaries/desk/review.html"
    submitted = gettext_lazy("The summary is in review. We have notified the organizers.")
    published = gettext_lazy("The summary has been published. We have notified the cited authors.")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, NoteForm(self.kept(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NoteForm(request.POST)
        return self.carry_out(request, request.POST.get("act", ""), form) or self.show(request, form)

    def publish(self, form: NoteForm, *, is_correction: bool) -> None:
        summaries.publish(actor=self.person, summary=self.summary, is_correction=is_correction)

    def show(self, request: HttpRequest, form: NoteForm) -> HttpResponse:
        document, covered = self.document, coverage(self.summary)
        comments = review.by_statement(document)
        statements = [{**row, "comments": comments.get(row["paragraph"].pk, [])} for row in statements_of(document)]
        return self.page(
            request,
            self.review_context(
                publication.findings_of(document, coverage=covered),
                form=form,
                to_put_right=uncorrected_for_writers(document.pk),
                holders=statement_holders.working_lines(statements, covered),
                is_revision=document.number is not None,
                statements=statements,
                comments=comments.get(None, []),
                open_comments=[each for found in comments.values() for each in found if each.resolved_at is None],
                may_comment=bool(document_permissions.may_comment(self.person, document))
                and states.allows(document.state, "comment"),
                coverage=covered,
                period=periods.in_words(self.summary.period_from, self.summary.period_to, self.consultation),
                public_url=SUMMARY.url(self.consultation.slug, document.number) if document.number else "",
            ),
            status=self.status,
        )


class ScheduleView(ConsultationView):
    """When summaries are due: how often, on which day, in how many working days."""

    template_name = "summaries/desk/schedule.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        schedule = schedule_of(self.consultation)
        form = ScheduleForm(self.kept(request), initial=self.initial(schedule))
        return self.show(request, form, schedule)

    def initial(self, schedule: Schedule | None) -> dict[str, object]:
        """Return the present schedule, or the default one."""
        known = schedule or Schedule(source_language=self.person.language)
        names = ("every", "weekday", "source_language", "writing_days", "translating_days")
        is_on = known.is_on if schedule else True
        return {name: getattr(known, name) for name in names} | {"is_on": is_on, "was": known.stamp}

    def post(self, request: HttpRequest) -> HttpResponse:
        require(may_organize(self.person, self.consultation))
        form, status = ScheduleForm(request.POST), 422
        if form.is_valid():
            try:
                set_schedule(actor=self.person, consultation=self.consultation, **form.cleaned_data)
            except ActionRefused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused))
                status = 409 if refused.code == "changed" else 422
                if refused.code == "changed":
                    # The next attempt is based on the schedule that the person has now seen.
                    data, found = request.POST.copy(), schedule_of(self.consultation)
                    data["was"] = str(found.stamp if found else 0)
                    form.data = data
            else:
                messages.success(request, pgettext("text", "Saved."))
                return redirect("summaries:schedule", self.consultation.slug)
        return self.show(request, form, schedule_of(self.consultation), status)

    def show(
        self, request: HttpRequest, form: ScheduleForm, schedule: Schedule | None, status: int = 200
    ) -> HttpResponse:
        here = (pgettext("option", "Summaries"), reverse("summaries:desk", args=[self.consultation.slug]), "")
        context = {
            **self.frame(),
            "form": form,
            "schedule": schedule,
            "next_day": schedule.next_at.astimezone(self.consultation.zone).date()
            if schedule and schedule.next_at
            else None,
            "may_set": may_organize(self.person, self.consultation),
            "writer": self.writer(),
            "crumbs": [*crumbs(self.consultation, is_inner=True), here],
        }
        return self.page(request, context, status=status)


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
        rows: list[dict] = [
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
                "may_begin": permissions.may_begin(self.person, self.consultation),
                "may_answer": may_see_requests(self.person, self.consultation),
                "next_day": self.day(schedule.next_at) if schedule and schedule.next_at else None,
            },
        )

    def due(self, document: Document) -> dict[str, object]:
        """Return the due day of a summary, or then of its translations, and whether it has passed."""
        is_written = document.state in {"approved", "published"}
        waits = not is_written or any(each.state not in {"published", "reviewed"} for each in document.renditions.all())
        due = document.summary.translations_due_at if is_written else document.summary.due_at
        if due is None or not waits:
            return {"due": None, "is_late": False}
        return {"due": self.day(due), "is_late": clock.now() > due, "is_written": is_written}

    def day(self, moment: datetime.datetime) -> datetime.date:
        """Return the date of a moment in the consultation's zone."""
        return moment.astimezone(self.consultation.zone).date()


class New(ConsultationView):
    """Creating a summary."""

    template_name = "summaries/desk/new.html"

    rule = staticmethod(permissions.may_begin)

    def get(self, request: HttpRequest) -> HttpResponse:
        form = NewForm(self.kept(request), initial=self.initial(), consultation=self.consultation)
        return self.show(request, form)

    def initial(self) -> dict[str, object]:
        """Return the person's language, and the period since the last summary."""
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
                summary = summaries.create(
                    actor=self.person,
                    consultation=self.consultation,
                    source_language=form.cleaned_data["source_language"],
                    period_from=period_from,
                    period_to=period_to,
                    title=form.cleaned_data["title"],
                )
            except ActionRefused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            else:
                return redirect("summaries:workbench", self.consultation.slug, summary.pk)
        return self.show(request, form, status=422)

    def show(self, request: HttpRequest, form: NewForm, status: int = 200) -> HttpResponse:
        here = (pgettext("option", "Summaries"), reverse("summaries:desk", args=[self.consultation.slug]), "")
        way = [*crumbs(self.consultation, is_inner=True), here]
        context = {**self.frame(), "form": form, "writer": self.writer(), "crumbs": way}
        return self.page(request, context, status=status)


class Period(WritingView, SummaryView):
    """The title and the period of a summary in the making."""

    template_name = "summaries/desk/period.html"

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
                summaries.edit_period(
                    actor=self.person,
                    summary=self.summary,
                    period_from=period_from,
                    period_to=period_to,
                    was=form.moments_were(),
                )

        if self.attempt(request, form, save):
            self.say(request, pgettext("text", "Saved."))
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
                to_put_right=uncorrected_for_writers(self.document.pk),
                coverage=covered,
                ticks=[each.status == CITED for each in covered.contributions],
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
                holders=statement_holders.working_lines(statements, covered),
                looked=publication.findings_of(self.document, coverage=covered) if statements else None,
                meanwhile=review.changes_by_others(request, self.document, self.person),
                rendition_statuses=rendition_statuses(self.document),
                note=self.document.note,
            ),
        )
