"""The contributions of a period at the desk: their list, marking them as read, citing one, setting it aside."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.consultations.models import Thread
from plenara.contributions.models import Channel, Edition
from plenara.contributions.queries.translations import desk_translation
from plenara.core.pagination import pages_of
from plenara.core.refusals import Answer, InvalidInput
from plenara.core.text import digits, excerpt, number_in
from plenara.core.transaction import writes
from plenara.core.vocabulary import StakeholderGroup, country_name, language_name
from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, Kind, Paragraph, ParagraphText
from plenara.documents.validation.words import sentences
from plenara.documents.views.staff.paragraphs import WritingView
from plenara.summaries.actions import summaries
from plenara.summaries.actions.summaries import mark_read, mark_unread
from plenara.summaries.forms import CiteForm, SetAsideForm
from plenara.summaries.models import Summary
from plenara.summaries.queries.coverage import CITED, LEFT, SET_ASIDE, Coverage, Covered, Share, coverage
from plenara.summaries.views.staff.base import SummaryView


class ContributionView(WritingView, SummaryView):
    """A view of one published contribution, for the writers of the summary."""

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.number = kwargs.pop("number")
        return super().enter(request, *args, **kwargs)

    def find(self) -> Answer:
        found = Edition.objects.select_related("text", "byline", "thread", "paper", "contribution")
        self.edition = get_object_or_404(found, consultation=self.consultation, number=self.number, in_force=True)
        return super().find()


class Cite(ContributionView):
    """A contribution in full, with forms to cite its words and to set it aside."""

    template_name = "summaries/desk/cite.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = self.initial() | {name: request.GET.get(name, "") for name in ("statement", "side")}
        initial["sentences"] = request.GET.getlist("sentence")  # chosen before, in a group
        return self.show(request, self.form(self.kept(request), initial=initial))

    def initial(self) -> dict[str, object]:
        """Return the form's key, and the question that the contribution answers."""
        return {"key": secrets.token_urlsafe(24), "thread": str(self.edition.thread_id)}

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST)
        cited: list[Paragraph] = []
        if self.attempt(request, form, lambda: cited.append(self.cite(form.cleaned_data))):
            self.say(
                request,
                _("The words are now cited in statement %(number)d.") % {"number": cited[0].number}
                if cited
                else _("The words are now cited."),
            )
            return redirect(self.address("workbench") + (f"#s{cited[0].number}" if cited else ""))
        return self.show(request, form)

    def cite(self, values: dict) -> Paragraph:
        """Cite the chosen sentences and words, all of them or none, and return the citing statement."""
        chosen = [self.sentences[int(place)] for place in values["sentences"]]
        words = [*chosen, *filter(str.strip, [values["words"]])]
        if not values["statement"]:
            raise InvalidInput(
                _("Choose the statement that should cite these words, or write a new statement."), "empty", "statement"
            )
        if not words:
            raise InvalidInput(_("Choose a sentence, or copy the exact words."), "empty", "words")
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

    def form(self, data: QueryDict | None = None, initial: dict[str, object] | None = None) -> CiteForm:
        source = self.document.source_language
        texts = ParagraphText.objects.filter(paragraph__document=self.document, language=source)
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
            **self.spoken,
            initial=initial,
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
                translation=desk_translation(self.edition.text_id) if self.edition.text_id else None,
                text_id=self.edition.text_id,
                base=f"/{request.path.split('/')[1]}/consultations/{self.consultation.slug}/",
            ),
            status=self.status,
        )


