"""Validation of a letter or a statement, from a form or from a row of a spreadsheet."""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched

from django.utils.translation import gettext as _

from plenara.accounts.validation import MOST_ORGANIZATION, a_name
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import ENTERED, Byline, Channel, Contribution, Version
from plenara.contributions.validation import accepted_language, has_text, title_fits
from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.core.refusals import Answer, Denied
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.text import clean, clean_line, digest
from plenara.core.vocabulary import Capacity, StakeholderGroup, country_names

MOST_OCCASION = 300
MOST_CONSENT = 500
_YES = {"yes", "y", "true", "1", "x"}
_NO = {"", "no", "n", "false", "0"}
_DAY = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", re.ASCII
)


@dataclass(frozen=True)
class Entry:
    """A validated letter or statement."""

    thread: Thread
    channel: str
    dated: datetime.date
    language: str
    text: str
    stakeholder_group: str
    capacity: str
    consent: str
    occasion: str = ""
    title: str = ""
    name: str = ""
    organization: str = ""
    country: str = ""
    in_reply_to: int | None = None  # the id of what it replies to

    def byline(self) -> Byline:
        """Return its unsaved byline."""
        return Byline(
            name=self.name,
            withheld=not self.name,
            stakeholder_group=self.stakeholder_group,
            capacity=self.capacity,
            organization=self.organization,
            country=self.country,
        )

    @property
    def channel_label(self) -> str:
        """How it came, in the active language."""
        return str(Channel(self.channel).label)

    @property
    def received_at(self) -> datetime.datetime:
        """The middle of its day in UTC, which is the same day wherever it is read; never later than now."""
        return min(datetime.datetime.combine(self.dated, datetime.time(12), datetime.UTC), clock.now())

    @property
    def same(self) -> tuple[int, str, str, str]:
        """The key of a letter: two entries of it have the same."""
        return (self.thread.pk, digest(self.text), self.name, self.organization)


@dataclass
class Known:
    """The context of validation: the consultation's questions, and the contributions that entries reply to."""

    consultation: Consultation
    threads: dict[int, Thread]
    answers: dict[int, Contribution] = field(default_factory=dict)

    @classmethod
    def of(cls, consultation: Consultation, rows: Iterable[Mapping[str, str]]) -> "Known":
        """Return the context for these rows. Two queries, and one more for each 500 replies."""
        numbers = {number for row in rows if (number := _number(row.get("in_reply_to", "")))}
        known = cls(consultation, {each.number: each for each in consultation.threads.all()})
        for some in batched(sorted(numbers), 500):
            found = Contribution.objects.filter(consultation=consultation, number__in=some, state=State.PUBLISHED)
            known.answers |= {each.number: each for each in found if each.number}
        return known


def read_entry(values: Mapping[str, str], known: Known) -> tuple[Entry | None, list[Denied]]:
    """Return the entry that these values make, or all of their errors, each with its field."""
    errors: list[Denied] = []

    def checked(answer: Answer, field: str) -> bool:
        if not answer:
            no = (
                answer
                if isinstance(answer, Denied)
                else Denied(_("This value is not valid. Enter a value that fits the description of this field."))
            )
            errors.append(Denied(no.sentence, no.code, field))
        return bool(answer)

    def line(name: str) -> str:
        return clean_line(values.get(name, "").replace("\x00", ""))

    text = clean(values.get("text", "").replace("\x00", ""))
    thread = known.threads.get(_number(line("question")) or 0)
    checked(thread is not None or _no_question(line("question"), known), "question")
    channel = _code(line("channel"), ENTERED, lambda code: str(Channel(code).label))
    checked(
        _one_of(channel, line("channel"), ENTERED, _("Choose whether the text is a letter or was said at a meeting.")),
        "channel",
    )
    occasion = line("occasion")
    checked(_occasion(occasion, channel), "occasion")
    dated = entry_day(line("date"))
    checked(_dated(line("date"), dated, known.consultation), "date")
    language = _code(line("language"), known.consultation.languages, lambda code: code)
    checked(
        accepted_language(language or line("language"), known.consultation)
        if line("language")
        else Denied(_("Choose the language of the text.")),
        "language",
    )
    checked(has_text(text) if text else Denied(_("Enter the text that was written or said.")), "text")
    checked(title_fits(line("title")), "title")
    withheld = line("name_withheld").lower()
    name = "" if withheld in _YES else line("name")
    checked(_named(name, withheld), "name_withheld" if withheld not in _YES | _NO else "name")
    group = _code(line("stakeholder_group"), StakeholderGroup.values, lambda code: str(StakeholderGroup(code).label))
    missing = _("Choose the author’s stakeholder group.")
    checked(_one_of(group, line("stakeholder_group"), StakeholderGroup.values, missing), "stakeholder_group")
    capacity = _code(line("capacity"), Capacity.values, lambda code: str(Capacity(code).label))
    missing = _("Enter whether the author speaks as an individual or for an organization.")
    checked(_one_of(capacity, line("capacity"), Capacity.values, missing), "capacity")
    organization = line("organization") if capacity == Capacity.ORGANIZATION else ""
    if capacity == Capacity.ORGANIZATION:
        checked(_organization(organization), "organization")
    country = line("country").upper()
    checked(
        not country
        or country in country_names("en")
        or Denied(_("“%(value)s” is not a country code. Use a code such as KE.") % {"value": country[:40]}),
        "country",
    )
    answered = known.answers.get(_number(line("in_reply_to")) or 0)
    if line("in_reply_to"):
        checked(_answers(line("in_reply_to"), answered, thread), "in_reply_to")
    consent = line("consent")
    checked(_consent(consent), "consent")
    if errors or thread is None or dated is None:
        return None, errors
    entry = Entry(
        thread=thread, channel=channel, dated=dated, language=language, text=text, stakeholder_group=group,
        capacity=capacity, consent=consent, occasion=occasion, title=line("title"), name=name,
        organization=organization, country=country, in_reply_to=answered.pk if answered else None,
    )  # fmt: skip
    return entry, []


