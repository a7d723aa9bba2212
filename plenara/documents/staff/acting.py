"""What the views to one document share: acting without losing what was typed, and saying what was done."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from plenara.core.refusals import AlreadyDone, NotAllowed, Refused
from plenara.documents.actions import ChangedMeanwhile


class Acting:
    """A view where somebody acts. Not one itself: a view of a summary or of an outcome has it beside its own base."""

    #: The status to answer with when an act was refused.
    status = 200
    conflict: ChangedMeanwhile | None = None

    def attempt(self, request: HttpRequest, form: forms.Form, act: Callable[[], Any]) -> bool:
        """Carry out an act and say whether it was done; a refusal goes into the form, which keeps what was typed."""
        if not form.is_valid():
            self.status = 422
            return False
        try:
            act()
        except AlreadyDone:
            return True
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            self.status = 403 if isinstance(refused, NotAllowed) else 409 if refused.code == "changed" else 422
            self.conflict = refused if isinstance(refused, ChangedMeanwhile) else None
            return False
        return True

    def say(self, request: HttpRequest, sentence: str) -> None:
        """Tell on the next page that something was done."""
        messages.success(request, sentence)
