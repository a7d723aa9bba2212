"""One item in full: a decision is chosen, shown as its author reads it, and sent; a redaction is proposed; and one's
own last decision is undone or published at once.
"""

import datetime
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.languages import current
from plenara.core.life_cycle import Moderated, ModeratedVersion, OfKind, State
from plenara.core.refusals import ActionRefused, AlreadyDone, Answer, InvalidInput, require_valid
from plenara.core.text import clean, digest, first_words
from plenara.moderation import actions, emails, permissions, validation
from plenara.moderation.actions.decisions import require_pending
from plenara.moderation.forms import WAIT, DecisionForm, RedactionForm
from plenara.moderation.kinds import KINDS, ModeratedKind, after_url, earlier_versions, ground_of, latest_version
from plenara.moderation.models import APPROVING, UNDO_TIME, Code, Decision, Item, Redaction
from plenara.moderation.queries import decisions
from plenara.moderation.queries.queue import FIRST_WORDS
from plenara.moderation.views.staff.items import Subject, WithinQueue, lease, mark_hints, moderated_or_404, parts

#: Decisions that a page offers to undo, and links to published texts: the newest.
MOST, MOST_PUBLISHED = 5, 2
#: How long a page links to texts that one has approved.
LISTED_FOR = datetime.timedelta(minutes=5)


@dataclass(frozen=True)
class JustDecided:
    """A decision that can be undone for some seconds more, or one that has published a text."""

    decision: Decision
    seconds: int = 0
    label: str = ""  # of the published text
    url: str = ""
    after_url: str = ""  # where it is removed
    is_underway: bool = False  # it cannot be undone any more, and its text is being published
    version: ModeratedVersion | None = None  # of a text that is not published yet

    @property
    def words(self) -> str:
        """The title of its text, or the first words."""
        return (self.version.title or first_words(self.version.text.content, FIRST_WORDS)) if self.version else ""

    @property
    def publishes(self) -> bool:
        """Whether it publishes a text once it cannot be undone any more, and can do so at once."""
        return self.decision.code in APPROVING


def just_decided(person: Person) -> list[JustDecided]:
    """Return a person's decisions that can still be undone, and their latest publications, the newest first.

    One query, one for each published text, and the versions of those that are not.
    """
    now = clock.now()
    recent = Decision.objects.filter(
        moderator=person, version_id__isnull=False, at__gt=now - LISTED_FOR, undone_at=None
    )
    decisions = list(recent.order_by("-pk")[: MOST * 4])
    fresh = [each for each in decisions if each.is_undoable and each.at and each.at > now - UNDO_TIME]
    others = [each for each in decisions if each not in fresh and _publishes(each)]
    made = [JustDecided(each, seconds_left(each), version=_version(each)) for each in fresh[:MOST]]
    return made + [found for each in others[:MOST_PUBLISHED] if (found := _published(each))]


def _version(decision: Decision) -> ModeratedVersion | None:
    return KINDS[decision.kind].load([decision.version_id or 0]).get(decision.version_id or 0)


def seconds_left(decision: Decision) -> int:
    """Return the whole seconds that are left to undo a decision."""
    return max(0, int((decision.at + UNDO_TIME - clock.now()).total_seconds())) if decision.at else 0


def _publishes(decision: Decision) -> bool:
    return decision.code in APPROVING or (decision.code == Code.MOVED and bool(decision.before.get("publishes")))


def _published(decision: Decision) -> JustDecided | None:
    """Return the address of the text that a decision has published or is publishing; else nothing."""
    moderated_kind = KINDS[decision.kind]
    thing = moderated_kind.find(decision.object_id or 0)
    if thing is None:
        return None
    # The page of the earlier text does not show a revision that is not published yet.
    waiting = latest_version(thing, State.PENDING)
    if waiting is not None and waiting.pk == decision.version_id:
        return JustDecided(decision, is_underway=True, version=_version(decision))
    if thing.number is None or thing.state != State.PUBLISHED:
        return None
    path = moderated_kind.public_path(thing, current())
    return JustDecided(decision, 0, moderated_kind.label(thing), path, after_url(thing))


