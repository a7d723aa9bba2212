"""Hostile words in every field of the record that holds somebody's words, as `clean` would have kept them."""

from typing import Any

from django.apps import apps
from django.db import models

from plenara.contributions.validation.papers import name_with
from plenara.core.languages import CODES
from plenara.core.text import clean, clean_line

#: What a spreadsheet takes for the beginning of a formula.
BEGINNINGS = ["=", "+", "-", "@", "＝", "＠", "\t=", "\r\n ="]

#: Fields of words, by their names: whatever model has one, has hostile words in it.
WORDS = {
    "name", "title", "text", "content", "organization", "note", "sentence", "reason", "words", "heading", "against",
    "answer", "consent", "occasion", "question", "guidance", "intro", "mandate", "labels", "alternatives", "definition",
    "own_labels", "also", "texts", "source", "target", "source_text", "was_text", "held_reason", "controller",
    "why_left", "report", "maker", "description", "place", "acronym", "pages", "moderation_guide", "rewordings",
    "details", "rows", "bundle",
}  # fmt: skip
#: Fields of such a name that hold no words.
OTHERS = {"Role.name", "Consultation.source", "Vector.words", "Entry.words", "AuditEntry.details", "Occurrence.place"}
#: Within details: values for calculation, not words.
RECKONED = {
    "dates", "timezone", "country", "countries", "languages", "language", "group", "progress", "site", "url", "link",
    "links", "themes", "code", "codes", "kind", "start", "end", "mode", "status", "state", "key", "slug", "date",
}  # fmt: skip
#: Of every kind: formulas, quotes, elements, marks of other forms, directions, a letter in two parts.
BREAKS = "\"q\" 'a' <script>owned()</script> ]]> & \\ {x} %s \u2066i\u2069 e\u0301"


def one_line(beginning: str) -> str:
    """Return a name or title that tries to break out of wherever it is written."""
    return clean_line(f"{beginning}1+1;{beginning}2 {BREAKS}")


def many_lines(beginning: str) -> str:
    """Return a text that does, and whose lines pass for those of calendars, mailboxes and references."""
    lines = (
        one_line(beginning), f"{beginning}3", "END:VEVENT", "BEGIN:VALARM", "ACTION:EVIL",
        "From evil@example.org Thu Jan  1 00:00:00 2026", "Bcc: victim@example.org", "", "}", "@evil{x, title={y}}",
        "ER  - ", "TY  - EVIL", "<![CDATA[x]]></content></entry><entry>", "--- ", "{{ 7|add:7 }}",
    )  # fmt: skip
    return clean("\n".join(lines))


def poison(beginning: str) -> int:
    """Write hostile words over every field of words of the whole database; return of how many rows."""
    changed = 0
    for model in apps.get_models():
        if model.__module__.startswith("plenara."):
            fields = [each for each in model._meta.concrete_fields if _holds_words(model, each)]
            rows = model._base_manager.all() if fields else ()
            changed += sum(_overwrite(model, row, fields, beginning) for row in rows)
    return changed


def _holds_words(model: Any, field: Any) -> bool:
    is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
    return is_text and not field.choices and field.name in WORDS and f"{model.__name__}.{field.name}" not in OTHERS


def _overwrite(model: Any, row: Any, fields: list[Any], beginning: str) -> bool:
    """Write over what a row has; what it has not it does not get."""
    said = {field.name: _hostile(field, getattr(row, field.attname), beginning) for field in fields}
    said = {name: value for name, value in said.items() if value != getattr(row, name)}
    return bool(said) and bool(model._base_manager.filter(pk=row.pk).update(**said))


def _hostile(field: Any, value: Any, beginning: str) -> Any:
    if not value:
        return value
    if isinstance(field, models.JSONField):
        return _within(value, beginning, is_words=field.name not in {"details", "rows", "bundle", "report"})
    if field.model.__name__ == "Paper":
        return name_with("txt", one_line(beginning)) if field.name == "name" else many_lines(beginning)
    if field.max_length:
        return one_line(beginning)[: field.max_length]
    return many_lines(beginning)


def _within(value: Any, beginning: str, *, is_words: bool) -> Any:
    """Return what a field of JSON holds, with hostile words in place of its words."""
    if isinstance(value, dict):
        return {
            key: _within(each, beginning, is_words=key not in RECKONED and (is_words or key in WORDS or key in CODES))
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_within(each, beginning, is_words=is_words) for each in value]
    return one_line(beginning)[:120] if isinstance(value, str) and value and is_words else value
