"""The roles that a visitor of the demo can take: the person, what they may do, and the first page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plenara.accounts.models import Person
from plenara.summaries.models import Summary
from plenara_sample import SLUGS, content


@dataclass(frozen=True)
class Part:
    """One row of the page: a role, what it can do, and who can be signed in as in it."""

    role: str | Promise
    can: str | Promise
    look: str | Promise  # what to look at in this role
    keys: tuple[str, ...]  # keys of persons in the demo's content
    begins: Callable[[str], str]  # the address of the first page, for one of the keys


def _desk(key: str) -> str:
    return reverse("desk")


def _queue(key: str) -> str:
    return reverse("moderation:queue")


def _my(key: str) -> str:
    return reverse("my")


def _summaries(key: str) -> str:
    return reverse("summaries:desk", args=[SLUGS[0]])


def _rendition(key: str) -> str:
    """Return the first page of a translator: the newest summary that is not written in their language."""
    language = key.rsplit("-", 1)[-1]
    summary = (
        Summary.objects.filter(consultation__slug=SLUGS[0])
        .exclude(document__source_language=language)
        .order_by("-pk")
        .first()
    )
    return reverse("summaries:rendition", args=[SLUGS[0], summary.pk, language]) if summary else _desk(key)


def _contribute(key: str) -> str:
    return reverse("contributions:contribute", args=[SLUGS[0], 1])


PARTS = (
    Part(
        _("Organizer"),
        _("Edits both consultations, gives roles, approves summaries and has set up this site."),
        _(
            "Moderation settings, with a guide in six languages and holidays; letters and statements, entered "
            "singly or by spreadsheet."
        ),
        ("organizer",),
        _desk,
    ),
    Part(
        _("Moderators of “Internet governance”"),
        _("Read what waits, and approve, return, move or reject it. Two share one queue."),
        _(
            "Something of each kind waits: reported, appealed, on hold, open with the other moderator, sent again with "
            "differences, and what a machine has noticed."
        ),
        ("moderator-1", "moderator-2"),
        _queue,
    ),
    Part(
        _("Moderator of “Digital cooperation”"),
        _("Reads what waits there, in six languages, and sees nothing of the other queue."),
        _("Four people sent nearly the same text: it can be decided on as one. Of fourteen it was decided already."),
        ("moderator-3",),
        _queue,
    ),
    Part(
        _("Moderator of calendar and directory"),
        _("Reads what is proposed for both, merges two entries of one thing, and verifies organizations."),
        _("An event, an organization, a person and a project wait; one organization and one event were returned."),
        ("moderator-4",),
        _queue,
    ),
    Part(
        _("Rapporteur"),
        _("Writes summaries whose statements cite contributions. The third is in the making."),
        _("What is still cited nowhere, beside what is written."),
        ("rapporteur",),
        _summaries,
    ),
    Part(
        _("Translators"),
        _("Render summaries side by side, each in one language."),
        _("What is translated already, and what is not."),
        tuple(f"translator-{code}" for code in ("ar", "zh", "en", "fr", "ru", "es")),
        _rendition,
    ),
    Part(
        _("Operator"),
        _("Sees the state of the site and of its mail, and has no say in a consultation."),
        _("What the installation owes and has done, and its warnings."),
        ("operator",),
        _desk,
    ),
    Part(
        _("Participant, published and cited"),
        _("Can reply, revise or withdraw, and has a draft that was kept."),
        _(
            "A draft shared by a link, with remarks of two colleagues; a text that three others signed; an event, and "
            "an organization that is verified, names two who speak for it and disputes a byline; mail settings."
        ),
        ("p-wanjiru",),
        _my,
    ),
    Part(
        _("Participant whose text came back"),
        _("Reads the reason and can send it again; another text of theirs waits."),
        _("The time line of a decision, and how to appeal against it."),
        ("p-bjarni",),
        _my,
    ),
    Part(
        _("Participant who is asked something"),
        _("A moderator proposes to leave out a name and a number. Nothing is published before the answer."),
        _("Two buttons: agree, or not."),
        ("p-moussa",),
        _my,
    ),
    Part(
        _("Newcomer"),
        _("Has just registered, and is asked for whom they speak before their first contribution."),
        _("The form, with a longer paper if one likes, and what is kept on the way."),
        ("newcomer",),
        _contribute,
    ),
)


def person_of(key: str) -> tuple[Part, Person] | None:
    """Return a role and its person; None if the key is not one for signing in."""
    part = next((part for part in PARTS if key in part.keys), None)
    person = Person.objects.filter(email=_addresses().get(key, "")).first() if part else None
    return (part, person) if part and person else None


def cast() -> list[tuple[Part, list[tuple[str, Person]]]]:
    """Return every role with its persons, by key. One query."""
    addresses = _addresses()
    people = {person.email: person for person in Person.objects.filter(email__in=addresses.values())}
    return [
        (part, [(key, people[addresses[key]]) for key in part.keys if addresses.get(key) in people]) for part in PARTS
    ]


def _addresses() -> dict[str, str]:
    """Return the e-mail address of each person of a role, by key."""
    keys = {key for part in PARTS for key in part.keys}
    people = [*content("cast")["people"], *content(f"{SLUGS[0]}/people")]
    return {person["key"]: person["email"] for person in people if person["key"] in keys}
