"""Groups of similar sentences at the desk: requesting, viewing and changing them."""

from functools import cached_property

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.core.pagination import pages_of
from plenara.core.refusals import Answer, InvalidInput
from plenara.core.text import excerpt, number_in
from plenara.documents.actions.renditions import rendition_statuses
from plenara.documents.views.staff.paragraphs import WritingView
from plenara.summaries import periods
from plenara.summaries.forms import NEW, MergeForm, NameForm, SentencesForm
from plenara.summaries.groups import queries
from plenara.summaries.groups.actions import editing as actions
from plenara.summaries.models import Group
from plenara.summaries.views.staff.base import SummaryView

#: Sentences on one page of a group; the most choices of one form; the highest page number.
PAGE, MOST_CHOSEN, MOST_PAGES = 40, 200, 99_999


class GroupsView(WritingView, SummaryView):
    """A view of the groups of a summary, for its writers."""


class Groups(GroupsView):
    """The groups, or their progress."""

    template_name = "summaries/desk/groups.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        progress = queries.progress_of(self.summary)
        rows = queries.rows_of(self.summary) if progress.grouping and progress.grouping.made_at else []
        return self.page(
            request,
            self.context(
                progress=progress,
                rows=rows,
                found=[each for each in rows if not each.group.is_rest],
                period=periods.in_words(self.summary.period_from, self.summary.period_to, self.consultation),
                rendition_statuses=rendition_statuses(self.document),
            ),
        )


class MakeGroups(GroupsView):
    """Requesting groups, pausing and resuming the machine."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        known = {"ask": actions.ask_groups, "pause": actions.pause_groups, "resume": actions.resume_groups}
        act = known.get(request.POST.get("act", ""))
        if act:
            act(actor=self.person, summary=self.summary)
        return redirect(self.address("groups"))


class GroupPage(GroupsView):
    """One group with its sentences and possible actions."""

    template_name = "summaries/desk/group.html"
    http_method_names = ["get", "head"]
    group: Group | None

    def enter(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        del kwargs["group"]
        return super().enter(request, *args, **kwargs)

    def may(self) -> Answer:
        found = Group.objects.filter(pk=self.kwargs["group"], grouping__summary=self.summary)
        self.group = found.select_related("grouping__summary__consultation", "by").first()
        return super().may()

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request) if self.group else self.gone(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.act(request, self.group) if self.group else self.gone(request)

    def act(self, request: HttpRequest, group: Group) -> HttpResponse:
        """Carry out the form's action. The views below override it."""
        return self.show(request)

    def gone(self, request: HttpRequest) -> HttpResponse:
        """Redirect to the groups as they are now: this one was merged, emptied or made again."""
        messages.warning(
            request,
            _("This group no longer exists: it was merged, or the groups were created again. Choose another group."),
        )
        return redirect(self.address("groups"))

    def back(self, group: Group | None = None) -> HttpResponse:
        return redirect(self.address("group", group.pk) if group else self.address("groups"))

    @cached_property
    def others(self) -> list[Group]:
        """The other groups of the summary, by number; two queries, with the first words of those without a name."""
        others = queries.other_groups(self.group) if self.group else []
        self.openings = queries.openings(others)
        return others

    def label(self, group: Group) -> str:
        """Return the name of a group on one line."""
        if group.is_rest:
            return pgettext("option", "Not grouped")
        words = group.name or excerpt(self.openings.get(group.pk, ""), 70)[0]
        return f"{group.number}. {words}"

    def merge_form(self, group: Group, data: QueryDict | None = None) -> MergeForm:
        offered = [(f"{each.pk}:{each.stamp}", self.label(each)) for each in self.others if not each.is_rest]
        return MergeForm(data, groups=offered, initial={"stamp": group.stamp}, prefix="merge")

    def sentences_form(self, data: QueryDict | None = None) -> SentencesForm:
        return SentencesForm(data, groups=[(str(each.pk), self.label(each)) for each in self.others], prefix="put")

    def other(self, value: str) -> tuple[Group, int]:
        """Return the group that a choice names, and its stamp, if any."""
        pk, _colon, stamp = value.partition(":")
        found = next((each for each in self.others if str(each.pk) == pk), None)
        if found is None:
            raise InvalidInput(_("Choose a group."), "empty", "to")
        return found, number_in(stamp)

    def show(self, request: HttpRequest, **failed: forms.Form) -> HttpResponse:
        group = self.group
        assert group
        number = min(number_in(request.GET.get("page")), MOST_PAGES) or 1
        sentences, total = queries.sentences_of(group, self.summary, number, PAGE)
        naming = failed.get("naming") or NameForm(initial={"name": group.name, "was": group.name})
        return self.page(
            request,
            self.context(
                group=group,
                row=queries.row_of(group, self.summary),
                sentences=sentences,
                total=total,
                number=number,
                chosen=self.chosen(request),
                pages=pages_of(total, number, PAGE, lambda page: f"?page={page}#sentences"),
                naming=naming,
                merging=failed.get("merging") or self.merge_form(group),
                putting=failed.get("putting") or self.sentences_form(),
                forms=list(failed.values()),
                rendition_statuses=rendition_statuses(self.document),
            ),
            status=self.status,
        )

    @staticmethod
    def chosen(request: HttpRequest) -> list[int]:
        """Return the sentences that a form chose."""
        given = request.POST.getlist("member")[:MOST_CHOSEN]
        return [number for each in given if (number := number_in(each))]


