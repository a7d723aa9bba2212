"""Views for people who were sent a link: reading a draft and remarking on it, and signing it. Nobody needs an account.

The link is the key, so no page behind it is cached, indexed by a search engine or revealed to another site.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.accounts import limits
from plenara.consultations.presenters import wording
from plenara.contributions import actions, permissions
from plenara.contributions.forms import RemarkForm, SignForm
from plenara.contributions.models import Draft, Edition, Share, Signatory
from plenara.contributions.presenters import draft_as_text
from plenara.contributions.queries.record import answered_by_text, preview
from plenara.contributions.queries.signatures import draft_digest, is_ours, share_of, signatory_of, signatures_of
from plenara.contributions.views.member.drafts import as_file
from plenara.core.languages import in_language
from plenara.core.refusals import ActionRefused, AlreadyDone
from plenara.core.text import clean, clean_line
from plenara.core.views import OpenView


class Ended(ActionRefused):
    """A valid link to something that does not exist any more."""


class Linked(OpenView):
    """Base of views behind a link."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        # Not `no-referrer`: a browser then says that a form comes from nowhere, and it is refused.
        response["Referrer-Policy"] = "same-origin"
        return response

    def refuse(self, request: HttpRequest, refused: ActionRefused) -> HttpResponse:
        if isinstance(refused, Ended):
            return render(request, "contributions/link_ended.html", {"sentence": refused}, status=410)
        return super().refuse(request, refused)


def _draft_context(draft: Draft) -> dict[str, object]:
    """Return the context of a draft's pages: the draft, its question, and what it replies to."""
    consultation = draft.thread.consultation
    return {
        "draft": draft,
        "thread": draft.thread,
        "consultation": consultation,
        "edition": _edition(draft),
        "answered": answered_by_text(draft.answers),
        "base": wording.address(consultation),
    }


def _edition(draft: Draft) -> Edition:
    """Return the edition of a draft, with the co-signatories of its words."""
    return preview(
        actions.byline_of(draft.person),
        text=clean(draft.text),
        title=clean_line(draft.title),
        language=draft.language,
        signed_by=signatures_of(draft).bylines,
        part=draft.part,
        author=draft.person,
    )


class SharedDraft(Linked):
    """A shared draft, and a form for a remark."""

    template_name = "contributions/shared.html"

    def find(self, token: str) -> Share:
        """Return the open share of a link. Raises `Ended` where it has expired or was revoked."""
        share = share_of(token)
        if share is None:
            if not is_ours(token):
                raise Http404
            raise Ended(_("The author has submitted the text or deleted it. Thank you for reading it."))
        if not permissions.is_shared(share):
            raise Ended(_("The link has expired, or the author has turned it off. Ask the author for a new link."))
        return share

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self.show(request, self.find(token), token, RemarkForm(), was_sent="sent" in request.GET)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        share, form, status = self.find(token), RemarkForm(request.POST), 422
        if form.is_valid():
            try:
                limits.spend("remark", ip=limits.ip_of(request))
                actions.remark(share=share, **form.cleaned_data)
            except AlreadyDone as refused:
                raise Ended(refused.sentence) from refused
            except ActionRefused as refused:
                status = refused.status
                form.put(refused)
            else:
                return redirect(f"{reverse('contributions:shared', args=[token])}?sent#remark")
        return self.show(request, share, token, form, status=status)

    def show(
        self,
        request: HttpRequest,
        share: Share,
        token: str,
        form: RemarkForm,
        *,
        was_sent: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            **_draft_context(share.draft),
            "form": form,
            "share": share,
            "token": token,
            "was_sent": was_sent,
        }
        return self.page(request, context, status=status)


class SharedText(SharedDraft):
    """The draft as a file of plain text."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        draft = self.find(token).draft
        answers = draft.answers.number if draft.answers else None
        text = draft_as_text(_edition(draft), in_language(draft.thread.question).text, draft.saved_at, answers)
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="draft.txt"'
        return response


class SharedPaper(SharedDraft):
    """The paper of a shared draft."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:  # type: ignore[override]
        return _paper(self.find(token).draft)


def _paper(draft: Draft | None) -> HttpResponseBase:
    if draft is None or draft.paper is None:
        raise Http404
    return as_file(draft.paper)


class Sign(Linked):
    """The words that a person is asked to sign, and the form to sign or decline."""

    template_name = "contributions/sign.html"

    def find(self, token: str) -> tuple[Signatory, Draft | None]:
        """Return the signatory, and the draft if it is one. Raises `Ended` where neither text nor signature exists."""
        signatory = signatory_of(token)
        if signatory is None and not is_ours(token):
            raise Http404
        if signatory is None or (signatory.draft and signatory.draft.person.is_suspended):
            raise Ended(_("The text was submitted without your signature, or the author has deleted it."))
        return signatory, signatory.draft

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        signatory, draft = self.find(token)
        if draft is None:
            return self.signed(request, signatory)
        values: dict[str, object] = {}
        if signatory.byline:
            names = ("name", "stakeholder_group", "capacity", "organization", "country")
            values = {name: getattr(signatory.byline, name) for name in names}
            values["withholds_country"] = not signatory.byline.country
        return self.show(request, signatory, draft, token, SignForm.for_words(draft_digest(draft), **values))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        signatory, draft = self.find(token)
        if draft is None:
            return self.signed(request, signatory)
        if "decline" in request.POST:
            actions.decline(signatory=signatory)
            return redirect("contributions:sign", token=token)
        form, status = SignForm(request.POST), 422
        if form.is_valid():
            try:
                actions.confirm(signatory=signatory, **form.cleaned_data)
            except ActionRefused as refused:
                if refused.code == "ended":
                    raise Ended(refused.sentence) from refused
                if refused.code == "changed":
                    signatory, newest = self.find(token)
                    draft = newest or draft
                    form, status = SignForm({**request.POST.dict(), "sha256": draft_digest(draft)}), 409
                    form.is_valid()
                form.put(refused)
            else:
                return redirect("contributions:sign", token=token)
        return self.show(request, signatory, draft, token, form, status=status)

    def show(
        self, request: HttpRequest, signatory: Signatory, draft: Draft, token: str, form: SignForm, status: int = 200
    ) -> HttpResponse:
        confirmed = signatory.confirmed_at is not None
        is_current = signatory.sha256 == draft_digest(draft)
        context = {
            "form": form,
            "token": token,
            "signatory": signatory,
            "has_signed": confirmed and is_current,
            "has_changed": confirmed and not is_current,
            **_draft_context(draft),
        }
        return self.page(request, context, status=status)

    def signed(self, request: HttpRequest, signatory: Signatory) -> HttpResponse:
        """Show what happened to a text that was sent with the signature."""
        assert signatory.version
        edition = Edition.objects.filter(version=signatory.version, status=Edition.Status.PUBLISHED).first()
        context = {"edition": edition, "contribution": signatory.version.contribution}
        return render(request, "contributions/signed.html", context)


class SignPaper(Sign):
    """The paper of a text that a person is asked to sign."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, token: str) -> HttpResponseBase:  # type: ignore[override]
        _signatory, draft = self.find(token)
        return _paper(draft)
