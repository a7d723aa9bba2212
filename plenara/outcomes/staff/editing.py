"""An edit that two may have open at once: the second hears it, and both people's words are merged. A base of views."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from plenara.consultations.staff.editing import Conflict
from plenara.core.refusals import Invalid, NotAllowed, Refused
from plenara.outcomes.forms.common import Edited
from plenara.outcomes.staff.base import BodyView


class Editing(BodyView):
    """A form of something that is kept. What it is of, a view says."""

    def form(self, data: Any = None) -> Any:
        """Return the form of what is kept now."""
        raise NotImplementedError

    def save(self, form: Any, stamp: int) -> str:
        """Save what was typed over what the form was opened on; return the address to go to."""
        raise NotImplementedError

    def about(self) -> tuple[str, int]:
        """Return the kind and the id by which acts name what is edited."""
        raise NotImplementedError

    def again(self) -> None:
        """Read anew what is edited: somebody else saved it meanwhile."""
        self.body.refresh_from_db()

    def get(self, request: HttpRequest, **more: Any) -> HttpResponse:
        return self.show(request, self.form(self.kept(request)))

    def post(self, request: HttpRequest, **more: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        stamp = form.cleaned_data["stamp"]
        try:
            where = self.save(form, -1 if stamp is None else stamp)
        except Invalid as refused:
            if refused.code == "stale":
                return self.differ(request)
            if not refused.field:
                raise
            form.put(refused)
            return self.show(request, form, status=422)
        except Refused as refused:
            form.put(refused)
            return self.show(request, form, status=403 if isinstance(refused, NotAllowed) else 409)
        return redirect(where)

    def differ(self, request: HttpRequest) -> HttpResponse:
        """Show what was typed, laid over what somebody else has saved meanwhile."""
        self.again()
        form: Edited = self.form(request.POST)
        form.full_clean()
        form.merge(form.initial["stamp"])
        return self.show(request, form, status=409, conflict=Conflict(form, *self.about()))

    def show(self, request: HttpRequest, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        return self.page(request, self.context(form=form, **more), status=status)
