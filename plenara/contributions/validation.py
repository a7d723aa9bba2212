"""What an input may be: a contribution, an entry read from a form or a spreadsheet's row, a translation, a dispute of
a byline.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import batched
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plenara.accounts.models import Person
from plenara.accounts.validation import MOST_ORGANIZATION, a_name, an_address
from plenara.consultations.models import Consultation, Thread
from plenara.contributions.models import ENTERED, Byline, Channel, Contribution, Draft, Text, Version
from plenara.contributions.queries.submissions import parts_of
from plenara.core import clock
from plenara.core.audit import count_within_an_hour
from plenara.core.languages import CODES, NAMES
from plenara.core.life_cycle import State
from plenara.core.machines import translation as machine
from plenara.core.models import AuditEntry
from plenara.core.refusals import Answer, Denied
from plenara.core.templatetags.plenara import date_in_words
from plenara.core.text import clean, clean_line, digest, plain, word_count
from plenara.core.validation import short_enough as characters_fit
from plenara.core.vocabulary import Capacity, StakeholderGroup, country_names, language_name

#: The most characters that a text may have, whatever the word limit: a word can be made endless.
MOST_CHARACTERS = 100_000
#: Contributions and revisions that one account may send in an hour.
MOST_AN_HOUR = 30
#: Drafts of one person, and what one draft may have: open links, remarks, characters of a remark, co-signatories.
MOST_DRAFTS = 50
MOST_SHARES = 10
MOST_REMARKS = 200
MOST_REMARK = 2_000
MOST_SIGNATORIES = 50
#: How long a link to a draft may live, in days.
DAYS = (1, 30)


def says_something(text: str) -> Answer:
    """A text has a word that a reader sees, and is not too long to be kept."""
    if not any(character.isalnum() for character in plain(text)):
        return Denied(_("Write your contribution."), "empty", "text")
    sentence = _("Your text has %(count)d characters. It can have %(limit)d at most.")
    return characters_fit(text, MOST_CHARACTERS, "text", sentence)


def short_enough(text: str, consultation: Consultation) -> Answer:
    """A text keeps to the consultation's word limit."""
    limit = consultation.word_limit
    if limit is None:
        return True
    count = word_count(text)
    if count <= limit:
        return True
    return Denied(
        ngettext(
            "Your text has %(count)d words. The limit is %(limit)d: shorten it by %(over)d word.",
            "Your text has %(count)d words. The limit is %(limit)d: shorten it by %(over)d words.",
            count - limit,
        )
        % {"count": count, "limit": limit, "over": count - limit},
        "too_many_words",
        "text",
    )


def accepted_language(language: str, consultation: Consultation) -> Answer:
    """A language is one of those that the consultation accepts."""
    if not language:
        return Denied(_("Choose the language of your text."), "no_language", "language")
    if language in consultation.languages:
        return True
    accepted = [language_name(code) for code in consultation.languages]
    return Denied(
        _("This consultation accepts contributions in: %(languages)s.") % {"languages": " · ".join(accepted)},
        "language",
        "language",
    )


def title_fits(title: str) -> Answer:
    """A title has at most 200 characters."""
    if len(title) <= 200:
        return True
    return Denied(
        _("The title has %(count)d characters. It can have %(limit)d at most.") % {"count": len(title), "limit": 200},
        "title",
        "title",
    )


def known_part(part: int | None, thread: Thread, before: int | None = None) -> Answer:
    """A contribution to a draft speaks to a paragraph of it, or to none; a moved one may keep what it spoke to."""
    if part is None or part == before or any(part == each.number for each in parts_of(thread)):
        return True
    return Denied(_("Choose one of the paragraphs of this section, or none."), "part", "part")


def same_thread(thread_id: int, answered: Contribution | None) -> Answer:
    """A reply stands in the thread of what it answers."""
    if answered is None or answered.thread_id == thread_id:
        return True
    return Denied(_("A reply belongs to the question of the contribution that it answers."), "thread")


def not_sent_already(author_id: int, thread_id: int, sha256: str) -> Answer:
    """The same person has not sent the same text to the same thread, unless it came back or was withdrawn."""
    sent = Version.objects.filter(
        contribution__author_id=author_id,
        contribution__thread_id=thread_id,
        text__sha256=sha256,
        state__in=["pending", "published"],
    )
    return not sent.exists() or Denied(_("You have already sent this text to this question."), "twice", "text")