class Undo(WithinQueue):
    """Undoing one's own decision before any e-mail or publication."""

    http_method_names = ["post"]
    #: Refusals that only mean too late: the queue shows them.
    late = frozenset({"too_late", "overtaken", "not_undoable", "not_approved", "undone"})

    def allowed(self, pk: int) -> Answer:
        self.decision = get_object_or_404(Decision.objects.select_related("consultation"), pk=pk)
        if self.decision.consultation_id not in permissions.moderated_by(self.person):
            raise Http404
        return permissions.may_open_queue(self.person)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.decision.moderator_id == self.person.pk and self.decision.undone_at:
            return self.back()  # a double click
        try:
            actions.undo(actor=self.person, decision=self.decision)
        except ActionRefused as refused:
            return self.too_late(request, refused)
        messages.success(
            request,
            str(KINDS[self.decision.kind].sentences["undone"]) % {"decision": self.decision.symbol},
        )
        return self.back()

    def too_late(self, request: HttpRequest, refused: ActionRefused) -> HttpResponse:
        """Show in the queue that it is too late; this person may not do anything else."""
        if refused.code not in self.late:
            raise refused
        messages.warning(request, str(refused))
        return self.to_queue()

    def back(self) -> HttpResponse:
        """Redirect to the item."""
        url = reverse("moderation:decide", args=[self.decision.kind, self.decision.object_id or 0])
        return redirect(url + self.within)


