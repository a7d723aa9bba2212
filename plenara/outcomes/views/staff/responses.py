"""A paragraph's citations and responses: chosen from lists, several at once; changed or removed."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.contributions.models import Edition
from plenara.contributions.queries.translations import desk_translation
from plenara.core.refusals import Answer, InvalidInput
from plenara.core.text import number_in
from plenara.core.transaction import writes
from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, Paragraph, PublishedParagraph, Reference
from plenara.documents.queries.drafts import part_of
from plenara.documents.validation.words import sentences
from plenara.documents.views.staff.paragraphs import WritingView
from plenara.outcomes import actions
from plenara.outcomes.actions.responses import MOST_AT_ONCE, response_stamp
from plenara.outcomes.forms.paragraphs import AnsweringForm, CiteForm, Known, ResponseForm
from plenara.outcomes.presenters.outcomes import statement_label, statement_url
from plenara.outcomes.queries import citations
from plenara.outcomes.queries.citations import citing_paragraphs, reasons_of, words_of
from plenara.outcomes.queries.contributions import to_answer, unanswered_now
from plenara.outcomes.views.staff.base import OutcomeView


class CitingView(WritingView, OutcomeView):
    """A view for writers: citations and responses."""

    def known(self) -> Known:
        """Return the arguments of each response form."""
        spoken = self.spoken
        return {"reasons": reasons_of(self.document), "language": spoken["language"], "direction": spoken["direction"]}

    def paragraph_in(self, values: Mapping[str, str]) -> Paragraph:
        """Return the paragraph that a form chose. Refused if it chose none."""
        pk = number_in(values["paragraph"])
        found = self.document.paragraphs.filter(pk=pk).first() if pk else None
        if found is None:
            raise InvalidInput(_("Choose the paragraph that contains the response."), "empty", "paragraph")
        found.document = self.document
        return found


class Choosing(CitingView):
    """A list to choose from, and the form that gives the chosen ones one response and reason."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = self.asked(request.GET)
        kept = self.kept(request)
        form = AnsweringForm(kept, initial={"paragraph": asked.wanted}, paragraphs=self.paragraphs, **self.known())
        return self.show(request, form, asked, kept.getlist("chosen") if kept else [])

    def asked(self, address: QueryDict) -> citations.ListQuery:
        """Return the filters in the address."""
        self.offered = self.filters()
        return citations.ListQuery.read(address, self.offered)

    @property
    def paragraphs(self) -> list[tuple[str, str]]:
        return citing_paragraphs(self.document)

    def post(self, request: HttpRequest) -> HttpResponse:
        asked = self.asked(QueryDict(request.POST.get("back", "")[:1000].replace("\x00", "")))
        form = AnsweringForm(request.POST, paragraphs=self.paragraphs, **self.known())
        chosen = request.POST.getlist("chosen")[: MOST_AT_ONCE + 1]
        done: list[Paragraph] = []

        def respond() -> None:
            typed = form.cleaned_data
            paragraph = self.paragraph_in(typed)
            self.respond(paragraph, [number_in(each) for each in chosen], typed["response"], typed["reason"])
            done.append(paragraph)

        if self.attempt(request, form, respond):
            message = ngettext(
                "%(count)d response has been saved: %(part)s.",
                "%(count)d responses have been saved: %(part)s.",
                len(chosen),
            )
            self.say(request, message % {"count": len(chosen), "part": part_of(self.document, done[0])})
            query = asked.address(page=1, **{"for": done[0].pk})
            return redirect(f"{request.path}?{query}#list")
        return self.show(request, form, asked, chosen)

    def filters(self) -> list[citations.Filter]:
        """Return the filters of the list."""
        raise NotImplementedError

    def found(self, asked: citations.ListQuery) -> QuerySet:
        """Return the filtered results."""
        raise NotImplementedError

    def respond(self, paragraph: Paragraph, ids: list[int], response: str, reason: str) -> None:
        """Save the response to the chosen ones."""
        raise NotImplementedError

    def rows(self, found: list) -> list:
        """Return the results as the page shows them."""
        return found

    def show(
        self, request: HttpRequest, form: AnsweringForm, asked: citations.ListQuery, chosen: list[str]
    ) -> HttpResponse:
        found = self.found(asked)
        total = found.count()
        page = asked.on_page(found)
        ids = {number_in(each) for each in chosen}
        # Chosen ones stay visible, even if somebody else has answered them in the meantime.
        others = ids - {each.pk for each in page}
        kept = list(self.every().filter(pk__in=others)) if others else []
        return self.page(
            request,
            self.context(
                form=form,
                asked=asked,
                back=asked.address(),
                filters=asked.filters(self.offered),
                rows=self.rows([*kept, *page]),
                chosen=ids,
                total=total,
                pages=asked.pages(total),
                answers=to_answer(self.outcome).count(),
                left=unanswered_now(self.outcome).count(),
            ),
            status=self.status,
        )

    def every(self) -> QuerySet:
        """Return all possible choices."""
        raise NotImplementedError


