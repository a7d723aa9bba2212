"""Validation of a theme and of the whole list, and the plan of a file's changes."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from plenara.core.refusals import Answer, Denied
from plenara.core.rows import Json
from plenara.core.validation import text_fits, texts_fit
from plenara.core.vocabulary import language_name
from plenara.search.entries import filter_token
from plenara.themes.queries import ATTRIBUTES, Concept, cleaned_concept, concept_as_row

#: The most themes of the list, including retired ones: it is read whole.
MOST = 5_000
#: Characters of each text, alternative labels in a language, addresses of a theme, and steps from the top down.
MOST_LABEL, MOST_DEFINITION, MOST_ADDRESS = 200, 2_000, 500
MOST_ALTERNATIVES, MOST_MATCHES, MOST_RELATED, MOST_STEPS = 20, 20, 50, 20
_CODE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")
#: Endings of the addresses of other forms, which a code must not have.
ENDINGS = (".ttl", ".jsonld", ".csv", ".atom", ".ics")
#: Words that have the place of a code in an address.
_TAKEN = frozenset({"new", "import"})
_VOCABULARY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def code_fits(code: str) -> Answer:
    """A code that can be in a permanent address."""
    fits = _CODE.fullmatch(code) and not code.lower().endswith(ENDINGS) and code.lower() not in _TAKEN
    return bool(fits) or Denied(
        _(
            "Enter the code in Latin letters, digits, dots and hyphens, for example C7-e-health. Use at most 100 "
            "characters."
        ),
        "code",
        "code",
    )


def token_of(code: str) -> str:
    """Return the token of a code in the search index, which ignores signs and case."""
    return filter_token("theme", code)


def vocabulary_fits(name: str) -> Answer:
    """A name of lower-case letters and digits that shows the origin of a theme."""
    return bool(len(name) <= 60 and _VOCABULARY.fullmatch(name)) or Denied(
        _("Enter the name of the vocabulary in lower-case Latin letters, digits and hyphens, such as unesco."),
        "vocabulary",
        "vocabulary",
    )


def words_fit(concept: Concept) -> list[Answer]:
    """Labels in one language at least, and no text that is too long or in another language."""
    answers: list[Answer] = [
        bool(concept.labels) or Denied(_("Enter a label in at least one language."), "missing", "label_en")
    ]
    for name, texts, most in (
        ("label", concept.labels, MOST_LABEL),
        ("definition", concept.definition, MOST_DEFINITION),
    ):
        answers += texts_fit(name, texts, most)
    for code, several in concept.alternatives.items():
        answers += [text_fits("alternatives", code, text, MOST_LABEL) for text in several]
        answers.append(
            len(several) <= MOST_ALTERNATIVES
            or Denied(
                _("%(language)s: enter at most %(most)d alternative labels.")
                % {"language": language_name(code), "most": MOST_ALTERNATIVES},
                "too_many",
                f"alternatives_{code}",
            )
        )
    return answers


def addresses_fit(addresses: Sequence[str]) -> Answer:
    """Web addresses, not too many."""
    if len(addresses) > MOST_MATCHES:
        return Denied(_("Enter at most %(most)d web addresses.") % {"most": MOST_MATCHES}, "too_many", "exact_match")
    wrong = next((each for each in addresses if not is_address(each)), None)
    return wrong is None or Denied(
        _("“%(address)s” is not a web address. Enter the whole address, with https:// or http:// at the start.")
        % {"address": wrong[:100]},
        "address",
        "exact_match",
    )


def is_address(text: str) -> bool:
    """Return whether a text is a complete and valid web address."""
    if len(text) > MOST_ADDRESS or any(
        character.isspace() or character in '<>"{}|\\^`' or ord(character) < 33 for character in text
    ):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


@dataclass(frozen=True)
class ThemeError:
    """An error of a theme in the list, or of a file. `code` is empty for an error of the whole."""

    code: str
    answer: Denied


def errors_of_theme(concept: Concept) -> list[ThemeError]:
    """Return the errors of a theme by itself."""
    answers = [code_fits(concept.code), vocabulary_fits(concept.vocabulary), *words_fit(concept)]
    answers.append(addresses_fit(concept.exact_match))
    if len(concept.related) > MOST_RELATED:
        answers.append(
            Denied(_("Enter at most %(most)d related themes.") % {"most": MOST_RELATED}, "too_many", "related")
        )
    return [ThemeError(concept.code, each) for each in answers if isinstance(each, Denied)]


def errors_of_list(concepts: Mapping[str, Concept], changed: Collection[str]) -> list[ThemeError]:
    """Return the errors of the planned list that concern the `changed` themes."""
    found: list[ThemeError] = []
    if len(concepts) > MOST:
        found.append(
            ThemeError(
                "",
                Denied(
                    _(
                        "The list can have %(most)d themes at most. Add fewer new themes, or change "
                        "existing themes instead."
                    )
                    % {"most": MOST},
                    "too_many",
                ),
            )
        )
    like: dict[str, list[str]] = {}
    for code in concepts:
        like.setdefault(token_of(code), []).append(code)
    for code in changed:
        other = next((each for each in like[token_of(code)] if each != code), None)
        if other is not None:
            sentence = _("The code is too similar to another code, %(other)s. Choose a different code.") % {
                "other": other
            }
            found.append(ThemeError(code, Denied(sentence, "taken", "code")))
    for code in changed:
        found += [ThemeError(code, each) for each in _links(concepts[code], concepts) if isinstance(each, Denied)]
    return found


def _links(concept: Concept, concepts: Mapping[str, Concept]) -> list[Answer]:
    """Return the errors in a theme's links."""
    answers: list[Answer] = []
    for name, codes in (
        ("broader", [concept.broader]),
        ("related", concept.related),
        ("replaced_by", [concept.replaced_by]),
    ):
        unknown = next((code for code in codes if code and code not in concepts), None)
        if unknown is not None:
            sentence = _("The list has no theme with the code %(code)s. Check the code.") % {"code": unknown[:100]}
            answers.append(Denied(sentence, "unknown", name))
    if answers:
        return answers
    above = _above(concept.code, concepts)
    if above is None:
        return [
            Denied(
                _(
                    "A theme cannot be below itself, or more than %(most)d levels down. Choose a different "
                    "broader theme."
                )
                % {"most": MOST_STEPS},
                "cycle",
                "broader",
            )
        ]
    for other in concept.related:
        if other == concept.code:
            answers.append(
                Denied(
                    _("A theme cannot be related to itself. Remove its code from the related themes."),
                    "itself",
                    "related",
                )
            )
        elif other in above or concept.code in (_above(other, concepts) or ()):
            answers.append(
                Denied(
                    _(
                        "%(code)s is already a broader or narrower theme of this theme. Remove %(code)s from "
                        "the related themes."
                    )
                    % {"code": other},
                    "above",
                    "related",
                )
            )
    if concept.replaced_by:
        answers.append(_may_replace(concept, concepts))
    return answers


