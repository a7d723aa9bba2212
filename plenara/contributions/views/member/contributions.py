"""Views for authors: writing a contribution, a reply or a revision; withdrawing one, deleting a draft."""

import datetime

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import ResolverMatch, reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.accounts.permissions import has_accepted
from plenara.accounts.queries import installation
from plenara.consultations.models import Thread
from plenara.consultations.permissions import may_see as may_see_consultation
from plenara.consultations.presenters import wording
from plenara.consultations.queries import threads_at
from plenara.contributions import actions, permissions, validation
from plenara.contributions.forms import ContributionForm, Seal, as_sent, typed
from plenara.contributions.models import Contribution, Draft, Version
from plenara.contributions.presenters import notice
from plenara.contributions.queries import submissions
from plenara.contributions.queries.record import answered_by_text, preview
from plenara.contributions.queries.signatures import signatures_of, signed_digest
from plenara.contributions.queries.submissions import Verdict, is_quarantined, verdict_on
from plenara.contributions.validation import papers
from plenara.core import clock
from plenara.core.language_guess import guess
from plenara.core.life_cycle import State
from plenara.core.refusals import ActionRefused, Answer, InvalidInput, NotPermitted, require, require_valid
from plenara.core.text import clean, clean_line, number_in, word_count
from plenara.core.views import Destination, MemberView


def own_or_404(person: Person, pk: int) -> Contribution:
    """Return one's own contribution; 404 for anybody else."""
    contribution = (
        Contribution.objects.select_related("thread__consultation", "consultation", "author").filter(pk=pk).first()
    )
    if contribution is None or not permissions.is_author(person, contribution):
        raise Http404
    return contribution


class Withdraw(MemberView):
    """Withdrawing one's own contribution, after a confirmation."""

    template_name = "contributions/withdraw.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contribution = own_or_404(self.person, pk)
        require(permissions.may_withdraw(self.person, contribution))
        return self.page(request, {"contribution": contribution, "nav_current": "my"})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.withdraw(actor=self.person, contribution=own_or_404(self.person, pk))
        messages.success(request, _("You have withdrawn your contribution."))
        return redirect("moderation:own_contribution", pk=pk)


class DeleteDraft(MemberView):
    """Deleting a draft, after a confirmation."""

    template_name = "contributions/delete_draft.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = get_object_or_404(Draft, pk=pk, person=self.person)
        return self.page(request, {"draft": draft, "nav_current": "my"})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        draft = get_object_or_404(Draft, pk=pk, person=self.person)
        actions.delete_draft(actor=self.person, draft=draft)
        messages.success(request, _("The draft was deleted."))
        return redirect("my")


#: The session key for what a signed-out person sent, and how many characters of it.
SESSION_KEY = "kept_contribution"
MOST_IN_SESSION = 200_000
#: Remarks beside the form; the draft's own page has all of them.
REMARKS = 10


