"""One item in full, with its question beside it; the decision below is chosen, shown as its author reads it, sent."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.urls import reverse

from plenara.contributions.models import State
from plenara.core import clock
from plenara.core.languages import current
from plenara.core.refusals import AlreadyDone, Invalid, require_valid
from plenara.moderation import actions, checks, letters, redactions, rules
from plenara.moderation.actions.deciding import require_waiting
from plenara.moderation.forms import WAIT, DecisionForm
from plenara.moderation.models import UNDO_TIME, Code, Decision, Item
from plenara.moderation.publishable import KINDS, MOVE, REDACT, Publishable
from plenara.moderation.reasons import ground_of
from plenara.moderation.staff.beside import Subject, marked, parts
from plenara.moderation.staff.claiming import lease
from plenara.moderation.staff.looking import WithinQueue
from plenara.moderation.staff.undoing import just_decided


class OfThing(WithinQueue):
    """A view of one thing that waits, whatever its kind."""

    kind: str
    publishable: Publishable
    thing: Any

    def allowed(self, kind: str, pk: int) -> Any:
        found = KINDS[kind].find(pk) if kind in KINDS else None
        if found is None or found.consultation_id not in rules.moderated_by(self.person):
            raise Http404
        self.kind, self.publishable, self.thing = kind, KINDS[kind], found
        return rules.may_read_aside(self.person, found)

    def waiting(self) -> tuple[Any, Item | None]:
        """Return the version that waits and its row of the queue; nothing where it is decided."""
        item = Item.objects.filter(kind=self.kind, object_id=self.thing.pk, why=Item.Why.PENDING).first()
        # What was moved to be published waits no more, though it is published only in a moment.
        return (self.publishable.waiting_version(self.thing) if item else None), item

    def to_it(self) -> HttpResponseRedirectBase:
        """Lead to the page where it is decided on."""
        return redirect(reverse("moderation:decide", args=[self.kind, self.thing.pk]) + self.within)


class Decide(OfThing):
    """One item in full, with its question beside it and the decision below.

    Nothing is sent that was not shown: what a form confirms is known by the digest of the letter. An approval without a
    sentence goes at once, since its letter is always the same.
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
            if not self.goes_at_once(request, choice):
                version, _item = self.waiting()
                require_waiting(self.thing, version, values["version"])
                self.require_claim(request)
                require_valid(*checks.decision_fits(self.thing, language=language, **choice))
                proposed = self.proposed(choice, language, publishes=values["there"] != WAIT)
                letter = self.letter(proposed)
                shown = request.POST.get("shown")
                if "letter" in request.POST or shown != _digest(letter):
                    return self.show(request, form, letter=letter, proposed=proposed, changed=bool(shown))
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
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, status=422)
        return self.onward()

    def take_over(self, request: HttpRequest, form: DecisionForm) -> HttpResponse:
        """Let what another has open be one's own, and keep what was typed."""
        _version, item = self.waiting()
        try:
            if item:
                actions.take_over(actor=self.person, item=item)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return self.to_queue()
        return self.show(request, form)

    def goes_at_once(self, request: HttpRequest, choice: dict[str, Any]) -> bool:
        """Say whether this needs no showing before."""
        return choice["code"] == Code.APPROVED and not choice["sentence"].strip() and "letter" not in request.POST

    def require_claim(self, request: HttpRequest) -> None:
        """Refuse to go on where another has it open by now. Whoever only looks at the letter may."""
        _version, item = self.waiting()
        if item and "letter" not in request.POST:
            require_valid(rules.is_free(self.person, item))

    def has_decided(self, values: dict[str, Any]) -> bool:
        """Say whether this very decision was taken by the same person a moment ago."""
        taken = Decision.objects.filter(kind=self.kind, version_id=values["version"], moderator=self.person)
        return taken.filter(code=values["code"], undone_at=None, at__gt=clock.now() - UNDO_TIME).exists()

    def again(self, refused: AlreadyDone) -> HttpResponseRedirectBase:
        """Lead to the other words that wait here by now, or to the queue."""
        if refused.code == "other_words":
            return self.to_it()
        return self.to_queue()

    def form(self, data: Any = None) -> DecisionForm:
        version, _item = self.waiting()
        threads = self.thing.consultation.threads.exclude(pk=self.thing.thread_id)
        can_move = MOVE in self.publishable.offers and self.thing.number is None and threads.exists()
        return DecisionForm(
            data, kind=self.publishable, threads=threads if can_move else None, initial=self.initial(version)
        )

    def initial(self, version: Any) -> dict[str, Any]:
        """Return what the form begins with: of a decision that was undone, what had been chosen and typed."""
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

    def proposed(self, choice: dict[str, Any], language: str, *, publishes: bool) -> Decision:
        """Return the decision as it would be, unsaved, to show its letter."""
        version, _item = self.waiting()
        reason = choice["reason"] if choice["code"] in checks.NEEDS_REASON else ""
        sentence = choice["sentence"].strip()
        return Decision(
            code=choice["code"],
            reason=reason,
            ground=ground_of(reason),
            version_id=version.pk if version else None,
            sentence=sentence,
            sentence_language=language if sentence else "",
            moved_to=choice["thread"].number if choice["code"] == Code.MOVED else None,
            before={"publishes": publishes},
        )

    def letter(self, proposed: Decision, language: str = "") -> letters.Letter | None:
        """Return what the author will read; nothing where there is nobody to write to."""
        author = self.thing.author
        return letters.letter(proposed, self.thing, language or author.language) if author else None

    def show(self, request: HttpRequest, form: DecisionForm, *, status: int = 200, **more: Any) -> HttpResponse:
        version, item = self.waiting()
        claim = lease(request, self.person, item)  # before the queue beside it is read
        rows, waiting = self.rows()
        context: dict[str, Any] = {
            "form": form,
            "kind": self.publishable,
            "after_url": self.publishable.after_url(self.thing) if self.thing.number else "",
            "public_url": self.public_url(),
            "undo_seconds": int(UNDO_TIME.total_seconds()),
            "contribution": self.thing,
            "consultation": self.thing.consultation,
            "thread": self.thing.thread,
            "version": version,
            "item": item,
            "rows": rows,
            "waiting": waiting,
            "just_decided": just_decided(self.person),
            "nav_current": "desk",
            **claim,
        }
        if version:
            context |= {
                "edition": self.publishable.shown(version),
                "may_decide": rules.may_decide(self.person, self.thing),
                "earlier": self.earlier(version),
                "redaction": redactions.of_version(self.kind, version.pk),
                "may_redact": REDACT in self.publishable.offers and rules.may_redact(self.person, self.thing),
                "parts": parts(Subject(self.person, self.kind, self.thing, version, item)),
            }
            context["marked"] = marked(context["parts"])
        else:
            taken = Decision.objects.filter(kind=self.kind, object_id=self.thing.pk, undone_at=None)
            context["decision"] = last = taken.select_related("moderator").last()
            if last and self.thing.state in (State.RETURNED, State.REJECTED):  # to be compared with what is like it
                decided_on = self.publishable.load([last.version_id] if last.version_id else [])
                context["edition"] = next((self.publishable.shown(each) for each in decided_on.values()), None)
        if "proposed" in more:
            context |= {**more, "digest": _digest(more["letter"])}
            if more["letter"] and more["letter"].language != current():
                context["letter_here"] = self.letter(more["proposed"], current())
        return self.page(request, context, status=status)

    def public_url(self) -> str:
        """Return where it is published; nothing where it is not."""
        is_public = self.thing.state == State.PUBLISHED
        return self.publishable.public_path(self.thing, current()) if is_public else ""

    def earlier(self, version: Any) -> list[Any]:
        """Return the versions before this one, the latest first, for the moderator to compare."""
        return self.publishable.earlier(version)


def _digest(letter: letters.Letter | None) -> str:
    return letter.digest if letter else "nobody"
