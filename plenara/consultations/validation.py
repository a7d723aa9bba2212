"""Validation of consultations, questions, extensions and local times. Each answer names its form field."""

import datetime
import functools
import importlib.resources
import re
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Follow, Moderation, Pace, RoleName, Thread
from plenara.core import clock, validation
from plenara.core.clock import zone_names
from plenara.core.languages import NAMES
from plenara.core.refusals import Answer, Denied, Sentence
from plenara.core.rows import Json
from plenara.core.vocabulary import LICENCES, language_in_sentence, language_name
from plenara.themes import queries

#: Late enough for any consultation, early enough to notice a mistyped year.
EARLIEST, LATEST = 1990, 2100


class Moment(NamedTuple):
    """A moment, and whether its local time comes twice on that day."""

    at: datetime.datetime
    comes_twice: bool = False


@functools.cache
def zone_choices() -> list[str]:
    """Return the zones to choose from, UTC first, then by region: one for each place (IANA’s `zone.tab`)."""
    table = importlib.resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    listed = (line.split("\t")[2] for line in table.splitlines() if not line.startswith("#"))
    return ["UTC", *sorted(zone_names().intersection(listed))]


def zone_exists(name: str) -> bool | Denied:
    """A time zone has a name of the IANA list."""
    return name in zone_names() or Denied(
        _("Choose a time zone from the list, for example Europe/Zurich."), "zone", "timezone"
    )


def read_moment(local: datetime.datetime, zone_name: str, *, second: bool = False) -> Moment | Denied:
    """Return the moment that a local time in a zone means.

    A time that a clock skips is refused. One that comes twice means the first time, or with `second` the second.
    """
    if not EARLIEST <= local.year <= LATEST:
        return Denied(_("Enter a year between %(first)d and %(last)d.") % {"first": EARLIEST, "last": LATEST}, "year")
    zone = zoneinfo.ZoneInfo(zone_name)
    local = local.replace(tzinfo=None)
    first, last = (local.replace(tzinfo=zone, fold=fold).astimezone(datetime.UTC) for fold in (0, 1))
    if first.astimezone(zone).replace(tzinfo=None) != local:
        # In a gap, the offset from before the change gives the matching time after it.
        after = first.astimezone(zone)
        sentence = _(
            "The time %(time)s does not exist in %(zone)s on that day, because clocks go forward. Enter %(after)s or "
            "another time."
        )
        return Denied(sentence % {"time": f"{local:%H:%M}", "zone": zone_name, "after": f"{after:%H:%M}"}, "gap")
    return Moment(last if second else first, first != last)


def local_moment(at: datetime.datetime | None, zone_name: str) -> datetime.datetime | None:
    """Return the local time of a moment in a zone, without its zone, as a form shows it."""
    return at.astimezone(zoneinfo.ZoneInfo(zone_name)).replace(tzinfo=None) if at else None


#: The most characters of each text, in any language.
MOST = {
    "title": 200,
    "intro": 10_000,
    "question": 500,
    "guidance": 5_000,
    "reason": 2_000,
    "moderation_guide": 20_000,
}
MOST_THREADS = 40
MOST_THEMES = 10
MOST_WORDS = 50_000
MOST_PROMISED_DAYS = 60
MOST_HOLIDAYS = 400

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SYMBOL = re.compile(r"[A-Z0-9]+([-.][A-Z0-9]+)*(/[A-Z0-9]+([-.][A-Z0-9]+)*)*")
#: Words that have the place of a slug in an address.
_TAKEN_SLUGS = frozenset({"new", "community"})


def texts_fit(name: str, texts: Mapping[str, str]) -> list[Answer]:
    """A text in several languages is not empty or too long in any of them."""
    return validation.texts_fit(name, texts, MOST[name])


def in_some_language(name: str, texts: Mapping[str, str], sentence: Sentence) -> Answer:
    """A text exists in at least one language."""
    return validation.in_some_language(name, texts, sentence, "en")