class NameGroup(GroupPage):
    """Naming a group."""

    http_method_names = ["post"]

    def act(self, request: HttpRequest, group: Group) -> HttpResponse:
        form = NameForm(request.POST)

        def rename() -> None:
            values = form.cleaned_data
            actions.rename_group(actor=self.person, group=group, name=values["name"], was=values["was"])

        if self.attempt(request, form, rename):
            self.say(request, pgettext("text", "Saved."))
            return self.back(group)
        if self.status == 409:
            group.refresh_from_db(fields=["name"])
            form.data = {**form.data.dict(), "was": group.name}  # type: ignore[attr-defined]
        return self.show(request, naming=form)


class MergeGroup(GroupPage):
    """Merging a group into another."""

    http_method_names = ["post"]

    def act(self, request: HttpRequest, group: Group) -> HttpResponse:
        form = self.merge_form(group, request.POST)
        into: list[Group] = []

        def merge() -> None:
            target, stamp = self.other(form.cleaned_data["to"])
            into.append(target)
            stamps = (form.cleaned_data["stamp"] or 0, stamp)
            actions.merge_groups(actor=self.person, group=group, into=target, stamps=stamps)

        if self.attempt(request, form, merge):
            self.say(request, _("The groups were merged."))
            return self.back(into[0])
        return self.show(request, merging=form)


class PutSentences(GroupPage):
    """Moving some of its sentences."""

    http_method_names = ["post"]

    def act(self, request: HttpRequest, group: Group) -> HttpResponse:
        form = self.sentences_form(request.POST)
        members = self.chosen(request)

        def put() -> None:
            values = form.cleaned_data
            if values["to"] == NEW:
                actions.split_group(actor=self.person, group=group, members=members, name=values["new_name"])
            else:
                to, _stamp = self.other(values["to"])
                actions.move_members(actor=self.person, group=group, members=members, to=to)

        if self.attempt(request, form, put):
            self.say(request, _("The sentences were moved."))
            return self.back(Group.objects.filter(pk=group.pk).first())
        return self.show(request, putting=form)


class SetGroupAside(GroupPage):
    """Setting a group aside, or including it again."""

    http_method_names = ["post"]

    def act(self, request: HttpRequest, group: Group) -> HttpResponse:
        if "take_up" in request.POST:
            actions.take_group_up(actor=self.person, group=group)
            self.say(request, pgettext("group of sentences", "The group is no longer set aside."))
        else:
            actions.set_group_aside(actor=self.person, group=group)
            self.say(request, _("The group has been set aside."))
        return self.back(group)
