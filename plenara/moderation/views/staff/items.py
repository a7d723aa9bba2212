"""Base of every page of an item in the queue: its place in the queue, the parts beside the text, claims and holds, and
notes.
"""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.queries.papers import MOST_PREVIEW
from plenara.contributions.queries.translations import desk_translation
from plenara.core import clock
from plenara.core.languages import current
from plenara.core.life_cycle import Moderated, OfKind
from plenara.core.refusals import AlreadyDone, Answer, InvalidInput, NotPermitted
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.text import number_in, word_count
from plenara.core.views import Context, StaffView
from plenara.moderation import actions, kinds, permissions, presenters, validation
from plenara.moderation.forms import HoldForm
from plenara.moderation.kinds import KINDS
from plenara.moderation.models import Decision, Item, Note
from plenara.moderation.queries import filters, queue

#: Notes, and decisions on the author's texts, that are shown: the newest.
MOST = 20


@dataclass(frozen=True)
class Subject:
    """The moderated item and its reader: the input of each part."""

    person: Person
    kind: str
    thing: Moderated
    version: OfKind
    item: Item | None  # nothing where it is no longer pending


@dataclass(frozen=True)
class Part:
    """One part beside the text."""

    name: str  # the id of its heading
    title: str
    template: str
    context: Context = field(default_factory=dict)


def checked(subject: Subject) -> Part:
    """Show the automatic checks at submission: its length and its declared language."""
    context = {"words": word_count(subject.version.text.content), "limit": subject.thing.word_limit}
    return Part("checked", _("Automatic checks"), "moderation/beside_checked.html", context)


def entered(subject: Subject) -> Part | None:
    """Show how a letter or a meeting's statement came, who entered it, and how its author agreed."""
    if not getattr(subject.thing, "is_entered", False):
        return None
    context = {"contribution": subject.thing, "received": subject.version.submitted_at}
    return Part("entered", _("Entered by the secretariat"), "moderation/beside_entered.html", context)


def guide(subject: Subject) -> Part | None:
    """Show the organizer's guide for moderators, in the moderator's language if it exists."""
    guide = subject.thing.consultation.moderation_guide
    return (
        Part("guide", pgettext("label", "Guidance for moderators"), "moderation/beside_guide.html", {"guide": guide})
        if guide
        else None
    )


def history(subject: Subject) -> Part | None:
    """Show the decisions on the author's other texts in this consultation. Two queries."""
    author = subject.thing.author_id
    if author is None or author == subject.person.pk:
        return None
    sent = KINDS[subject.kind].of_author(author, subject.thing.consultation_id)
    things = list(sent.values_list("pk", flat=True))
    found = Decision.objects.filter(kind=subject.kind, object_id__in=things, undone_at=None)
    decisions = list(found.select_related("consultation").order_by("-number")[: MOST + 1])
    context = {
        "decisions": [(each, kinds.reason_label(each.reason)) for each in decisions[:MOST]],
        "more": len(decisions) > MOST,
        "sent": len(things),
        "kind": KINDS[subject.kind],
    }
    title = _("This author’s contributions in the consultation")
    if subject.thing.consultation.is_community:
        title = _("Other proposals by the owner")
    return Part("history", title, "moderation/beside_history.html", context)


def notes(subject: Subject) -> Part | None:
    """Show the notes of moderators, with a form for another."""
    if not permissions.may_view_at_desk(subject.person, subject.thing):
        return None
    found = Note.objects.filter(kind=subject.kind, object_id=subject.thing.pk).select_related("person")
    address = reverse("moderation:notes", args=[subject.kind, subject.thing.pk])
    address += f"?item={subject.item.pk}" if subject.item else ""
    context = {"notes": list(found.order_by("-pk")[:MOST])[::-1], "address": address}
    return Part("notes", _("Notes for the next moderator"), "moderation/beside_notes.html", context)


def paper(subject: Subject) -> Part | None:
    """Show the longer paper of the text, and its words if they could be extracted."""
    its = getattr(subject.version, "paper", None)
    if its is None:
        return None
    context = {"paper": its, "shown": its.text[:MOST_PREVIEW], "is_cut": len(its.text) > MOST_PREVIEW}
    return Part("paper", pgettext("label", "Longer document"), "moderation/beside_paper.html", context)


def noticed(subject: Subject) -> Part | None:
    """Show the hints about the text. Three queries at most."""
    found = presenters.hints(subject.kind, subject.version)
    context = {"hints": found, "marked": presenters.mark_places(subject.version, found)}
    return (
        Part("noticed", pgettext("label", "Noticed by a machine"), "moderation/beside_noticed.html", context)
        if found
        else None
    )


def in_your_language(subject: Subject) -> Part | None:
    """Show a translation for the moderator, if there is one; only the original is decided on. One query."""
    version = subject.version
    # A text in the reader's language needs none; only contributions have translations.
    if subject.kind != "contribution" or version.language.split("-")[0].lower() == current():
        return None
    context = {
        "translation": desk_translation(version.text_id), "text_id": version.text_id, "lang": current(),
        "consultation": subject.thing.consultation,
    }  # fmt: skip
    return Part(
        "in_your_language",
        pgettext("label", "Translation into your language"),
        "moderation/beside_translated.html",
        context,
    )


