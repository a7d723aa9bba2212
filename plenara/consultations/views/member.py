"""Views for participants: following a consultation, and the frequency of e-mails."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import ResolverMatch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plenara.consultations import actions, permissions
from plenara.consultations.models import Consultation, Follow, Pace, Thread
from plenara.consultations.presenters import wording
from plenara.consultations.queries import follow_target
from plenara.core.refusals import ActionRefused
from plenara.core.views import Destination, MemberView

#: Follows about the person in all consultations: the pace before they choose one, and when there is an e-mail.
OF_ONESELF = {
    Follow.What.REPLIES: (
        gettext_lazy("Once a day (default)"),
        gettext_lazy("The e-mails start with your first contribution."),
    ),
    Follow.What.TREATED: (
        gettext_lazy("Immediately (default)"),
        gettext_lazy(
            "We send an e-mail when a contribution of yours is put on an agenda or gets a response in an outcome."
        ),
    ),
}


class FollowConsultation(MemberView):
    """Sets how often a person gets e-mails about a consultation, or one of its questions."""

    is_for_newcomers = True
    template_name = "consultations/follow.html"
    thread: Thread | None = None

    @classmethod
    def destination(cls, found: ResolverMatch) -> Destination | None:
        """Return the question to follow."""
        return wording.question(**found.kwargs) if "thread" in found.kwargs else None

    def find(self, slug: str, thread: int | None) -> None:
        self.consultation = get_object_or_404(Consultation, slug=slug, is_community=False)
        if not permissions.may_see(self.person, self.consultation):
            raise Http404
        if thread is not None:
            self.thread = get_object_or_404(
                Thread.objects.select_related("consultation"), consultation=self.consultation, number=thread
            )

    @property
    def kinds(self) -> list[str]:
        """What can be followed here: a question has no summaries of its own."""
        return [Follow.What.CONTRIBUTIONS] if self.thread else [Follow.What.CONTRIBUTIONS, Follow.What.SUMMARIES]

    def get(self, request: HttpRequest, slug: str, thread: int | None = None) -> HttpResponse:
        self.find(slug, thread)
        paces = dict(
            Follow.objects.filter(person=self.person, about=follow_target(self.consultation, self.thread)).values_list(
                "what", "pace"
            )
        )
        return self.show(request, paces)

    def post(self, request: HttpRequest, slug: str, thread: int | None = None) -> HttpResponse:
        self.find(slug, thread)
        chosen = {kind: request.POST.get(kind, "") for kind in self.kinds}
        try:
            for kind, pace in chosen.items():
                actions.follow(
                    actor=self.person, what=kind, pace=pace, consultation=self.consultation, thread=self.thread
                )
        except ActionRefused as refused:
            return self.show(request, chosen, refused=refused, status=422)
        messages.success(request, _("Your choice has been saved. All your e-mail settings are on this page."))
        return redirect("mail_settings")

    def show(self, request: HttpRequest, chosen: dict[str, str], status: int = 200, **more: object) -> HttpResponse:
        rows = [
            {"kind": kind, "label": Follow.What(kind).label, "pace": chosen.get(kind, Pace.NEVER)}
            for kind in self.kinds
        ]
        context = {
            "consultation": self.consultation,
            "thread": self.thread,
            "rows": rows,
            "paces": Pace.choices,
            "nav_current": "my",
            **more,
        }
        return self.page(request, context, status=status)


class MailSettings(MemberView):
    """Shows everything that a person gets e-mails about, with its pace."""

    template_name = "consultations/mail_settings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        follows = self.follows()
        paces = {follow.pk: request.POST.get(f"pace_{follow.pk}", follow.pace) for follow in follows}
        try:
            if "all" in request.POST:
                paces = dict.fromkeys(paces, Pace.NEVER.value)
            for what in OF_ONESELF:
                chosen = request.POST.get(f"pace_{what}", "")
                if "all" in request.POST:
                    chosen = "" if any(each.what == what for each in follows) else Pace.NEVER
                if chosen:
                    actions.follow(actor=self.person, what=what, pace=chosen)
            actions.set_paces(actor=self.person, paces=paces)
        except ActionRefused as refused:
            return self.show(request, refused=refused, status=422)
        messages.success(request, _("Your e-mail settings have been saved."))
        return redirect("mail_settings")

    def follows(self) -> list[Follow]:
        found = Follow.objects.filter(person=self.person).select_related("consultation", "thread")
        return list(found.order_by("consultation__slug", "thread__number", "what"))

    def show(self, request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
        follows = self.follows()
        there = {follow.what for follow in follows}
        unchosen = [(what.value, what.label, *words) for what, words in OF_ONESELF.items() if what not in there]
        context = {"follows": follows, "unchosen": unchosen, "paces": Pace.choices, "nav_current": "my", **more}
        return self.page(request, context, status=status)