def not_too_often(author_id: int) -> Answer:
    """An account sends at most so many texts an hour."""
    sent = count_within_an_hour(author_id, "contribution.submitted", "contribution.revised")
    return sent < MOST_AN_HOUR or Denied(
        _("You have sent %(count)d texts within an hour. Your text is kept as a draft; send it a little later.")
        % {"count": sent},
        "too_often",
    )


def has_changed(text: str, earlier: Text) -> Answer:
    """A revision differs from what it revises."""
    return text != earlier.content or Denied(_("Your text has not changed."), "unchanged", "text")


def days_of_share(days: int) -> Answer:
    """A link to a draft lives between a day and a month."""
    least, most = DAYS
    if least <= days <= most:
        return True
    return Denied(_("A link can be open for 1 to 30 days."), "days", "days")


def room_for_share(shares: Any) -> Answer:
    """A draft has a few links at a time."""
    if shares.filter(revoked_at=None, expires_at__gt=clock.now()).count() < MOST_SHARES:
        return True
    return Denied(
        _("%(count)d links to this draft are open. End one before you make another.") % {"count": MOST_SHARES},
        "too_many_shares",
        "days",
    )


def remark_name(name: str) -> Answer:
    """Who remarks on a draft says who they are."""
    return a_name(name, "name")


def remark_fits(text: str) -> Answer:
    """A remark says something, in at most 2,000 characters."""
    if not text:
        return Denied(_("Write your remark."), "empty", "text")
    if len(text) <= MOST_REMARK:
        return True
    return Denied(
        _("Your remark has %(count)d characters. It can have 2,000 at most.") % {"count": len(text)}, "long", "text"
    )


def room_for_remark(remarks: Any) -> Answer:
    """A draft holds so many remarks."""
    if remarks.count() < MOST_REMARKS:
        return True
    return Denied(_("This draft has so many remarks already that it takes no more."), "too_many_remarks")


def room_for_draft(person_id: int) -> Answer:
    """A person keeps so many drafts at a time."""
    if Draft.objects.filter(person_id=person_id).count() < MOST_DRAFTS:
        return True
    return Denied(
        _("You have %(count)d drafts, which is the most that are kept. Delete one on your page to keep another.")
        % {"count": MOST_DRAFTS},
        "too_many_drafts",
    )


def addresses_to_ask(addresses: list[str], own: str, asked: int) -> Answer:
    """Those who are asked to sign: real addresses, not one's own, not more than a text can have."""
    if not addresses:
        return Denied(_("Write the e-mail address of at least one person."), "empty", "addresses")
    for address in addresses:
        if not an_address(address):
            return Denied(
                _("“%(address)s” is not an e-mail address. Write one address a line.") % {"address": address[:254]},
                "address",
                "addresses",
            )
        if address == own.lower():
            return Denied(_("You sign the text as its author: leave your own address out."), "own", "addresses")
    if asked + len(addresses) > MOST_SIGNATORIES:
        return Denied(
            _("A text can have %(most)d co-signatories. You have asked %(asked)d.")
            % {"most": MOST_SIGNATORIES, "asked": asked},
            "too_many",
            "addresses",
        )
    return True


MOST_OCCASION = 300
MOST_CONSENT = 500
_YES = {"yes", "y", "true", "1", "x"}
_NO = {"", "no", "n", "false", "0"}
_DAY = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})|(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})", re.ASCII
)


@dataclass(frozen=True)
class Entry:
    """What a letter or a statement is, checked."""

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
    in_reply_to: int | None = None  # the id of what it answers

    def byline(self) -> Byline:
        """Return who said it, unsaved."""
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
        """What two entries of one letter have in common."""
        return (self.thread.pk, digest(self.text), self.name, self.organization)


@dataclass
class Known:
    """What entries are checked against: the consultation's questions, and the contributions that they answer."""

    consultation: Consultation
    threads: dict[int, Thread]
    answers: dict[int, Contribution] = field(default_factory=dict)

    @classmethod
    def of(cls, consultation: Consultation, rows: Iterable[Mapping[str, str]]) -> "Known":
        """Return what these rows are checked against. Two queries, and one more for each 500 answered."""
        numbers = {number for row in rows if (number := _number(row.get("in_reply_to", "")))}
        known = cls(consultation, {each.number: each for each in consultation.threads.all()})
        for some in batched(sorted(numbers), 500):
            found = Contribution.objects.filter(consultation=consultation, number__in=some, state=State.PUBLISHED)
            known.answers |= {each.number: each for each in found if each.number}
        return known