type Function = Callable[[Subject], Part | None]
PARTS: list[Function] = [entered, in_your_language, checked, noticed, paper, notes, history, guide]


def parts(subject: Subject) -> list[Part]:
    """Return the parts beside a text, in order."""
    return [part for function in PARTS if (part := function(subject))]


def mark_hints(made: list[Part]) -> object:
    """Return the words with the hints marked in them; nothing without a mark."""
    return next((part.context["marked"] for part in made if part.name == "noticed"), "")


def threads_of(where: Sequence[Consultation]) -> list[Thread]:
    """Return the questions of consultations, for the filters. One query."""
    found = Thread.objects.filter(consultation__in=[each.pk for each in where])
    return list(found.defer("guidance", "rewordings", "themes"))


def moderated_consultations(person: Person) -> list[Consultation]:
    """Return the consultations that a person moderates, the newest first. One query."""
    return list(Consultation.objects.filter(pk__in=permissions.moderated_by(person)).order_by("-pk"))


def tab_of(address: Mapping[str, object]) -> str:
    """Return the tab that a parameter names; the first by default."""
    tab = address.get("tab", "")
    return tab if tab in queue.TABS else ""


def query_of(values: Mapping[str, str], **more: str) -> str:
    """Return the query string of these filters."""
    query = {name: value for name, value in {**values, **more}.items() if value}
    return f"?{urlencode(query)}" if query else ""


def moderated_or_404(person: Person, kind: str, pk: int) -> OfKind:
    """Return a thing that a person moderates; 404 for anybody else."""
    found = KINDS[kind].find(pk) if kind in KINDS else None
    if found is None or found.consultation_id not in permissions.moderated_by(person):
        raise Http404
    return found


class WithinQueue(StaffView):
    """Base of views reached from the queue. They stay within the filters of the queue that their reader has set."""

    @cached_property
    def asked(self) -> filters.QueueFilters:
        """The filters of the queue. Two queries where there are parameters, none otherwise."""
        if not self.request.GET:
            return filters.QueueFilters({}, [])
        where = moderated_consultations(self.person)
        return filters.QueueFilters.read(self.request.GET, where, threads_of(where))

    @cached_property
    def within(self) -> str:
        """The query string for the address of each page on the way."""
        return query_of(self.asked.values, tab=tab_of(self.request.GET))

    def page(self, request: HttpRequest, context: Context | None = None, status: int = 200) -> HttpResponse:
        more = {"within": self.within, "and_within": self.within.replace("?", "&", 1), "queue_url": self.queue_url()}
        return super().page(request, {**more, **(context or {})}, status)

    def queue_url(self) -> str:
        """Return the address of the queue with its filters."""
        return reverse("moderation:queue") + self.within

    def to_queue(self) -> HttpResponseRedirectBase:
        """Redirect to the queue."""
        return redirect(self.queue_url())

    def onward(self) -> HttpResponseRedirectBase:
        """Redirect to the next of the filtered items; to the queue, with a notice, if there is none."""
        only, tab = self.asked.condition(), tab_of(self.request.GET)
        return redirect(queue.onward(self.person, only=only, tab=tab, query=self.within))

    def rows(self) -> tuple[queue.Page, int]:
        """Return the first rows of the filtered queue, for the list beside an open item, and how many it has in all."""
        return queue.rows(self.person, only=self.asked.condition(), tab=tab_of(self.request.GET))


def lease(request: HttpRequest, person: Person, item: Item | None) -> dict[str, object]:
    """Claim the item of a page, if it is free, and return the context of `moderation/claim.html`.

    Opening a page is enough, and so is sending its form: the claim is a lease that changes nothing of the item. A page
    that is only read (`?read=1`) or that a browser prefetches claims nothing.
    """
    if item is None:
        return {}
    ahead = "prefetch" in request.headers.get("Sec-Purpose", "") or request.method == "HEAD"
    if not ahead and not only_reads(request):
        try:
            actions.claim(actor=person, item=item)
        except NotPermitted:
            return {}  # one's own: another moderator decides
    found = Item.objects.select_related("claimed_by", "held_by", "consultation").filter(pk=item.pk).first()
    if found is None:
        return {}
    return {"claim": found, "is_taken": not permissions.is_free(person, found), "only_reads": only_reads(request)}


def only_reads(request: HttpRequest) -> bool:
    """Return whether a page is opened for reading, without a claim and without a form."""
    return request.method in {"GET", "HEAD"} and "read" in request.GET


class _OfItem(WithinQueue):
    """Base of views of one item of the queue. A deleted item redirects to the queue with a notice."""

    item: Item | None

    def allowed(self, pk: int) -> Answer:
        found = Item.objects.select_related("claimed_by", "held_by", "consultation", "appeal__decision")
        self.item = found.filter(pk=pk).first()
        if self.item is None:
            return permissions.may_open_queue(self.person)
        self.thing = moderated_or_404(self.person, self.item.kind, self.item.object_id)
        return permissions.may_claim(self.person, self.thing, self.item)

    def gone(self, request: HttpRequest) -> HttpResponse:
        """Redirect with the notice that the item is no longer pending."""
        messages.warning(
            request, _("This text is no longer waiting: someone has decided on it, or the author has withdrawn it.")
        )
        return self.to_queue()

    def page_of(self, item: Item) -> str:
        """Return the address where the item is decided on."""
        found = (row.url for row in queue.filled([item], self.person))
        return next(found, reverse("moderation:queue")) + self.within