def slug_fits(slug: str, consultation: Consultation | None = None) -> Answer:
    """An address that is well formed and free."""
    if len(slug) > 80 or not _SLUG.fullmatch(slug) or slug in _TAKEN_SLUGS:
        return Denied(
            _(
                "Enter the web address in lower-case Latin letters, digits and hyphens, for example "
                "internet-governance."
            ),
            "slug",
            "slug",
        )
    others = Consultation.objects.exclude(pk=consultation.pk) if consultation else Consultation.objects.all()
    return not others.filter(slug=slug).exists() or Denied(
        _("Another consultation has this web address. Choose a different one."), "taken", "slug"
    )


def symbol_fits(symbol: str, consultation: Consultation | None = None) -> Answer:
    """A well formed and free symbol, also as the beginning of another: `A/1` and `A/1/Q2` could be confused."""
    if len(symbol) > 40 or not _SYMBOL.fullmatch(symbol):
        return Denied(
            _(
                "Enter the symbol in capital Latin letters and digits, with a slash between its parts, for example "
                "WGIG/2004."
            ),
            "symbol",
            "symbol",
        )
    others = Consultation.objects.exclude(pk=consultation.pk) if consultation else Consultation.objects.all()
    for other in others.values_list("symbol", flat=True):
        if f"{other}/".startswith(f"{symbol}/") or f"{symbol}/".startswith(f"{other}/"):
            return Denied(
                _("This symbol is too similar to that of another consultation, %(other)s. Choose a different symbol.")
                % {"other": other},
                "taken",
                "symbol",
            )
    return True


def dates_fit(opens_at: datetime.datetime | None, closes_at: datetime.datetime | None) -> Answer:
    """Closing comes after opening."""
    if opens_at and closes_at and closes_at <= opens_at:
        return Denied(_("Enter a closing date after the opening date."), "dates", "closes_at")
    return True


def dates_lie_ahead(opens_at: datetime.datetime | None, closes_at: datetime.datetime | None) -> list[Answer]:
    """Announced dates are in the future."""
    now = clock.now()
    answers: list[Answer] = []
    if opens_at and opens_at <= now:
        answers.append(Denied(_("The opening date has passed. Choose a later date."), "past", "opens_at"))
    if closes_at and closes_at <= now:
        answers.append(Denied(_("The closing date has passed. Choose a later date."), "past", "closes_at"))
    return answers


def languages_fit(languages: Sequence[str], before: Iterable[str] = ()) -> Answer:
    """At least one of the six, and all that were announced `before`."""
    if not languages:
        return Denied(_("Choose at least one language for contributions."), "missing", "languages")
    if not set(languages) <= set(NAMES):
        return Denied(_("Choose from the six languages."), "language", "languages")
    dropped = [language_name(code) for code in before if code not in languages]
    if dropped:
        return Denied(
            _(
                "%(language)s has been announced as a language for contributions, and someone may be writing "
                "in it. You can add languages, but not remove them."
            )
            % {"language": dropped[0]},
            "dropped",
            "languages",
        )
    return True


def word_limit_fits(limit: int | None, before: int | None, *, is_announced: bool) -> Answer:
    """A number of words, or None for no limit; once announced it cannot become lower, since people write up to it."""
    if limit is not None and not 1 <= limit <= MOST_WORDS:
        return Denied(
            _("Enter a number of words between 1 and %(most)d, or leave this blank for no limit.")
            % {"most": MOST_WORDS},
            "word_limit",
            "word_limit",
        )
    if is_announced and limit is not None and (before is None or limit < before):
        return Denied(
            _(
                "The word limit has been announced, and people may be writing texts of this length. You can "
                "raise the limit, but not lower it."
            ),
            "lowered",
            "word_limit",
        )
    return True


def licence_known(licence: str, before: str = "") -> Answer:
    """One of the licences offered, or the one that an import brought."""
    return (
        licence in LICENCES or licence == before or Denied(_("Choose a licence from the list."), "licence", "licence")
    )


def moderation_known(moderation: str) -> Answer:
    """Before publication or after."""
    return moderation in Moderation.values or Denied(
        _("Choose whether moderators read contributions before or after publication."), "moderation", "moderation"
    )


