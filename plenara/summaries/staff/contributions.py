"""One contribution at the rapporteur's desk: reading it, citing its words, setting it aside."""

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from plenara.consultations.models import Thread
from plenara.contributions.models import Edition
from plenara.contributions.translating.reading import at_desk
from plenara.core.languages import direction, html_code
from plenara.core.refusals import Invalid
from plenara.core.text import excerpt
from plenara.core.transaction import writes
from plenara.documents import actions as document_actions
from plenara.documents import rules as document_rules
from plenara.documents.models import Citation, Kind, Paragraph, ParagraphText
from plenara.documents.sentences import sentences
from plenara.summaries import actions
from plenara.summaries.forms import CiteForm, SetAsideForm
from plenara.summaries.staff.base import SummaryView


class ContributionView(SummaryView):
    """A view to one published contribution, for those who write the summary."""

    def enter(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.number = kwargs.pop("number")
        return super().enter(request, *args, **kwargs)

    def may(self) -> Any:
        found = Edition.objects.select_related("text", "byline", "thread", "paper", "contribution")
        self.edition = get_object_or_404(found, consultation=self.consultation, number=self.number, in_force=True)
        return document_rules.may_write(self.person, self.document)


class Cite(ContributionView):
    """A contribution in full, with the form that cites its words and the one that sets it aside."""

    template_name = "summaries/desk/cite.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = self.initial() | {name: request.GET.get(name, "") for name in ("statement", "side")}
        initial["sentences"] = request.GET.getlist("sentence")  # chosen before, in a group
        return self.show(request, self.form(self.kept(request), initial=initial))

    def initial(self) -> dict[str, Any]:
        """Return a key of the form's own, and the question that the contribution answers."""
        return {"key": secrets.token_urlsafe(24), "thread": str(self.edition.thread_id)}

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        cited: list[Paragraph] = []
        if self.attempt(request, form, lambda: cited.append(self.cite(form.cleaned_data))):
            self.say(
                request, _("Cited in statement %(number)d.") % {"number": cited[0].number} if cited else _("Cited.")
            )
            return redirect(self.address("workbench") + (f"#s{cited[0].number}" if cited else ""))
        return self.show(request, form)

    def cite(self, values: dict[str, Any]) -> Paragraph:
        """Cite the sentences and words chosen, all of them or none, and return the statement that does."""
        chosen = [self.sentences[int(place)] for place in values["sentences"]]
        words = [*chosen, *filter(str.strip, [values["words"]])]
        if not values["statement"]:
            raise Invalid(_("Choose the statement that cites these words, or write a new one."), "empty", "statement")
        if not words:
            raise Invalid(_("Choose a sentence, or copy the exact words."), "empty", "words")
        threads = {str(each.pk): each for each in self.threads}
        with writes():
            if values["statement"] == "new":
                paragraph = document_actions.add_paragraph(
                    actor=self.person,
                    document=self.document,
                    kind=values["kind"] or Kind.PROPOSAL,
                    text=values["text"],
                    thread=threads.get(values["thread"]),
                    against=values["against"],
                    key=values["key"] or None,
                )
            else:
                paragraph = get_object_or_404(
                    self.document.paragraphs.select_related("document"), pk=int(values["statement"])
                )
            for each in words:
                document_actions.cite(
                    actor=self.person,
                    paragraph=paragraph,
                    edition=self.edition,
                    words=each,
                    side=values["side"],
                )
        return paragraph

    @property
    def threads(self) -> list[Thread]:
        return list(self.consultation.threads.order_by("number"))

    @property
    def sentences(self) -> list[str]:
        return sentences(self.edition.text.content) if self.edition.text else []

    def form(self, data: Any = None, **more: Any) -> CiteForm:
        code = self.document.source_language
        texts = ParagraphText.objects.filter(paragraph__document=self.document, language=code)
        rows = texts.exclude(paragraph__kind=Kind.FRAME).order_by("paragraph__number")
        statements = [
            (str(pk), f"{number}. {excerpt(text, 90)[0]}")
            for pk, number, text in rows.values_list("paragraph_id", "paragraph__number", "text")
        ]
        return CiteForm(
            data,
            statements=statements,
            sentences=self.sentences,
            threads=self.threads,
            language=html_code(code),
            direction=direction(code),
            **more,
        )

    def show(self, request: HttpRequest, form: CiteForm, aside: SetAsideForm | None = None) -> HttpResponse:
        kept = self.summary.set_aside.filter(edition__contribution_id=self.edition.contribution_id).first()
        cited = Citation.objects.filter(
            paragraph__document=self.document, edition__contribution_id=self.edition.contribution_id
        ).select_related("paragraph")
        return self.page(
            request,
            self.context(
                form=form,
                forms=[form, aside] if aside else [form],
                aside=aside or SetAsideForm(initial={"reason": kept.reason if kept else ""}),
                kept=kept,
                edition=self.edition,
                cited=list(cited.order_by("paragraph__number", "position")),
                translation=at_desk(self.edition.text_id) if self.edition.text_id else None,
                text_id=self.edition.text_id,
                base=f"/{request.path.split('/')[1]}/consultations/{self.consultation.slug}/",
            ),
            status=self.status,
        )


class SetAside(Cite):
    """Setting a contribution aside with a reason, or taking it up again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if "bring_back" in request.POST:
            actions.bring_back(actor=self.person, summary=self.summary, edition=self.edition)
            self.say(request, _("It is taken up again."))
            return redirect(self.address("cite", self.number))
        aside = SetAsideForm(request.POST)

        def act() -> None:
            actions.set_aside(
                actor=self.person, summary=self.summary, edition=self.edition, reason=aside.cleaned_data["reason"]
            )

        if self.attempt(request, aside, act):
            self.say(request, _("Contribution %(number)d is set aside.") % {"number": self.number})
            return redirect(self.address("workbench") + "#contributions")
        return self.show(request, self.form(initial=self.initial()), aside)
