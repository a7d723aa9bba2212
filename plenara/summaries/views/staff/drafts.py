"""Requesting a first draft, and the results of earlier requests."""

import secrets

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plenara.core.machines import chat
from plenara.core.text import number_in
from plenara.documents.actions.renditions import rendition_statuses
from plenara.documents.views.staff.paragraphs import WritingView
from plenara.summaries import periods
from plenara.summaries.drafts.actions import ask_draft, discard_draft, is_running, left_of_drafts
from plenara.summaries.drafts.presenters import failure_in_words, reason_in_words
from plenara.summaries.drafts.validation import FEWEST, MOST, USUAL
from plenara.summaries.models import Draft, Grouping
from plenara.summaries.queries.coverage import editions_of
from plenara.summaries.views.staff.base import SummaryView

#: Earlier drafts that the page shows.
MOST_LISTED = 10
PLAIN, MODEL = "plain", "model"


class DraftForm(forms.Form):
    """The number of statements, and whether a model rephrases them."""

    most = forms.IntegerField(
        label=gettext_lazy("Maximum number of statements"),
        help_text=gettext_lazy(
            "Enter a number from 1 to 60. The number includes notes on the period, the method and questions "
            "without contributions."
        ),
        widget=forms.NumberInput(attrs={"min": FEWEST, "max": MOST, "class": "short", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Enter a number from 1 to 60."),
            "invalid": gettext_lazy("Enter a number from 1 to 60."),
        },
    )
    takes_several = forms.BooleanField(
        label=gettext_lazy("Use several sentences from one contribution"),
        help_text=gettext_lazy("Otherwise, the draft cites at most one sentence from each contribution."),
        required=False,
    )
    words = forms.ChoiceField(label=gettext_lazy("Text of the statements"), widget=forms.RadioSelect, required=False)
    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
        model: str,
    ):
        super().__init__(data, initial=initial)
        if not model:
            del self.fields["words"]
            return
        words = self.fields["words"]
        assert isinstance(words, forms.ChoiceField)
        words.choices = [
            (PLAIN, _("Sentences of the contributions, unchanged")),
            (MODEL, _("The same sentences, rephrased by the language model %(name)s") % {"name": model}),
        ]
        words.help_text = _(
            "The model receives only published sentences. We refuse a statement with a quotation, a figure or a name "
            "that is not in the cited words."
        )


class Drafts(WritingView, SummaryView):
    """The drafts of a summary, and the form to request one."""

    template_name = "summaries/desk/draft.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {"most": USUAL, "words": PLAIN, "key": secrets.token_urlsafe(24)}
        return self.show(request, DraftForm(self.kept(request), initial=initial, model=chat.name()))

    def post(self, request: HttpRequest) -> HttpResponse:
        if "discard" in request.POST:
            return self.discard(request)
        form = DraftForm(request.POST, model=chat.name())

        def ask() -> None:
            values = form.cleaned_data
            ask_draft(
                actor=self.person,
                summary=self.summary,
                most=values["most"],
                takes_several=values["takes_several"],
                is_rephrased=values.get("words") == MODEL,
                key=values["key"] or None,
            )

        if self.attempt(request, form, ask):
            return redirect(self.address("draft") + "#drafts")
        return self.show(request, form)

    def discard(self, request: HttpRequest) -> HttpResponse:
        """Delete the remaining statements of a draft."""
        draft = get_object_or_404(self.summary.drafts, pk=number_in(request.POST["discard"]))
        form = forms.Form(request.POST)
        count = 0

        def act() -> None:
            nonlocal count
            count = discard_draft(actor=self.person, draft=draft)

        if not self.attempt(request, form, act):
            initial = {"most": USUAL, "words": PLAIN, "key": secrets.token_urlsafe(24)}
            asked = DraftForm(initial=initial, model=chat.name())
            return self.show(request, asked, refused=form)
        if count:
            message = ngettext("%(count)d statement was deleted.", "%(count)d statements were deleted.", count)
            self.say(request, message % {"count": count})
        else:
            self.say(request, _("This draft has no statements left to discard."))
        return redirect(self.address("draft") + "#drafts")

    def show(self, request: HttpRequest, form: DraftForm, refused: forms.Form | None = None) -> HttpResponse:
        drafts = list(self.summary.drafts.select_related("asked_by")[:MOST_LISTED])
        left = left_of_drafts(self.summary)
        period = editions_of(self.consultation, self.summary.period_from, self.summary.period_to)
        has_groups = Grouping.objects.filter(summary=self.summary, made_at__isnull=False).exists()
        return self.page(
            request,
            self.context(
                form=form,
                shown_form=refused or form,
                drafts=[_row(each, left[each.pk]) for each in drafts],
                is_running=is_running(drafts[0] if drafts else None),
                contributions=period.count(),
                has_groups=has_groups,
                period=periods.in_words(self.summary.period_from, self.summary.period_to, self.consultation),
                rendition_statuses=rendition_statuses(self.document),
            ),
            status=self.status,
        )


def _row(draft: Draft, left: int) -> dict[str, object]:
    """Return a draft as the page shows it."""
    parts, done = len(draft.work.get("parts", [])), draft.work.get("done", 0)
    return {
        "draft": draft,
        "is_waiting": is_running(draft),
        "is_lost": draft.state == Draft.State.WAITING and not is_running(draft),
        "parts": parts,
        "done": done,
        "failure": failure_in_words(draft.failure) if draft.failure else "",
        "left": left,
        "refused": [
            (each.get("text", ""), reason_in_words(each.get("reason", "")))
            for each in draft.refused
            if "number" not in each
        ],
        "left_out": [
            (each["number"], reason_in_words(each.get("reason", ""))) for each in draft.refused if "number" in each
        ],
    }