class Claim(_OfItem):
    """Taking over another moderator's claim, or releasing one's own; a script renews it quietly."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if "renew" in request.POST or "left" in request.POST:
            return self.by_script(request)
        if self.item is None:
            return self.gone(request)
        if "release" in request.POST:
            actions.release(actor=self.person, item=self.item)
            messages.success(request, _("You have released the text. Other moderators can now open it."))
            return self.to_queue()
        try:
            actions.take_over(actor=self.person, item=self.item)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        return redirect(self.page_of(self.item))

    def by_script(self, request: HttpRequest) -> HttpResponse:
        """Renew the claim of an open page, or release that of a page that was left, and return its state."""
        if self.item and "left" in request.POST:
            # Of this page alone: where another page has renewed it since, it stays.
            actions.release(actor=self.person, item=self.item, until=_moment(request.POST["left"]))
            return HttpResponse(status=204)
        if self.item is None:
            return JsonResponse(
                {
                    "text": _(
                        "This text is no longer waiting: someone has decided on it, or the author has withdrawn it."
                    )
                },
                status=409,
            )
        if actions.claim(actor=self.person, item=self.item):
            self.item.refresh_from_db()
            return JsonResponse({"until": self.item.claim_stamp, "text": _yours(self.item)})
        self.item.refresh_from_db()
        answer = permissions.is_free(self.person, self.item)
        return JsonResponse({"text": str(getattr(answer, "sentence", ""))}, status=409)


class Hold(_OfItem):
    """Putting an item on hold until a day, with a reason for moderators only; or ending the hold."""

    template_name = "moderation/hold.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.item is None:
            return self.gone(request)
        lease(request, self.person, self.item)
        return self.show(request, HoldForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if self.item is None:
            return self.gone(request)
        form = HoldForm(request.POST)
        try:
            if "end" in request.POST:
                actions.release_hold(actor=self.person, item=self.item)
                messages.success(request, _("The text is back in the queue."))
                return redirect(self.page_of(self.item))
            if not form.is_valid():
                return self.show(request, form, status=422)
            held = actions.hold(actor=self.person, item=self.item, **form.cleaned_data)
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
            return self.to_queue()
        except InvalidInput as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, form, status=422)
        messages.success(request, _("The text is on hold until %(day)s.") % {"day": date_in_words(held.held_day)})
        return self.to_queue()

    def show(self, request: HttpRequest, form: HoldForm, status: int = 200) -> HttpResponse:
        assert self.item and self.item.consultation
        tomorrow = clock.now().astimezone(self.item.consultation.zone).date() + datetime.timedelta(days=1)
        form.fields["until"].widget.attrs |= {
            "min": tomorrow.isoformat(),
            "max": (tomorrow + datetime.timedelta(days=validation.HOLD_DAYS - 1)).isoformat(),
        }
        context = {"form": form, "item": self.item, "back": self.page_of(self.item), "nav_current": "desk"}
        return self.page(request, context, status=status)


def _yours(item: Item) -> str:
    text = ngettext(
        "You have this text open for %(minutes)s more minute",
        "You have this text open for %(minutes)s more minutes",
        item.claim_minutes,
    )
    return text % {"minutes": item.claim_minutes}


def _moment(written: str) -> datetime.datetime:
    """Return the moment at which a page's claim ends; a time that no claim has, if it names none."""
    try:
        return datetime.datetime.fromisoformat(written).astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        return datetime.datetime.min.replace(tzinfo=datetime.UTC)


class Notes(WithinQueue):
    """Saves a note on a thing, and redirects to it."""

    http_method_names = ["post"]

    def allowed(self, kind: str, pk: int) -> Answer:
        return permissions.may_view_at_desk(self.person, moderated_or_404(self.person, kind, pk))

    def post(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        text = request.POST.get("note", "").replace("\x00", "")
        try:
            actions.leave_note(actor=self.person, kind=kind, pk=pk, text=text)
        except InvalidInput as refused:
            return render(request, "core/refused.html", {"refused": refused, "kept_text": text}, status=422)
        messages.success(request, _("Your note has been saved."))
        return redirect(self.page_it_came_from(request, kind, pk))

    def page_it_came_from(self, request: HttpRequest, kind: str, pk: int) -> str:
        """Return the page of the row that the form names: before publication, after it, or of an appeal."""
        found = Item.objects.select_related("consultation", "appeal__decision").filter(kind=kind, object_id=pk)
        items = found.filter(pk=number_in(request.GET.get("item", "")))
        url = next((row.url for row in queue.filled(list(items), self.person)), "")
        return (url or reverse("moderation:decide", args=[kind, pk])) + self.within