def _may_replace(concept: Concept, concepts: Mapping[str, Concept]) -> Answer:
    if not concept.retired:
        return Denied(_("Only a retired theme can be replaced by another theme."), "not_retired", "replaced_by")
    seen, code = {concept.code}, concept.replaced_by
    while code and code in concepts and code not in seen:
        seen.add(code)
        code = concepts[code].replaced_by
    return code not in seen or Denied(
        _("A theme cannot replace itself. Choose another theme."), "itself", "replaced_by"
    )


def is_offered(concept: Concept) -> Answer:
    """A theme that replaces another is not retired itself."""
    return not concept.retired or Denied(
        _("%(code)s is also retired. Choose a theme that is offered.") % {"code": concept.code},
        "retired",
        "replaced_by",
    )


def _above(code: str, concepts: Mapping[str, Concept]) -> list[str] | None:
    """Return the codes above a theme, the nearest first; None if it is below itself or too deep."""
    found: list[str] = []
    while (code := concepts[code].broader if code in concepts else "") and code not in found:
        found.append(code)
        if len(found) > MOST_STEPS:
            return None
    return None if code else found


def vocabulary_unchanged(before: str, after: str) -> Answer:
    """A file does not change the themes of another vocabulary."""
    return before == after or Denied(
        _("This code belongs to a theme of another vocabulary, %(name)s. Use a different code.") % {"name": before},
        "other",
        "vocabulary",
    )


