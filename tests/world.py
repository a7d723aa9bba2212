"""How tests make persons, consultations and published contributions, in one line each."""

import datetime
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from plenara.accounts.models import Person
from plenara.common import clock
from plenara.common.languages import CODES
from plenara.consultations.models import Consultation, Role, State, Thread
from plenara.contributions.actions import submit
from plenara.contributions.models import Contribution, Edition
from plenara.moderation.actions import decide
from plenara.moderation.models import Code

_counter = count(1)

WORDS = "Documents should reach us three weeks before a meeting, and in a language that we read."


def six(text: str) -> dict[str, str]:
    """Return a text in six languages that can be told apart."""
    return {code: f"{text} ({code})" for code in CODES}


def person(name: str = "Aminata Diallo", **fields: Any) -> Person:
    """Return a registered person with a verified address and a byline."""
    known: dict[str, Any] = {
        "language": "en",
        "stakeholder_group": "civil_society",
        "capacity": "individual",
        "country": "ML",
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


def submitted(author: Person, thread: Thread, text: str = WORDS, language: str = "en", **more: Any) -> Contribution:
    """Return a contribution that waits for a moderator."""
    return submit(actor=author, thread=thread, text=text, language=language, **more)


def decided(contribution: Contribution, moderator: Person, code: str = Code.APPROVED, **more: Any) -> Contribution:
    """Decide on a contribution, and return it as it stands then."""
    version = contribution.versions.get(state="pending")
    decide(actor=moderator, kind="contribution", pk=contribution.pk, version_id=version.pk, code=code, **more)
    return Contribution.objects.select_related("thread__consultation", "consultation", "author").get(pk=contribution.pk)


def published(
    author: Person, moderator: Person, thread: Thread, text: str = WORDS, language: str = "en", **more: Any
) -> Edition:
    """Return the edition of a contribution that was submitted and approved."""
    contribution = decided(submitted(author, thread, text, language, **more), moderator)
    return contribution.editions.get(in_force=True)