class PublishNow(Undo):
    """Publishing one's own approval at once, without the half minute in which it can be undone."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        is_published = self.decision.code in APPROVING and not self.decision.is_undoable
        if is_published and self.decision.moderator_id == self.person.pk:
            return self.onward()  # a double click: it is published, and the next page leads to it
        try:
            actions.publish_now(actor=self.person, decision=self.decision)
        except ActionRefused as refused:
            return self.too_late(request, refused)
        return self.onward()


class OfThing(WithinQueue):
    """A view of one pending thing, of any kind."""

    kind: str
    moderated_kind: ModeratedKind
    thing: Moderated

    def allowed(self, kind: str, pk: int) -> Answer:
        self.thing = moderated_or_404(self.person, kind, pk)
        self.kind, self.moderated_kind = kind, KINDS[kind]
        return permissions.may_view_at_desk(self.person, self.thing)

    def pending_version(self) -> tuple[OfKind, Item | None]:
        """Return the pending version and its row of the queue; nothing where it is decided."""
        item = Item.objects.filter(kind=self.kind, object_id=self.thing.pk, why=Item.Why.PENDING).first()
        # A moved thing that will be published is no longer pending, though it is published only in a moment.
        return (latest_version(self.thing, State.PENDING) if item else None), item

    def to_item(self) -> HttpResponseRedirectBase:
        """Redirect to the page where it is decided on."""
        return redirect(reverse("moderation:decide", args=[self.kind, self.thing.pk]) + self.within)


class Decide(OfThing):
    """One item in full, with its question beside it and the decision below.

    Nothing is sent that was not shown: the form confirms an e-mail by its digest. An approval without a sentence is
    sent at once, since its e-mail is always the same.
    """

    template_name = "moderation/decide.html"

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        return self.show(request, self.form())

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        form = self.form(request.POST)
        if "take_over" in request.POST:
            return self.take_over(request, form)
        if not form.is_valid():
            return self.show(request, form, status=422)
        values = form.cleaned_data
        language = values["sentence_language"] or current()
        choice = {name: values[name] for name in ("code", "reason", "sentence", "thread")}
        try:
            if not self.needs_no_preview(request, choice):
                version, _item = self.pending_version()
                require_pending(self.thing, version, values["version"])
                self.require_claim(request)
                require_valid(*validation.decision_fits(self.thing, language=language, **choice))
                proposed = self.proposed(choice, language, publishes=values["there"] != WAIT)
                email = self.email(proposed)
                shown = request.POST.get("shown")
                if "preview" in request.POST or shown != _digest(email):
                    return self.show(request, form, email=email, proposed=proposed, changed=bool(shown))
            actions.decide(
                actor=self.person,
                kind=kind,
                pk=pk,
                version_id=values["version"],
                sentence_language=language,
                publish_there=values["there"] != WAIT,
                can_undo=True,
                **choice,
            )
        except AlreadyDone as refused:
            if self.has_decided(values):
                return self.onward()  # a double click
            messages.warning(request, str(refused))
            return self.again(refused)
        except InvalidInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, status=422)
        return self.onward()

    def take_over(self, request: HttpRequest, form: DecisionForm) -> HttpResponse:
        """Take over the claim of another moderator, with what was typed."""
        _version, item = self.pending_version()
        try:
            if item:
                actions.take_over(actor=self.person, item=item)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return self.to_queue()
        return self.show(request, form)

    def needs_no_preview(self, request: HttpRequest, choice: dict) -> bool:
        """Return whether this needs no preview."""
        return choice["code"] == Code.APPROVED and not choice["sentence"].strip() and "preview" not in request.POST

    def require_claim(self, request: HttpRequest) -> None:
        """Refuse to continue where another moderator has claimed it in the meantime. A preview is allowed."""
        _version, item = self.pending_version()
        if item and "preview" not in request.POST:
            require_valid(permissions.is_free(self.person, item))

    def has_decided(self, values: dict) -> bool:
        """Return whether the same person made this very decision a moment ago."""
        taken = Decision.objects.filter(kind=self.kind, version_id=values["version"], moderator=self.person)
        return taken.filter(code=values["code"], undone_at=None, at__gt=clock.now() - UNDO_TIME).exists()

    def again(self, refused: AlreadyDone) -> HttpResponseRedirectBase:
        """Redirect to the version that is pending now, or to the queue."""
        if refused.code == "other_words":
            return self.to_item()
        return self.to_queue()

    def form(self, data: QueryDict | None = None) -> DecisionForm:
        version, _item = self.pending_version()
        threads = self.thing.consultation.threads.exclude(pk=self.thing.thread_id)
        can_move = self.kind == "contribution" and self.thing.number is None and threads.exists()
        return DecisionForm(
            data, kind=self.moderated_kind, threads=threads if can_move else None, initial=self.initial(version)
        )

    def initial(self, version: ModeratedVersion | None) -> dict[str, object]:
        """Return the form's initial values: after an undone decision, what was chosen and typed."""
        if version is None:
            return {}
        undone = Decision.objects.filter(kind=self.kind, version_id=version.pk, moderator=self.person)
        last = undone.exclude(undone_at=None).order_by("-number").first()
        if last is None:
            return {"version": version.pk}
        other = self.thing.consultation.threads.filter(number=last.moved_to).first() if last.moved_to else None
        return {
            "version": version.pk,
            "code": last.code,
            "reason": last.reason,
            "sentence": last.sentence,
            "sentence_language": last.sentence_language or current(),
            "thread": other,
            **({"there": WAIT} if last.code == Code.MOVED and not last.before.get("publishes", True) else {}),
        }

    def proposed(self, choice: dict, language: str, *, publishes: bool) -> Decision:
        """Return the unsaved decision, for the preview of its e-mail."""
        version, _item = self.pending_version()
        decision = proposed_decision(choice, language, version.pk if version else None)
        decision.moved_to = choice["thread"].number if choice["code"] == Code.MOVED else None
        decision.before = {"publishes": publishes}
        return decision

    def email(self, proposed: Decision, language: str = "") -> emails.DecisionEmail | None:
        """Return the author's e-mail; nothing where there is nobody to write to."""
        author = self.thing.author
        return emails.decision_email(proposed, self.thing, language or author.language) if author else None

    def show(
        self,
        request: HttpRequest,
        form: DecisionForm,
        *,
        status: int = 200,
        proposed: Decision | None = None,
        email: emails.DecisionEmail | None = None,
        changed: bool = False,
    ) -> HttpResponse:
        version, item = self.pending_version()
        claim = lease(request, self.person, item)  # before the queue beside it is queried
        page, waiting = self.rows()
        context: dict = {
            "form": form,
            "kind": self.moderated_kind,
            "after_url": after_url(self.thing) if self.thing.number else "",
            "public_url": self.public_url(),
            "undo_seconds": int(UNDO_TIME.total_seconds()),
            "contribution": self.thing,
            "consultation": self.thing.consultation,
            "thread": self.thing.thread,
            "version": version,
            "item": item,
            "rows": page.rows,
            "more_rows": bool(page.after),
            "waiting": waiting,
            "just_decided": just_decided(self.person),
            "nav_current": "desk",
            **claim,
        }
        if version:
            context |= {
                "edition": self.moderated_kind.describe(version),
                "may_decide": permissions.may_decide(self.person, self.thing),
                "earlier": earlier_versions(version),
                "redaction": decisions.redaction_of_version(self.kind, version.pk),
                "may_redact": permissions.may_redact(self.person, self.thing),
                "parts": parts(Subject(self.person, self.kind, self.thing, version, item)),
            }
            context["marked"] = mark_hints(context["parts"])
        else:
            taken = Decision.objects.filter(kind=self.kind, object_id=self.thing.pk, undone_at=None)
            context["decision"] = last = taken.select_related("moderator").last()
            if last and self.thing.state in (State.RETURNED, State.REJECTED):  # for comparison with similar texts
                decided_on = self.moderated_kind.load([last.version_id] if last.version_id else [])
                context["edition"] = next((self.moderated_kind.describe(each) for each in decided_on.values()), None)
        if proposed is not None:
            context |= {"proposed": proposed, "email": email, "changed": changed, "digest": _digest(email)}
            if email and email.language != current():
                context["email_here"] = self.email(proposed, current())
        return self.page(request, context, status=status)

    def public_url(self) -> str:
        """Return its public address; nothing where it is not published."""
        is_public = self.thing.state == State.PUBLISHED
        return self.moderated_kind.public_path(self.thing, current()) if is_public else ""


