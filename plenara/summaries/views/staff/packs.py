"""Conference packs at the desk: the button that makes one, its progress, earlier packs."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from plenara.core.refusals import ActionRefused, NotPermitted
from plenara.core.store.downloads import attachment
from plenara.core.text import number_in
from plenara.documents.models import DocumentEdition
from plenara.documents.presenters import pdf
from plenara.summaries import permissions
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.models import Pack
from plenara.summaries.printing import actions
from plenara.summaries.views.staff.base import ConsultationView

#: Packs on the page.
MOST = 30
#: Why a pack could not be made, by its code.
FAILURES = {
    "unset": gettext_lazy(
        "One of the documents could not be created. Try again, or contact the people who run this site."
    ),
    "disk": gettext_lazy("The disk is full. Contact the people who run this site."),
    "late": gettext_lazy("The pack took too long to create. Try again, or contact the people who run this site."),
}
COMPILATION = "compilation"


class PackForm(forms.Form):
    """The scope of a pack."""

    about = forms.ChoiceField(label=gettext_lazy("What it is about"), widget=forms.RadioSelect)

    def __init__(self, editions: list[DocumentEdition], data: QueryDict | None = None):
        super().__init__(data)
        whole = (COMPILATION, _("The compilation so far: every statement of every published summary"))
        ones = [(str(each.pk), f"{SUMMARY.label(each.number)} ({each.symbol})") for each in editions]
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*ones, whole]
        field.initial = ones[0][0] if ones else COMPILATION


class Packs(ConsultationView):
    """The packs of a consultation, newest first, and the button that makes one."""

    template_name = "summaries/desk/packs.html"
    section = "summaries:packs"
    rule = staticmethod(permissions.may_download_packs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, PackForm(self.editions()))

    def editions(self) -> list[DocumentEdition]:
        """Return the summaries in force, newest first."""
        found = DocumentEdition.objects.filter(consultation=self.consultation, kind=NAME, in_force=True)
        return list(found.order_by("-number"))

    def show(self, request: HttpRequest, form: PackForm, status: int = 200) -> HttpResponse:
        found = Pack.objects.filter(consultation=self.consultation).select_related("edition", "asked_by")
        rows = [self.row(each) for each in found[:MOST]]
        return self.page(
            request,
            {
                **self.frame(),
                "form": form,
                "writer": self.writer(),
                "may_make": permissions.may_make_packs(self.person, self.consultation),
                "has_summaries": bool(self.editions()),
                "rows": rows,
                "is_waiting": any(row["pack"].state == Pack.State.WAITING for row in rows),
                "has_pdf": pdf.is_possible(),
                "kept_days": actions.FILE_DAYS,
            },
            status=status,
        )

    def row(self, pack: Pack) -> dict:
        """Return a pack as the list shows it."""
        is_waiting = pack.state == Pack.State.WAITING
        is_there = pack.state == Pack.State.DONE and actions.zip_of(pack).exists()
        made, of = actions.progress_of(pack) if is_waiting else (0, 0)
        return {
            "pack": pack,
            "about": pack.edition.symbol if pack.edition else pgettext("label", "Compilation"),
            "mark": {"done": "open", "failed": "stop"}.get(pack.state, "wait half"),
            "failure": FAILURES.get(pack.failure, "") if pack.state == Pack.State.FAILED else "",
            "made": made,
            "of": of,
            "url": reverse("summaries:pack", args=[self.consultation.slug, pack.pk]) if is_there else "",
            "is_gone": pack.state == Pack.State.DONE and not is_there,
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PackForm(self.editions(), request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        chosen = form.cleaned_data["about"]
        edition = None
        if chosen != COMPILATION:
            edition = get_object_or_404(DocumentEdition, pk=number_in(chosen), consultation=self.consultation)
        try:
            actions.ask_pack(actor=self.person, consultation=self.consultation, edition=edition)
        except NotPermitted:
            raise
        except ActionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, status=409)
        return redirect(reverse("summaries:packs", args=[self.consultation.slug]))


class PackFile(ConsultationView):
    """A pack as one file."""

    http_method_names = ["get", "head", "options"]
    section = "summaries:packs"
    rule = staticmethod(permissions.may_download_packs)

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        found = Pack.objects.filter(consultation=self.consultation, state=Pack.State.DONE)
        pack = get_object_or_404(found.select_related("consultation", "edition__summary"), pk=pk)
        if actions.zip_of(pack).exists() and not actions.may_be_published(pack):
            raise ActionRefused(
                _(
                    "Something in this pack was withdrawn, removed or erased after the pack was created. Create the "
                    "pack again."
                ),
                "changed",
            )
        request.META.pop("HTTP_ACCEPT_ENCODING", None)  # a zip is not compressed again
        about = (pack.edition.symbol if pack.edition else self.consultation.symbol).replace("/", "-")
        try:
            return attachment(actions.zip_of(pack), f"{about}-pack-{pack.asked_at:%Y-%m-%d}.zip", "application/zip")
        except FileNotFoundError as error:
            raise Http404 from error