class Answers(Choosing):
    """The contributions that the outcome answers, unanswered ones first."""

    template_name = "outcomes/desk/answers.html"

    def filters(self) -> list[citations.Filter]:
        return citations.contribution_filters(self.outcome)

    def every(self) -> QuerySet[Edition]:
        return to_answer(self.outcome).select_related("text", "byline", "thread", "consultation")

    def found(self, asked: citations.ListQuery) -> QuerySet[Edition]:
        found = citations.citable_contributions(self.outcome, asked)
        return found.select_related("text", "byline", "thread", "consultation")

    def respond(self, paragraph: Paragraph, ids: list[int], response: str, reason: str) -> None:
        actions.respond_to_many(
            actor=self.person, paragraph=paragraph, editions=self.every().filter(pk__in=ids), response=response,
            reason=reason,
        )  # fmt: skip


class Statements(Choosing):
    """The statements of summaries, and the paragraphs of other outcomes, that the outcome can cite."""

    template_name = "outcomes/desk/statements.html"

    def filters(self) -> list[citations.Filter]:
        return citations.statement_filters(self.outcome)

    def every(self) -> QuerySet[PublishedParagraph]:
        everything = citations.ListQuery({"show": citations.ALL}, "", "", 1)
        return citations.citable_statements(self.outcome, everything)

    def found(self, asked: citations.ListQuery) -> QuerySet[PublishedParagraph]:
        return citations.citable_statements(self.outcome, asked)

    def rows(self, found: list[PublishedParagraph]) -> list[dict[str, object]]:
        words = words_of(found)
        return [
            {
                "pk": each.pk,
                "label": statement_label(each),
                "url": statement_url(each),
                "words": words.get(each.pk),
                "rests_on": each.rests_on,  # type: ignore[attr-defined]
            }
            for each in found
        ]

    def respond(self, paragraph: Paragraph, ids: list[int], response: str, reason: str) -> None:
        actions.refer_many(
            actor=self.person, paragraph=paragraph, statements=self.every().filter(pk__in=ids), response=response,
            reason=reason,
        )  # fmt: skip


class Cite(CitingView):
    """A contribution in full, and the form by which a paragraph answers it or words of it."""

    template_name = "outcomes/desk/cite.html"

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.edition_pk = kwargs.pop("edition")
        return super().enter(request, *args, **kwargs)

    def find(self) -> Answer:
        answer = super().find()
        found = Edition.objects.select_related("text", "byline", "thread", "paper", "contribution", "consultation")
        self.edition = get_object_or_404(found.filter(pk__in=to_answer(self.outcome)), pk=self.edition_pk)
        return answer

    def form(self, data: QueryDict | None = None, **initial: str) -> CiteForm:
        offered = sentences(self.edition.text.content) if self.edition.text else []
        paragraphs = citing_paragraphs(self.document)
        return CiteForm(data, initial=initial, sentences=offered, paragraphs=paragraphs, **self.known())

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, self.form(self.kept(request), paragraph=request.GET.get("for", "")[:20]))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        done: list[Paragraph] = []

        def respond() -> None:
            typed = form.cleaned_data
            paragraph = self.paragraph_in(typed)
            with writes():  # all of the pieces, or none
                for words in form.words_cited():
                    actions.respond(
                        actor=self.person, paragraph=paragraph, edition=self.edition, words=words,
                        response=typed["response"], reason=typed["reason"],
                    )  # fmt: skip
            done.append(paragraph)

        if self.attempt(request, form, respond):
            self.say(request, _("The response has been saved: %(part)s.") % {"part": part_of(self.document, done[0])})
            return redirect(self.address("paragraph", done[0].pk) + "#cites")
        return self.show(request, form)

    def show(self, request: HttpRequest, form: CiteForm) -> HttpResponse:
        cited = Citation.objects.filter(
            paragraph__document=self.document, edition__contribution=self.edition.contribution_id
        ).select_related("paragraph", "reason")
        language, slug = request.path.split("/")[1], self.edition.consultation.slug
        return self.page(
            request,
            self.context(
                form=form,
                edition=self.edition,
                cited=list(cited.order_by("paragraph__number", "position")),
                translation=desk_translation(self.edition.text_id) if self.edition.text_id else None,
                text_id=self.edition.text_id,
                base=f"/{language}/consultations/{slug}/",
            ),
            status=self.status,
        )


