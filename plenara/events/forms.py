"""The steps in which an event is proposed: what and when, where, about what. The signed form itself carries what was
typed; nothing is stored.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django import forms
from django.db.models import Q
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from plenara.accounts.models import Person
from plenara.consultations.forms.fields import Choice, Words, ZoneField
from plenara.consultations.models import Consultation, State
from plenara.consultations.presenters.wording import isolated
from plenara.core.languages import NAMES, current, in_language
from plenara.core.life_cycle import State as ItemState
from plenara.core.refusals import Answer, Denied
from plenara.core.rows import Json
from plenara.core.seals import fresh_key, seal, unseal
from plenara.core.vocabulary import country_choices, language_name
from plenara.directory.models import Kind, Listing
from plenara.directory.presenters.wording import language_tags
from plenara.events import validation
from plenara.events.models import Details
from plenara.themes.queries import choices as theme_choices

#: Rows of documents that a form begins with.
PAPERS = 3
#: Consultations that a form offers: the newest.
MOST_CONSULTATIONS = 100


class Step(forms.Form):
    """Base of the steps: validates as the action does, and shows each error at its field."""

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        for answer in self.wrong(self.details()):
            if isinstance(answer, Denied):
                self.put(answer)
        return given

    def details(self) -> Json:
        """Return this step's part of the details."""
        raise NotImplementedError

    def wrong(self, details: Json) -> Iterator[Answer]:
        """Yield the errors in the details."""
        raise NotImplementedError

    def put(self, answer: Denied) -> None:
        """Add a refusal to its field."""
        field = answer.field or ""
        field = f"{field}_{current()}" if field in {"title", "description"} else field
        known = field if field in self.fields and field not in self.errors else None
        if known or field not in self.fields:
            self.add_error(known, str(answer.sentence))


def texts(form: forms.Form, name: str) -> dict[str, str]:
    """Return a form's fields for a text in several languages: the active one first."""
    return {code: words for code in ordered() if (words := form.cleaned_data.get(f"{name}_{code}", ""))}


def ordered() -> list[str]:
    """Return the six languages, the active one first."""
    return [current(), *(code for code in NAMES if code != current())]


class WhatForm(Step):
    """Title and description in one or more languages; the dates, in local hours."""

    timezone = ZoneField(
        label=gettext_lazy("Time zone of the place"),
        help_text=gettext_lazy(
            "Enter times in this time zone. For an online meeting, use the time zone of the host. Type the name of a "
            "city."
        ),
    )

    def __init__(self, data: Mapping[str, object] | None = None):
        super().__init__(data)
        for code in ordered():
            self.fields[f"title_{code}"] = Words(code=code, label=pgettext("label", "Title"))
            self.fields[f"description_{code}"] = Words(code=code, lines=5, label=pgettext("label", "Description"))
        zone = self.fields["timezone"]
        assert isinstance(zone, ZoneField)
        zone.offer()
        self.rows = min(max(_number(data, "rows"), 1), validation.MOST_DATES)
        for place in range(self.rows):
            self._add_date(place)
        self.order_fields([*(name for name in self.fields if name != "timezone" and "_" in name), "timezone"])

    def _add_date(self, place: int) -> None:
        day = forms.TextInput(attrs={"type": "date"})
        hour = forms.TextInput(attrs={"type": "time", "step": "60"})
        labels = {
            "day": (pgettext("label", "Day"), day),
            "from": (_("Start time"), hour),
            "last": (_("Last day, if different"), day),
            "until": (_("End time"), hour),
        }
        for name, (label, widget) in labels.items():
            self.fields[f"{name}_{place}"] = Words(label=label, widget=widget)
        self.fields[f"number_{place}"] = Words(widget=forms.HiddenInput)

    @property
    def languages(self) -> list[dict[str, object]]:
        """The pairs of title and description, for the template: the active language first."""
        return [
            {"code": code, "name": NAMES[code], "title": self[f"title_{code}"], "text": self[f"description_{code}"]}
            for code in ordered()
        ]

    @property
    def has_others(self) -> bool:
        """Whether another language than the active one is filled in or has an error."""
        names = [f"{name}_{code}" for code in ordered()[1:] for name in ("title", "description")]
        return any(str(self[name].value() or "").strip() or self[name].errors for name in names)

    @property
    def dates(self) -> list[dict[str, object]]:
        """The rows of dates, for the template."""
        names = ("day", "from", "last", "until", "number")
        return [{name: self[f"{name}_{place}"] for name in names} for place in range(self.rows)]

    def details(self) -> Json:
        return {
            "title": texts(self, "title"),
            "description": texts(self, "description"),
            "timezone": self.cleaned_data.get("timezone", ""),
            "dates": [each for place in range(self.rows) if (each := self._date(place))],
        }

    def _date(self, place: int) -> dict[str, object] | None:
        given = {name: self.cleaned_data.get(f"{name}_{place}", "") for name in ("day", "from", "last", "until")}
        if not any(given.values()):
            return None
        last = given["last"] or given["day"]
        start = f"{given['day']}T{given['from'][:5]}" if given["from"] else given["day"]
        end = f"{last}T{given['until'][:5]}" if given["until"] else last
        number = self.cleaned_data.get(f"number_{place}", "")
        known = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else None
        return {"start": start, "end": end, "number": known, "place": place}

    def wrong(self, details: Json) -> Iterator[Answer]:
        yield from validation.texts_fit(details)
        for answer in validation.dates_fit(details["dates"], details["timezone"]):
            yield self._at_its_row(answer, details["dates"])

    def _at_its_row(self, answer: Answer, dates: list[Json]) -> Answer:
        """Return an error of the nth date with the number of its row: empty rows may come before it."""
        name, _line, place = (getattr(answer, "field", "") or "").partition("_")
        if (
            isinstance(answer, Denied)
            and name in {"day", "from", "until"}
            and place.isdecimal()
            and int(place) < len(dates)
        ):
            answer.field = f"{name}_{dates[int(place)]['place']}"
        return answer