@dataclass(frozen=True)
class Change:
    """A planned change of a theme."""

    before: Concept
    after: Concept
    attributes: list[str]

    @property
    def was(self) -> list[tuple[str, str]]:
        """The present values that would change: named by the table's columns."""
        return self._lines(self.before, self.after)

    @property
    def becomes(self) -> list[tuple[str, str]]:
        """The new values."""
        return self._lines(self.after, self.before)

    def _lines(self, one: Concept, other: Concept) -> list[tuple[str, str]]:
        from plenara.themes.validation.files import table_cells

        there = table_cells(other)
        return [(name, cell) for name, cell in table_cells(one).items() if cell != there[name]]


@dataclass
class Plan:
    """The planned changes of the list."""

    new: list[Concept] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    errors: list[ThemeError] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.new and not self.changed

    @property
    def digest(self) -> str:
        """A digest of all changes: the person who confirms has seen exactly these."""
        said = [
            [concept_as_row(each) for each in self.new],
            [[concept_as_row(each.before), concept_as_row(each.after)] for each in self.changed],
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def concepts(self) -> list[Concept]:
        """Return the concepts to write."""
        return [*self.new, *(each.after for each in self.changed)]


def plan(rows: Iterable[Json], there: Mapping[str, Concept], vocabulary: str) -> Plan:
    """Return the changes of a file's rows. A row changes only what it has keys for."""
    made = Plan()
    given: dict[str, Concept] = {}
    for row in rows:
        code = str(row["code"])
        before = there.get(code)
        begin = before or Concept(code=code)
        concept = cleaned_concept(replace(begin, **_attributes_of(row, begin)))
        concept = replace(concept, vocabulary=concept.vocabulary or vocabulary)
        if code in given:
            made.errors.append(
                ThemeError(
                    code, Denied(_("The file contains this theme twice. Delete one of the two."), "twice", "code")
                )
            )
        elif before and isinstance(
            answer := vocabulary_unchanged(before.vocabulary, row.get("vocabulary") or vocabulary), Denied
        ):
            made.errors.append(ThemeError(code, answer))
        given[code] = concept
    given = _both_ways(given)
    given = with_positions(given, there)
    for code, concept in given.items():
        before = there.get(code)
        attributes = [name for name in ATTRIBUTES if before and getattr(before, name) != getattr(concept, name)]
        if before is None:
            made.new.append(concept)
        elif attributes:
            made.changed.append(Change(before, concept, attributes))
        else:
            made.same += 1
    touched = [each.code for each in made.concepts()]
    made.errors += [error for each in made.concepts() for error in errors_of_theme(each)]
    made.errors += errors_of_list({**there, **given}, touched)
    return made


def _attributes_of(row: Json, begin: Concept) -> Json:
    """Return the attributes of a theme in a row; texts change only in the languages that the row names."""
    attributes = {name: row[name] for name in ATTRIBUTES if name in row}
    for name in ("labels", "alternatives", "definition"):
        if name in attributes:
            attributes[name] = {**getattr(begin, name), **attributes[name]}
    return attributes


def _both_ways(given: Mapping[str, Concept]) -> dict[str, Concept]:
    """Return concepts with related links in both directions."""
    related = {code: set(each.related) for code, each in given.items()}
    for code, each in given.items():
        for other in each.related:
            if other in related:
                related[other].add(code)
    return {code: replace(each, related=sorted(related[code])) for code, each in given.items()}


def with_positions(given: Mapping[str, Concept], there: Mapping[str, Concept]) -> dict[str, Concept]:
    """Return concepts with a position among their siblings: by default after them, in the file's order."""
    last: dict[str, int] = {}
    for each in [*there.values(), *given.values()]:
        last[each.broader] = max(last.get(each.broader, 0), each.position)
    found = {}
    for code, each in given.items():
        if not each.position:
            last[each.broader] += 1
            each = replace(each, position=last[each.broader])
        found[code] = each
    return found
