"""A body: its name and mandate in six languages, its days; and its address, when it is made."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from plenara.consultations.forms.fields import SixLanguages, Words
from plenara.core.languages import current
from plenara.outcomes import checks
from plenara.outcomes.forms.common import Day, Edited
from plenara.outcomes.models import Body

NAME, MANDATE = SixLanguages("name"), SixLanguages("mandate", lines=6)


class BodyForm(Edited):
    """A body as its page shows it."""

    texts = {"name": pgettext_lazy("of a body", "Name"), "mandate": gettext_lazy("Mandate")}

    begins_on = Day(label=gettext_lazy("First day"), help_text=gettext_lazy("When its mandate begins."))
    ends_on = Day(label=gettext_lazy("Last day"), help_text=gettext_lazy("When its mandate ends."))

    def __init__(self, data: Any = None, *, body: Body | None = None):
        it = body or Body()
        initial = {
            **NAME.initial(it.name), **MANDATE.initial(it.mandate), "begins_on": it.begins_on, "ends_on": it.ends_on,
        }  # fmt: skip
        super().__init__(data, stamp=it.stamp, initial=initial)
        self.body = it
        self.fields = {**NAME.fields(), **MANDATE.fields(), **self.fields}
        self.begin()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        said = self._said(given)
        self.ask(
            [
                checks.in_some_language("name", said["name"], current()),
                checks.texts_fit("name", said["name"]),
                checks.texts_fit("mandate", said["mandate"]),
                checks.days_fit(said["begins_on"], said["ends_on"], "ends_on"),
            ]
        )
        return given

    def said(self) -> dict[str, Any]:
        """Return the body as the actions take it."""
        return self._said(self.cleaned_data)

    def _said(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "name": NAME.texts(given, self.body.name),
            "mandate": MANDATE.texts(given, self.body.mandate),
            "begins_on": given.get("begins_on"),
            "ends_on": given.get("ends_on"),
        }

    def name_fields(self) -> Any:
        """Return the six fields of its name."""
        return NAME.shown(self)

    def mandate_fields(self) -> Any:
        """Return the six fields of its mandate."""
        return MANDATE.shown(self)


class NewBodyForm(BodyForm):
    """A body that is made."""

    slug = Words(
        size=40,
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "The end of its web address, such as working-group. It cannot be changed afterwards, since it is cited."
        ),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        slug = given.get("slug", "")
        if not slug:
            self.add_error("slug", _("Write the address."))
        else:
            self.ask([checks.slug_fits(slug)])
        return given

    def said(self) -> dict[str, Any]:
        return {**super().said(), "slug": self.cleaned_data["slug"]}
