"""Forms of a group at the desk. What a name may be stands in `checks.py`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class GroupChoice(forms.ChoiceField):
    """A choice among groups. Its values carry the state in which a group was shown, which may be an older one."""

    offered: list[tuple[str, str]]

    def valid_value(self, value: Any) -> bool:
        pk = str(value).partition(":")[0]
        return any(pk == str(known).partition(":")[0] for known, _label in self.offered)


class NameForm(forms.Form):
    """What a group is called."""

    name = forms.CharField(
        label=_("Name of the group"),
        required=False,
        help_text=_("A few words that say what its sentences have in common. For you and your colleagues."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)


class MergeForm(forms.Form):
    """Into which group another is merged, with the state in which both were seen."""

    to = GroupChoice(label=_("Merge it into"), required=False)
    stamp = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, GroupChoice)
        to.offered = groups
        to.choices = [("", _("Choose a group")), *groups]


class SentencesForm(forms.Form):
    """Where sentences that were chosen on the page go: to another group, or into one of their own."""

    to = forms.ChoiceField(label=_("Put the sentences chosen into"), required=False)
    new_name = forms.CharField(
        label=_("Name of the new group"), required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = [("", _("Choose a group")), *groups, (NEW, _("A new group"))]


NEW = "new"