class SetAside(Cite):
    """Setting a contribution aside with a reason, or including it again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        if "bring_back" in request.POST:
            summaries.bring_back(actor=self.person, summary=self.summary, edition=self.edition)
            self.say(request, _("The contribution is no longer set aside."))
            return redirect(self.address("cite", self.number))
        aside = SetAsideForm(request.POST)

        def act() -> None:
            summaries.set_aside(
                actor=self.person, summary=self.summary, edition=self.edition, reason=aside.cleaned_data["reason"]
            )

        if self.attempt(request, aside, act):
            self.say(request, _("Contribution %(number)d has been set aside.") % {"number": self.number})
            return redirect(self.address("workbench") + "#contributions")
        return self.show(request, self.form(initial=self.initial()), aside)


#: Contributions on one page of the workbench, and the most results of a search.
PAGE = 20
MOST_FOUND = 40
UNREAD, READ, ALL = "unread", "read", "all"


class Choice(NamedTuple):
    """One value of a filter, with the number of its contributions."""

    value: str
    label: str
    how_many: int


class Filter(NamedTuple):
    """One filter with its choices and the chosen one."""

    name: str
    label: str
    choices: list[Choice]
    chosen: str


#: The values of the status filter, in the order of a rapporteur's work.
READING: dict[str, Callable[[Covered], bool]] = {
    UNREAD: lambda each: not each.is_read,
    READ: lambda each: each.is_read and each.status == LEFT,
    LEFT: lambda each: each.status == LEFT,
    CITED: lambda each: each.status == CITED,
    SET_ASIDE: lambda each: each.status == SET_ASIDE,
    ALL: lambda each: True,
}


@dataclass(frozen=True)
class Listing:
    """The filters in an address. Unknown values are ignored."""

    coverage: Coverage
    values: dict[str, str]  # the chosen values of the filters
    query: str  # words or a number to search in the whole consultation
    wanted: str  # id of the statement that will cite the chosen words
    number: int  # of the page, from 1

    @classmethod
    def read(cls, address: Mapping[str, object], coverage: Coverage) -> Self:
        """Parse the query of an address."""
        names = ("show", "thread", "group", "language", "country", "channel", "q", "page", "for")
        given = {name: str(address.get(name, ""))[:200].replace("\x00", "") for name in names}
        values = {
            each.name: given[each.name]
            for each in offered(coverage, {})
            if given[each.name] in {choice.value for choice in each.choices}
        }
        return cls(
            coverage,
            values,
            query=" ".join(given["q"].split()),
            wanted=digits(given["for"]),
            number=number_in(given["page"]) or 1,
        )

    @property
    def show(self) -> str:
        """The status listed; by default unread contributions, then those not cited yet."""
        return self.values.get("show") or (UNREAD if self.coverage.unread else LEFT)

    @property
    def filters(self) -> list[Filter]:
        """The filters with their choices and the chosen ones."""
        return offered(self.coverage, {**self.values, "show": self.show})

    @property
    def is_narrowed(self) -> bool:
        """Whether there are filters besides the status."""
        return bool(self.values.keys() - {"show"})

    @property
    def chosen(self) -> list[Covered]:
        """The filtered contributions, by number."""
        of = {name: value for name, value in self.values.items() if name != "show"}
        stands = READING[self.show]
        return [
            each
            for each in self.coverage.contributions
            if stands(each) and all(str(getattr(each, name)) == value for name, value in of.items())
        ]

    def page(self) -> tuple[list[Edition], int]:
        """Return the editions of the page, each with `coverage_status` and `is_read`, and how many there are in all.

        One query.
        """
        chosen = self.chosen
        begin = (self.number - 1) * PAGE
        ids = [each.edition_id for each in chosen[begin : begin + PAGE]]
        found = Edition.objects.filter(pk__in=ids).select_related("text", "byline", "thread")
        return self._with_status(list(found.order_by("number"))), len(chosen)

    def search(self, summary: Summary) -> tuple[list[Edition], int]:
        """Return the editions of the consultation that have all these words (or this number), and how many.

        One query; above `MOST_FOUND` the count is one more than that.
        """
        found = Edition.objects.filter(
            consultation=summary.consultation, in_force=True, status=Edition.Status.PUBLISHED
        ).select_related("text", "byline", "thread")
        if digits(self.query) and len(self.query) < 9:
            found = found.filter(number=int(self.query))
        else:
            for word in self.query.split()[:8]:
                found = found.filter(
                    Q(text__content__icontains=word) | Q(title__icontains=word) | Q(byline__name__icontains=word)
                )
        editions = list(found.order_by("number")[: MOST_FOUND + 1])
        return self._with_status(editions[:MOST_FOUND]), len(editions)

    def _with_status(self, editions: list[Edition]) -> list[Edition]:
        known = {each.contribution_id: each for each in self.coverage.contributions}
        for edition in editions:
            covered = known.get(edition.contribution_id)
            edition.coverage_status = covered.status if covered else ""  # type: ignore[attr-defined]
            edition.is_read = bool(covered and covered.is_read)  # type: ignore[attr-defined]
        return editions

    def address(self, **other: str | int) -> str:
        """Return the query of this list's address, with some values changed; without its question mark."""
        values: dict[str, str | int] = {
            **self.values,
            "for": self.wanted,
            "q": self.query,
            "page": self.number,
            **other,
        }
        values = {key: value for key, value in values.items() if value and (key, value) != ("page", 1)}
        return urlencode(values)

    def pages(self, total: int) -> dict[str, object]:
        """Return the links to the pages of the list, as `core/pagination.html` takes them."""
        return pages_of(total, self.number, PAGE, lambda number: f"?{self.address(page=number)}#contributions")


