"""Forms of the secretariat: a theme in six languages, the replacement of a retired theme, a file of themes."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from plenara.core.forms import ActionForm
from plenara.core.languages import NAMES, direction, html_code
from plenara.themes import queries
from plenara.themes.queries import Concept

_TEXTS = ("label", "alternatives", "definition")
#: The names of the fields in six languages, and the attribute of a theme for each.
_ATTRIBUTE = {"label": "labels", "alternatives": "alternatives", "definition": "definition"}


class ThemeForm(ActionForm):
    """A theme. Its code is set once, for a new one."""

    code = forms.CharField(
        label=pgettext_lazy("theme", "Code"),
        help_text=gettext_lazy(
            "Use Latin letters, digits, dots and hyphens, for example C7-e-health. The code never changes."
        ),
        required=False,
        max_length=200,
    )
    broader = forms.ChoiceField(label=pgettext_lazy("label", "Broader theme"), required=False)
    position = forms.IntegerField(
        label=gettext_lazy("Position among themes at the same level"),
        help_text=gettext_lazy("Enter a whole number. The theme with the smallest number comes first."),
        required=False,
        min_value=0,
        max_value=999_999,
    )
    related = forms.CharField(
        label=pgettext_lazy("label", "Related themes"),
        help_text=gettext_lazy("Enter the codes of the related themes, one per line."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "low", "dir": "ltr"}),
    )
    exact_match = forms.CharField(
        label=gettext_lazy("The same theme in other vocabularies"),
        help_text=gettext_lazy("Enter web addresses, one per line."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "low", "dir": "ltr"}),
    )
    own_labels = forms.MultipleChoiceField(
        label=gettext_lazy("Labels that we translated ourselves"),
        help_text=gettext_lazy("Pages and files will say that these labels are our own translations."),
        choices=list(NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    stamp = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict | None = None, *, concept: Concept | None = None, stamp: int = 0):
        super().__init__(data, initial=_initial(concept, stamp))
        for code, own in NAMES.items():
            marks = {"lang": html_code(code), "dir": direction(code)}
            low = {**marks, "rows": 2, "class": "low"}
            self.fields[f"label_{code}"] = forms.CharField(
                label=own, required=False, widget=forms.TextInput(attrs=marks)
            )
            for name in _TEXTS[1:]:
                self.fields[f"{name}_{code}"] = forms.CharField(
                    label=own, required=False, widget=forms.Textarea(attrs=low)
                )
        offered = [each for each in queries.choices() if concept is None or each[0] != concept.code]
        if concept and concept.broader and concept.broader not in dict(offered):
            offered.append((concept.broader, concept.broader))
        self.fields["broader"].choices = [("", _("None: a theme at the top level")), *offered]  # type: ignore[attr-defined]
        if concept is not None:
            del self.fields["code"]

    def words(self) -> dict[str, object]:
        """Return what was typed, for the actions."""
        given = self.cleaned_data
        return {
            **{
                _ATTRIBUTE[name]: {
                    code: _lines(text) if name == "alternatives" else text
                    for code in NAMES
                    if (text := given.get(f"{name}_{code}", ""))
                }
                for name in _TEXTS
            },
            "broader": given["broader"],
            "position": given["position"] or 0,
            "related": _lines(given["related"]),
            "exact_match": _lines(given["exact_match"]),
            "own_labels": given["own_labels"],
        }

    def rows(self) -> Iterable[dict[str, object]]:
        """Yield the fields of each language side by side."""
        for code, own in NAMES.items():
            yield {"name": own, "html_lang": html_code(code), **{name: self[f"{name}_{code}"] for name in _TEXTS}}

    def about(self) -> list[forms.BoundField]:
        """Return the fields that are in no language."""
        names = ("broader", "position", "own_labels", "related", "exact_match")
        return [self[name] for name in names]


def _initial(concept: Concept | None, stamp: int) -> dict[str, object]:
    if concept is None:
        return {"stamp": stamp}
    return {
        "stamp": stamp,
        "broader": concept.broader,
        "position": concept.position,
        "related": "\n".join(concept.related),
        "exact_match": "\n".join(concept.exact_match),
        "own_labels": concept.own_labels,
        **{f"label_{code}": text for code, text in concept.labels.items()},
        **{f"definition_{code}": text for code, text in concept.definition.items()},
        **{f"alternatives_{code}": "\n".join(texts) for code, texts in concept.alternatives.items()},
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class RetireForm(ActionForm):
    """The replacement of a theme that is retired."""

    replaced_by = forms.ChoiceField(
        label=gettext_lazy("Which theme replaces this theme?"),
        help_text=gettext_lazy(
            "The web address of this theme will then open the new theme. If you choose none, readers see that this "
            "theme is retired."
        ),
        required=False,
    )

    def __init__(self, data: QueryDict | None = None, *, code: str):
        super().__init__(data)
        offered = [each for each in queries.choices() if each[0] != code]
        self.fields["replaced_by"].choices = [("", pgettext("theme", "None")), *offered]  # type: ignore[attr-defined]


class FileForm(ActionForm):
    """A file of themes, and the name of their vocabulary."""

    file = forms.FileField(
        label=pgettext_lazy("label", "File"),
        help_text=gettext_lazy("A SKOS file in Turtle (.ttl) or a table (.csv), up to 4 MB."),
        widget=forms.FileInput(attrs={"accept": ".ttl,.csv,.tsv,text/turtle,text/csv"}),
        error_messages={
            "required": pgettext_lazy("text", "Choose the file."),
            "empty": gettext_lazy("The file is empty. Choose another file."),
            "invalid": pgettext_lazy("text", "Choose the file."),
        },
    )
    vocabulary = forms.CharField(
        label=gettext_lazy("Name of the vocabulary"),
        help_text=gettext_lazy(
            "Use lower-case Latin letters, for example unesco. The name is used for themes whose vocabulary is not "
            "given in the file."
        ),
        max_length=100,
        initial="own",
        error_messages={"required": gettext_lazy("Enter the name of the vocabulary.")},
    )
