"""Views of the secretariat: the list, a theme, its retirement, and themes from a file."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.core.languages import join_sentences
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, InvalidInput
from plenara.core.text import clean_line
from plenara.core.views import FormPage, StaffView
from plenara.themes import actions, permissions, queries, validation
from plenara.themes.forms import FileForm, RetireForm, ThemeForm
from plenara.themes.models import Theme, ThemeFile
from plenara.themes.queries import Concept, concepts_of_list
from plenara.themes.validation import plan
from plenara.themes.validation.files import MOST_BYTES, Read, read

#: The most rows and errors of a file that a page shows.
MOST_SHOWN, MOST_ERRORS = 200, 50


class ManagesList(StaffView):
    """Base of the views that manage the list."""

    def allowed(self, *args: object, **kwargs: object) -> Answer:
        return permissions.may_manage_list(self.person)

    def found(self, code: str) -> Theme:
        """Return the theme that an address names."""
        theme = Theme.objects.select_related("broader", "replaced_by").filter(code=code).first()
        if theme is None:
            raise Http404
        return theme

    def frame(self) -> dict[str, object]:
        """Return what each of these pages shows around its own."""
        crumbs = [(pgettext("label", "Desk"), reverse("desk"), "")]
        if self.template_name != "themes/desk/list.html":
            crumbs.append((pgettext("label", "Themes"), reverse("themes:desk"), ""))
        return {"crumbs": crumbs, "nav_current": "desk"}

    def answer(self, request: HttpRequest, status: int = 200, **context: object) -> HttpResponse:
        return self.page(request, {**self.frame(), **context}, status=status)


class Desk(ManagesList):
    """Every theme, retired ones too, and files that are not confirmed yet."""

    template_name = "themes/desk/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = queries.in_tree_order(Theme.objects.select_related("replaced_by"), retired=True)
        return self.answer(request, rows=rows, waiting=list(ThemeFile.objects.order_by("pk").defer("rows")))


class Add(FormPage[ThemeForm], ManagesList):
    """A new theme."""

    template_name = "themes/desk/theme.html"

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> ThemeForm:
        return ThemeForm(data)

    def save(self, form: ThemeForm) -> HttpResponse:
        theme = actions.add(actor=self.person, code=form.cleaned_data["code"], **form.words())
        messages.success(self.request, _("The theme %(code)s was added to the list.") % {"code": theme.code})
        return redirect("themes:desk")

    def context(self) -> dict[str, object]:
        return self.frame()


class Edit(ManagesList):
    """A theme: its labels in six languages, and its place."""

    template_name = "themes/desk/theme.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        theme = self.found(code)
        return self.show_theme(request, theme, ThemeForm(concept=concept_of(theme), stamp=theme.stamp))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        theme = self.found(code)
        if request.POST.get("do") == "offer":
            return self.offer_again(request, theme)
        form = ThemeForm(request.POST, concept=concept_of(theme), stamp=theme.stamp)
        if not form.is_valid():
            return self.show_theme(request, theme, form, 422)
        try:
            actions.edit(actor=self.person, theme=theme, stamp=form.cleaned_data["stamp"], **form.words())
        except InvalidInput as refused:
            stale = refused.code == "stale"
            if stale:  # saving again then replaces it
                data = request.POST.copy()
                data["stamp"] = str(theme.stamp)
                form.data = data
            form.put(refused)
            return self.show_theme(request, theme, form, 409 if stale else 422, stale=stale)
        messages.success(request, pgettext("option", "Saved and published."))
        return redirect("themes:desk")

    def offer_again(self, request: HttpRequest, theme: Theme) -> HttpResponse:
        try:
            actions.offer_again(actor=self.person, theme=theme)
            messages.success(request, _("The theme %(code)s is offered again.") % {"code": theme.code})
        except AlreadyDone as done:
            messages.warning(request, str(done))
        return redirect("themes:desk")

    def show_theme(
        self, request: HttpRequest, theme: Theme, form: ThemeForm, status: int = 200, *, stale: bool = False
    ) -> HttpResponse:
        saved = concept_of(theme) if stale else None
        return self.answer(request, status, form=form, theme=theme, saved=saved)


def concept_of(theme: Theme) -> Concept:
    """Return a theme as in files."""
    return next(iter(concepts_of_list([theme.code])))


class Retire(FormPage[RetireForm], ManagesList):
    """Offers a theme no more; asks first what takes its place."""

    template_name = "themes/desk/retire.html"

    def form(self, data: QueryDict | None = None, files: MultiValueDict | None = None) -> RetireForm:
        self.theme = self.found(self.kwargs["code"])
        return RetireForm(data, code=self.theme.code)

    def save(self, form: RetireForm) -> HttpResponse:
        other = Theme.objects.filter(code=form.cleaned_data["replaced_by"]).first()
        actions.retire(actor=self.person, theme=self.theme, replaced_by=other)
        messages.success(self.request, _("The theme %(code)s was retired.") % {"code": self.theme.code})
        return redirect("themes:desk")

    def context(self) -> dict[str, object]:
        return {**self.frame(), "theme": self.theme}


class Import(ManagesList):
    """Takes a file, and stores it until it is confirmed; or shows its errors."""

    template_name = "themes/desk/import.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request, form=FileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form, errors = FileForm(request.POST, request.FILES), []
        if form.is_valid():
            file = form.cleaned_data["file"]
            vocabulary = clean_line(form.cleaned_data["vocabulary"])
            try:
                # One byte more than allowed is enough to refuse it for its size.
                found: Read = read(file.read(MOST_BYTES + 1), name=file.name)
                there = {each.code: each for each in concepts_of_list()}
                errors = [*found.errors, *(plan(found.rows, there, vocabulary).errors if not found.errors else [])]
                if not errors:
                    stored = actions.store_file(
                        actor=self.person,
                        name=file.name,
                        sha256=found.sha256,
                        vocabulary=vocabulary,
                        rows=found.rows,
                    )
                    for note in found.notes:
                        messages.info(request, note)
                    return redirect("themes:import_file", pk=stored.pk)
                form.add_error("file", _("The file cannot be imported as it is. The errors are listed below."))
            except ActionRefused as refused:
                form.put(refused)
        return self.answer(
            request, 422, form=form, errors=errors[:MOST_ERRORS], more_errors=max(len(errors) - MOST_ERRORS, 0)
        )


class ImportFile(ManagesList):
    """Shows the changes of a file; applies or drops them."""

    template_name = "themes/desk/import_file.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = ThemeFile.objects.filter(pk=pk).first()
        if file is None:
            messages.warning(
                request,
                _("This file has already been imported or discarded. To import it again, upload the file again."),
            )
            return redirect("themes:desk")
        return self.show_file(request, file)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.POST.get("do") == "drop":
            actions.drop_file(actor=self.person, file_id=pk)
            messages.success(request, _("The file was discarded. Nothing has changed."))
            return redirect("themes:desk")
        try:
            made = actions.import_file(actor=self.person, file_id=pk, digest=request.POST.get("digest", ""))
        except AlreadyDone as done:
            messages.warning(request, str(done))
            return redirect("themes:desk")
        except InvalidInput as refused:
            file = ThemeFile.objects.filter(pk=pk).first()
            messages.warning(request, str(refused))
            return self.show_file(request, file, 409) if file else redirect("themes:desk")
        messages.success(request, import_summary(len(made.new), len(made.changed)))
        return redirect("themes:desk")

    def show_file(self, request: HttpRequest, file: ThemeFile, status: int = 200) -> HttpResponse:
        made = plan(file.rows, {each.code: each for each in concepts_of_list()}, file.vocabulary)
        return self.answer(
            request,
            status,
            file=file,
            plan=made,
            new=made.new[:MOST_SHOWN],
            changed=made.changed[:MOST_SHOWN],
            more=max(len(made.new) - MOST_SHOWN, 0) + max(len(made.changed) - MOST_SHOWN, 0),
            most=validation.MOST,
        )


def import_summary(new: int, changed: int) -> str:
    """Return a sentence about what was done."""
    if not new and not changed:
        return _("The list already contains everything in the file. Nothing has changed.")
    added = ngettext("%(count)d theme was added.", "%(count)d themes were added.", new) % {"count": new}
    other = ngettext("%(count)d theme was changed.", "%(count)d themes were changed.", changed) % {"count": changed}
    return join_sentences(*([added] if new else []), *([other] if changed else []))
