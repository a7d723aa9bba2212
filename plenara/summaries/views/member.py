"""Views for participants: requesting a correction of a summary, and its outcome."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.accounts.permissions import has_accepted
from plenara.accounts.queries import installation
from plenara.consultations.permissions import may_see
from plenara.contributions.models import Edition
from plenara.core.languages import current
from plenara.core.refusals import ActionRefused, Answer, NotPermitted, require
from plenara.core.text import number_in
from plenara.core.views import MemberView
from plenara.documents.models import DocumentEdition
from plenara.documents.queries.editions import read_edition
from plenara.moderation import kinds
from plenara.moderation import permissions as moderation_rules
from plenara.moderation.queries import decisions
from plenara.moderation.queries.timeline import timeline_of
from plenara.summaries.corrections import actions, permissions, presenters
from plenara.summaries.corrections.forms import MISSING, RequestForm, Seal, WordsForm
from plenara.summaries.corrections.queries import OWN_PAGE, own_corrections
from plenara.summaries.kind import NAME, SUMMARY
from plenara.summaries.models import Correction

#: The session key for what a signed-out person submitted, and the most characters stored.
SESSION_KEY, MOST_CHARACTERS = "kept_request", 40_000
FIELDS = ("statement", "about", "text", "language")


def typed(data: Mapping[str, str]) -> dict[str, str]:
    """Return typed values without NUL bytes, which databases do not store."""
    return {name: data.get(name, "").replace("\x00", "") for name in FIELDS}


class Writing(MemberView):
    """Base class for submitting a request, also again: nothing typed is lost, and a form counts once."""

    template_name = "summaries/corrections/ask.html"

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        """Load the edition, or the returned request."""
        raise NotImplementedError

    @property
    def about(self) -> str:
        """The subject in the form's seal."""
        raise NotImplementedError

    def form(self, data: QueryDict | None = None, *, initial: dict[str, str] | None = None) -> WordsForm:
        raise NotImplementedError

    def may(self) -> Answer:
        """Return the permission."""
        raise NotImplementedError

    def send(self, values: dict[str, str], key: str) -> Correction:
        raise NotImplementedError

    def initial(self, request: HttpRequest) -> dict[str, str]:
        """Return the initial values of the form."""
        return {}

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        self.find(request, **kwargs)
        here = {"next": request.get_full_path() if request.method == "GET" else request.path}
        if not self.person.has_byline:
            return redirect(f"{reverse('byline')}?{urlencode(here)}")
        # Checked when a form is opened, not when it is submitted, so that no typed text is lost.
        if request.method == "GET" and not has_accepted(self.person, installation().rules_version):
            return redirect(f"{reverse('accept_rules')}?{urlencode(here)}")
        return super().enter(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        values = self.kept(request) or self.initial(request)
        seal = Seal.fresh(self.person, self.about)
        return self.show(request, self.form(initial={**values, "seal": seal.sealed()}))

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        data = request.POST.copy()
        values = typed(data)
        for name, value in values.items():
            data[name] = value
        seal = Seal.read(data.get("seal", ""), self.person, self.about)
        if seal is None:
            data["seal"] = Seal.fresh(self.person, self.about).sealed()
        form = self.form(data)
        form.is_valid()
        try:
            require(self.may())
            if seal is None:
                raise ActionRefused(
                    _(
                        "The summary has changed, or this form was open for too long. Check your request and "
                        "submit it again."
                    ),
                    "seal",
                )
            made = self.send(values, seal.key)
        except ActionRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, status=403 if isinstance(refused, NotPermitted) else 422)
        return redirect("summaries:my_correction", pk=made.pk)

    def show(self, request: HttpRequest, form: WordsForm, status: int = 200) -> HttpResponse:
        answer = self.may()
        context = {
            "form": form,
            "refused": "" if answer or form.errors else getattr(answer, "sentence", ""),
            "can_send": bool(answer),
            "nav_current": "consultations",
            **self.context(),
        }
        return self.page(request, context, status=status)

    def context(self) -> dict[str, object]:
        raise NotImplementedError

    def sign_in_first(self, request: HttpRequest) -> HttpResponseBase:
        if request.method == "POST":
            # Signed out while writing: the values wait in the session and are back in the form after sign-in, only for
            # the person named in the seal.
            values, owner = typed(request.POST), Seal.owner(request.POST.get("seal", ""))
            if owner and sum(map(len, values.values())) <= MOST_CHARACTERS:
                request.session[SESSION_KEY] = {**values, "path": request.path, "owner": owner}
            return redirect_to_login(request.path)
        return super().sign_in_first(request)

    def kept(self, request: HttpRequest) -> dict[str, str] | None:
        """Return, once, the values that the person submitted to this page while signed out."""
        kept = request.session.pop(SESSION_KEY, None)
        if not kept or kept.get("path") != request.path or kept.get("owner") != self.person.pk:
            return None
        return {name: kept[name] for name in FIELDS}


