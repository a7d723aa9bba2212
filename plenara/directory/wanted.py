"""What the address of a list of the directory asks for. What is no value of a filter is ignored."""

import re
from dataclasses import dataclass, fields, replace

from django.http import QueryDict
from django.utils.http import urlencode

from plenara.core.text import number_in
from plenara.core.vocabulary import StakeholderGroup, country_names
from plenara.directory import collation, reading
from plenara.directory.fields import Progress
from plenara.directory.models import Kind, Mark
from plenara.directory.regions import BROADER
from plenara.themes.reading import with_narrower

_What = Mark.What
_CODE = re.compile(r"[A-Za-z0-9._-]{1,100}", re.ASCII)
_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}", re.ASCII)

#: By what each list is filtered, in the order of its form.
FILTERS = {
    Kind.ORGANIZATION: (_What.THEME, _What.COUNTRY, _What.REGION, _What.GROUP, _What.LANGUAGE),
    Kind.PERSON: (_What.THEME, _What.COUNTRY, _What.REGION, _What.GROUP, _What.LANGUAGE, _What.ORGANIZATION),
    Kind.PROJECT: (_What.THEME, _What.COUNTRY, _What.REGION, _What.STATE, _What.LANGUAGE, _What.ORGANIZATION),
}


#: The parameters of a list and of its other forms.
PARAMETERS = ("theme", "country", "region", "group", "language", "state", "organization", "letter")


@dataclass(frozen=True)
class Wanted:
    """The filters that are set, and the letter."""

    theme: str = ""
    country: str = ""
    region: str = ""
    group: str = ""
    language: str = ""
    state: str = ""
    organization: str = ""  # number of one that it belongs to
    letter: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """What is asked for, in the one order in which an address has it."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}

    @property
    def filters(self) -> dict[str, str]:
        """The filters, without the letter."""
        return {name: value for name, value in self.fields.items() if name != "letter"}

    def address(self, **changes: object) -> str:
        """Return the query of an address that asks for this, with changes; of a blank one its name goes too."""
        asked = {**self.fields, **{name: str(value) if value else "" for name, value in changes.items()}}
        return urlencode({name: value for name, value in asked.items() if value})

    def without(self, name: str) -> "Wanted":
        """Return the same without one of its filters."""
        return replace(self, **{name: ""})

    def marks(self) -> dict[str, list[str]]:
        """Return the marks that must be there: of each kind one of these values. Three queries at most."""
        values = {name: [value] for name, value in self.filters.items()}
        if self.theme:
            values[_What.THEME] = with_narrower(self.theme)
        if self.organization:
            found = reading.organization(int(self.organization))
            numbers = reading.numbers_of(found) if found else [int(self.organization)]
            values[_What.ORGANIZATION] = [str(each) for each in numbers]
        return values


def wanted(query: QueryDict, kind: str, language: str) -> Wanted:
    """Return what an address asks for."""
    offered = FILTERS[Kind(kind)]
    letter = query.get("letter", "")
    found = {name: check(query.get(name, "")) for name, check in _CHECKS.items() if name in offered}
    is_letter = letter in collation.LETTERS[language] or letter in (collation.DIGITS, collation.OTHER)
    return Wanted(**found, letter=letter if is_letter else "")


def _organization(given: str) -> str:
    number = number_in(given)
    return str(number) if 0 < number < 1 << 31 else ""


_CHECKS = {
    _What.THEME.value: lambda given: given if _CODE.fullmatch(given) else "",
    _What.COUNTRY.value: lambda given: given if given in country_names("en") else "",
    _What.REGION.value: lambda given: given if given in BROADER else "",
    _What.GROUP.value: lambda given: given if given in StakeholderGroup.values else "",
    _What.LANGUAGE.value: lambda given: given if _TAG.fullmatch(given) else "",
    _What.STATE.value: lambda given: given if given in Progress.values else "",
    _What.ORGANIZATION.value: _organization,
}