def entered_already(consultation: Consultation, entries: Sequence[Entry]) -> set[tuple[int, str, str, str]]:
    """Return the entries among these that are pending or published already (`Entry.same`). One query for each 500.

    Entries without a name are never the same: two people may have written the same words.
    """
    found: set[tuple[int, str, str, str]] = set()
    for some in batched((each for each in entries if each.name or each.organization), 500):
        versions = Version.objects.filter(
            contribution__consultation=consultation,
            contribution__channel__in=ENTERED,
            state__in=[State.PENDING, State.PUBLISHED],
            text__sha256__in={each.same[1] for each in some},
        )
        found |= set(
            versions.values_list("contribution__thread_id", "text__sha256", "byline__name", "byline__organization")
        )
    return found


def entry_day(written: str) -> datetime.date | None:
    """Return the day that is written as 2026-03-14 or 14.3.2026; nothing where it is neither."""
    match = _DAY.fullmatch(written)
    if match is None:
        return None
    year, month, day = (
        int(match[long] or match[short]) for long, short in (("year", "y"), ("month", "m"), ("day", "d"))
    )
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _number(written: str) -> int | None:
    written = written.strip().removesuffix(".0")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else None


def _code(written: str, codes: Sequence[str], label: Callable[[str], str]) -> str:
    """Return the code that is meant: itself, in upper or lower case, or by its label in the active language."""
    meant = written.casefold()
    for code in codes:
        if meant in {code.casefold(), code.replace("_", " ").casefold(), label(code).casefold()}:
            return str(code)
    return ""


def _one_of(code: str, written: str, codes: Sequence[str], missing: str) -> Answer:
    if code:
        return True
    if not written:
        return Denied(missing)
    return Denied(
        _("“%(value)s” is not a valid value. Use one of these values: %(codes)s.")
        % {"value": written[:40], "codes": ", ".join(map(str, codes))}
    )


def _no_question(written: str, known: Known) -> Denied:
    if not written:
        return Denied(_("Choose the question that the text answers."))
    numbers = ", ".join(str(number) for number in sorted(known.threads))
    return Denied(
        _("There is no question “%(value)s”. Enter one of these numbers: %(numbers)s.")
        % {"value": written[:40], "numbers": numbers}
    )


def _occasion(occasion: str, channel: str) -> Answer:
    if channel == Channel.MEETING and not occasion:
        return Denied(_("Enter the name of the meeting."))
    return len(occasion) <= MOST_OCCASION or _too_long(occasion, MOST_OCCASION)


def _dated(written: str, dated: datetime.date | None, consultation: Consultation) -> Answer:
    if not written:
        return Denied(_("Enter the date of receipt, or of the meeting."))
    if dated is None or dated.year < 1900:
        return Denied(_("Enter the date as year, month and day, for example 2026-03-14."))
    if dated > clock.now().astimezone(consultation.zone).date():
        return Denied(_("This date is in the future. Enter today’s date or an earlier date."))
    closes_at = consultation.closes_at
    if closes_at and dated > (last := closes_at.astimezone(consultation.zone).date()):
        return Denied(
            _("This text was received after the consultation closed on %(date)s, so it cannot be entered.")
            % {"date": date_in_words(last)}
        )
    return True


def _named(name: str, withheld: str) -> Answer:
    if withheld not in _YES | _NO:
        return Denied(
            _("“%(value)s” is not a valid value. Use one of these values: %(codes)s.")
            % {"value": withheld[:40], "codes": "yes, no"}
        )
    if withheld in _YES:
        return True
    return a_name(name) if name else Denied(_("Enter the author’s name, or choose to withhold it."))


def _organization(organization: str) -> Answer:
    if not organization:
        return Denied(_("Enter the organization that the author speaks for."))
    return a_name(organization, "organization", MOST_ORGANIZATION)


def _answers(written: str, answered: Contribution | None, thread: Thread | None) -> Answer:
    if answered is None:
        return Denied(_("There is no published contribution “%(value)s”. Check the number.") % {"value": written[:40]})
    if thread is not None and answered.thread_id != thread.pk:
        return Denied(_("A reply must be under the same question as the contribution it replies to."))
    return True


def _consent(consent: str) -> Answer:
    if not consent:
        return Denied(_("Say how and when the author agreed to publication."))
    return len(consent) <= MOST_CONSENT or _too_long(consent, MOST_CONSENT)


def _too_long(text: str, most: int) -> Denied:
    return Denied(
        _("This text has %(count)d characters. The limit is %(limit)d: shorten the text.")
        % {"count": len(text), "limit": most}
    )