class Ask(Writing):
    """Requesting a correction of the edition in force. Parameter: `statement`, the number of one."""

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        found = DocumentEdition.objects.filter(
            consultation__slug=self.kwargs["slug"], kind=NAME, number=self.kwargs["number"], in_force=True
        )
        self.edition = get_object_or_404(found.select_related("consultation"))
        if not may_see(self.person, self.edition.consultation):
            raise Http404
        self.reading = read_edition(self.edition, current())

    @property
    def about(self) -> str:
        return f"edition-{self.edition.pk}"

    def form(self, data: QueryDict | None = None, *, initial: dict[str, str] | None = None) -> RequestForm:
        return RequestForm(data, statements=self.reading.paragraphs, initial=initial)

    def initial(self, request: HttpRequest) -> dict[str, str]:
        return {"statement": request.GET.get("statement", "")[:10]}

    def may(self) -> Answer:
        return permissions.may_ask(self.person, self.edition, self.edition.consultation)

    def send(self, values: dict[str, str], key: str) -> Correction:
        missing = values["statement"] == MISSING
        # An invalid choice becomes a missing statement, for which validation has a sentence.
        statement = None if missing else number_in(values["statement"][:9])
        return actions.ask(
            actor=self.person,
            edition=self.edition,
            statement=statement,
            about=self.left_out(values["about"].strip()) if values["about"].strip() else None,
            text=values["text"],
            language=values["language"],
            key=key,
        )

    def left_out(self, written: str) -> Edition:
        """Return the contribution that was left out. An unknown one is refused with a sentence."""
        found = Edition.objects.filter(
            consultation=self.edition.consultation, number=number_in(written[:9]), in_force=True
        ).first()
        if found is None:
            raise ActionRefused(_("No published contribution has this number. Check the number."), "about", "about")
        return found

    def context(self) -> dict[str, object]:
        where = self.edition.consultation
        return {
            "consultation": where,
            "name": SUMMARY.label(self.edition.number),
            "summary_url": SUMMARY.url(where.slug, self.edition.number),
            "until": permissions.last_day_to_ask(self.edition, where),
            "again": None,
        }


class SendAgain(Writing):
    """Submitting a returned request again, changed."""

    def find(self, request: HttpRequest, **kwargs: object) -> None:
        self.correction = own_correction_or_404(self.person, self.kwargs["pk"])

    @property
    def about(self) -> str:
        return f"request-{self.correction.pk}"

    def form(self, data: QueryDict | None = None, *, initial: dict[str, str] | None = None) -> WordsForm:
        return WordsForm(data, initial=initial)

    def initial(self, request: HttpRequest) -> dict[str, str]:
        latest = self.correction.versions.select_related("text").latest("number")
        return {"text": latest.text.content, "language": latest.language}

    def may(self) -> Answer:
        return permissions.may_send_again(self.person, self.correction)

    def send(self, values: dict[str, str], key: str) -> Correction:
        actions.send_again(
            actor=self.person, correction=self.correction, text=values["text"], language=values["language"], key=key
        )
        return self.correction

    def context(self) -> dict[str, object]:
        it = self.correction
        return {
            "consultation": it.consultation,
            "name": SUMMARY.label(it.edition.number),
            "summary_url": SUMMARY.url(it.consultation.slug, it.edition.number),
            "until": None,
            "again": it,
        }


def own_correction_or_404(person: Person, pk: int) -> Correction:
    """Return a person's own request; 404 for anybody else."""
    found = Correction.objects.select_related(
        "consultation", "edition__document", "about", "person", "byline", "corrected_by"
    ).filter(pk=pk)
    correction = found.first()
    if correction is None or not permissions.is_asker(person, correction):
        raise Http404
    return correction


class MyCorrection(MemberView):
    """One of a person's own requests: its history, answer, receipt and possible actions."""

    template_name = "summaries/corrections/own.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        it = own_correction_or_404(self.person, pk)
        versions = list(it.versions.select_related("text", "byline").order_by("number"))
        for version in versions:
            version.correction = it
        latest = versions[-1]
        timeline = timeline_of(it, versions)
        decision, decision_in_force = timeline.on(latest), decisions.decision_on(it.kind, it)
        is_notified = timeline.state == it.state
        may_appeal = moderation_rules.may_appeal(self.person, decision_in_force, it)
        return self.page(
            request,
            {
                "correction": it,
                "consultation": it.consultation,
                "name": SUMMARY.label(it.edition.number),
                "summary_url": SUMMARY.url(it.consultation.slug, it.edition.number),
                "public_url": presenters.public_path(it) if it.number else "",
                "timeline": timeline,
                "shown": presenters.describe(it),
                "answered": presenters.answerer_in_words(it),
                "latest": latest,
                "edition": presenters.describe_version(latest),
                "decision": decision,
                "reason_label": kinds.reason_label(decision.reason) if decision and decision.reason else "",
                "reason_text": kinds.reason_text(decision.reason) if decision and decision.reason else "",
                "may_send_again": is_notified and permissions.may_send_again(self.person, it),
                "may_withdraw": permissions.may_withdraw(self.person, it) if is_notified else True,
                "may_appeal": may_appeal,
                "appeal": decisions.last_appeal_of(it.kind, it),
                "appeal_until": decisions.last_day_of_appeal(decision_in_force, it.consultation)
                if decision_in_force and may_appeal
                else None,
                "nav_current": "my",
            },
        )


class MyCorrections(MemberView):
    """A person's own requests, the newest first. Parameter: `before`, the id at which a further page begins."""

    template_name = "summaries/corrections/own_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        before = number_in(request.GET.get("before", ""))
        found = own_corrections(self.person, before)
        context = {
            "corrections": found[:OWN_PAGE],
            "older": found[OWN_PAGE - 1].pk if len(found) > OWN_PAGE else None,
            "is_later": bool(before),
            "nav_current": "my",
        }
        return self.page(request, context)


class Withdraw(MemberView):
    """Withdrawing a request, after a confirmation."""

    template_name = "summaries/corrections/withdraw.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        correction = own_correction_or_404(self.person, pk)
        require(permissions.may_withdraw(self.person, correction))
        return self.page(request, {"correction": correction, "nav_current": "my"})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        actions.withdraw(actor=self.person, correction=own_correction_or_404(self.person, pk))
        messages.success(request, _("You have withdrawn your request."))
        return redirect("summaries:my_correction", pk=pk)
