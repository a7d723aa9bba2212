"""Views of the secretariat: letters and statements that it entered, a form for more, and entering by spreadsheet."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.models import Person
from plenara.consultations import permissions as consultation_rules
from plenara.consultations.models import Consultation, Role, RoleName
from plenara.consultations.views.staff.base import OfConsultation, crumbs
from plenara.contributions import actions, permissions
from plenara.contributions.actions.entries import errors_of
from plenara.contributions.forms import EntryForm, SheetForm
from plenara.contributions.models import ENTERED, Contribution, Sheet, Version
from plenara.contributions.queries.record import as_edition
from plenara.contributions.queries.submissions import verdict_on
from plenara.contributions.validation import spreadsheets
from plenara.contributions.validation.entries import Known, read_entry
from plenara.contributions.views.member.drafts import as_file
from plenara.core.languages import in_language
from plenara.core.life_cycle import State
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, InvalidInput, NotPermitted, require
from plenara.core.text import first_words, number_in, word_count
from plenara.core.vocabulary import Capacity, StakeholderGroup

#: Rows on one page of the list.
PAGE = 50


class Entered(OfConsultation):
    """Base of the views of entries, for moderators."""

    section = "contributions:entered"
    rule = staticmethod(consultation_rules.may_moderate)

    def frame(self) -> dict[str, object]:
        frame = {**super().frame(), "may_enter": permissions.may_enter(self.person, self.consultation)}
        if self.is_inner:
            here = reverse("contributions:entered", args=[self.consultation.slug])
            frame["crumbs"] = [
                *crumbs(self.consultation, is_inner=True),
                (pgettext("label", "Letters and meetings"), here, ""),
            ]
        return frame

    #: Whether the list is in the breadcrumb of this page.
    is_inner = True

    def found(self, pk: int) -> Contribution:
        """Return an entry made here; 404 if there is none."""
        rows = Contribution.objects.select_related("consultation", "thread", "entered_by", "original", "in_reply_to")
        contribution = rows.filter(consultation=self.consultation, pk=pk, channel__in=ENTERED, bundle_id="").first()
        if contribution is None:
            raise Http404
        return contribution


class List(Entered):
    """All entries, the newest first, and spreadsheets that nobody has confirmed."""

    template_name = "contributions/entered.html"
    is_inner = False

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = Version.objects.filter(
            contribution__consultation=self.consultation,
            contribution__channel__in=ENTERED,
            contribution__bundle_id="",
            # The first version stands for its contribution: each has one, and pages are found by its number.
            number=1,
        ).select_related("contribution__entered_by", "contribution__thread", "byline", "text")
        if before := number_in(request.GET.get("before", "")):
            found = found.filter(pk__lt=before)
        rows = list(found.order_by("-pk")[: PAGE + 1])
        context = {
            **self.frame(),
            "rows": [(row, first_words(row.text.content, 80)) for row in rows[:PAGE]],
            "older": rows[PAGE - 1].pk if len(rows) > PAGE else None,
            "is_first": not before,
            "unconfirmed": self.consultation.sheets.filter(entered_at=None, count__gt=0)
            .exclude(rows=[])
            .defer("rows")
            .select_related("uploaded_by"),
            "is_alone": is_alone(self.person, self.consultation),
        }
        return self.page(request, context)


def is_alone(person: Person, consultation: Consultation) -> bool:
    """Return whether nobody else could approve a person's entries. One query."""
    others = Role.objects.filter(
        consultation=consultation,
        name__in=[RoleName.MODERATOR, RoleName.ORGANIZER],
        person__suspended_at=None,
        person__is_active=True,
    )
    return not others.exclude(person=person).exists()


class Writing(Entered):
    """Base of entering and correcting: the form."""

    template_name = "contributions/enter.html"
    contribution: Contribution | None = None

    def form(
        self,
        data: QueryDict | None,
        files: MultiValueDict | None = None,
        *,
        initial: Mapping[str, str] | None = None,
    ) -> EntryForm:
        return EntryForm(data, files, consultation=self.consultation, corrects=self.contribution, initial=initial)

    def fixed(self) -> dict[str, str]:
        """Return the values that the form does not ask for."""
        return {}

    def send(self, form: EntryForm) -> Contribution:
        raise NotImplementedError

    def post(self, request: HttpRequest, slug: str, **kwargs: object) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        form.is_valid()
        values = {**form.values(), **self.fixed()}
        _entry, errors = read_entry(values, Known.of(self.consultation, [values]))
        for error in errors:
            form.put(error)
        status = 422
        if not form.errors:
            try:
                contribution = self.send(form)
            except ActionRefused as refused:
                form.put(refused)
                status = refused.status
            else:
                self.show_messages(request, values["text"])
                return redirect("contributions:entered_one", slug, contribution.pk)
        if request.FILES and "original" not in form.errors:
            form.add_error(
                "original", _("Choose the file again. The file was not saved, because there are errors in the form.")
            )
        return self.show(request, form, status)

    def show_messages(self, request: HttpRequest, text: str) -> None:
        """Show that it is pending, and that it is longer than others may be."""
        messages.success(request, _("The text was entered. Another moderator must approve it before it is published."))
        limit, count = self.consultation.word_limit, word_count(text)
        if limit and count > limit:
            messages.warning(
                request,
                ngettext(
                    "This text has %(count)d word; the online limit is %(limit)d. It was entered anyway.",
                    "This text has %(count)d words; the online limit is %(limit)d. It was entered anyway.",
                    count,
                )
                % {"count": count, "limit": limit},
            )

    def show(self, request: HttpRequest, form: EntryForm, status: int = 200) -> HttpResponse:
        context = {
            **self.frame(),
            "form": form,
            "writer": self.writer(),
            "contribution": self.contribution,
            "verdict": verdict_on(self.contribution) if self.contribution else None,
            "is_alone": is_alone(self.person, self.consultation),
        }
        return self.page(request, context, status=status)


