"""The queue's views: everything pending, campaigns in it, a moderator's preferences, and a consultation's settings of
moderation.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from plenara.consultations import actions as consultation_actions
from plenara.consultations import working_time
from plenara.consultations.forms.fields import SixLanguages, StampedForm
from plenara.consultations.models import Consultation
from plenara.consultations.views.staff.base import OfConsultation
from plenara.consultations.views.staff.details import Conflict
from plenara.contributions.queries.submissions import current_versions
from plenara.core.languages import current, in_language, join_sentences
from plenara.core.life_cycle import ModeratedVersion
from plenara.core.refusals import AlreadyDone, Answer, InvalidInput, require_valid
from plenara.core.templatetags.plenara import number
from plenara.core.text import number_in
from plenara.core.views import StaffView
from plenara.core.vocabulary import language_in_sentence, weekday_names
from plenara.moderation import actions as moderation_actions
from plenara.moderation import emails, permissions, validation
from plenara.moderation.actions.campaigns import Outcome, decidable
from plenara.moderation.actions.undo import just_decided_on
from plenara.moderation.forms import SOME, CampaignForm, PreferenceForm
from plenara.moderation.kinds import KINDS
from plenara.moderation.models import APPROVING, Campaign, CampaignMember, Code, Item, Suggestion
from plenara.moderation.queries import filters, queue
from plenara.moderation.views.staff.decisions import just_decided, proposed_decision, seconds_left
from plenara.moderation.views.staff.items import WithinQueue, moderated_consultations, query_of, tab_of, threads_of

#: Members that one page shows.
PAGE = 50


@dataclass(frozen=True)
class Row:
    """A member of the campaign on its page."""

    member: CampaignMember
    version: ModeratedVersion
    item: Item | None  # nothing where it is no longer pending
    can: bool  # whether the reader may decide on it now
    is_first: bool


class CampaignDesk(WithinQueue):
    """A campaign, decided on as one."""

    template_name = "moderation/campaign.html"

    def allowed(self, pk: int) -> Answer:
        self.campaign = get_object_or_404(Campaign.objects.select_related("consultation"), pk=pk)
        if self.campaign.consultation_id not in permissions.moderated_by(self.person):
            raise Http404
        return permissions.may_open_queue(self.person)

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
            if "preview" in request.POST:
                return self.show(request, form, chosen, email=self.email(values))
            outcome = moderation_actions.decide_campaign(
                actor=self.person,
                campaign=self.campaign,
                chosen=chosen if values["which"] == SOME else None,
                can_undo=True,
                **{name: values[name] for name in ("code", "reason", "sentence", "sentence_language", "until")},
            )
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        except InvalidInput as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return self.show(request, form, chosen, status=422)
        else:
            self.say(request, outcome, values["code"])
        return self.again()

    def say(self, request: HttpRequest, outcome: Outcome, code: str) -> None:
        count, later, left = len(outcome.decisions), outcome.later, outcome.left
        if code == Code.APPROVED:  # the notice on the page shows when they are published
            done = ngettext("%(count)d contribution was approved.", "%(count)d contributions were approved.", count)
        else:
            done = ngettext(
                "%(count)d contribution was decided on. The author will be notified.",
                "%(count)d contributions were decided on. Each author will be notified.",
                count,
            )
        messages.success(request, done % {"count": count})
        if later:
            rest = ngettext(
                "%(count)d more contribution will be decided on in the next few minutes.",
                "%(count)d more contributions will be decided on in the next few minutes.",
                later,
            )
            messages.info(request, rest % {"count": later})
        if left:
            others = ngettext(
                "%(count)d contribution is still waiting. It is your own, open with another moderator, "
                "on hold, or already decided on.",
                "%(count)d contributions are still waiting. Each is your own, open with another "
                "moderator, on hold, or already decided on.",
                left,
            )
            messages.warning(request, others % {"count": left})

    def take_out(self, request: HttpRequest) -> HttpResponse:
        try:
            moderation_actions.take_out(
                actor=self.person, campaign=self.campaign, pk=number_in(request.POST["take_out"])
            )
            messages.success(
                request,
                _(
                    "The contribution was removed from the campaign. A moderator decides on this contribution "
                    "separately."
                ),
            )
        except (AlreadyDone, InvalidInput) as refused:
            messages.warning(request, str(refused))
        return self.again()

    def undo(self, request: HttpRequest) -> HttpResponse:
        try:
            count = len(moderation_actions.undo_campaign(actor=self.person, campaign=self.campaign))
            undone = ngettext(
                "%(count)d contribution is back in the queue. No one will be notified.",
                "%(count)d contributions are back in the queue. No one will be notified.",
                count,
            )
            messages.success(request, undone % {"count": count})
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        return self.again()

    def publish_now(self, request: HttpRequest) -> HttpResponse:
        try:
            count = len(moderation_actions.publish_campaign_now(actor=self.person, campaign=self.campaign))
            done = ngettext(
                "%(count)d contribution was published. The author will get an e-mail.",
                "%(count)d contributions were published. Each author will get an e-mail.",
                count,
            )
            messages.success(request, done % {"count": count})
        except AlreadyDone as refused:
            messages.warning(request, str(refused))
        return self.again()

    def again(self) -> HttpResponse:
        """Redirect to the page."""
        return redirect(reverse("moderation:campaign", args=[self.campaign.pk]) + self.within)

    def last(self) -> int:
        return self.campaign.items.aggregate(last=Max("pk"))["last"] or 0

    def email(self, values: dict) -> emails.DecisionEmail | None:
        """Return the e-mail to the first of the authors. The others read the same, each in their language."""
        item = decidable(self.person, self.campaign).first()
        thing = KINDS[self.campaign.kind].find(item.object_id) if item else None
        if item is None or thing is None or thing.author is None:
            return None
        choice = {name: values[name] for name in ("code", "reason", "sentence")}
        language = values["sentence_language"] or current()
        require_valid(*validation.decision_fits(thing, language=language, thread=None, **choice))
        proposed = proposed_decision(choice, language, item.version_id)
        return emails.decision_email(proposed, thing, thing.author.language)

    def show(
        self,
        request: HttpRequest,
        form: CampaignForm,
        chosen: list[int] | None = None,
        *,
        email: emails.DecisionEmail | None = None,
        status: int = 200,
    ) -> HttpResponse:
        moderated_kind = KINDS[self.campaign.kind]
        members = self.campaign.members.filter(taken_out_at=None).order_by("object_id")
        page = Paginator(members, PAGE).get_page(request.GET.get("page"))
        pks = [member.object_id for member in page]
        versions = current_versions([*pks, self.campaign.first_id])
        items = {item.object_id: item for item in self.campaign.items.filter(why=Item.Why.PENDING, object_id__in=pks)}
        decidable_items = decidable(self.person, self.campaign)
        may = set(decidable_items.filter(object_id__in=pks).values_list("pk", flat=True))
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
            "edition": moderated_kind.describe(first) if first else None,
            "first": first,
            "members": rows,
            "page": page,
            "total": page.paginator.count,
            "waiting": self.campaign.items.filter(queue.pending(), why=Item.Why.PENDING).count(),
            "decidable": decidable_items.count(),
            "of_bulk": self.campaign.items.filter(in_bulk=True).count(),
            "just_decided": len(fresh),
            "just_approved": len(approved),
            "approved_ids": {each.object_id for each in approved},
            "seconds_left": max((seconds_left(each) for each in approved), default=0),
            "compared": next((row for row in rows if str(row.member.object_id) == compared), None),
            "chosen": chosen or [],
            "form": form,
            "email": email,
            "nav_current": "desk",
        }
        return self.page(request, context, status=status)


class Preferences(StaffView):
    """The reader's languages, and when they get e-mail about pending items."""

    template_name = "moderation/preferences.html"

    def allowed(self, **kwargs: object) -> Answer:
        return permissions.may_open_queue(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, PreferenceForm.of(queue.preference_of(self.person), queue.languages_of(self.person)))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PreferenceForm(request.POST, languages=queue.languages_of(self.person))
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            moderation_actions.set_preference(actor=self.person, **form.preferences())
        except InvalidInput as refused:
            form.add_error(refused.field, str(refused))
            return self.show(request, form, status=422)
        messages.success(request, _("Your settings have been saved."))
        return redirect("moderation:queue")

    def show(self, request: HttpRequest, form: PreferenceForm, status: int = 200) -> HttpResponse:
        return self.page(request, {"form": form, "nav_current": "desk"}, status=status)