def offered(coverage: Coverage, chosen: Mapping[str, str]) -> list[Filter]:
    """Return the filters of a period, without those that have a single value, unless it is chosen."""
    labels = {
        UNREAD: _("Unread"),
        READ: _("Read, not cited"),
        LEFT: _("Not yet cited"),
        CITED: pgettext("label", "Cited"),
        SET_ASIDE: _("Set aside"),
        ALL: pgettext("label", "All"),
    }
    counts = {
        UNREAD: coverage.unread,
        READ: coverage.all - coverage.unread - coverage.cited - coverage.set_aside,
        LEFT: coverage.left,
        CITED: coverage.cited,
        SET_ASIDE: coverage.set_aside,
        ALL: coverage.all,
    }
    found = [
        Filter(
            "show",
            pgettext("label", "Status"),
            [Choice(value, label, counts[value]) for value, label in labels.items()],
            chosen.get("show", ""),
        )
    ]
    for name, label, shares, describe in (
        ("thread", pgettext("label", "Question"), coverage.threads, lambda key: str(key)),
        ("group", pgettext("label", "Stakeholder group"), coverage.groups, _group),
        ("language", pgettext("label", "Language"), coverage.languages, lambda key: language_name(str(key))),
        (
            "country",
            pgettext("label", "Country"),
            [each for each in coverage.countries if each.key],
            lambda key: country_name(key),
        ),
        ("channel", pgettext("label", "Channel"), coverage.channels, lambda key: str(Channel(key).label)),
    ):
        if len(shares) > 1 or name in chosen:
            found.append(Filter(name, label, [_choice(each, describe) for each in shares], chosen.get(name, "")))
    return found


def _choice(share: Share, describe: Callable[[object], str]) -> Choice:
    return Choice(str(share.key), describe(share.key), share.all)


def _group(key: object) -> str:
    return str(StakeholderGroup(key).label) if key in StakeholderGroup.values else str(key)


def asked_before(back: str) -> QueryDict:
    """Return the query of the list that a form carries along; blank for anything else."""
    return QueryDict(back[:1000].replace("\x00", ""))


class Marks(WritingView, SummaryView):
    """Marking contributions, by number: `read` has one or several, `unread` one.

    `then=next` leads to the next unread one of the list `back`; anything else leads back to the list.
    """

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        numbers = [int(each) for each in request.POST.getlist("read")[:MOST_FOUND] if _is_number(each)]
        found = Edition.objects.filter(consultation=self.consultation, in_force=True)
        if numbers:
            new = mark_read(actor=self.person, summary=self.summary, editions=found.filter(number__in=numbers))
            if new:
                sentence = ngettext(
                    "%(count)d contribution was marked as read.", "%(count)d contributions were marked as read.", new
                )
                self.say(request, sentence % {"count": new})
        back = request.POST.get("unread", "")
        if _is_number(back) and (edition := found.filter(number=int(back)).first()):
            mark_unread(actor=self.person, summary=self.summary, edition=edition)
            self.say(request, _("The contribution was marked as unread."))
        return self.onward(request, max(numbers, default=0))

    def onward(self, request: HttpRequest, after: int) -> HttpResponse:
        """Redirect to the next unread contribution, or back to the list as it was."""
        listing = Listing.read(asked_before(request.POST.get("back", "")), coverage(self.summary))
        if request.POST.get("then") == "next":
            unread = [each.number for each in listing.chosen if not each.is_read] or [
                each.number for each in listing.coverage.contributions if not each.is_read
            ]
            if unread:
                return redirect(self.address("cite", next((each for each in unread if each > after), unread[0])))
            self.say(request, _("All contributions from the period have been read."))
        query = listing.address()
        return redirect(f"{self.address('workbench')}{'?' + query if query else ''}#contributions")


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 9
