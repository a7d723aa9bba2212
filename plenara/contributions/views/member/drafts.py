"""Views of one's own draft: its links, remarks and co-signatories; and unpublished papers."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Manager, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.consultations.presenters import wording
from plenara.contributions import actions, permissions
from plenara.contributions.forms import AskForm, ShareForm
from plenara.contributions.models import Draft, Paper, Share, Version
from plenara.contributions.queries.papers import file_of
from plenara.contributions.queries.record import answered_by_text, preview
from plenara.contributions.queries.signatures import signatures_of, token_of
from plenara.contributions.validation.papers import TYPES
from plenara.core.languages import current
from plenara.core.life_cycle import State
from plenara.core.refusals import ActionRefused, Answer
from plenara.core.store.downloads import attachment
from plenara.core.text import clean, clean_line, digest, number_in
from plenara.core.views import MemberView


class DraftPage(MemberView):
    """A draft with its links, its remarks and its co-signatories. Each button sends the form of its own action."""

    template_name = "contributions/draft.html"

    def draft(self, pk: int) -> Draft:
        """Return one's own draft; 404 for anybody else."""
        found = Draft.objects.select_related("thread__consultation", "in_reply_to", "revises", "paper")
        draft = get_object_or_404(found, pk=pk, person=self.person)
        draft.person = self.person
        return draft

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, self.draft(pk), ShareForm(), AskForm(initial={"language": current()}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = self.draft(pk)
        share_form, ask_form = ShareForm(), AskForm(initial={"language": current()})
        acts: dict[str, Callable[[], str]] = {
            "revoke": lambda: self.revoke(draft, request.POST["revoke"]),
            "forget": lambda: self.delete_remark(draft, request.POST["forget"]),
            "drop": lambda: self.drop(draft, request.POST["drop"]),
            "ask_again": lambda: self.ask_again(draft),
        }
        form: ShareForm | AskForm | None = None
        if "ask" in request.POST:
            form = ask_form = AskForm(request.POST)
            acts["ask"] = lambda: self.ask(draft, ask_form)
        elif "share" in request.POST:
            form = share_form = ShareForm(request.POST)
            acts["share"] = lambda: self.share(draft, share_form)
        act = next((act for name, act in acts.items() if name in request.POST), None)
        if act and (form is None or form.is_valid()):
            try:
                message = act()
            except ActionRefused as refused:
                if form is None:
                    raise
                form.put(refused)
                return self.show(request, draft, share_form, ask_form, status=refused.status)
            messages.success(request, message)
            return redirect("contributions:draft", pk=pk)
        return self.show(request, draft, share_form, ask_form, status=422 if form else 400)

    def may_send(self, draft: Draft) -> Answer:
        """Return whether the draft's contribution could be sent now."""
        if draft.revises:
            rule = permissions.may_send_again if draft.revises.state == State.RETURNED else permissions.may_revise
            return rule(self.person, draft.revises)
        return permissions.may_contribute(self.person, draft.thread)

    def share(self, draft: Draft, form: ShareForm) -> str:
        actions.share(actor=self.person, draft=draft, days=form.cleaned_data["days"])
        return _("The link was created. Copy it below and send it to the people you choose.")

    def revoke(self, draft: Draft, pk: str) -> str:
        actions.revoke(actor=self.person, share=_own_draft(draft.shares, pk))
        return _("The link was turned off.")

    def delete_remark(self, draft: Draft, pk: str) -> str:
        actions.delete_remark(actor=self.person, remark=_own_draft(draft.remarks, pk))
        return _("The remark was deleted.")

    def ask(self, draft: Draft, form: AskForm) -> str:
        asked = actions.ask_to_sign(
            actor=self.person, draft=draft, addresses=form.written, language=form.cleaned_data["language"]
        )
        return _addresses(len(asked))

    def ask_again(self, draft: Draft) -> str:
        return _addresses(actions.ask_again(actor=self.person, draft=draft))

    def drop(self, draft: Draft, pk: str) -> str:
        actions.drop_signatory(actor=self.person, signatory=_own_draft(draft.signatories, pk))
        return _("The request to this person was cancelled.")

    def show(
        self, request: HttpRequest, draft: Draft, share_form: ShareForm, ask_form: AskForm, status: int = 200
    ) -> HttpResponse:
        signatures, shares = signatures_of(draft), list(draft.shares.all())
        context = {
            "draft": draft,
            "thread": draft.thread,
            "consultation": draft.thread.consultation,
            "links": [_link(each) for each in shares if each.is_open],
            "ended": sum(not each.is_open for each in shares),
            "remarks": draft.remarks.order_by("-at", "-pk"),
            "signatures": signatures,
            "share_form": share_form,
            "ask_form": ask_form,
            "forms": [share_form, ask_form],
            "may_send": self.may_send(draft),
            "answered": answered_by_text(draft.answers),
            "base": wording.address(draft.thread.consultation),
            "has_errors": bool(share_form.errors or ask_form.errors),
            "edition": preview(
                actions.byline_of(self.person),
                text=clean(draft.text),
                title=clean_line(draft.title),
                language=draft.language,
                signed_by=signatures.bylines,
                part=draft.part,
                author=self.person,
            ),
            "nav_current": "my",
        }
        return self.page(request, context, status=status)


def _own_draft[M: Model](rows: Manager[M], pk: str) -> M:
    return get_object_or_404(rows.select_related("draft"), pk=number_in(pk))


def _addresses(count: int) -> str:
    if not count:
        return _("No new requests were sent: everyone has already had an e-mail about this text.")
    return ngettext(
        "We have asked %(count)d person by e-mail to sign the text.",
        "We have asked %(count)d people by e-mail to sign the text.",
        count,
    ) % {"count": count}


def _link(share: Share) -> dict[str, object]:
    """Return a link for its author to copy; without its address where the installation's key has changed since."""
    token = token_of(share)
    path = reverse("contributions:shared", args=[token]) if digest(token) == share.token_digest else ""
    return {"share": share, "path": path}


class OneVersions(MemberView):
    """The paper of a version: for its author, and its moderators."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        found = Version.objects.select_related("paper", "contribution__consultation")
        version = get_object_or_404(found, pk=pk, paper__isnull=False)
        if not permissions.may_see(self.person, version.contribution):
            raise Http404
        return as_file(version.paper)


class OneDrafts(MemberView):
    """The paper of one's own draft."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        draft = get_object_or_404(Draft.objects.select_related("paper"), pk=pk, person=self.person, paper__isnull=False)
        return as_file(draft.paper)


def as_file(paper: Paper | None) -> HttpResponseBase:
    """Return a paper as a download. Browsers do not display it here, and it is sandboxed if they do."""
    assert isinstance(paper, Paper)
    known = paper.media_type if paper.media_type in TYPES.values() else "application/octet-stream"
    try:
        response = attachment(file_of(paper), paper.name, known)
    except FileNotFoundError as error:
        raise Http404 from error
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