class Queue(StaffView):
    """Everything pending in the consultations one moderates, oldest first, in the reader's languages first."""

    template_name = "moderation/queue.html"

    def allowed(self, **kwargs: object) -> Answer:
        return permissions.may_open_queue(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        where = moderated_consultations(self.person)
        threads = threads_of(where)
        asked = filters.QueueFilters.read(request.GET, where, threads)
        tab = tab_of(request.GET)
        after = queue.Cursor.read(request.GET.get("after", ""))
        preference, only = queue.preference_of(self.person), asked.condition()
        page = queue.page(self.person, tab=tab, only=only, after=after, reads=preference.reads)
        counts = queue.counts(self.person, only)
        offered = filters.filter_choices(asked.values, asked.where, threads)
        if len(where) > 1:
            offered.insert(0, self.by_consultation(where, asked.values.get("consultation", "")))
        return self.page(
            request,
            {
                "rows": page.rows,
                "waiting": counts["all"],
                "waiting_words": queue.count_in_words(counts["all"]),
                "found": counts[tab],
                "tabs": self.tabs(counts, tab, asked.values),
                "tab": tab,
                "filters": offered,
                "marks": asked.marks,
                "is_filtered": bool(asked.values),
                "reads": preference.reads,
                "within": query_of(asked.values, tab=tab),
                "and_within": query_of(asked.values, tab=tab).replace("?", "&", 1),
                "clocks": clocks(asked.where),
                "first_url": address(asked.values, tab=tab) if after else "",
                "next_url": address(asked.values, tab=tab, after=str(page.after)) if page.after else "",
                "just_decided": just_decided(self.person),
                "nav_current": "desk",
            },
        )

    def by_consultation(self, where: list[Consultation], chosen: str) -> filters.Filter:
        """Return the first filter, where somebody moderates more than one consultation."""
        choices = [
            filters.Choice(
                one.slug, str(in_language(one.title)) if one.is_community else f"{one.symbol} {in_language(one.title)}"
            )
            for one in where
        ]
        return filters.Filter(
            "consultation", pgettext("option", "Consultation"), pgettext("option", "All consultations"), choices, chosen
        )

    def tabs(self, counts: dict[str, int], current: str, values: dict[str, str]) -> list[dict[str, object]]:
        """Return the tabs, with the number of filtered items in each."""
        return [
            {"name": tab, "count": counts[tab], "url": address(values, tab=tab), "current": tab == current}
            for tab in queue.TABS
        ]


class Count(StaffView):
    """The number of pending items, for an open page: a number and its words."""

    def allowed(self, **kwargs: object) -> Answer:
        return permissions.may_open_queue(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        waiting = queue.count(self.person)
        return JsonResponse({"waiting": waiting, "text": queue.count_in_words(waiting)})


def clocks(where: Sequence[Consultation]) -> list[tuple[str, list[Consultation]]]:
    """Return the promises and working days: each sentence with its consultations."""
    found: dict[str, list[Consultation]] = {}
    for one in where:
        days = one.promise_working_days
        promise = ngettext(
            "A moderator should decide within %(days)s working day.",
            "A moderator should decide within %(days)s working days.",
            days,
        ) % {"days": number(days)}
        found.setdefault(join_sentences(promise, working_time.in_words(one)), []).append(one)
    return list(found.items())


def address(values: dict[str, str], **more: str) -> str:
    """Return the queue's address with these filters."""
    return reverse("moderation:queue") + query_of(values, **more)


GUIDE = SixLanguages("moderation_guide", lines=10)


class SettingsForm(StampedForm):
    """Working days, holidays, the guide in six languages, and the suggestions that are wanted."""

    working_days = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Working days of the secretariat"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only these days count towards the promised time to a decision."),
    )
    holidays = forms.CharField(
        label=gettext_lazy("Holidays"),
        required=False,
        help_text=gettext_lazy(
            "Dates on which no one works, one per line, such as 2026-12-25. These dates do not count."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "class": "low", "dir": "ltr"}),
    )
    suggestions = forms.MultipleChoiceField(
        label=gettext_lazy("What a machine may point out to moderators"),
        required=False,
        choices=Suggestion.What.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "The machine runs on this server and decides nothing. Moderators can also work without the machine."
        ),
    )

    def __init__(self, data: QueryDict | None = None, *, consultation: Consultation):
        initial = {
            **GUIDE.initial(consultation.moderation_guide),
            "working_days": consultation.working_days,
            "holidays": "\n".join(consultation.holidays),
            "suggestions": [kind for kind in Suggestion.What.values if kind not in consultation.suggestions_off],
        }
        super().__init__(data, stamp=consultation.stamp, initial=initial)
        self.consultation = consultation
        days = self.fields["working_days"]
        assert isinstance(days, forms.TypedMultipleChoiceField)
        days.choices = list(enumerate(weekday_names(current()), 1))
        self.fields = {**self.fields, **GUIDE.fields()}
        self.begin()

    def full_label(self, name: str) -> str:
        label = super().full_label(name)
        if name.startswith("moderation_guide_"):
            return pgettext("label", "%(what)s in %(language)s") % {
                "what": pgettext("label", "Guidance for moderators"),
                "language": language_in_sentence(name[-2:]),
            }
        return label

    def changes(self) -> dict[str, object]:
        """Return the changed values, by the arguments of `actions.edit`."""
        given, it = self.cleaned_data, self.consultation
        lines = [line.strip() for line in given["holidays"].splitlines()]
        found = {
            "working_days": sorted(given["working_days"]),
            "holidays": sorted({line for line in lines if line}),
            "moderation_guide": GUIDE.texts(given, it.moderation_guide),
            "suggestions_off": [kind for kind in Suggestion.What.values if kind not in given["suggestions"]],
        }
        return {name: value for name, value in found.items() if value != getattr(it, name)}


