"""The roles that a visitor of the demo can take: the person, what they may do, and the first page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
        pgettext_lazy("label", "Organizer"),
        _("Edits both consultations, assigns roles and approves summaries. Has set up this site."),
        _(
            "See the moderation settings, with guidance and public holidays. See letters and statements, entered one "
            "by one or from a spreadsheet."
        ),
        ("organizer",),
        _desk,
    ),
    Part(
        _("Moderators of “Internet governance”"),
        _("Read the waiting contributions, and approve, return, move or reject them. Two moderators share one queue."),
        _(
            "Items of every kind are waiting for a decision: reported, appealed against, on hold, open with "
            "the other moderator, submitted again, noticed by a machine."
        ),
        ("moderator-1", "moderator-2"),
        _queue,
    ),
    Part(
        _("Moderator of “Digital cooperation”"),
        _(
            "Reads the contributions that are waiting for a decision in this consultation, in six languages. "
            "Does not see the other queue."
        ),
        _(
            "Four people sent nearly the same text. You can decide on all four at once. A decision on 14 "
            "other texts has already been taken."
        ),
        ("moderator-3",),
        _queue,
    ),
    Part(
        _("Moderator of the calendar and directory"),
        _(
            "Reads what is proposed for the calendar and the directory, merges duplicate entries, and verifies "
            "organizations."
        ),
        _(
            "An event, an organization, a person and a project are waiting for a decision. One organization "
            "and one event were returned."
        ),
        ("moderator-4",),
        _queue,
    ),
    Part(
        pgettext_lazy("label", "Rapporteur"),
        _("Writes summaries whose statements cite contributions. The third summary is in progress."),
        _("See the contributions that no one has cited yet, beside the text of the summary."),
        ("rapporteur",),
        _summaries,
    ),
    Part(
        pgettext_lazy("label", "Translators"),
        _("Each translates the summaries into one language, with the original beside the translation."),
        _("See what is already translated, and what is not."),
        tuple(f"translator-{code}" for code in ("ar", "zh", "en", "fr", "ru", "es")),
        _rendition,
    ),
    Part(
        _("Operator"),
        _("Sees the state of the site and of its e-mail. Takes no decisions in consultations."),
        _("See the tasks of the site, waiting and done, and its warnings."),
        ("operator",),
        _desk,
    ),
    Part(
        _("Participant with a published and cited contribution"),
        _("Can reply, revise or withdraw, and has a saved draft."),
        _(
            "See a shared draft with the remarks of two colleagues, a text that three others signed, an event, and a "
            "disputed byline."
        ),
        ("p-wanjiru",),
        _my,
    ),
    Part(
        _("Participant whose text was returned"),
        _("Reads the reason and can submit the text again. Another text by this person is waiting for a decision."),
        _("See the timeline of a decision, and how to appeal against it."),
        ("p-bjarni",),
        _my,
    ),
    Part(
        _("Participant who has a proposal to answer"),
        _(
            "A moderator proposes to leave out a name and a number. Nothing is published before the participant "
            "answers."
        ),
        _("Choose one of two buttons: agree or do not agree."),
        ("p-moussa",),
        _my,
    ),
    Part(
        _("Newcomer"),
        _("Has just signed up. Before the first contribution, we ask who this person speaks for."),
        _("See the form, with an optional longer document, and what is saved while you write."),
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