class Writing(MemberView):
    """Base of a new contribution and a revision: the form, its preview, the draft behind it."""

    template_name = "contributions/contribute.html"
    thread: Thread
    answers: Contribution | None = None
    revises: Contribution | None = None
    verdict: Verdict | None = None  # the moderator's request

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        """Find the thread and the contribution that is replied to or revised."""
        raise NotImplementedError

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.find(request, **kwargs)
        if not self.person.has_byline:
            return redirect(f"{reverse('byline')}?{urlencode({'next': request.get_full_path()})}")
        # Checked when a form is opened, never when it is sent: nothing typed is lost on the way.
        if request.method == "GET" and not has_accepted(self.person, installation().rules_version):
            return redirect(f"{reverse('accept_rules')}?{urlencode({'next': request.get_full_path()})}")
        return super().enter(request, *args, **kwargs)

    @property
    def answers_number(self) -> int:
        return (self.answers.number or 0) if self.answers else 0

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        kept, draft = self.kept(request), self.draft()
        seal = Seal.fresh(self.person, self.thread, self.answers_number, draft.key if draft else "")
        values = self.initial(draft) if kept is None else kept
        values = {**values, "part": values.get("part") or self.asked_part(request)}
        form = self.form(initial={**values, "seal": seal.sealed()})
        return self.show(request, form, draft=draft, refused=self.not_now(seal.opened_at))

    @cached_property
    def parts(self) -> list[submissions.Part]:
        """The paragraphs to choose from: those of the thread, and the earlier one of a moved text."""
        found = submissions.parts_of(self.thread)
        if self.kept_part and all(self.kept_part != each.number for each in found):
            label = pgettext("label", "Paragraph %(number)d") % {"number": self.kept_part}
            found = [*found, submissions.Part(self.kept_part, label, "", "", "")]
        return found

    @property
    def kept_part(self) -> int | None:
        """The paragraph that the text was about before."""
        return None

    def asked_part(self, request: HttpRequest) -> str:
        """Return the paragraph that the address names, or of what is replied to; "" if it is not in this thread."""
        part = request.GET.get("part", "")
        if not part and self.answers:
            answered = self.answers.editions.filter(in_force=True).values_list("part", flat=True).first()
            part = str(answered or "")
        return part if any(part == str(each.number) for each in self.parts) else ""

    def form(self, data: QueryDict | None = None, *, initial: dict[str, str] | None = None) -> ContributionForm:
        return ContributionForm(data, consultation=self.thread.consultation, parts=self.parts, initial=initial)

    def draft(self) -> Draft | None:
        """Return the person's draft of this contribution."""
        return Draft.objects.filter(
            person=self.person, thread=self.thread, in_reply_to=self.answers, revises=self.revises
        ).first()

    def initial(self, draft: Draft | None) -> dict[str, str]:
        """Return the form's initial values."""
        if draft:
            part = str(draft.part or "")
            return {"text": draft.text, "title": draft.title, "language": draft.language, "part": part}
        return {}

    def not_now(self, opened_at: datetime.datetime) -> ActionRefused | None:
        """Return why a form opened at that moment cannot be sent now, if so."""
        try:
            require(self.may_send(opened_at))
        except ActionRefused as refused:
            return refused
        return None

    def may_send(self, opened_at: datetime.datetime) -> Answer:
        raise NotImplementedError

    def send(self, values: dict[str, str], seal: Seal) -> Contribution:
        raise NotImplementedError

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        data = request.POST.copy()
        seal = Seal.read(data.get("seal", ""), self.person, self.thread, self.answers_number)
        too_old = seal is None
        if seal is None:
            draft = self.draft()
            seal = Seal.fresh(self.person, self.thread, self.answers_number, draft.key if draft else "")
            data["seal"] = seal.sealed()
        values, guessed = typed(data), ""
        if not values["language"]:
            guessed = guess(values["text"], self.thread.consultation.languages)
            values["language"] = data["language"] = guessed
        form = self.form(data)
        form.is_valid()
        sent = request.FILES.get("paper")
        intent = next((name for name in ("send", "save", "clear", "preview", "edit") if name in data), "preview")
        # A form that is sent needs no draft, unless it is refused.
        sends_words = intent == "send" and not (too_old or self.has_paper(request))
        unsaved = None if sends_words else self.save(values, seal, has_paper=sent is not None)
        if intent in {"save", "clear"} and not unsaved and self.is_sent(values):
            unsaved = InvalidInput(_sent_already(), "gone")
        unfit = None if unsaved else self.change_paper(request, sent, sends=intent == "send")
        if intent in {"save", "clear"} and not unsaved and not unfit:
            return self.put_aside(request, intent)
        if intent == "edit":
            return self.show(request, form, draft=self.draft(), refused=self.not_now(seal.opened_at))
        problem = unfit or (unsaved if intent in {"save", "clear"} else self.problem(values))
        if problem is None and intent == "send" and not too_old:
            try:
                contribution = self.send(values, seal)
            except ActionRefused as refused:
                problem = refused
            except Exception:
                self.save(values, seal)  # a server error: the words are there when their author returns
                raise
            else:
                return redirect("moderation:own_contribution", pk=contribution.pk)
        if problem is None and too_old and intent == "send":
            problem = ActionRefused(_("This form was open for too long. Check your text and submit it again."), "seal")
        if problem is not None:
            self.save(values, seal)
            field = problem.field if problem.field in form.fields else None
            if str(problem) not in form.errors.get(field or NON_FIELD_ERRORS, []):
                form.add_error(field, str(problem))
        status = 200 if problem is None else 403 if isinstance(problem, NotPermitted) else 422
        now = self.not_now(seal.opened_at)
        return self.show(request, form, draft=self.draft(), refused=now, guessed=guessed, previewed=True, status=status)

    def has_paper(self, request: HttpRequest) -> bool:
        """Return whether a form changes the paper of its text."""
        return "paper" in request.FILES or "no_paper" in request.POST or "plenara.upload_too_large" in request.META

    def is_sent(self, values: dict[str, str]) -> bool:
        """Return whether words were not saved because the draft behind their form was sent already."""
        return bool(values["text"].strip()) and self.draft() is None

    def change_paper(self, request: HttpRequest, sent: UploadedFile | None, *, sends: bool) -> ActionRefused | None:
        """Attach the uploaded paper, or remove the existing one from the draft. Returns why it cannot be attached.

        A person who `sends` the same form twice is redirected to the receipt.
        """
        if request.META.get("plenara.upload_too_large"):
            return InvalidInput(_("This file is larger than 10 MB. Choose a smaller file."), "too_large", "paper")
        if sent is None and "no_paper" not in request.POST:
            return None
        draft = self.draft()
        if draft is None:
            return InvalidInput(actions.draft_gone(), "gone") if sent and not sends else None
        try:
            if sent is not None:
                require_valid(papers.size_fits(sent.size or 0))
                actions.attach(actor=self.person, draft=draft, data=sent.read(), name=sent.name or "")
            elif "no_paper" in request.POST and draft.paper_id:
                actions.detach(actor=self.person, draft=draft)
        except ActionRefused as refused:
            # The second click of two: the contribution exists, with its file.
            sent_already = Contribution.objects.filter(author=self.person, submission_key=draft.key).exists()
            return None if sends and refused.code == "gone" and sent_already else refused
        return None

    def save(self, values: dict[str, str], seal: Seal, *, has_paper: bool = False) -> ActionRefused | None:
        """Save what was typed, whatever happens next. Returns the reason where there are too many drafts."""
        part = as_sent(values)["part"]
        try:
            actions.save_draft(
                actor=self.person,
                thread=self.thread,
                key=seal.key,
                text=values["text"],
                language=values["language"],
                title=values["title"],
                part=part if any(part == each.number for each in self.parts) else None,
                in_reply_to=self.answers,
                revises=self.revises,
                opened_at=seal.opened_at,
                has_paper=has_paper,
            )
        except InvalidInput as refused:
            return refused
        return None

    def put_aside(self, request: HttpRequest, intent: str) -> HttpResponse:
        """Redirect to the saved draft, or to sharing it."""
        draft = self.draft()
        if intent == "clear" and draft:
            return redirect("contributions:draft", pk=draft.pk)
        messages.success(request, _("Your draft was saved. You can find it on “My page”."))
        return redirect("my")

    def problem(self, values: dict[str, str]) -> ActionRefused | None:
        """Return the first error to fix, before anything is sent."""
        text = clean(values["text"])
        try:
            require_valid(
                validation.has_text(text),
                validation.short_enough(text, self.thread.consultation),
                validation.accepted_language(values["language"], self.thread.consultation),
                validation.title_fits(clean_line(values["title"])),
                validation.known_part(as_sent(values)["part"], self.thread, self.kept_part),
            )
        except ActionRefused as refused:
            return refused
        return None

    def show(
        self,
        request: HttpRequest,
        form: ContributionForm,
        *,
        draft: Draft | None,
        refused: ActionRefused | None,
        guessed: str = "",
        previewed: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        text, title = str(form["text"].value() or ""), str(form["title"].value() or "")
        consultation = self.thread.consultation
        signatures = signatures_of(draft, signed_digest(text=text, title=title, paper=draft.paper) if draft else None)
        context: dict[str, object] = {
            "form": form,
            "thread": self.thread,
            "consultation": consultation,
            "is_held": is_quarantined(self.person, consultation),
            "answers": self.answers,
            "answered": answered_by_text(self.answers or (self.revises.in_reply_to if self.revises else None)),
            "base": wording.address(consultation),
            "verdict": self.verdict,
            "revises": self.revises,
            "draft": draft,
            "refused": refused,
            "guessed": guessed,
            "words": word_count(text),
            "nav_current": "consultations",
            "threads": consultation.threads.count(),
            "remarks": draft.remarks.order_by("-at", "-pk")[:REMARKS] if draft else [],
            "signatures": signatures,
        }
        if previewed and clean(text):
            context["edition"] = edition = preview(
                actions.byline_of(self.person),
                text=clean(text),
                title=clean_line(title),
                language=str(form["language"].value() or ""),
                signed_by=signatures.bylines,
                paper=draft.paper if draft else None,
                part=number_in(str(form["part"].value() or "")) or None if "part" in form.fields else None,
                author=self.person,
            )
            context["can_send"] = not form.errors and refused is None
            context["noticed"] = notice(edition, self.person.country)
        return self.page(request, context, status=status)

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST":
            # Signed out while writing: what was sent is in the session and is back in the form after sign-in. The
            # seal names its owner: another person who signs in at this machine does not read it, and nobody without an
            # account fills the store.
            values, owner = typed(request.POST), Seal.owner(request.POST.get("seal", ""))
            if owner and sum(map(len, values.values())) <= MOST_IN_SESSION:
                request.session[SESSION_KEY] = {**values, "path": request.path, "owner": owner}
        return super().sign_in_first(request)

    def kept(self, request: HttpRequest) -> dict[str, str] | None:
        """Return what the person sent to this page while signed out, once."""
        kept = request.session.pop(SESSION_KEY, None)
        if not kept or kept.get("path") != request.path or kept.get("owner") != self.person.pk:
            return None
        return {name: kept.get(name, "") for name in ("text", "language", "title", "part")}


class Contribute(Writing):
    """A new contribution or reply."""

    is_for_newcomers = True

    @classmethod
    def destination(cls, found: ResolverMatch) -> Destination | None:
        """Return the question, and the contribution that is replied to."""
        reply = _("Reply to contribution %(number)s") % found.kwargs if "number" in found.kwargs else ""
        return wording.question(found.kwargs["slug"], found.kwargs["thread"], reply)

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        found = next(iter(threads_at(self.kwargs["slug"], self.kwargs["thread"])), None)
        if found is None:
            raise Http404
        self.thread = found
        if not may_see_consultation(self.person, self.thread.consultation):
            raise Http404
        if number := self.kwargs.get("number"):
            self.answers = get_object_or_404(
                Contribution.objects.select_related("thread__consultation", "consultation"),
                consultation=self.thread.consultation,
                thread=self.thread,
                number=number,
            )

    def may_send(self, opened_at: datetime.datetime) -> Answer:
        if self.answers:
            return permissions.may_reply(self.person, self.answers, opened_at=opened_at)
        return permissions.may_contribute(self.person, self.thread, opened_at=opened_at)

    def send(self, values: dict[str, str], seal: Seal) -> Contribution:
        return actions.submit(
            actor=self.person,
            thread=self.thread,
            in_reply_to=self.answers,
            opened_at=seal.opened_at,
            key=seal.key,
            **as_sent(values),
        )


class KeepDraft(Contribute):
    """Saves the draft, for the script that does so every ten seconds."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        seal = Seal.read(request.POST.get("seal", ""), self.person, self.thread, self.answers_number)
        if seal is None:
            return JsonResponse({"saved": False}, status=409)
        values = typed(request.POST)
        refused = self.save(values, seal)
        if refused or self.is_sent(values):
            return JsonResponse({"saved": False, "why": str(refused or _sent_already())}, status=409)
        return JsonResponse({"saved": True, "at": f"{clock.now():%H:%M} UTC"})


def _sent_already() -> str:
    return _("This text was submitted in another window, so there is no draft. Your text is still in the form.")


class Revise(Writing):
    """Another version: of a returned text, or of a published one."""

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.revises = own_or_404(self.person, self.kwargs["pk"])
        self.thread = self.revises.thread

    def initial(self, draft: Draft | None) -> dict[str, str]:
        if draft:
            return super().initial(draft)
        latest = self.latest
        return {
            "text": latest.text.content,
            "title": latest.title,
            "language": latest.language,
            "part": str(latest.part or ""),
        }

    @cached_property
    def latest(self) -> Version:
        assert self.revises
        return self.revises.versions.select_related("text").latest("number")

    @property
    def kept_part(self) -> int | None:
        return self.latest.part if self.thread.consultation.parent_id else None

    @property
    def verdict(self) -> Verdict | None:  # type: ignore[override]
        found = verdict_on(self.revises) if self.revises and self.latest.state != State.PUBLISHED else None
        return found if found and found.is_final else None

    def may_send(self, opened_at: datetime.datetime) -> Answer:
        assert self.revises
        if self.latest.state == State.PENDING:
            return permissions.may_correct_pending(self.person, self.revises)
        if self.revises.state == State.RETURNED:
            return permissions.may_send_again(self.person, self.revises)
        return permissions.may_revise(self.person, self.revises)

    def send(self, values: dict[str, str], seal: Seal) -> Contribution:
        assert self.revises
        actions.revise(actor=self.person, contribution=self.revises, key=seal.key, **as_sent(values))
        return self.revises