def proposed_decision(choice: dict, language: str, version_id: int | None) -> Decision:
    """Return an unsaved decision, for the preview of its e-mail."""
    reason = choice["reason"] if choice["code"] in validation.NEEDS_REASON else ""
    sentence = choice["sentence"].strip()
    return Decision(
        code=choice["code"],
        reason=reason,
        ground=ground_of(reason),
        version_id=version_id,
        sentence=sentence,
        sentence_language=language if sentence else "",
    )


def _digest(email: emails.DecisionEmail | None) -> str:
    return email.digest if email else "nobody"


class Redact(OfThing):
    """Redacting a text: then the difference and the e-mail, then the question to its author."""

    template_name = "moderation/redact.html"

    def allowed(self, kind: str, pk: int) -> Answer:
        return super().allowed(kind, pk) and permissions.may_redact(self.person, self.thing)

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        version, _item = self.pending_version()
        if version is None or decisions.redaction_of_version(kind, version.pk):
            return self.to_item()
        begun = {"version": version.pk, "text": version.text.content}
        return self.show(request, RedactionForm(initial=begun, kind=KINDS[kind], language=version.language), version)

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        version, _item = self.pending_version()
        if version is None:
            return self.to_item()
        form = RedactionForm(request.POST, kind=KINDS[kind], language=version.language)
        if not form.is_valid():
            return self.show(request, form, version, status=422)
        values = form.cleaned_data
        language = values["sentence_language"] or current()
        choice = {"text": clean(values["text"]), "reason": values["reason"], "sentence": clean(values["sentence"])}
        try:
            require_valid(
                validation.only_omits(version.text.content, choice["text"]),
                validation.reason_given(kind, Code.REDACTED, choice["reason"]),
                validation.sentence_fits(choice["sentence"]),
            )
            email = self.email(choice["reason"], choice["sentence"], language)
            text = decisions.mark_omissions(version.text.content, choice["text"])
            shown = digest(email.digest + text)
            if "confirm" not in request.POST or request.POST.get("shown") != shown:
                return self.show(request, form, version, text=text, email=email, digest=shown)
            actions.propose_redaction(
                actor=self.person,
                kind=kind,
                pk=pk,
                version_id=values["version"],
                sentence_language=language,
                **choice,
            )
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return self.to_item()
        except InvalidInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, version, status=422)
        messages.success(
            request, _("We have asked the author. The text is now in the part “Waiting for the author” of the queue.")
        )
        return self.onward()

    def email(self, reason: str, sentence: str, language: str) -> emails.DecisionEmail:
        """Return the author's e-mail."""
        proposal = Redaction(reason=reason, sentence=sentence, sentence_language=language if sentence else "")
        return emails.redaction_email(proposal, self.thing, self.thing.author.language)

    def show(
        self, request: HttpRequest, form: RedactionForm, version: ModeratedVersion, *, status: int = 200, **more: object
    ) -> HttpResponse:
        _version, item = self.pending_version()
        context = {
            "form": form,
            "contribution": self.thing,
            "consultation": self.thing.consultation,
            "thread": self.thing.thread,
            "version": version,
            "nav_current": "desk",
            **lease(request, self.person, item),
            **more,
        }
        return self.page(request, context, status=status)