class Settings(OfConsultation):
    """The page on which an organizer sets up the moderation of a consultation."""

    template_name = "moderation/settings.html"
    section = "moderation:settings"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(request, SettingsForm(self.kept(request), consultation=self.consultation))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        it = self.consultation
        form = SettingsForm(request.POST, consultation=it)
        if not form.is_valid():
            return self.show(request, form, status=422)
        changes = form.changes()
        if changes and form.cleaned_data["stamp"] != it.stamp:
            return self.conflict(request, form)
        try:
            consultation_actions.edit(actor=self.person, consultation=it, stamp=it.stamp, **changes)
        except InvalidInput as refused:
            if refused.code == "stale":
                self.consultation = Consultation.objects.get(pk=it.pk)
                return self.conflict(request, SettingsForm(request.POST, consultation=self.consultation))
            form.put(refused)
            return self.show(request, form, status=422)
        messages.success(request, pgettext("text", "Saved.") if changes else pgettext("text", "Nothing has changed."))
        return redirect("moderation:settings", slug=slug)

    def conflict(self, request: HttpRequest, form: SettingsForm) -> HttpResponse:
        """Show what was typed over the values that somebody else has saved in the meantime."""
        form.merge(self.consultation.stamp)
        return self.show(request, form, status=409, conflict=Conflict(form, "consultation", self.consultation.pk))

    def show(self, request: HttpRequest, form: SettingsForm, status: int = 200, **more: object) -> HttpResponse:
        context = {**self.frame(), "form": form, "writer": self.writer(), "guide_fields": GUIDE.shown(form), **more}
        return self.page(request, context, status=status)
