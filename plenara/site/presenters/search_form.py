"""The fields of the search form, and the chosen filters. A fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.consultations.models import Consultation, ThreadTheme
from plenara.contributions.actions.search_index import REPLY
from plenara.contributions.models import Channel, Tally
from plenara.core.languages import NAMES, Localized, in_language
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.vocabulary import StakeholderGroup, country_name, language_name
from plenara.exports.queries.record import public_consultations
from plenara.exports.queries.search import Search
from plenara.search.entries import kinds
from plenara.themes import queries

#: The most consultations that the form offers, the newest; the page of an older one has its own search field.
MOST = 100


@dataclass(frozen=True)
class Choice:
    """One choice."""

    value: str
    text: str
    language: str = ""  # language, if the text is in another one than the page


@dataclass(frozen=True)
class Field:
    """A choice field of the form. `text` is the label of no choice."""

    name: str
    label: str
    text: str
    choices: list[Choice]
    value: str


@dataclass(frozen=True)
class Chosen:
    """A filter in use, and the address without it."""

    label: str
    text: str
    without: str


def fields(search: Search) -> list[Field]:
    """Return the fields of the form; long ones with only the choices that occur. At most six queries."""
    offered = [
        ("kind", pgettext("label", "Kind"), _("Everything"), _kinds()),
        (
            "consultation",
            pgettext("label", "Consultation"),
            pgettext("label", "All consultations"),
            _consultations(search.consultation),
        ),
        ("thread", pgettext("label", "Question"), pgettext("label", "All questions"), _threads(search.consultation)),
        (
            "group",
            pgettext("label", "Stakeholder group"),
            pgettext("label", "All stakeholder groups"),
            _pairs(StakeholderGroup.choices),
        ),
        (
            "country",
            pgettext("label", "Country"),
            pgettext("label", "All countries"),
            _sorted(_countries(search.country)),
        ),
        (
            "language",
            _("Language of the text"),
            pgettext("label", "All languages"),
            _sorted(_languages(search.language)),
        ),
        ("theme", pgettext("label", "Theme"), pgettext("label", "All themes"), _themes(search)),
        ("channel", _("How the text was received"), pgettext("label", "All channels"), _pairs(Channel.choices)),
    ]
    chosen = search.fields
    return [
        Field(name, label, text, choices, chosen.get(name, "")) for name, label, text, choices in offered if choices
    ]


def chosen(search: Search, offered: Iterable[Field]) -> list[Chosen]:
    """Return the filters in use, each with the address that removes it."""
    labels = {field.name: field for field in offered}
    found = []
    for name, value in search.filters.items():
        if name in labels:
            text = next((each.text for each in labels[name].choices if each.value == value), value)
            found.append(Chosen(labels[name].label, text, _address(search, name)))
        elif name == "author":
            found.append(Chosen(pgettext("label", "Author"), value, _address(search, name)))
        elif name == "since":
            found.append(Chosen(pgettext("a day", "From"), date_in_words(search.since), _address(search, name)))
        elif name == "until":
            found.append(Chosen(pgettext("a day", "Until"), date_in_words(search.until), _address(search, name)))
        else:
            found.append(Chosen(name, value, _address(search, name)))
    return found


def _address(search: Search, name: str) -> str:
    return search.without(name).address()


def _kinds() -> list[Choice]:
    replies = Choice(REPLY, pgettext("kind of result", "Replies"))
    found = [Choice(each.code, each.names) for each in kinds()]
    return [*found[:1], replies, *found[1:]] if found else []


def _pairs(choices: Iterable[tuple[str, object]]) -> list[Choice]:
    return [Choice(value, str(label)) for value, label in choices]


def _sorted(choices: Iterable[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda each: each.text.casefold())


def _in_own_language(value: object, text: Localized) -> Choice:
    return Choice(str(value), text.text, text.language)


#: By data of bundles: the order is the same on every installation with these consultations.
_NEWEST_FIRST = (F("opens_at").desc(nulls_last=True), "slug")


def _consultations(chosen: Consultation | None) -> list[Choice]:
    rows = list(public_consultations().only("slug", "title", "opens_at").order_by(*_NEWEST_FIRST)[:MOST])
    if chosen and chosen not in rows:
        rows.append(chosen)
    return [_in_own_language(each.slug, in_language(each.title)) for each in rows]


def _threads(consultation: Consultation | None) -> list[Choice]:
    """Return the questions of the chosen consultation. Their numbers count within it only."""
    if consultation is None:
        return []
    rows = consultation.threads.only("number", "question", "consultation_id")
    found = ((each.number, in_language(each.question)) for each in rows)
    return [Choice(str(number), f"{number}. {text.text}", text.language) for number, text in found]


def _countries(chosen: str) -> list[Choice]:
    there = Tally.objects.filter(count__gt=0).exclude(country="").order_by("country")
    codes = {*there.values_list("country", flat=True).distinct(), chosen} - {""}
    return [Choice(code, country_name(code)) for code in codes]


def _languages(chosen: str) -> list[Choice]:
    there = Tally.objects.filter(count__gt=0).exclude(language="").order_by("language")
    codes = {*there.values_list("language", flat=True).distinct(), *NAMES, chosen} - {""}
    return [Choice(code, language_name(code)) for code in codes]


def _themes(search: Search) -> list[Choice]:
    """Return the themes of the list in its order, and after them those of archives only. Four queries."""
    where = public_consultations()
    where = where.filter(pk=search.consultation.pk) if search.consultation else where.order_by(*_NEWEST_FIRST)[:MOST]
    found = {code: Choice(code, text) for code, text in queries.choices(most=queries.MOST_OFFERED)}
    known = queries.labels()
    others: dict[str, Choice] = {}
    came = dict(where.values_list("pk", "bundle__themes"))
    for each in chain.from_iterable(themes or () for themes in came.values()):
        text = in_language(each.get("label"))
        others.setdefault(each["code"], Choice(each["code"], text.text or each["code"], text.language))
    marked = ThreadTheme.objects.filter(thread__consultation__in=list(came)).order_by()
    for code in marked.values_list("theme", flat=True).distinct():
        others.setdefault(code, Choice(code, code))
    if search.theme and search.theme not in found:
        text = known.get(search.theme, Localized(search.theme, ""))
        others.setdefault(search.theme, Choice(search.theme, text.text, text.language))
    rest = [each for code, each in sorted(others.items()) if code not in known or code == search.theme]
    return [*found.values(), *(each for each in rest if each.value not in found)]
