"""The queue's door: everything that waits in the consultations one moderates."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from plenara.common.doors import StaffView
from plenara.moderation import queue, rules


class Queue(StaffView):
    """Everything that waits in the consultations one moderates, oldest first."""

    template_name = "moderation/queue.html"

    def allowed(self, **kwargs: Any) -> Any:
        return rules.may_open_queue(self.person)

    def get(self, request: HttpRequest) -> HttpResponse:
        rows, waiting = queue.rows(self.person)
        return self.page(request, {"rows": rows, "waiting": waiting, "nav_current": "desk"})