def read_entry(values: Mapping[str, str], known: Known) -> tuple[Entry | None, list[Denied]]:
    """Return the entry that these values make, or everything that is wrong with them, each with its field."""
    faults: list[Denied] = []

    def checked(answer: Answer, field: str) -> bool:
        if not answer:
            no = answer if isinstance(answer, Denied) else Denied(_("This cannot be taken."))
            faults.append(Denied(no.sentence, no.code, field))
        return bool(answer)

    def line(name: str) -> str:
        return clean_line(values.get(name, "").replace("\x00", ""))

    text = clean(values.get("text", "").replace("\x00", ""))
    thread = known.threads.get(_number(line("question")) or 0)
    checked(thread is not None or _no_question(line("question"), known), "question")
    channel = _code(line("channel"), ENTERED, lambda code: str(Channel(code).label))
    checked(
        _one_of(channel, line("channel"), ENTERED, _("Say whether it is a letter or was said at a meeting.")), "channel"
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
    checked(says_something(text) if text else Denied(_("Write down what was written or said.")), "text")
    checked(title_fits(line("title")), "title")
    withheld = line("name_withheld").lower()
    name = "" if withheld in _YES else line("name")
    checked(_named(name, withheld), "name_withheld" if withheld not in _YES | _NO else "name")
    group = _code(line("stakeholder_group"), StakeholderGroup.values, lambda code: str(StakeholderGroup(code).label))
    missing = _("Say which stakeholder group its author belongs to.")
    checked(_one_of(group, line("stakeholder_group"), StakeholderGroup.values, missing), "stakeholder_group")
    capacity = _code(line("capacity"), Capacity.values, lambda code: str(Capacity(code).label))
    missing = _("Say whether its author speaks as an individual or for an organization.")
    checked(_one_of(capacity, line("capacity"), Capacity.values, missing), "capacity")
    organization = line("organization") if capacity == Capacity.ORGANIZATION else ""
    if capacity == Capacity.ORGANIZATION:
        checked(_organization(organization), "organization")
    country = line("country").upper()
    checked(
        not country
        or country in country_names("en")
        or Denied(_("“%(value)s” is no code of a country, such as KE.") % {"value": country[:40]}),
        "country",
    )
    answered = known.answers.get(_number(line("in_reply_to")) or 0)
    if line("in_reply_to"):
        checked(_answers(line("in_reply_to"), answered, thread), "in_reply_to")
    consent = line("consent")
    checked(_consent(consent), "consent")
    if faults or thread is None or dated is None:
        return None, faults
    entry = Entry(
        thread=thread, channel=channel, dated=dated, language=language, text=text, stakeholder_group=group,
        capacity=capacity, consent=consent, occasion=occasion, title=line("title"), name=name,
        organization=organization, country=country, in_reply_to=answered.pk if answered else None,
    )  # fmt: skip
    return entry, []


def entered_already(consultation: Consultation, entries: Sequence[Entry]) -> set[tuple[int, str, str, str]]:
    """Return which of these wait or are published already (`Entry.same`). One query for each 500.

    Whoever is not named may have written what another wrote: of such texts, none is called the same.
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


def _code(written: str, codes: Sequence[str], label: Callable[[Any], str]) -> str:
    """Return the code that is meant: written as such, in other letters, or by its name in the active language."""
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
        _("“%(value)s” is none of: %(codes)s.") % {"value": written[:40], "codes": ", ".join(map(str, codes))}
    )


def _no_question(written: str, known: Known) -> Denied:
    if not written:
        return Denied(_("Choose the question that it answers."))
    numbers = ", ".join(str(number) for number in sorted(known.threads))
    return Denied(
        _("There is no question “%(value)s”. There are: %(numbers)s.") % {"value": written[:40], "numbers": numbers}
    )


def _occasion(occasion: str, channel: str) -> Answer:
    if channel == Channel.MEETING and not occasion:
        return Denied(_("Name the meeting at which it was said."))
    return len(occasion) <= MOST_OCCASION or _too_long(occasion, MOST_OCCASION)


def _dated(written: str, dated: datetime.date | None, consultation: Consultation) -> Answer:
    if not written:
        return Denied(_("Say when it was received or said."))
    if dated is None or dated.year < 1900:
        return Denied(_("Write the day as year, month and day, such as 2026-03-14."))
    if dated > clock.now().astimezone(consultation.zone).date():
        return Denied(_("This day has not come yet."))
    closes_at = consultation.closes_at
    if closes_at and dated > (last := closes_at.astimezone(consultation.zone).date()):
        return Denied(
            _("It came after the consultation had closed on %(date)s, so it cannot be entered.")
            % {"date": date_in_words(last)}
        )
    return True


def _named(name: str, withheld: str) -> Answer:
    if withheld not in _YES | _NO:
        return Denied(_("“%(value)s” is none of: %(codes)s.") % {"value": withheld[:40], "codes": "yes, no"})
    if withheld in _YES:
        return True
    return a_name(name) if name else Denied(_("Name its author, or say that the name is withheld."))


def _organization(organization: str) -> Answer:
    if not organization:
        return Denied(_("Name the organization that its author speaks for."))
    return a_name(organization, "organization", MOST_ORGANIZATION)


def _answers(written: str, answered: Contribution | None, thread: Thread | None) -> Answer:
    if answered is None:
        return Denied(_("There is no published contribution “%(value)s”.") % {"value": written[:40]})
    if thread is not None and answered.thread_id != thread.pk:
        return Denied(_("A reply belongs to the question of the contribution that it answers."))
    return True


def _consent(consent: str) -> Answer:
    if not consent:
        return Denied(_("Say how and when its author agreed to its publication."))
    return len(consent) <= MOST_CONSENT or _too_long(consent, MOST_CONSENT)


def _too_long(text: str, most: int) -> Denied:
    return Denied(
        _("It has %(count)d characters. It can have %(limit)d at most.") % {"count": len(text), "limit": most}
    )


#: Characters of a reason and of an answer; disputes of one person in a day.
MOST_DISPUTE_CHARACTERS, MOST_DISPUTES_A_DAY = 2_000, 10


def dispute_words_fit(text: str, field: str) -> Answer:
    """It says something, and not too much."""
    if not any(character.isalnum() for character in text):
        return Denied(_("Write why.") if field == "text" else _("Give the reason."), "empty", field)
    return characters_fit(text, MOST_DISPUTE_CHARACTERS, field)


def dispute_language_known(language: str, field: str) -> Answer:
    """A text is in one of the six languages."""
    return language in CODES or Denied(_("Choose the language of your text."), "language", field)


def disputes_not_too_often(person: Person) -> Answer:
    """A person disputes so many bylines a day."""
    since = clock.now() - datetime.timedelta(days=1)
    sent = AuditEntry.objects.filter(actor_id=person.pk, verb="byline.disputed", at__gt=since).count()
    return sent < MOST_DISPUTES_A_DAY or Denied(
        _("You have disputed %(count)d bylines today. Go on tomorrow.") % {"count": sent}, "too_often"
    )


#: Characters of a translation, and of its title: some languages need half as many again as the original.
MOST_TRANSLATION_CHARACTERS, MOST_TRANSLATION_TITLE = 200_000, 600


def translation_language_known(language: str) -> Answer:
    """It is in one of the six languages."""
    return language in NAMES or Denied(_("Choose one of the six languages."), "language", "language")


def translation_says_something(content: str) -> Answer:
    """It has words, and not too many."""
    if not content:
        return Denied(_("Write the translation."), "empty", "content")
    sentence = _("The text has %(count)d characters. It can have %(limit)d at most.")
    return characters_fit(content, MOST_TRANSLATION_CHARACTERS, "content", sentence)


def translation_title_fits(title: str) -> Answer:
    """Its title fits a line or two."""
    return characters_fit(title, MOST_TRANSLATION_TITLE, "title")


def has_machine() -> Answer:
    """The operator has set up a machine that translates."""
    return machine.is_configured() or Denied(_("No machine that translates is set up here."), "no_machine")


def machine_knows(source: str) -> Answer:
    """A machine translates from one of the six languages."""
    return bool(source) or Denied(
        _("It is written in none of the six languages: a person has to translate it."), "no_source"
    )
