"""The languages of the catalogues, with their plural forms in the order of msgstr[0], msgstr[1], …"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from gettext import c2py


@dataclass(frozen=True)
class Language:
    """A language: its folder in locale/, its plural rule as gettext writes it, the CLDR name of each form."""

    code: str
    name: str
    plural: str
    forms: tuple[str, ...]

    @property
    def plural_forms(self) -> str:
        return f"nplurals={len(self.forms)}; plural={self.plural};"

    @cached_property
    def forms_of_one_number(self) -> frozenset[int]:
        """Return the forms that are for one number only, which a text may write in words or leave out."""
        return frozenset(form for form, numbers in self.numbers_of_forms.items() if len(numbers) == 1)

    @cached_property
    def forms_of_one(self) -> frozenset[int]:
        """Return the forms for 1 and for no larger number."""
        return frozenset(form for form, numbers in self.numbers_of_forms.items() if max(numbers) == 1)

    @cached_property
    def numbers_of_forms(self) -> dict[int, set[int]]:
        numbers = defaultdict(set)
        form_of = c2py(self.plural)
        for number in range(1000):
            numbers[form_of(number)].add(number)
        return numbers

    @property
    def is_source(self) -> bool:
        return self.code == "en"


LANGUAGES = {
    language.code: language
    for language in [
        Language(
            "ar",
            "Arabic",
            "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5",
            ("zero", "one", "two", "few", "many", "other"),
        ),
        Language("en", "English", "n != 1", ("one", "other")),
        # CLDR's further form of Spanish and French, for whole millions, is left out: no count here gets there.
        Language("es", "Spanish", "n != 1", ("one", "other")),
        Language("fr", "French", "n > 1", ("one", "other")),
        Language(
            "ru",
            "Russian",
            "n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2",
            ("one", "few", "many"),
        ),
        Language("zh_Hans", "Chinese", "0", ("other",)),
    ]
}


def language(code: str) -> Language:
    """Return the language by the name of its folder, or by its code in addresses; KeyError if it is none of ours."""
    code = code.replace("-", "_")
    return LANGUAGES["zh_Hans" if code.lower() in {"zh", "zh_hans"} else code]