class Enter(Writing):
    """Entering one letter or statement."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, self.form(self.kept(request), initial={}))

    def send(self, form: EntryForm) -> Contribution:
        return actions.enter(
            actor=self.person,
            consultation=self.consultation,
            values=form.values(),
            key=form.key_sent(),
            original=form.document(),
            publishes_original=form.cleaned_data["publishes_original"],
        )


class Correct(Writing):
    """Correcting a returned entry."""

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.pk = self.kwargs["pk"]
        return super().enter(request, *args, **kwargs)

    def allowed(self, slug: str, **more: object) -> Answer:
        answer = super().allowed(slug)
        if answer:
            self.contribution = self.found(self.pk)
            # The action itself answers a form sent twice as the first time.
            if self.request.method == "GET":
                answer = permissions.may_correct(self.person, self.contribution)
            else:
                answer = permissions.answers_for(self.person, self.contribution)
        return answer

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        return self.show(request, self.form(self.kept(request), initial=self.initial()))

    def initial(self) -> dict[str, str]:
        it = self.contribution
        assert it is not None
        latest = it.versions.select_related("text", "byline").latest("number")
        byline = latest.byline
        return {
            **{name: getattr(it, name) for name in ("channel", "occasion", "consent")},
            **{
                name: getattr(byline, name)
                for name in ("name", "stakeholder_group", "capacity", "organization", "country")
            },
            "name_withheld": byline.withheld,
            "date": f"{latest.submitted_at:%Y-%m-%d}" if latest.submitted_at else "",
            "language": latest.language,
            "title": latest.title,
            "text": latest.text.content,
            "publishes_original": latest.paper_id is not None,
        }

    def fixed(self) -> dict[str, str]:
        assert self.contribution is not None
        return {"question": str(self.contribution.thread.number), "in_reply_to": ""}

    def send(self, form: EntryForm) -> Contribution:
        assert self.contribution is not None
        actions.correct(
            actor=self.person,
            contribution=self.contribution,
            values=form.values(),
            original=form.document(),
            publishes_original=form.cleaned_data["publishes_original"],
        )
        return self.contribution


class One(Entered):
    """One entry, as it will be or is published, with its private details."""

    template_name = "contributions/entered_one.html"

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        contribution = self.found(pk)
        version = contribution.versions.select_related("text", "byline", "paper").latest("number")
        version.contribution = contribution
        context = {
            **self.frame(),
            "contribution": contribution,
            "version": version,
            "edition": as_edition(version),
            "verdict": None if contribution.state == State.PENDING else verdict_on(contribution),
            "may_correct": permissions.may_correct(self.person, contribution),
            "may_take_back": permissions.may_take_back(self.person, contribution),
            "waits": contribution.state == State.PENDING,
        }
        return self.page(request, context)


class TakeBack(Entered):
    """Withdrawing an entry, as its author wishes, after a confirmation."""

    template_name = "contributions/entered_withdraw.html"

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        contribution = self.found(pk)
        require(permissions.may_take_back(self.person, contribution))
        return self.page(request, {**self.frame(), "contribution": contribution})

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        contribution = actions.take_back(actor=self.person, contribution=self.found(pk))
        messages.success(request, _("You have withdrawn the text."))
        return redirect("contributions:entered_one", slug, contribution.pk)


class Original(Entered):
    """The document that an entry was taken from, for moderators."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
        contribution = self.found(pk)
        if contribution.original is None:
            raise Http404
        return as_file(contribution.original)


#: Errors that one page shows, and rows that a preview shows in full.
MOST_ERRORS = 500
FIRST_ROWS = 5


class SheetTemplate(Entered):
    """The empty spreadsheet to fill in."""

    def get(self, request: HttpRequest, slug: str, ending: str) -> HttpResponse:
        if ending == "csv":
            answer = HttpResponse(spreadsheets.template_csv(), content_type="text/csv; charset=utf-8")
        else:
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            answer = HttpResponse(spreadsheets.template_xlsx(in_words(self.consultation)), content_type=kind)
        answer["Content-Disposition"] = f'attachment; filename="{self.consultation.slug}-letters.{ending}"'
        return answer


