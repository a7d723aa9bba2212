"""A campaign: the text once, who submitted it, and one decision for all that wait or for some of them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.core.languages import current
from plenara.core.refusals import AlreadyDone, Invalid, require_valid
from plenara.core.text import number_in
from plenara.moderation import actions, checks, letters, queue, rules
from plenara.moderation.actions.campaigning import decidable
from plenara.moderation.actions.undoing import just_decided_on
from plenara.moderation.campaign_forms import SOME, CampaignForm
from plenara.moderation.models import APPROVING, Campaign, CampaignMember, Code, Decision, Item
from plenara.moderation.publishable import KINDS
from plenara.moderation.reasons import ground_of
from plenara.moderation.staff.looking import WithinQueue
from plenara.moderation.staff.undoing import seconds_left

#: Members that one page shows.
PAGE = 50


@dataclass(frozen=True)
class Row:
    """A member as the page shows it."""

    member: CampaignMember
    version: Any
    item: Item | None  # nothing where it waits no more
    can: bool  # whether the reader may decide on it now
    is_first: bool


class CampaignDesk(WithinQueue):
    """A campaign, decided on as one."""

    template_name = "moderation/campaign.html"

    def allowed(self, pk: int) -> Any:
        self.campaign = get_object_or_404(Campaign.objects.select_related("consultation"), pk=pk)
        if self.campaign.consultation_id not in rules.moderated_by(self.person):
            raise Http404
        return rules.may_open_queue(self.person)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(request, CampaignForm(initial={"until": self.last()}))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if "take_out" in request.POST:
            return self.take_out(request)
        if "undo" in request.POST:
            return self.undo(request)
        if "publish_now" in request.POST:
            return self.publish_now(request)
        form = CampaignForm(request.POST)
        chosen = [pk for each in request.POST.getlist("item")[:1000] if (pk := number_in(each))]
        if not form.is_valid():
            return self.show(request, form, chosen, status=422)
        values = form.cleaned_data
        try:
            if "letter" in request.POST:
                return self.show(request, form, chosen, letter=self.letter(values))
            outcome = actions.decide_campaign(
                actor=self.person,
                campaign=self.campaign,
                chosen=chosen if values["which"] == SOME else None,
                can_undo=True,
                **{name: values[name] for name in ("code", "reason", "sentence", "sentence_language", "until")},
            )
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        except Invalid as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, chosen, status=422)
        else:
            self.say(request, outcome, values["code"])
        return self.again()

    def say(self, request: HttpRequest, outcome: Any, code: str) -> None:
        count, later, left = len(outcome.decisions), outcome.later, outcome.left
        if code == Code.APPROVED:  # the notice on the page says when they are published
            done = ngettext("%(count)d is approved.", "%(count)d are approved.", count)
        else:
            done = ngettext(
                "%(count)d is decided. Its author is told.", "%(count)d are decided. Each author is told.", count
            )
        messages.success(request, done % {"count": count})
        if later:
            rest = ngettext(
                "%(count)d more is decided in the next minutes.",
                "%(count)d more are decided in the next minutes.",
                later,
            )
            messages.info(request, rest % {"count": later})
        if left:
            others = ngettext(
                "%(count)d waits on: it is yours, open with another moderator, on hold, or was decided meanwhile.",
                "%(count)d wait on: they are yours, open with another moderator, on hold, or were decided meanwhile.",
                left,
            )
            messages.warning(request, others % {"count": left})

    def take_out(self, request: HttpRequest) -> HttpResponse:
        try:
            actions.take_out(actor=self.person, campaign=self.campaign, pk=number_in(request.POST["take_out"]))
            messages.success(request, _("It is taken out of the campaign, and decided on by itself."))
        except (AlreadyDone, Invalid) as refused:
            messages.warning(request, str(refused))
        return self.again()

    def undo(self, request: HttpRequest) -> HttpResponse:
        try:
            count = len(actions.undo_campaign(actor=self.person, campaign=self.campaign))
            undone = ngettext("%(count)d waits again. Nobody is told.", "%(count)d wait again. Nobody is told.", count)
            messages.success(request, undone % {"count": count})
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        return self.again()

    def publish_now(self, request: HttpRequest) -> HttpResponse:
        try:
            count = len(actions.publish_campaign_now(actor=self.person, campaign=self.campaign))
            done = ngettext(
                "%(count)d is published. Its author gets an e-mail.",
                "%(count)d are published. Each author gets an e-mail.",
                count,
            )
            messages.success(request, done % {"count": count})
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        return self.again()

    def again(self) -> HttpResponse:
        """Lead to the page as it is now."""
        return redirect(reverse("moderation:campaign", args=[self.campaign.pk]) + self.within)

    def last(self) -> int:
        return self.campaign.items.aggregate(last=Max("pk"))["last"] or 0

    def letter(self, values: dict[str, Any]) -> letters.Letter | None:
        """Return what the first of the authors will read. The others read the same, each in their language."""
        item = decidable(self.person, self.campaign).first()
        thing = KINDS[self.campaign.kind].find(item.object_id) if item else None
        if item is None or thing is None or thing.author is None:
            return None
        choice = {name: values[name] for name in ("code", "reason", "sentence")}
        language = values["sentence_language"] or current()
        require_valid(*checks.decision_fits(thing, language=language, thread=None, **choice))
        sentence = values["sentence"].strip()
        reason = values["reason"] if values["code"] in checks.NEEDS_REASON else ""
        proposed = Decision(
            code=values["code"],
            reason=reason,
            ground=ground_of(reason),
            version_id=item.version_id,
            sentence=sentence,
            sentence_language=language if sentence else "",
        )
        return letters.letter(proposed, thing, thing.author.language)

    def show(
        self,
        request: HttpRequest,
        form: CampaignForm,
        chosen: list[int] | None = None,
        *,
        letter: Any = None,
        status: int = 200,
    ) -> HttpResponse:
        publishable = KINDS[self.campaign.kind]
        members = self.campaign.members.filter(taken_out_at=None).order_by("object_id")
        page = Paginator(members, PAGE).get_page(request.GET.get("page"))
        pks = [member.object_id for member in page]
        versions = publishable.standing([*pks, self.campaign.first_id])
        items = {item.object_id: item for item in self.campaign.items.filter(why=Item.Why.PENDING, object_id__in=pks)}
        may_decide = decidable(self.person, self.campaign)
        may = set(may_decide.filter(object_id__in=pks).values_list("pk", flat=True))
        rows = [
            Row(
                member,
                versions[member.object_id],
                items.get(member.object_id),
                getattr(items.get(member.object_id), "pk", 0) in may,
                member.object_id == self.campaign.first_id,
            )
            for member in page
            if member.object_id in versions
        ]
        first = versions.get(self.campaign.first_id)
        compared = request.GET.get("compare", "")
        fresh = list(just_decided_on(self.campaign, self.person))
        approved = [each for each in fresh if each.code in APPROVING]
        context = {
            "kind": self.campaign.kind,
            "consultation": self.campaign.consultation,
            "thread": first.contribution.thread if first else None,
            "edition": publishable.shown(first) if first else None,
            "first": first,
            "members": rows,
            "page": page,
            "total": page.paginator.count,
            "waiting": self.campaign.items.filter(queue.in_wait(), why=Item.Why.PENDING).count(),
            "decidable": may_decide.count(),
            "of_bulk": self.campaign.items.filter(in_bulk=True).count(),
            "just_decided": len(fresh),
            "just_approved": len(approved),
            "approved_ids": {each.object_id for each in approved},
            "seconds_left": max((seconds_left(each) for each in approved), default=0),
            "compared": next((row for row in rows if str(row.member.object_id) == compared), None),
            "chosen": chosen or [],
            "form": form,
            "letter": letter,
            "nav_current": "desk",
        }
        return self.page(request, context, status=status)
