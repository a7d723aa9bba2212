"""The meaning of the columns of a table of contributions, in six languages: for readers, spreadsheets and programs.

The single source. A page shows it in the reader's language, `dictionary.csv` has it in all six, and
`contributions.csv-metadata.json` in the standard form for it (CSV on the Web, W3C Recommendation of 17 December 2015).
"""

import datetime
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from plenara.consultations.models import Consultation
from plenara.contributions.models import Channel, Edition
from plenara.core.languages import CODES, django_code, html_code, in_language
from plenara.core.templatetags.plenara import iso
from plenara.core.vocabulary import LICENCES, Capacity, StakeholderGroup, licence_url
from plenara.exports import addresses
from plenara.exports.presenters import tables
from plenara.moderation import kinds

DICTIONARY = "dictionary.csv"
METADATA = "contributions.csv-metadata.json"

#: Codes, each with its meaning in the active language, evaluated when it is used.
type Codes = Callable[[], Iterable[tuple[str, object]]]


@dataclass(frozen=True)
class Column:
    """A column: its XML Schema type, its meaning, and the possible codes."""

    name: str
    type: str
    meaning: object  # in the language that is active when it is written
    codes: Codes = tuple
    #: Whether each row has it, and whether a cell can only have one of the codes.
    always: bool = False
    closed: bool = True

    def labels(self) -> dict[str, str]:
        """Return the meaning of each code in the active language."""
        return {code: str(label) for code, label in self.codes()}


def _reasons() -> list[tuple[str, object]]:
    return [
        *((code, kinds.reason_label(code)) for code in kinds.reason_codes()),
        ("WITHDRAWN", Edition.Status.WITHDRAWN.label),
    ]


def _stances() -> list[tuple[str, str]]:
    return [
        ("for", str(_("The reply supports the contribution"))),
        ("against", str(_("The reply opposes the contribution"))),
    ]


COLUMNS = (
    Column("symbol", "string", _("Document symbol of the current edition."), always=True),
    Column("number", "integer", _("Number of the contribution in its consultation."), always=True),
    Column(
        "revision",
        "integer",
        _("Number of the revision: 0 for the first edition, 1 for the first revision, and so on."),
        always=True,
    ),
    Column("question", "integer", _("Number of the question that the contribution answers."), always=True),
    Column(
        "status",
        "string",
        _("Whether the contribution is published, or was withdrawn or removed later."),
        lambda: Edition.Status.choices,
        always=True,
    ),
    Column("address", "anyURI", _("Permanent web address of the contribution."), always=True),
    Column("in_reply_to", "integer", _("Number of the contribution that this contribution replies to.")),
    Column("name", "string", _("Name of the author, as signed. Empty if the name is withheld.")),
    Column("name_withheld", "boolean", _("Whether the author’s name is withheld.")),
    Column(
        "stakeholder_group",
        "string",
        _("Stakeholder group, as the author declared it when submitting."),
        lambda: StakeholderGroup.choices,
    ),
    Column("capacity", "string", _("Capacity in which the author speaks, as declared."), lambda: Capacity.choices),
    Column("organization", "string", _("Organization that the author speaks for, as declared.")),
    Column(
        "organization_verified", "boolean", _("Whether it was verified that the author represents the organization.")
    ),
    Column("country", "string", _("Country, as declared: two-letter ISO 3166-1 code.")),
    Column("language", "language", _("Language of the title and the text: a BCP 47 tag.")),
    Column("title", "string", _("Title, if there is one.")),
    Column("text", "string", _("The text, in Markdown, as it was written.")),
    Column(
        "submitted_at", "dateTime", _("When the contribution was submitted, in UTC. Old archives may not state this.")
    ),
    Column("published_at", "dateTime", _("When this edition was published, in UTC. Old archives may not state this.")),
    Column("gone_at", "dateTime", _("When the contribution was withdrawn or removed, in UTC.")),
    Column("reason", "string", _("Why the contribution was withdrawn or removed."), _reasons, closed=False),
    Column("document", "anyURI", _("Web address of the document that was submitted with the contribution.")),
    Column(
        "licence",
        "string",
        _("Identifier of the licence of the text."),
        lambda: ((code, name) for code, (name, _address) in LICENCES.items()),
        closed=False,
    ),
    Column("channel", "string", _("How the contribution was received."), lambda: Channel.choices),
    Column(
        "stance",
        "string",
        _("For a reply: its position on the contribution it replies to, if the archive states one."),
        _stances,
    ),
    Column("votes_agree", "integer", _("Number of votes that agree, if an archive has votes.")),
    Column("votes_disagree", "integer", _("Number of votes that disagree, if an archive has votes.")),
    Column("votes_pass", "integer", _("Number of votes that neither agree nor disagree, if an archive has votes.")),
    Column(
        "campaign",
        "integer",
        _(
            "If several contributions have the same text, lists show the text once, under one "
            "contribution. This column has the number of that contribution."
        ),
    ),
    Column(
        "signatories",
        "string",
        _(
            "People who signed the contribution besides the author. Names are separated by “ · ”, with organizations "
            "in parentheses."
        ),
    ),
    Column("paragraph", "integer", _("For a comment on a draft: number of the paragraph that the comment is about.")),
    Column(
        "redacted",
        "boolean",
        _("True if a moderator left words out with the author’s consent. The text has […] instead."),
    ),
)