class UploadSheet(Entered):
    """Choosing the file; its errors, row by row."""

    template_name = "contributions/enter_sheet.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, SheetForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = SheetForm(request.POST, request.FILES)
        form.is_valid()
        file = form.cleaned_data.get("file")
        try:
            require(permissions.may_enter(self.person, self.consultation))
            if file is None:
                raise InvalidInput(pgettext("text", "Choose the file."), "file", "file")
            data = file.read(spreadsheets.MOST_BYTES + 1)
            read = spreadsheets.read(data)
            in_rows = [each for each in errors_of(self.consultation, read.rows) if each.column not in read.missing]
            errors = sorted([*read.errors, *in_rows], key=lambda error: (error.row, error.column))
            if errors:
                return self.show(request, form, 422, errors=errors[:MOST_ERRORS], wrong=len(errors), name=file.name)
            sheet = actions.save_sheet(
                actor=self.person,
                consultation=self.consultation,
                name=file.name,
                sha256=hashlib.sha256(data).hexdigest(),
                rows=read.rows,
            )
        except ActionRefused as refused:
            form.add_error("file", str(refused))
            return self.show(request, form, refused.status)
        return redirect("contributions:sheet", slug, sheet.pk)

    def show(self, request: HttpRequest, form: SheetForm, status: int = 200, **more: object) -> HttpResponse:
        context = {
            **self.frame(),
            "form": form,
            "columns": list(explained_columns(self.consultation)),
            "is_alone": is_alone(self.person, self.consultation),
            **more,
        }
        return self.page(request, context, status=status)


class ConfirmSheet(Entered):
    """A preview of the entries, and the button that enters all of them."""

    template_name = "contributions/enter_sheet_confirm.html"

    def sheet(self, pk: int) -> Sheet:
        found = Sheet.objects.select_related("uploaded_by").filter(consultation=self.consultation, pk=pk).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        return self.show(request, self.sheet(pk))

    def show(
        self, request: HttpRequest, sheet: Sheet, *, refused: ActionRefused | None = None, status: int = 200
    ) -> HttpResponse:
        rows = [values for _number, values in sheet.rows]
        known = Known.of(self.consultation, rows)
        found = [entry for values in rows if (entry := read_entry(values, known)[0])]
        limit = self.consultation.word_limit
        questions = Counter(entry.thread.number for entry in found)
        context = {
            **self.frame(),
            "sheet": sheet,
            "refused": refused,
            "questions": [(thread, questions[number]) for number, thread in known.threads.items() if questions[number]],
            "first": found[:FIRST_ROWS],
            "more": max(len(found) - FIRST_ROWS, 0),
            "long": sum(word_count(entry.text) > limit for entry in found) if limit else 0,
        }
        return self.page(request, context, status=status)

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        sheet = self.sheet(pk)
        try:
            count = actions.enter_sheet(actor=self.person, sheet=sheet)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        except ActionRefused as refused:
            return self.show(request, sheet, refused=refused, status=403 if isinstance(refused, NotPermitted) else 409)
        else:
            messages.success(
                request,
                ngettext(
                    "%(count)d row was entered. Another moderator must approve it before it is published.",
                    "%(count)d rows were entered. Another moderator must approve them before they are published.",
                    count,
                )
                % {"count": count},
            )
        return redirect("contributions:entered", slug)


def explained_columns(consultation: Consultation) -> Iterator[tuple[str, bool, str]]:
    """Yield name, whether it is required, and meaning of each column, in the active language."""
    meanings = {
        "question": _("Number of the question."),
        "channel": _("How you received the text: %(codes)s.") % {"codes": ", ".join(ENTERED)},
        "occasion": _("Name of the meeting, or reference of the letter. Readers see this. Required for a meeting."),
        "date": _("Date of receipt, or of the meeting, for example 2026-03-14."),
        "language": _("Language code of the text: %(codes)s.") % {"codes": ", ".join(consultation.languages)},
        "title": _("A few words that say what the text is about."),
        "text": _("The text, word for word."),
        "name": _("Author’s name, unless it is withheld."),
        "name_withheld": _("Enter “yes” if the name is withheld. The name is then not stored."),
        "stakeholder_group": ", ".join(StakeholderGroup.values),
        "capacity": ", ".join(Capacity.values),
        "organization": _("The organization that the author speaks for, if any."),
        "country": _("Country code, for example KE."),
        "in_reply_to": _("Number of the contribution that the text replies to."),
        "consent": _("How and when the author agreed to publication. We never publish this information."),
    }
    for name in spreadsheets.COLUMNS:
        yield name, name in spreadsheets.NEEDED, meanings[name]


def in_words(consultation: Consultation) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the sheet that explains a template: its columns, then the questions."""
    for name, is_needed, meaning in explained_columns(consultation):
        yield name, pgettext("column", "required") if is_needed else "", meaning
    yield ("", "", "")
    for thread in consultation.threads.all():
        yield "question", str(thread.number), in_language(thread.question).text
