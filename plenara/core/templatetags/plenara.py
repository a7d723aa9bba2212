"""Filters and tags for texts, dates, numbers, names and beads, in the reader's language."""

import datetime
from collections.abc import Iterable
from functools import lru_cache

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from plenara.core import differences, text
from plenara.core.languages import NAMES, Localized, current, direction, html_code, in_language
from plenara.core.vocabulary import Capacity, StakeholderGroup
from plenara.core.vocabulary import country_name as name_of_country
from plenara.core.vocabulary import language_in_sentence as name_in_sentence
from plenara.core.vocabulary import language_name as name_of_language
from plenara.core.vocabulary import licence_name as name_of_licence

register = template.Library()


_AFTER_DAY = {"ar": "،", "zh": ""}


def _locale() -> str:
    code = current()
    # British English writes the day first, as the United Nations does.
    return {"zh": "zh_Hans", "en": "en_GB"}.get(code, code)


@register.filter
def enumerated(found: Iterable[object]) -> str:
    """Return numbers or names as a list in words: "4, 7 and 9"."""
    return format_list([str(each) for each in found], locale=_locale())


@register.filter
def prose(value: str) -> SafeString:
    """Return a person's text as safe HTML."""
    return text.to_html(str(value))


@register.filter
def page_prose(value: str) -> SafeString:
    """Return a page's text, which may have headings, as safe HTML."""
    return text.page_to_html(str(value))


@register.filter
def localized(texts: dict[str, str] | None) -> Localized:
    """Return a text that exists in several languages, in the reader's or in the first that has it."""
    return in_language(texts)


@register.simple_tag
def words_of(texts: dict[str, str] | None) -> SafeString:
    """Return such a text, marked with its language if that is not the page's."""
    found = in_language(texts)
    if found.language == current():
        return format_html("{}", found.text)
    return format_html(
        '<span lang="{}" dir="{}">{}</span>', html_code(found.language), direction(found.language), found.text
    )


@register.simple_tag
def prose_of(texts: dict[str, str] | None, style: str = "") -> SafeString:
    """Return such a text whole, from an organizer's Markdown, marked with its language if that is not the page's.

    `style` is a further CSS class. For excerpts see `opening_words`.
    """
    found = in_language(texts)
    if not found.text:
        return SafeString()
    tongue = format_html(' lang="{}" dir="{}"', html_code(found.language), direction(found.language))
    return format_html(
        '<div class="{}"{}>{}</div>',
        f"{style} prose".strip(),
        "" if found.language == current() else tongue,
        text.to_html(found.text),
    )


@register.filter
def dir_of(language: str) -> str:
    """Return the direction of a language."""
    return direction(language or "en")


@register.filter
def tag_of(language: str) -> str:
    """Return the HTML tag of a language."""
    return html_code(language or "und")


@register.filter
def date_in_words(value: datetime.datetime | datetime.date | None) -> str:
    """Return a date such as "3 March 2026", by the reader's locale, in UTC."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        value = value.astimezone(datetime.UTC).date()
    return _day_in_words(value, _locale())


@lru_cache(maxsize=4096)
def _day_in_words(day: datetime.date, locale: str) -> str:
    return western(format_date(day, "long", locale=locale))


@register.filter
def short_date(value: datetime.date | None) -> str:
    """Return a date such as "3 Mar 2026", by the reader's locale: for the margin of a table or a figure."""
    return western(format_skeleton("yMMMd", value, locale=_locale())) if value else ""


def short_day(value: datetime.date | None) -> str:
    """Return a date such as "3 Mar", by the reader's locale: where the year is beside it."""
    return western(format_skeleton("MMMd", value, locale=_locale())) if value else ""


@register.filter
def datetime_utc(value: datetime.datetime | None) -> str:
    """Return a moment such as "3 March 2026, 14:05 UTC", by the reader's locale."""
    if value is None:
        return ""
    moment = value.astimezone(datetime.UTC)
    day = _day_in_words(moment.date(), _locale())
    time = f"{moment:%H:%M} UTC"
    if direction(current()) == "rtl":
        time = f"\u2068{time}\u2069"  # Latin words keep their order inside a right-to-left sentence
    return f"{day}{_AFTER_DAY.get(current(), ',')} {time}"


@register.filter
def isolated(value: object) -> str:
    """Return Latin letters and digits so that they keep their order on a line of a right-to-left e-mail."""
    return f"\u2066{value}\u2069" if direction(current()) == "rtl" else str(value)


@register.filter
def iso(value: datetime.datetime | None) -> str:
    """Return a moment in ISO 8601, in UTC and to the second."""
    return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if value else ""


@register.filter
def number(value: float) -> str:
    """Return a number by the reader's locale, in Western digits."""
    return _number(value, _locale()) if type(value) is int else western(format_decimal(value, locale=_locale()))


@lru_cache(maxsize=4096)
def _number(value: int, locale: str) -> str:
    return western(format_decimal(value, locale=locale))


@register.filter
def percent(value: float) -> str:
    """Return a part of one as whole percent by the reader's locale, in Western digits."""
    return western(format_percent(value, locale=_locale()))


_DIGITS = {ord(digit): str(index % 10) for index, digit in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}


def western(written: str) -> str:
    """Return a text with Western digits, which all six languages use here."""
    return written.translate(_DIGITS)


@register.filter
def country_name(code: str) -> str:
    """Return a country's name in the reader's language."""
    return name_of_country(code) if code else ""


@register.filter
def language_name(code: str) -> str:
    """Return a language's name in the reader's language, as a label shows it."""
    return name_of_language(code)


@register.filter
def language_in_sentence(code: str) -> str:
    """Return a language's name in the reader's language, as it is written inside a sentence."""
    return name_in_sentence(code)


@register.filter
def licence_name(identifier: str) -> str:
    """Return a licence's full name."""
    return name_of_licence(identifier)


@register.filter
def own_name(code: str) -> str:
    """Return a language's name in itself."""
    return name_of_language(code, code) if code in NAMES else name_of_language(code)


@register.filter
def group_label(code: str) -> str:
    """Return a stakeholder group's name in the reader's language."""
    try:
        return str(StakeholderGroup(code).label)
    except ValueError:
        return code


@register.simple_tag
def bead(group: str, capacity: str = Capacity.ORGANIZATION) -> SafeString:
    """Draw a stakeholder group's bead: filled for an organization, hollow as an individual."""
    return _drawn_bead(group, capacity)


@lru_cache(maxsize=32)
def _drawn_bead(group: str, capacity: str) -> SafeString:
    return render_to_string("core/bead.html", {"group": group, "capacity": capacity})


@register.filter
def excerpt(value: str, limit: int = 1500) -> str:
    """Return a text cut at a paragraph, sentence or word."""
    return text.excerpt(value, int(limit))[0]


@register.filter
def is_cut(value: str, limit: int = 1500) -> bool:
    """Return whether `excerpt` would cut a text."""
    return len(value) > int(limit)


@register.simple_tag
def differences_between(before: str, after: str) -> differences.Differences:
    """Return the differences between two texts, for `core/difference.html`."""
    return differences.differences(before, after)


@register.filter
def opening_words(value: object, limit: int) -> str:
    """Return a text's first words on one line, without Markdown, cut at a word."""
    return text.first_words(str(value), limit)


@register.filter
def group_word(group: str) -> str:
    """Return the word for a bead, for screen readers."""
    return (
        str(StakeholderGroup(group).label) if group in StakeholderGroup.values else pgettext("label", "no longer shown")
    )
