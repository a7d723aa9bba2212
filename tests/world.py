"""How tests make persons, consultations and published contributions, in one line each."""

import datetime
from collections import Counter
from itertools import count
from types import SimpleNamespace
from typing import Any

from allauth.account.models import EmailAddress

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation, Role, State, Thread
from plenara.contributions.actions import submit
from plenara.contributions.models import Byline, Contribution, DayTally, Edition, Tally, Text
from plenara.core import clock
from plenara.core.languages import CODES
from plenara.core.vocabulary import StakeholderGroup
from plenara.moderation.actions import appeal, decide, propose_redaction
from plenara.moderation.actions.suggestions import make_suggestions
from plenara.moderation.models import Appeal, Campaign, Code, Decision, Redaction

_counter = count(1)

WORDS = "Documents should reach us three weeks before a meeting, and in a language that we read."


def six(text: str) -> dict[str, str]:
    """Return a text in six distinguishable languages."""
    return {code: f"{text} ({code})" for code in CODES}


def person(name: str = "Aminata Diallo", **fields: Any) -> Person:
    """Return a registered person with a verified address and a byline."""
    known: dict[str, Any] = {
        "language": "en",
        "stakeholder_group": "civil_society",
        "capacity": "individual",
        "country": "ML",
        "rules_version": "1",
        **fields,
    }
    made = Person.objects.create_user(f"person{next(_counter)}@people.example", name=name, **known)
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def consultation(slug: str = "internet-governance", *, threads: int = 2, **fields: Any) -> Consultation:
    """Return an open consultation with its threads."""
    now = clock.now()
    known: dict[str, Any] = {
        "symbol": f"WGIG/{2000 + next(_counter)}",
        "title": six("Governing the Internet"),
        "intro": six("Two questions."),
        "stage": State.ANNOUNCED,
        "opens_at": now - datetime.timedelta(days=10),
        "closes_at": now + datetime.timedelta(days=10),
        "timezone": "Europe/Zurich",
        "languages": ["en", "fr"],
        "word_limit": 200,
        **fields,
    }
    made = Consultation.objects.create(slug=slug, **known)
    for number in range(1, threads + 1):
        Thread.objects.create(
            consultation=made,
            number=number,
            slug=f"q{number}",
            question=six(f"Question {number}?"),
            guidance=six("Say why."),
        )
    return made


def grant(someone: Person, where: Consultation, role: str, language: str = "") -> Person:
    """Give a person a role, and return them as they come with the next request."""
    Role.objects.create(person=someone, consultation=where, name=role, language=language)
    return Person.objects.get(pk=someone.pk)


def cast(where: Consultation) -> SimpleNamespace:
    """Return the people of a consultation by role: those whom the fixtures of `conftest.py` bring one by one."""
    return SimpleNamespace(
        author=person(language="fr", capacity="organization", organization="Réseau Sahel Numérique"),
        participant=person("Daniel Okafor", country="NG"),
        moderator=grant(person("Ana Prieto"), where, "moderator"),
        rapporteur=grant(person("Inés Calderón", language="es"), where, "rapporteur"),
        translator=grant(person("Huda Salem", language="ar"), where, "translator", "ar"),
        organizer=grant(person("Wei Zhang", language="zh", is_organizer=True), where, "organizer"),
    )


def suspended(where: Consultation) -> Person:
    """Return a moderator and organizer who was suspended: no role of theirs counts."""
    someone = grant(person("Suspended", is_organizer=True, is_operator=True), where, "organizer")
    for role in ("moderator", "rapporteur"):
        grant(someone, where, role)
    someone.suspended_at = clock.now()
    someone.save()
    return someone


def submitted(author: Person, thread: Thread, text: str = WORDS, language: str = "en", **more: Any) -> Contribution:
    """Return a contribution that waits for a moderator."""
    return submit(actor=author, thread=thread, text=text, language=language, **more)


def decided(contribution: Contribution, moderator: Person, code: str = Code.APPROVED, **more: Any) -> Contribution:
    """Decide on a contribution, and return it as it is then."""
    version = contribution.versions.get(state="pending")
    decide(actor=moderator, kind="contribution", pk=contribution.pk, version_id=version.pk, code=code, **more)
    return Contribution.objects.select_related("thread__consultation", "consultation", "author").get(pk=contribution.pk)