#: The first line of a table of contributions. New columns come at the end; none is ever renamed or moved.
NAMES = tuple(each.name for each in COLUMNS)


def as_csv() -> Iterator[str]:
    """Yield the dictionary as CSV: a row for each column of the table, and below it one for each code in it."""
    return tables.as_csv(_rows(), ("name", "code", "type", *CODES))


def _rows() -> Iterator[dict[str, object]]:
    for column in COLUMNS:
        yield {"name": column.name, "type": column.type, **in_six(partial(str, column.meaning))}
        labels = in_six(column.labels)
        for code in labels["en"]:
            yield {"name": column.name, "code": code, **{language: labels[language][code] for language in CODES}}


def in_six[T](function: Callable[[], T]) -> dict[str, T]:
    """Return the result of a function in each of the six languages."""
    by_language = {}
    for language in CODES:
        with translation.override(django_code(language)):
            by_language[language] = function()
    return by_language


def as_metadata(consultation: Consultation, table: str, changed_at: datetime.datetime) -> Iterator[str]:
    """Yield the metadata of a consultation's table as CSV on the Web."""
    titles = {code: in_language(consultation.title, code) for code in CODES}
    metadata: dict[str, object] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@type": "Table",
        "url": table,
        "dialect": {"encoding": "utf-8", "header": True, "lineTerminators": ["\r\n", "\n"]},
        "dc:title": [_text(title.text, title.language) for title in dict.fromkeys(titles.values())],
        "dc:identifier": consultation.symbol,
        "dc:source": {"@id": addresses.of_symbol(consultation.symbol)},
        "dc:modified": {"@value": iso(changed_at), "@type": "xsd:dateTime"},
    }
    if licence := licence_url(consultation.licence):
        metadata["dc:license"] = {"@id": licence}
    metadata["tableSchema"] = {
        "columns": [_described(column) for column in COLUMNS],
        "primaryKey": "number",
    }
    yield json.dumps(metadata, ensure_ascii=False, indent=1) + "\n"


def _described(column: Column) -> dict[str, object]:
    meanings = in_six(partial(str, column.meaning))
    codes = "|".join(re.escape(code) for code, _label in column.codes())
    return {
        "name": column.name,
        "titles": column.name,
        "datatype": {"base": column.type, "format": codes} if codes and column.closed else column.type,
        "required": column.always,
        "dc:description": [_text(meaning, language) for language, meaning in meanings.items()],
    }


def _text(text: str, language: str) -> dict[str, str]:
    """Return a text in a language: in common properties the standard has no map of languages (5.8)."""
    return {"@value": text, "@language": html_code(language)}
