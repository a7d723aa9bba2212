"""Views of the installation: background tasks, its state, and its search."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.permissions import may_see_installation, may_set_up
from plenara.core import clock
from plenara.core.models import BackgroundTask
from plenara.core.refusals import Answer
from plenara.core.text import number_in
from plenara.core.views import StaffView
from plenara.email import delivery
from plenara.email.delivery import reply_in
from plenara.operations.actions import tasks
from plenara.operations.presenters import processing
from plenara.operations.presenters.state import troubles_and_facts
from plenara.search import tasks as search_tasks
from plenara.search.queries import index_status
from plenara.site.queries.background_tasks import is_email, recipients_of, words_of

#: The most tasks of one page.
MOST = 100


class BackgroundTasks(StaffView):
    """E-mails and other tasks that failed or are pending. Only organizers see recipients; nobody sees texts."""

    template_name = "operations/background_tasks.html"

    def allowed(self) -> Answer:
        return may_see_installation(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        queued = BackgroundTask.objects.filter(done_at=None)
        failed = queued.filter(failed_at__isnull=False).order_by("-failed_at", "-pk")
        again = queued.filter(failed_at=None).exclude(attempts=0, last_error="").order_by("due_at", "pk")
        fresh = queued.filter(failed_at=None, attempts=0, last_error="")
        listed = [*failed[:MOST], *again[:MOST]]
        to = recipients_of(listed) if may_set_up(self.person) else {}
        lines = {each.pk: line(each, to.get(each.pk, "")) for each in listed}
        context = {
            "shows_recipients": bool(may_set_up(self.person)),
            "failed": [lines[each.pk] for each in listed if each.failed_at],
            "failed_count": failed.count(),
            "again": [lines[each.pk] for each in listed if not each.failed_at],
            "again_count": again.count(),
            "due_count": fresh.filter(due_at__lte=clock.now()).count(),
            "later_count": fresh.filter(due_at__gt=clock.now()).count(),
            "mail_is_possible": delivery.is_possible(),
            "nav_current": "desk",
        }
        return self.page(request, context)

    def post(self, request: HttpRequest) -> HttpResponse:
        if "all" in request.POST:
            ids = list(
                BackgroundTask.objects.filter(failed_at__isnull=False, done_at=None).values_list("pk", flat=True)[:5000]
            )
        else:
            ids = [number_in(request.POST.get("task", ""))]
        count = tasks.try_again(actor=self.person, task_ids=ids)
        if count:
            sentence = ngettext(
                "%(count)d task will be tried again.", "%(count)d tasks will be tried again.", count
            ) % {"count": count}
            messages.success(request, sentence)
        else:
            messages.warning(request, _("This task has already been done or tried again."))
        return redirect("desk_tasks")


def line(task: BackgroundTask, to: str = "") -> dict[str, object]:
    """Return a task for the list."""
    return {
        "pk": task.pk,
        "what": words_of(task.task),
        "kind": task.task,
        "attempts": task.attempts,
        "error": task.last_error,
        "reply": reply_in(task.last_error) if is_email(task.task) else None,
        "to": to,
        "since": task.created_at,
        "failed_at": task.failed_at,
        "next": task.due_at,
    }


class State(StaffView):
    """Errors of the installation, in words, with what to do about them; and what is in order."""

    template_name = "operations/state.html"

    def allowed(self) -> Answer:
        return may_see_installation(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        troubles, facts = troubles_and_facts(self.person)
        return self.page(request, {"troubles": troubles, "facts": facts, "nav_current": "desk"})


class Processing(StaffView):
    """The record of processing activities, to be printed."""

    template_name = "operations/processing.html"

    def allowed(self) -> Answer:
        return may_see_installation(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(request, processing.record() | {"nav_current": "desk"})


class Search(StaffView):
    """The index, the state of the reading by meaning, and its actions."""

    template_name = "operations/search.html"

    def allowed(self) -> Answer:
        return may_see_installation(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        context = {
            "meaning": index_status.meaning_status(),
            "kinds": index_status.kind_counts(),
            "failed": search_tasks.read.rows().filter(failed_at__isnull=False, done_at=None).count(),
            "nav_current": "desk",
        }
        return self.page(request, context)

    def post(self, request: HttpRequest) -> HttpResponse:
        verbs = {
            "pause": (tasks.pause_meaning, _("Indexing is paused. Texts that have been indexed can still be found.")),
            "resume": (tasks.resume_meaning, _("Indexing continues.")),
            "reread": (
                tasks.reread,
                _("All texts are being indexed again. Until this is finished, fewer texts can be found by meaning."),
            ),
        }
        verb, sentence = verbs.get(request.POST.get("do", ""), (None, ""))
        if verb and verb(actor=self.person):
            messages.success(request, sentence)
        else:
            messages.warning(request, _("Someone else has already done this. The page shows the current state."))
        return redirect("desk_search")