def published(
    author: Person, moderator: Person, thread: Thread, text: str = WORDS, language: str = "en", **more: Any
) -> Edition:
    """Return the edition of a contribution that was submitted and approved."""
    contribution = decided(submitted(author, thread, text, language, **more), moderator)
    return contribution.editions.get(in_force=True)


def appealed(author: Person, moderator: Person, thread: Thread, text: str = "Rejected, and appealed.") -> Appeal:
    """Return an appeal against a rejection of a minute ago."""
    with clock.at(clock.now() - datetime.timedelta(minutes=1)):
        contribution = decided(submitted(author, thread, text), moderator, Code.REJECTED, reason="R3")
    decision = Decision.objects.get(kind="contribution", object_id=contribution.pk)
    return appeal(
        actor=author, kind="contribution", pk=contribution.pk, decision_id=decision.pk, text="It is a quotation."
    )


def asked(author: Person, moderator: Person, thread: Thread) -> Redaction:
    """Return what an author is asked to let be left out of a contribution that waits."""
    thing = submitted(author, thread, "Call Fatou Sow at 917 00 00. Documents come too late.")
    return propose_redaction(
        actor=moderator,
        kind="contribution",
        pk=thing.pk,
        version_id=thing.versions.get().pk,
        text="Call […] at […]. Documents come too late.",
        reason="R7",
        sentence="It is a private number.",
    )


def many(thread: Thread, how_many: int, *, answers: bool = True) -> None:
    """Publish `how_many` contributions at once, every third a reply: for what must not grow with the archive."""
    where = Consultation.objects.get(pk=thread.consultation_id)
    first = where.last_number + 1
    groups, languages = list(StakeholderGroup.values), where.languages
    text = Text.of("Documents should reach us three weeks before a meeting. " * 20)
    bylines = Byline.objects.bulk_create(
        Byline(name=f"Person {i}", stakeholder_group=groups[i % 6], capacity="individual", country="ML")
        for i in range(6)
    )
    contributions = Contribution.objects.bulk_create(
        [
            Contribution(
                thread=thread,
                consultation=where,
                state="published",
                number=n,
                symbol=f"{where.symbol}/Q{thread.number}/{n}",
                public_id=f"many{where.pk}x{n}",
            )
            for n in range(first, first + how_many)
        ],
        batch_size=2000,
    )
    Edition.objects.bulk_create(
        [
            Edition(
                contribution=each,
                consultation=where,
                thread=thread,
                number=each.number,
                symbol=each.symbol,
                text=text,
                byline=bylines[each.number % 6],
                language=languages[each.number % len(languages)],
                stakeholder_group=groups[each.number % 6],
                published_at=clock.now(),
                submitted_at=clock.now(),
                root=each.number - 1 if answers and each.number % 3 == 0 and each.number > first else each.number,
                in_reply_to=each.number - 1 if answers and each.number % 3 == 0 and each.number > first else None,
            )
            for each in contributions
        ],
        batch_size=2000,
    )
    for (group, language), n in Counter(
        (groups[each.number % 6], languages[each.number % len(languages)]) for each in contributions
    ).items():
        cell, _made = Tally.objects.get_or_create(
            thread=thread, stakeholder_group=group, language=language, country="ML"
        )
        cell.count += n
        cell.save()
    day, _made = DayTally.objects.get_or_create(thread=thread, day=clock.now().date())
    day.count += how_many
    day.save()
    where.last_number = first + how_many - 1
    where.save()


LETTER = (
    "We ask the working group to keep the network open to everyone. Rules for it should be made in public, in "
    "languages that those concerned read, and with enough time to answer. Whoever decides should say why."
)


def campaign(thread: Thread, how_many: int = 3, text: str = LETTER) -> Campaign:
    """Return a campaign of several persons' contributions that wait, as a machine puts it together."""
    made = [submitted(person(f"Person {n}"), thread, text) for n in range(how_many)]
    for each in made:
        make_suggestions.call(of="contribution", version_id=each.versions.get().pk)
    return Campaign.objects.get(first_id=made[0].pk)