def _number(data: Mapping[str, object] | None, name: str) -> int:
    written = str(data.get(name, "") or "") if data else ""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else 0


def next_date(day: str, before: str = "") -> str:
    """Return the first day of a further row of a series: as far from the last date as that is from the one before."""
    try:
        last = datetime.date.fromisoformat(day)
        gap = last - datetime.date.fromisoformat(before) if before else datetime.timedelta(days=7)
        return (last + (gap if gap > datetime.timedelta() else datetime.timedelta(days=7))).isoformat()
    except (ValueError, OverflowError):
        return ""


class WhereForm(Step):
    """A place, a link or both; the country; the spoken languages."""

    place = Words(
        label=pgettext_lazy("label", "Place"),
        help_text=gettext_lazy(
            "Describe the place so that people can find it, for example: Palais des Nations, room XX, Geneva."
        ),
    )
    country = Choice(label=pgettext_lazy("label", "Country"), sentence=gettext_lazy("Choose a country from the list."))
    online = Words(
        label=gettext_lazy("Link to take part online"),
        help_text=gettext_lazy("Everyone can see the link. Enter a link that begins with https://."),
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of the meeting"),
        required=False,
        choices=list(NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose from the six languages.")},
    )
    languages_more = Words(
        label=pgettext_lazy("label", "Other languages"),
        help_text=gettext_lazy("Write the names of the languages in your own language, separated by commas."),
    )

    def __init__(self, data: Mapping[str, object] | None = None):
        super().__init__(data)
        country, languages = self.fields["country"], self.fields["languages"]
        assert isinstance(country, forms.ChoiceField) and isinstance(languages, forms.MultipleChoiceField)
        country.choices = [("", _("Choose a country")), *country_choices()]
        # Resubmitting the form keeps a language that came from a file or a program.
        given = dict.fromkeys(data.getlist("languages") if isinstance(data, MultiValueDict) else ())
        others = [tag for tag in given if tag not in NAMES and validation.is_language(tag)]
        languages.choices = [
            *NAMES.items(),
            *((tag, language_name(tag)) for tag in others[: validation.MOST_LANGUAGES]),
        ]

    def details(self) -> Json:
        given = self.cleaned_data
        more, self.unknown = language_tags(given.get("languages_more", ""))
        place = {name: given.get(name) for name in ("place", "country", "online")}
        return {**place, "languages": list(dict.fromkeys([*given.get("languages", []), *more]))}

    def wrong(self, details: Json) -> Iterator[Answer]:
        yield from validation.places_fit(details)
        if self.unknown:
            sentence = _("We do not recognize the language “%(name)s”. Check the spelling.") % {"name": self.unknown}
            yield Denied(sentence, "unknown", "languages_more")


class AboutForm(Step):
    """The organizer, themes, the consultation that it prepares, its documents."""

    organizer = Words(
        label=gettext_lazy("Who organizes the event?"),
        help_text=gettext_lazy(
            "Enter the name. For an organization in the directory, enter the web address of its "
            "page, so that both pages are linked."
        ),
    )
    themes = forms.MultipleChoiceField(
        label=pgettext_lazy("label", "Themes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose up to 10 themes. People find the event by its themes."),
        error_messages={"invalid_choice": gettext_lazy("Choose themes from the list.")},
    )
    prepares = Choice(
        label=gettext_lazy("Which consultation does the event prepare for?"),
        help_text=gettext_lazy("The event will then appear on the page of that consultation."),
        sentence=gettext_lazy("Choose a consultation from the list."),
    )

    def __init__(self, data: Mapping[str, object] | None = None, *, kept: Details | None = None):
        super().__init__(data)
        themes, prepares = self.fields["themes"], self.fields["prepares"]
        assert isinstance(themes, forms.MultipleChoiceField) and isinstance(prepares, forms.ChoiceField)
        # A theme that was retired later stays with the events that have it.
        themes.choices = theme_choices(also=(kept or {}).get("themes", []))
        prepares.choices = [("", pgettext("consultation", "None")), *consultations((kept or {}).get("prepares", ""))]
        if not themes.choices:
            del self.fields["themes"]
        if len(prepares.choices) == 1:
            del self.fields["prepares"]
        self.rows = min(max(_number(data, "papers"), PAPERS), validation.MOST_DOCUMENTS)
        for place in range(self.rows):
            self.fields[f"paper_{place}"] = Words(label=_("Name of the document"))
            self.fields[f"address_{place}"] = Words(
                label=_("Web address of the document"), widget=forms.URLInput(attrs={"dir": "ltr"})
            )

    @property
    def papers(self) -> list[dict[str, object]]:
        """The rows of documents, for the template."""
        return [{"name": self[f"paper_{place}"], "address": self[f"address_{place}"]} for place in range(self.rows)]

    def details(self) -> Json:
        given = self.cleaned_data
        found, name = organizer(given.get("organizer", ""))
        papers = [
            {"title": given.get(f"paper_{place}", ""), "url": given.get(f"address_{place}", "")}
            for place in range(self.rows)
        ]
        return {
            "organizer": found,
            "organizer_name": name,
            "themes": given.get("themes", []),
            "prepares": given.get("prepares", ""),
            "documents": papers,
        }

    def wrong(self, details: Json) -> Iterator[Answer]:
        yield from validation.subjects_fit(details)
        rows = [place for place, each in enumerate(details["documents"]) if each["title"] or each["url"]]
        for answer in validation.documents_fit([details["documents"][place] for place in rows]):
            name, _line, place = (getattr(answer, "field", "") or "").partition("_")
            if isinstance(answer, Denied) and place.isdecimal() and int(place) < len(rows):
                answer.field = f"{name}_{rows[int(place)]}"
            yield answer


def organizer(written: str) -> tuple[int | None, str]:
    """Return the number of the organization with this page or exact name, else the name as typed. One query."""
    _head, slash, tail = written.rstrip("/").rpartition("/organizations/")
    if slash and tail.isascii() and tail.isdecimal() and len(tail) < 10:
        return int(tail), ""
    if not written:
        return None, ""
    is_named = Q()
    for code in NAMES:
        is_named |= Q(**{f"details__name__{code}": written})
    named = Listing.objects.filter(is_named, of=Kind.ORGANIZATION, state=ItemState.PUBLISHED, merged_into=None)
    found = named.order_by("number").first()
    return (found.number, "") if found else (None, written)


def consultations(kept: str = "") -> list[tuple[str, str]]:
    """Return the consultations that an event can prepare: public ones that are not archived, the newest first."""
    found = Consultation.objects.exclude(stage__in=[State.DRAFT, State.ARCHIVED]).order_by("-pk")[:MOST_CONSULTATIONS]
    offered = [(each.slug, in_language(each.title).text) for each in found]
    if kept and kept not in dict(offered) and (one := validation.public_consultation(kept)):
        offered.append((one.slug, in_language(one.title).text))
    return offered


class OutcomeForm(forms.Form):
    """The outcome of an event: an address, words, or both."""

    report_url = Words(
        label=gettext_lazy("Web address of the report"),
        help_text=gettext_lazy("The web address begins with https://."),
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )
    report_text = Words(label=gettext_lazy("Results of the event"), lines=8)
    report_language = Choice(
        label=gettext_lazy("Language of your text"),
        choices=list(NAMES.items()),
        sentence=gettext_lazy("Choose the language of your text."),
    )
    key = forms.CharField(required=False, widget=forms.HiddenInput)


class FileForm(forms.Form):
    """A calendar file."""

    file = forms.FileField(
        label=gettext_lazy("Calendar file"),
        required=False,
        help_text=gettext_lazy(
            "Choose an iCalendar file (.ics) that you exported from a calendar program. The file can be up to 2 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
    )
    language = Choice(
        label=gettext_lazy("Language of the titles"),
        choices=list(NAMES.items()),
        sentence=gettext_lazy("Choose the language of the titles."),
    )


class ZoneForm(forms.Form):
    """The time zone of the hours in a file that name none."""

    zone = ZoneField(label=gettext_lazy("Time zone for times without a time zone"))

    def explain(self, named: Iterable[str]) -> None:
        """Offer the zones, and explain why one is needed: `named` are the unknown zones of the file."""
        zone = self.fields["zone"]
        assert isinstance(zone, ZoneField)
        zone.offer()
        if names := " · ".join(isolated(each) for each in named):
            sentence = _("We do not recognize these time zones in the file: %(names)s. Type the name of a city.")
            zone.help_text = sentence % {"names": names}
        else:
            zone.help_text = _("The file does not state the time zone of its times. Type the name of a city.")


_SALT = "plenara.events"
#: Characters of all typed values together, and values of one name.
MOST_TYPED, MOST_VALUES = 150_000, 100


@dataclass
class TypedValues:
    """What was typed, by field; whose it is, which event it changes, and an idempotency key."""

    key: str
    person: int
    about: int  # id of the changed event; 0 for a new one
    values: dict[str, list[str]] = field(default_factory=dict)
    checked: bool = False  # the last page was reached: each step leads back there

    @classmethod
    def fresh(cls, person: Person, about: int, values: Mapping[str, list[str]]) -> "TypedValues":
        """Return the values of a newly opened form."""
        return cls(fresh_key(), person.pk, about, dict(values))

    def sealed(self) -> str:
        """Return it signed, for the hidden field: readable, but protected against forgery."""
        return seal([self.key, self.person, self.about, self.values, self.checked], _SALT, compress=True)

    @classmethod
    def read(cls, sealed: str, person: Person, about: int) -> "TypedValues | None":
        """Return it; nothing where it is forged, older than a month, or of another form."""
        found = cls._of(sealed)
        return found if found and (found.person, found.about) == (person.pk, about) else None

    @classmethod
    def owner(cls, sealed: str) -> int | None:
        """Return the id of the person whose form this is; nothing where it is forged or too old."""
        found = cls._of(sealed)
        return found.person if found else None

    @classmethod
    def _of(cls, sealed: str) -> "TypedValues | None":
        parts = unseal(sealed, _SALT, 5) if len(sealed) <= MOST_TYPED * 2 else None
        return cls(*parts) if parts else None

    def take(self, data: Mapping[str, str], names: list[str]) -> None:
        """Store what a step sent: each of its fields, also the empty ones."""
        for name in names:
            several = data.getlist(name) if isinstance(data, MultiValueDict) else [data[name]] if name in data else []
            self.values[name] = [each.replace("\x00", "") for each in several[:MOST_VALUES]]
        if sum(len(each) for several in self.values.values() for each in several) > MOST_TYPED:
            for name in names:
                self.values[name] = [each[:MOST_VALUES] for each in self.values[name]]

    @property
    def data(self) -> MultiValueDict[str, str]:
        """What was typed, as a form takes it."""
        return MultiValueDict(self.values)

    def first(self, name: str) -> str:
        """Return what was typed into one field."""
        return (self.values.get(name) or [""])[-1]


def values_of(details: Json) -> dict[str, list[str]]:
    """Return what a form would contain for an event with these details."""
    values: dict[str, list[str]] = {}
    for name in ("title", "description"):
        values |= {f"{name}_{code}": [text] for code, text in (details.get(name) or {}).items()}
    for name in ("timezone", "place", "country", "online", "prepares"):
        values[name] = [details.get(name) or ""]
    for name in ("themes", "languages"):
        values[name] = list(details.get(name) or [])
    number, written = details.get("organizer"), details.get("organizer_name")
    values["organizer"] = [f"/organizations/{number}/" if number else written or ""]
    dates = [each for each in details.get("dates", []) if not each.get("cancelled")]
    for place, date in enumerate(dates):
        start, end = date["start"], date["end"]
        last = end[:10] if end[:10] != start[:10] else ""
        row = {"day": start[:10], "from": start[11:], "last": last, "until": end[11:], "number": str(date["number"])}
        values |= {f"{name}_{place}": [value] for name, value in row.items()}
    values["rows"] = [str(max(len(dates), 1))]
    for place, paper in enumerate(details.get("documents", [])):
        values |= {f"paper_{place}": [paper["title"]], f"address_{place}": [paper["url"]]}
    values["papers"] = [str(len(details.get("documents", [])))]
    return values
