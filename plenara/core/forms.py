"""Base classes for the forms of every package."""

from collections.abc import Iterable

from django import forms

from plenara.core.refusals import ActionRefused, Answer, Denied


class ActionForm(forms.Form):
    """A form for an action: it shows a refusal at the field that it is about."""

    def put(self, refused: ActionRefused | Denied) -> None:
        """Show a refusal at its field, or above all fields if the form does not have that field."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused.sentence))

    def put_all(self, answers: Iterable[Answer]) -> None:
        """Show each refusal, one for each field."""
        for answer in answers:
            if isinstance(answer, Denied) and answer.field not in self.errors:
                self.put(answer)
