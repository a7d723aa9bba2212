"""Requests for correction at the desk: the list, and answering."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations.permissions import may_moderate
from plenara.consultations.views.staff.base import crumbs
from plenara.core import refusals
from plenara.core.languages import current
from plenara.core.refusals import ActionRefused, AlreadyDone, NotPermitted
from plenara.documents.models import PublishedText
from plenara.moderation.kinds import after_url
from plenara.summaries.corrections import actions, permissions, presenters
from plenara.summaries.corrections.forms import AnswerForm
from plenara.summaries.corrections.queries import unanswered
from plenara.summaries.kind import SUMMARY
from plenara.summaries.models import Correction
from plenara.summaries.views.staff.base import ConsultationView

#: Answered requests on the list: the newest.
MOST = 50


class OfRequests(ConsultationView):
    """A view of the requests of one consultation, for the people who answer them."""

    section = "summaries:desk"
    rule = staticmethod(permissions.may_see_requests)

    def context(self, **more: object) -> dict[str, object]:
        """Return the context that both pages share."""
        slug = self.consultation.slug
        here = [
            (pgettext("label", "Summaries"), reverse("summaries:desk", args=[slug]), ""),
            (pgettext("label", "Requests for correction"), reverse("summaries:desk_corrections", args=[slug]), ""),
        ]
        return {**self.frame(), "crumbs": [*crumbs(self.consultation, is_inner=True), *here], **more}


class Requests(OfRequests):
    """The requests without an answer, the most urgent first, and those answered last."""

    template_name = "summaries/corrections/desk_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = unanswered(self.consultation.pk).select_related("edition", "byline", "consultation")
        answered = Correction.objects.filter(consultation=self.consultation).exclude(verdict="")
        answered = answered.select_related("edition", "byline", "consultation", "corrected_by").order_by("-answered_at")
        context = self.context(
            waiting=[(presenters.describe(each), presenters.label(each)) for each in found],
            answered=[(presenters.describe(each), presenters.label(each)) for each in answered[:MOST]],
        )
        return self.page(request, context)


class Answer(OfRequests):
    """One request with its statement, and the answer."""

    template_name = "summaries/corrections/desk_answer.html"

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.pk = kwargs.pop("pk")
        return super().enter(request, *args, **kwargs)

    def allowed(self, slug: str = "", **more: object) -> refusals.Answer:
        answer = super().allowed()
        found = Correction.objects.filter(consultation=self.consultation, number__isnull=False)
        found = found.select_related(
            "edition__document__summary", "consultation", "byline", "about", "answered_by", "corrected_by"
        )
        self.correction = get_object_or_404(found, pk=self.pk)
        return answer

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, AnswerForm(self.kept(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        data = request.POST.copy()
        data["answer"] = data.get("answer", "").replace("\x00", "")
        form = AnswerForm(data)
        form.is_valid()
        try:
            it = actions.answer(
                actor=self.person,
                correction=self.correction,
                verdict=data.get("verdict", ""),
                reason=str(data["answer"]),
                language=data.get("answer_language", "") or current(),
            )
        except ActionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            is_late = isinstance(refused, AlreadyDone)
            self.correction.refresh_from_db()
            status = 409 if is_late else 403 if isinstance(refused, NotPermitted) else 422
            return self.show(request, form, status=status)
        if it.is_upheld:
            messages.success(request, _("Your answer is public. The summary can be corrected now."))
        else:
            messages.success(request, _("Your answer is public. We have notified the person who made the request."))
        return redirect("summaries:answer", self.consultation.slug, it.pk)

    def show(self, request: HttpRequest, form: AnswerForm, status: int = 200) -> HttpResponse:
        it = self.correction
        statement = PublishedText.objects.filter(
            paragraph__edition=it.edition, paragraph__number=it.statement or 0, rendition__in_force=True
        )
        texts = {each.language: each for each in statement}
        may = permissions.may_answer(self.person, it)
        after = after_url(it) if may_moderate(self.person, self.consultation) else ""
        return self.page(
            request,
            self.context(
                form=form,
                writer=self.writer(),
                correction=it,
                description=presenters.describe(it),
                label=presenters.label(it),
                answered=presenters.answerer_in_words(it),
                statement=texts.get(current()) or texts.get(it.edition.source_language),
                may_answer=may,
                self_answer=bool(may) and permissions.is_self_answer(self.person, it),
                after_url=after,
                public_url=presenters.public_path(it),
                summary_url=SUMMARY.url(self.consultation.slug, it.edition.number),
            ),
            status=status,
        )