def promise_fits(days: int | None) -> Answer:
    """Working days within which a decision is promised."""
    if days is not None and 1 <= days <= MOST_PROMISED_DAYS:
        return True
    return Denied(
        _("Enter a number of working days between 1 and %(most)d.") % {"most": MOST_PROMISED_DAYS},
        "promise",
        "promise_working_days",
    )


def working_days_fit(days: Sequence[int]) -> Answer:
    """At least one day of the week on which the secretariat works; 1 is Monday."""
    if days and set(days) <= set(range(1, 8)):
        return True
    return Denied(_("Choose at least one day of the week."), "working_days", "working_days")


def holidays_fit(holidays: Sequence[str]) -> Answer:
    """Dates, each as year, month and day."""
    if len(holidays) > MOST_HOLIDAYS:
        return Denied(
            _("You entered %(count)d dates. Enter %(limit)d dates at most.")
            % {"count": len(holidays), "limit": MOST_HOLIDAYS},
            "too_many",
            "holidays",
        )
    for written in holidays:
        try:
            fits = len(written) == 10 and EARLIEST <= datetime.date.fromisoformat(written).year <= LATEST
        except ValueError:
            fits = False
        if not fits:
            return Denied(
                _("“%(written)s” is not a date. Enter each date as year, month and day, for example 2026-12-25.")
                % {"written": written[:40]},
                "date",
                "holidays",
            )
    return True


def details_fit(consultation: Consultation, changes: Json, before: Consultation) -> list[Answer]:
    """Return what is wrong with the changed fields, already set on the consultation; `before` is the saved state."""
    is_announced = before.is_public
    answers: list[Answer] = []
    for name in ("title", "intro"):
        if name in changes:
            answers += texts_fit(name, changes[name])
    if "title" in changes:
        answers.append(in_some_language("title", changes["title"], _("Enter the title in at least one language.")))
    if "slug" in changes:
        answers.append(slug_fits(changes["slug"], before))
    if "symbol" in changes:
        answers.append(symbol_fits(changes["symbol"], before))
    if "timezone" in changes:
        answers.append(zone_exists(changes["timezone"]))
    if {"opens_at", "closes_at"} & set(changes):
        answers.append(dates_fit(consultation.opens_at, consultation.closes_at))
        if is_announced:
            moved = {name: changes.get(name) for name in ("opens_at", "closes_at")}
            answers += dates_lie_ahead(moved["opens_at"], moved["closes_at"])
    if "languages" in changes:
        answers.append(languages_fit(changes["languages"], before.languages if is_announced else ()))
    if "word_limit" in changes:
        answers.append(word_limit_fits(changes["word_limit"], before.word_limit, is_announced=is_announced))
    if "licence" in changes:
        answers.append(licence_known(changes["licence"], before.licence))
    if "moderation" in changes:
        answers.append(moderation_known(changes["moderation"]))
    if "promise_working_days" in changes:
        answers.append(promise_fits(changes["promise_working_days"]))
    if "working_days" in changes:
        answers.append(working_days_fit(changes["working_days"]))
    if "holidays" in changes:
        answers.append(holidays_fit(changes["holidays"]))
    if "moderation_guide" in changes:
        answers += texts_fit("moderation_guide", changes["moderation_guide"])
    return [answer for answer in answers if not answer]


def complete(consultation: Consultation, threads: Sequence[Thread]) -> list[Answer]:
    """Return what a consultation lacks to be announced: texts in every language that is accepted, and dates.

    The other languages are optional: nobody contributes in them, so their readers can wait.
    """
    answers: list[Answer] = []
    for code in consultation.languages:
        if not consultation.title.get(code):
            sentence = _("The title in %(language)s.") % {"language": language_in_sentence(code)}
            answers.append(Denied(sentence, "missing", f"title_{code}"))
    answers += questions_complete(consultation.languages, threads)
    if not threads:
        answers.append(Denied(_("At least one question."), "missing", "threads"))
    if not consultation.languages:
        answers.append(Denied(_("The languages for contributions."), "missing", "languages"))
    if not consultation.opens_at:
        answers.append(Denied(_("The opening date."), "missing", "opens_at"))
    if not consultation.closes_at:
        answers.append(Denied(_("The closing date."), "missing", "closes_at"))
    return answers


