"""A consultation in words, for pages, e-mails and machines: its moments, the time left, its steps and languages."""

import datetime
import functools
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from babel import UnknownLocaleError
from babel.dates import get_timezone_location
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, npgettext, pgettext

from plenara.accounts.queries import installation
from plenara.consultations.models import Consultation, Extension, State, Thread
from plenara.consultations.queries import threads_at
from plenara.core import clock
from plenara.core.languages import NAMES, Localized, current, direction, html_code, in_language, join_sentences
from plenara.core.metadata import Description, Link, describe, opening_of, publisher, types
from plenara.core.rows import Json
from plenara.core.templatetags.plenara import date_in_words, iso, number
from plenara.core.text import first_words, plain
from plenara.core.views import Destination
from plenara.core.vocabulary import licence_url


def dataset_summary(consultation: Consultation, what: str = "") -> str:
    """Return the description of a consultation, or of a part of it, for search engines of data sets."""
    title, intro = in_language(consultation.title).text, " ".join(plain(in_language(consultation.intro).text).split())
    whole = _("Public consultation %(symbol)s: %(title)s.") % {"symbol": consultation.symbol, "title": title}
    return join_sentences(*filter(None, [f"{what}." if what else "", whole, first_words(intro, 300)]))


@dataclass(frozen=True)
class LocalMoment:
    """A moment as people see it: in the consultation's zone, which is named, and in UTC."""

    at: datetime.datetime
    zone: str
    text: str

    def __str__(self) -> str:
        return self.text

    def __html__(self) -> SafeString:
        return format_html('<time datetime="{}">{}</time>', iso(self.at), self.text)


def moment(at: datetime.datetime, zone: str = "UTC") -> LocalMoment:
    """Return a moment such as "30 April 2026, 23:59 in Zurich (21:59 UTC)", in the active language."""
    local, utc = at.astimezone(zoneinfo.ZoneInfo(zone)), at.astimezone(datetime.UTC)
    parts = {
        "day": date_in_words(local.date()),
        "time": f"{local:%H:%M}",
        "city": city(zone),
        "utc_day": date_in_words(utc.date()),
        "utc_time": isolated(f"{utc:%H:%M} UTC"),
    }
    if zone == "UTC":
        text = _("%(day)s, %(utc_time)s") % parts
    elif local.date() == utc.date():
        text = _("%(day)s, %(time)s in %(city)s (%(utc_time)s)") % parts
    else:
        text = _("%(day)s, %(time)s in %(city)s (%(utc_day)s, %(utc_time)s)") % parts
    return LocalMoment(at, zone, text)


def opening(consultation: Consultation) -> LocalMoment | None:
    """Return when it opens or opened."""
    return moment(consultation.opens_at, consultation.timezone) if consultation.opens_at else None


def closing(consultation: Consultation) -> LocalMoment | None:
    """Return when it closes or closed."""
    return moment(consultation.closes_at, consultation.timezone) if consultation.closes_at else None


def title(consultation: Consultation, language: str | None = None) -> str:
    """Return its title for a sentence in a language (default: the active one), set apart if of another direction."""
    return isolated_words(in_language(consultation.title, language), language)


def question(slug: str, thread: int, label: str = "") -> Destination | None:
    """Return the name of a question's page for a person who is on the way there; nothing before it is public."""
    found = next(iter(threads_at(slug, thread)), None)
    if found is None or not found.consultation.is_public:
        return None
    if not label and found.consultation.parent_id:
        label = _("Section of the draft")
    return Destination(label or pgettext("label", "Question %(number)s") % {"number": thread}, found.question)


def isolated_words(found: Localized, language: str | None = None) -> str:
    """Return words for a sentence in a language (default: the active one), set apart if of another direction."""
    same = direction(found.language) == direction(language or current())
    return found.text if same else f"\u2068{found.text}\u2069"


def isolated(text: str) -> str:
    """Return Latin words so that they keep their order inside a right-to-left sentence."""
    return f"\u2068{text}\u2069" if direction(current()) == "rtl" else text


def city(name: str) -> str:
    """Return the name of a zone's place in the active language (source: CLDR); UTC as it is."""
    return isolated(_city(name, current()))


@functools.lru_cache(maxsize=5000)
def _city(name: str, language: str) -> str:
    if name == "UTC":
        return name
    try:
        found = get_timezone_location(name, locale=html_code(language).replace("-", "_"), return_city=True)
    except (LookupError, UnknownLocaleError, ValueError):
        found = name
    return found.split("/")[-1].replace("_", " ")