class ResponseView[G: (Citation, Reference)](CitingView):
    """A mixin for views that change or remove the response to one citation."""

    template_name = "outcomes/desk/response.html"
    model: type[G]
    given: G | None

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        del kwargs["given"]
        return super().enter(request, *args, **kwargs)

    def find(self) -> Answer:
        answer = super().find()
        found = self.model.objects.filter(paragraph__document=self.document, pk=self.kwargs["given"])
        self.given = found.select_related("paragraph__document", "reason", *self.related).first()
        return answer

    related: tuple[str, ...] = ()

    def get(self, request: HttpRequest) -> HttpResponse:
        if self.given is None:
            return redirect(self.address("workbench"))
        reason = self.given.reason.text if self.given.reason else ""
        initial = {"response": self.given.response, "reason": reason, "was": response_stamp(self.given)}
        return self.show(request, ResponseForm(self.kept(request), initial=initial, **self.known()))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ResponseForm(request.POST, **self.known())
        given = self.given
        if given is None:
            self.say(request, _("Someone else has already removed this citation."))
            return redirect(self.address("workbench"))

        def change() -> None:
            typed = form.cleaned_data
            if "take_away" in request.POST:
                self.take_away(given)
            else:
                actions.change_response(
                    actor=self.person, given=given, response=typed["response"], reason=typed["reason"],
                    was=typed["was"],
                )  # fmt: skip

        if self.attempt(request, form, change):
            self.say(
                request,
                _("The citation has been removed.") if "take_away" in request.POST else pgettext("text", "Saved."),
            )
            return redirect(self.address("paragraph", given.paragraph_id) + "#cites")
        return self.show(request, form)

    def take_away(self, given: G) -> None:
        """Remove it."""
        raise NotImplementedError

    def about(self, given: G) -> dict[str, object]:
        """Return the context about the cited text."""
        raise NotImplementedError

    def show(self, request: HttpRequest, form: ResponseForm) -> HttpResponse:
        assert self.given is not None
        if self.conflict:
            self.given.refresh_from_db()
            data = request.POST.copy()
            data["was"] = response_stamp(self.given)
            form.data = data
        paragraph = self.given.paragraph
        return self.page(
            request,
            self.context(
                form=form,
                given=self.given,
                conflict=self.conflict,
                paragraph=paragraph,
                part=part_of(self.document, paragraph),
                **self.about(self.given),
            ),
            status=self.status,
        )


class OneCitation(ResponseView[Citation]):
    """The response to a contribution."""

    model = Citation
    related = ("edition__byline", "edition__text", "edition__consultation")

    def take_away(self, given: Citation) -> None:
        document_actions.uncite(actor=self.person, citation=given)

    def about(self, given: Citation) -> dict[str, object]:
        return {"edition": given.edition}


class OneReference(ResponseView[Reference]):
    """The response to a statement."""

    model = Reference
    related = ("statement__edition__consultation",)

    def take_away(self, given: Reference) -> None:
        actions.take_back(actor=self.person, reference=given)

    def about(self, given: Reference) -> dict[str, object]:
        statement = given.statement
        return {
            "label": statement_label(statement),
            "url": statement_url(statement),
            "words": words_of([statement]).get(statement.pk),
        }