def questions_complete(languages: Sequence[str], threads: Sequence[Thread]) -> list[Answer]:
    """Return the questions that are missing in a language in which people may contribute."""
    return [
        Denied(
            _("Question %(number)d in %(language)s.")
            % {"number": thread.number, "language": language_in_sentence(code)},
            "missing",
            f"question_{code}",
        )
        for thread in threads
        for code in languages
        if not thread.question.get(code)
    ]


def extension_fits(
    consultation: Consultation, closes_at: datetime.datetime | None, reason: Mapping[str, str]
) -> list[Answer]:
    """A closing after the present one and after now, and a reason in at least one language."""
    answers = early_closing_fits(reason)
    if consultation.closes_at is None:
        answers.append(
            Denied(
                _("This consultation has no closing date, so it cannot be extended. You can close it at any time."),
                "no_closing",
                "closes_at",
            )
        )
    elif closes_at is None:
        answers.append(Denied(_("Enter the new closing date."), "missing", "closes_at"))
    elif closes_at <= max(consultation.closes_at, clock.now()):
        sentence = _("Enter a closing date in the future that is later than the current closing date.")
        answers.append(Denied(sentence, "too_early", "closes_at"))
    return [answer for answer in answers if not answer]


def early_closing_fits(reason: Mapping[str, str]) -> list[Answer]:
    """A reason in at least one language."""
    answers: list[Answer] = texts_fit("reason", reason)
    answers.append(
        in_some_language(
            "reason", reason, _("Enter the reason in at least one language. The reason will be published.")
        )
    )
    return [answer for answer in answers if not answer]


def pace_known(pace: str) -> Answer:
    """At once, once a day, once a week, or never."""
    return pace in Pace.values or Denied(_("Choose how often you want to get e-mails."), "pace")


def follow_fits(what: str, pace: str, consultation: Consultation | None, thread: Thread | None) -> Answer:
    """Contributions of a consultation or question, its summaries, or one's own replies and responses; a known pace."""
    is_whole = what in {Follow.What.REPLIES, Follow.What.TREATED} and consultation is None
    is_here = what == Follow.What.CONTRIBUTIONS and consultation is not None
    is_summaries = what == Follow.What.SUMMARIES and consultation is not None and thread is None
    if not (is_whole or is_here or is_summaries):
        return Denied(_("You can follow only a consultation, a question or summaries. Choose one of them."), "what")
    return pace_known(pace)


def roles_of(where: Consultation) -> list[str]:
    """Return the roles that a consultation has; two of the four for the community (calendar and directory)."""
    return [RoleName.ORGANIZER, RoleName.MODERATOR] if where.is_community else list(RoleName.values)


def role_fits(name: str, language: str, where: Consultation | None = None) -> Answer:
    """One of the four roles; a translator's with one of the six languages, the others without."""
    if name not in (roles_of(where) if where else RoleName.values):
        return Denied(pgettext("text", "Choose a role."), "role", "role")
    if name == RoleName.TRANSLATOR and language not in NAMES:
        return Denied(_("Choose the language into which this person translates."), "language", "language")
    if name != RoleName.TRANSLATOR and language:
        return Denied(_("Choose a language only for the role of translator."), "language", "language")
    return True


def can_hold_role(person: Person) -> Answer:
    """An account that can act."""
    if person.is_active and not person.is_suspended:
        return True
    return Denied(_("This account is suspended or closed, so you cannot give the person a role."), "suspended")


def themes_fit(codes: Sequence[str], before: Iterable[str] = ()) -> Answer:
    """Themes that are offered, or that the question had `before`. One query."""
    if len(codes) > MOST_THEMES:
        return Denied(_("Choose at most %(most)d themes.") % {"most": MOST_THEMES}, "too_many", "themes")
    new = set(codes) - set(before)
    if new and not new <= {each.code for each in queries.offered()}:
        return Denied(_("Choose from the themes in the list."), "unknown", "themes")
    return True