def time_left(consultation: Consultation) -> str:
    """Return "47 days left", "5 hours left" or less, while it is open; else nothing."""
    if not consultation.is_open or not consultation.closes_at:
        return ""
    left = consultation.closes_at - clock.now()
    hours = int(left.total_seconds() // 3600)
    if hours >= 48:
        return ngettext("%(count)d day left", "%(count)d days left", left.days) % {"count": left.days}
    if hours:
        return ngettext("%(count)d hour left", "%(count)d hours left", hours) % {"count": hours}
    return _("less than an hour left")


def working_days(days: int) -> str:
    """Return a number of working days: "2 working days"."""
    return npgettext("label", "%(count)s working day", "%(count)s working days", days) % {"count": number(days)}


def address(consultation: Consultation, language: str | None = None) -> str:
    """Return the path of its public page in a language (default: the active one)."""
    return f"/{language or current()}/consultations/{consultation.slug}/"


#: The class of the mark that each state has in the pattern book.
MARKS = {
    State.DRAFT: "none",
    State.ANNOUNCED: "wait half",
    State.OPEN: "open",
    State.CLOSED: "",
    State.IN_SYNTHESIS: "wait half",
    State.REPORTED: "open",
    State.ARCHIVED: "",
}


def mark(consultation: Consultation) -> str:
    """Return the CSS class of the mark of its state."""
    return MARKS[State(consultation.state)]


@dataclass(frozen=True)
class Step:
    """One step of "How it proceeds"."""

    state: str
    word: str
    when: str  # "until 30 April 2026, 23:59 UTC", or nothing
    at: datetime.datetime | None
    sentence: str
    mark: str  # past, now, or nothing for what is to come


def steps(consultation: Consultation) -> list[Step]:
    """Return how the consultation proceeds: six steps, each past, now or to come."""
    order = [State.ANNOUNCED, State.OPEN, State.CLOSED, State.IN_SYNTHESIS, State.REPORTED, State.ARCHIVED]
    now = order.index(State(consultation.state)) if consultation.is_public else -1
    made = []
    for place, state in enumerate(order):
        is_now, is_past = place == now, place < now
        when, at = _when(consultation, state, is_now=is_now, is_past=is_past)
        word = _("Open now") if state == State.OPEN and is_now else str(state.label)
        made.append(
            Step(state, word, when, at, _sentence(consultation, state), "now" if is_now else "past" if is_past else "")
        )
    return made


def _when(
    consultation: Consultation, state: State, *, is_now: bool, is_past: bool
) -> tuple[str, datetime.datetime | None]:
    opens, closes = opening(consultation), closing(consultation)
    if state == State.OPEN:
        if is_now and closes:
            return pgettext("label", "until %(moment)s") % {"moment": closes}, closes.at
        if is_past and opens and closes:
            return pgettext("label", "%(first)s to %(last)s") % {
                "first": date_in_words(opens.at.astimezone(consultation.zone).date()),
                "last": date_in_words(closes.at.astimezone(consultation.zone).date()),
            }, opens.at
        return (_("from %(moment)s") % {"moment": opens}, opens.at) if opens else ("", None)
    if state == State.CLOSED:
        return (_("from %(moment)s") % {"moment": closes}, closes.at) if closes else ("", None)
    at = {
        State.ANNOUNCED: consultation.announced_at,
        State.IN_SYNTHESIS: consultation.synthesis_at,
        State.REPORTED: consultation.reported_at,
        State.ARCHIVED: consultation.archived_at,
    }[state]
    return (date_in_words(at.astimezone(consultation.zone).date()), at) if at else ("", None)


_SENTENCES = {
    State.ANNOUNCED: gettext_lazy("The questions are published. Everyone can read them and prepare contributions."),
    State.OPEN: gettext_lazy("Anyone can contribute and reply."),
    State.IN_SYNTHESIS: gettext_lazy(
        "The rapporteurs write the final summary. It cites the contributions on which it is based."
    ),
    State.REPORTED: gettext_lazy("The organizers deliver the final summary to the people who asked for it."),
    State.ARCHIVED: gettext_lazy("The record remains available at the same web addresses. You can download all of it."),
}


def _sentence(consultation: Consultation, state: State) -> str:
    if state == State.CLOSED:
        if consultation.imported_at:
            return ""  # pending contributions and promises are at the site that it comes from
        return ngettext(
            "Contributions are no longer accepted. Contributions that are still waiting will get a "
            "decision within %(count)d working day.",
            "Contributions are no longer accepted. Contributions that are still waiting will get a "
            "decision within %(count)d working days.",
            consultation.promise_working_days,
        ) % {"count": consultation.promise_working_days}
    return str(_SENTENCES[state])


@dataclass(frozen=True)
class LanguageState:
    """What exists of a consultation in one language. `core/languages.html` uses these names."""

    code: str
    name: str
    html_lang: str
    dir: str
    is_accepted: bool  # people may contribute in it
    has_title: bool
    lacks_intro: bool  # there is an introduction in another language
    questions: int
    of: int
    url: str = ""
    current: bool = False

    @property
    def can_be_read(self) -> bool:
        """Whether title and every question exist."""
        return self.has_title and self.questions == self.of and self.of > 0

    @property
    def state(self) -> str:
        if self.can_be_read and not self.lacks_intro:
            return "open"
        return "wait half" if self.has_title or self.questions else "none"

    @property
    def word(self) -> str:
        if self.state == "open":
            return pgettext("texts in a language", "complete")
        if self.state == "none":
            return pgettext("texts in a language", "missing")
        parts = []
        if not self.has_title:
            parts.append(_("title missing"))
        if self.lacks_intro:
            parts.append(_("introduction missing"))
        if lacking := self.of - self.questions:
            sentence = ngettext("%(count)d question missing", "%(count)d questions missing", lacking)
            parts.append(sentence % {"count": lacking})
        if not parts:
            return _("There is no question yet.")
        return pgettext("between the things that are missing", ", ").join(parts)


def languages(consultation: Consultation, threads: Sequence[Thread]) -> list[LanguageState]:
    """Return what exists in each of the six languages, in their order."""
    return [
        LanguageState(
            code=code,
            name=name,
            html_lang=html_code(code),
            dir=direction(code),
            is_accepted=code in consultation.languages,
            has_title=bool(consultation.title.get(code)),
            lacks_intro=bool(consultation.intro) and not consultation.intro.get(code),
            questions=sum(bool(thread.question.get(code)) for thread in threads),
            of=len(threads),
            current=code == current(),
        )
        for code, name in NAMES.items()
    ]


def rewordings(thread: Thread) -> list[Json]:
    """Return a question's earlier published words, oldest first: `language`, `earlier`, and `at`."""
    return [{**each, "at": datetime.datetime.fromisoformat(each["until"])} for each in thread.rewordings]


@dataclass(frozen=True)
class AnnouncedExtension:
    """An extension, or an early closing, as it is announced."""

    at: LocalMoment
    closed_at: LocalMoment
    closes_at: LocalMoment
    reason: Localized
    is_early_closing: bool
    had_closing: bool


def extension(one: Extension, consultation: Consultation) -> AnnouncedExtension:
    """Return an extension as pages and e-mails show it, in the active language."""
    zone = consultation.timezone
    return AnnouncedExtension(
        at=moment(one.at, zone),
        closed_at=moment(one.closed_at, zone),
        closes_at=moment(one.closes_at, zone),
        reason=in_language(one.reason),
        is_early_closing=one.is_early_closing,
        had_closing=one.had_closing,
    )


def describe_data(
    consultation: Consultation,
    page: str,
    *,
    name: Localized,
    opening: str,
    links: Sequence[Link],
    description: str = "",
    **more: object,
) -> Description:
    """Describe a page of a consultation as a set of data; `more` is added to its JSON-LD. One query."""
    data = {
        "@type": "Dataset",
        "url": page,
        "name": name.text,
        "description": description or dataset_summary(consultation),
        "inLanguage": html_code(name.language),
        "creator": publisher(site := installation().name),
        "isAccessibleForFree": True,
        **more,
    }
    licence = licence_url(consultation.licence)
    return describe(data, links, title=name.text, opening=opening, url=page, site=site, licence=licence)


def describe_part(
    consultation: Consultation, whole: str, page: str, name: str, forms: Iterable[tuple[str, str]]
) -> Description:
    """Describe a part of a consultation's data: `whole` is its page, `forms` are addresses with media types."""
    forms = list(forms)
    return describe_data(
        consultation,
        page,
        name=Localized(name, current()),
        opening=opening_of(in_language(consultation.title).text),
        description=dataset_summary(consultation, name),
        links=[
            (whole, "collection", "text/html"),
            *((address, "alternate", kind) for address, kind in forms),
            *types("Dataset"),
        ],
        **{"@id": page},
        isPartOf={"@type": "Dataset", "@id": f"{settings.SITE_URL}/s/{consultation.symbol}"},
        distribution=[
            {"@type": "DataDownload", "contentUrl": address, "encodingFormat": kind} for address, kind in forms
        ],
    )
