"""A consultation at the desk: its pages, its tasks, what a draft lacks, and pending translations."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy

from plenara.accounts.models import Person
from plenara.accounts.permissions import may_set_up
from plenara.accounts.queries import ConfirmationRequest, installation_row
from plenara.consultations import permissions, queries, validation
from plenara.consultations.models import RETURN_DAYS, Consultation, RoleName, State
from plenara.consultations.presenters import wording
from plenara.consultations.queries import RemainingTexts, remaining_texts
from plenara.core import clock
from plenara.core.refusals import Answer, Denied, Sentence
from plenara.core.vocabulary import language_in_sentence
from plenara.email import delivery


@dataclass(frozen=True)
class Section:
    """One page of a consultation's desk; its address takes the slug."""

    label: Sentence
    url_name: str
    rule: Callable[[Person, Consultation], Answer]


#: The pages that the community has too: it has no questions, no opening and no closing.
OF_COMMUNITY = frozenset({"desk_consultation", "desk_roles", "moderation:settings"})
_sections = [
    Section(pgettext_lazy("label", "Overview"), "desk_consultation", permissions.may_work_in),
    Section(pgettext_lazy("label", "Details"), "desk_edit", permissions.may_organize),
    Section(pgettext_lazy("label", "Questions"), "desk_threads", permissions.may_organize),
    Section(pgettext_lazy("label", "Translations of the consultation"), "desk_texts", permissions.may_see_texts),
    Section(pgettext_lazy("label", "Roles"), "desk_roles", permissions.may_organize),
    Section(pgettext_lazy("label", "Stages and closing"), "desk_state", permissions.may_organize),
]


def add_section(label: Sentence, url_name: str, rule: Callable[[Person, Consultation], Answer]) -> None:
    """Register a page of a package above."""
    section = Section(label, url_name, rule)
    if all(other.url_name != url_name for other in _sections):
        _sections.append(section)


def sections(person: Person, consultation: Consultation, current: str) -> list[dict[str, object]]:
    """Return the pages of a consultation's desk that a person may open, for `consultations/desk/subnav.html`."""
    return [
        {
            "text": section.label,
            "url": reverse(section.url_name, args=[consultation.slug]),
            "current": section.url_name == current,
        }
        for section in _sections
        if (not consultation.is_community or section.url_name in OF_COMMUNITY) and section.rule(person, consultation)
    ]


class Urgency(IntEnum):
    """How urgent a task is."""

    NOW = 0  # a promise or a date is at risk
    SOON = 1
    IN_TIME = 2


@dataclass(frozen=True)
class ToDo:
    """One task: a sentence, the address where it is done, and the text of the link."""

    sentence: str
    url: str
    verb: str
    urgency: Urgency = Urgency.SOON
    consultation: Consultation | None = None
    since: datetime.datetime | None = None

    @property
    def mark(self) -> str:
        """The class of its mark in the pattern book."""
        return {Urgency.NOW: "stop", Urgency.SOON: "wait half", Urgency.IN_TIME: "none"}[self.urgency]


type TaskProvider = Callable[[Person, Sequence[Consultation]], list[ToDo]]
_task_providers: list[TaskProvider] = []


def task_provider(provider: TaskProvider) -> TaskProvider:
    """Register a function that returns a person's tasks in some consultations, in a fixed number of queries."""
    if provider not in _task_providers:
        _task_providers.append(provider)
    return provider


def pending_tasks(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return a person's tasks in these consultations, the most urgent and oldest first."""
    found = [task for provider in _task_providers for task in provider(person, consultations)]
    # Tasks with a beginning come before those without.
    return sorted(found, key=lambda task: (task.urgency, task.since.timestamp() if task.since else float("inf")))


#: A draft whose planned opening is within this number of days is urgent.
NEAR_DAYS = 7


def outlook(consultation: Consultation) -> str:
    """Return what happens next by itself, or what the consultation needs next."""
    if consultation.is_community:
        return gettext("Moderators read events, organizations, people and projects before publication.")
    opens, closes = wording.opening(consultation), wording.closing(consultation)
    match consultation.state:
        case State.DRAFT:
            return gettext(
                "Only people with a role in the consultation can see the draft. The consultation "
                "becomes public when you announce it."
            )
        case State.ANNOUNCED:
            return gettext("The consultation opens automatically on %(moment)s.") % {"moment": opens}
        case State.OPEN if closes:
            return gettext("The consultation closes automatically on %(moment)s.") % {"moment": closes}
        case State.OPEN:
            return gettext("The consultation is open and has no closing date.")
        case State.CLOSED:
            return gettext(
                "The consultation no longer accepts contributions. Summarizing can start when every "
                "waiting contribution has a decision."
            )
        case State.IN_SYNTHESIS:
            return gettext(
                "The rapporteurs write the final summary. When the summary has been delivered, confirm its delivery."
            )
        case State.REPORTED:
            return gettext(
                "The final summary has been delivered. When nothing more needs correction, archive the consultation."
            )
    return gettext("The consultation is archived. Its record no longer changes.")


def missing_for_announcement(consultation: Consultation) -> list[Denied]:
    """Return what is required before it can be announced. `threads` may be prefetched."""
    answers = [*validation.complete(consultation, list(consultation.threads.all()))]
    answers += validation.dates_lie_ahead(consultation.opens_at, consultation.closes_at)
    return [answer for answer in answers if isinstance(answer, Denied)]


def return_until(consultation: Consultation) -> datetime.datetime | None:
    """Return until when returned texts may be submitted again, if that is in the future."""
    if consultation.state != State.CLOSED or not consultation.closes_at:
        return None
    until = consultation.closes_at + datetime.timedelta(days=RETURN_DAYS)
    return until if until > clock.now() else None


def to_do(
    consultation: Consultation, person: Person | None = None, request: ConfirmationRequest | None = None
) -> list[ToDo]:
    """Return the tasks of its organizers, the next one first. `threads` and `roles` may be prefetched.

    `request` is an organizer's request to announce a draft; `person` is the organizer who reads the page.
    """
    if consultation.is_community:
        return _moderator_tasks(consultation)
    here = reverse("desk_consultation", args=[consultation.slug])
    match consultation.state:
        case State.DRAFT:
            return [_confirmation_task(consultation, person, request) if request else _draft_task(consultation, here)]
        case State.ANNOUNCED | State.OPEN:
            return missing_people(consultation)
        case State.CLOSED:
            until = return_until(consultation)
            sentence = (
                gettext(
                    "The consultation has closed. Authors can submit returned texts again until %(moment)s. "
                    "Then start summarizing."
                )
                % {"moment": wording.moment(until, consultation.timezone)}
                if until
                else gettext("The consultation has closed. Start summarizing.")
            )
            urgency = Urgency.IN_TIME if until else Urgency.SOON
            verb = pgettext("label", "Start summarizing")
        case State.IN_SYNTHESIS:
            sentence, urgency, verb = (
                gettext("Summarizing has started."),
                Urgency.IN_TIME,
                pgettext("label", "Confirm that the summary was delivered"),
            )
        case State.REPORTED:
            sentence, urgency, verb = (
                gettext("The final summary has been delivered."),
                Urgency.IN_TIME,
                pgettext("label", "Archive the consultation"),
            )
        case _:
            return []
    return [ToDo(sentence, reverse("desk_state", args=[consultation.slug]), verb, urgency, consultation)]


def _draft_task(consultation: Consultation, here: str) -> ToDo:
    lacking = len(missing_for_announcement(consultation))
    opens_at = consultation.opens_at
    near = opens_at is not None and opens_at - clock.now() < datetime.timedelta(days=NEAR_DAYS)
    urgency = Urgency.NOW if near else Urgency.SOON
    if lacking:
        sentence = ngettext(
            "The consultation is a draft. %(count)d required item is missing, so you cannot announce "
            "the consultation yet.",
            "The consultation is a draft. %(count)d required items are missing, so you cannot "
            "announce the consultation yet.",
            lacking,
        ) % {"count": lacking}
        return ToDo(sentence, here, gettext("See what is missing"), urgency, consultation)
    sentence = gettext("The draft is complete. Read it once more, then announce the consultation.")
    return ToDo(
        sentence,
        reverse("desk_state", args=[consultation.slug]),
        pgettext("label", "Announce the consultation"),
        urgency,
        consultation,
    )


def _confirmation_task(consultation: Consultation, person: Person | None, request: ConfirmationRequest) -> ToDo:
    url = reverse("desk_state", args=[consultation.slug])
    if person is not None and request.by.pk == person.pk:
        sentence = gettext("You asked for the announcement. Another organizer must confirm it.")
        return ToDo(sentence, url, gettext("See the request"), Urgency.IN_TIME, consultation, since=request.at)
    sentence = gettext("%(name)s asks you to confirm the announcement.") % {"name": request.by.name}
    return ToDo(sentence, url, gettext("Read the draft and confirm"), Urgency.NOW, consultation, since=request.at)


def missing_people(consultation: Consultation) -> list[ToDo]:
    """Return a task for each role that somebody should have. `roles` may be prefetched."""
    granted = {role.name for role in consultation.roles.all()}
    url = reverse("desk_roles", args=[consultation.slug])
    tasks = []
    if RoleName.MODERATOR not in granted:
        sentence = gettext("There is no moderator yet. Until there is one, the organizers decide on contributions.")
        tasks.append(ToDo(sentence, url, gettext("Invite a moderator"), Urgency.SOON, consultation))
    if RoleName.RAPPORTEUR not in granted:
        sentence = gettext("There is no rapporteur yet, so no summary can be written.")
        tasks.append(ToDo(sentence, url, gettext("Invite a rapporteur"), Urgency.SOON, consultation))
    return tasks


def _moderator_tasks(consultation: Consultation) -> list[ToDo]:
    if any(role.name == RoleName.MODERATOR for role in consultation.roles.all()):
        return []
    sentence = gettext(
        "The calendar and directory have no moderator yet. Until they have one, their organizers decide."
    )
    url = reverse("desk_roles", args=[consultation.slug])
    return [ToDo(sentence, url, gettext("Invite a moderator"), Urgency.SOON, consultation)]


@task_provider
def organizer_tasks(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return the organizers' tasks in these consultations."""
    own = [one for one in consultations if permissions.may_organize(person, one)]
    prefetch_related_objects(own, "threads", "roles")
    drafts = [one for one in own if one.state == State.DRAFT and not one.is_community]
    requests = queries.announcement_requests(drafts) if drafts and queries.second_organizer_is_needed() else {}
    return [task for one in own for task in to_do(one, person, requests.get(one.pk))]


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, in words, and the address where to add it; none where the reader may not."""

    text: str
    url: str = ""


def required_gaps(consultation: Consultation) -> list[Gap]:
    """Return what is required before it can be announced. `threads` may be prefetched."""
    return [
        Gap(str(answer.sentence), _gap_address(answer, consultation))
        for answer in missing_for_announcement(consultation)
    ]


def _gap_address(answer: Denied, consultation: Consultation) -> str:
    field = answer.field or ""
    if field.startswith(("question_", "threads")):
        return reverse("desk_threads", args=[consultation.slug])
    return f"{reverse('desk_edit', args=[consultation.slug])}#id_{field}" + ("_0" if field == "languages" else "")


def advised_gaps(person: Person, consultation: Consultation) -> list[Gap]:
    """Return what does not prevent the announcement. `threads` and `roles` may be prefetched."""
    return [
        *_text_gaps(consultation),
        *(Gap(task.sentence, task.url) for task in missing_people(consultation)),
        *_site_gaps(person),
    ]


def _text_gaps(consultation: Consultation) -> list[Gap]:
    edit, threads = (reverse(name, args=[consultation.slug]) for name in ("desk_edit", "desk_threads"))
    gaps = []
    if not consultation.intro:
        gaps.append(Gap(gettext("The introduction is empty."), f"{edit}#id_intro_en"))
    for each in wording.languages(consultation, list(consultation.threads.all())):
        # Texts in the languages of contributions are required, and listed there.
        if each.state == "open" or (each.is_accepted and not each.can_be_read):
            continue
        sentence = gettext("%(language)s: %(what)s.") % {"language": wording.isolated(each.name), "what": each.word}
        if not each.has_title:
            url = f"{edit}#id_title_{each.code}"
        else:
            url = f"{edit}#id_intro_{each.code}" if each.lacks_intro else threads
        gaps.append(Gap(sentence, url))
    if not consultation.moderation_guide:
        sentence = gettext("The guidance for moderators is empty.")
        gaps.append(Gap(sentence, reverse("moderation:settings", args=[consultation.slug])))
    return gaps


def _site_gaps(person: Person) -> list[Gap]:
    site = installation_row()
    setup = reverse("installation") if may_set_up(person) else ""
    gaps = []
    if not site.is_set_up:
        gaps.append(Gap(gettext("The site does not have its own name yet."), setup))
    if not site.contact:
        gaps.append(Gap(gettext("The site has no contact address."), setup))
    if not site.pages.get("rules"):
        rules = reverse("installation_page", args=["rules"]) if setup else ""
        gaps.append(Gap(gettext("The site uses the default rules. Check that they are right for this site."), rules))
    if not delivery.is_possible():
        gaps.append(Gap(gettext("No mail server is set up, so no one can sign up or receive e-mails.")))
    return gaps


@task_provider
def pending_texts(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for each consultation and language, the texts that are pending for a person."""
    return [task for left in remaining_texts(person, consultations) for task in _text_tasks(left)]


def _text_tasks(left: RemainingTexts) -> Iterator[ToDo]:
    url = reverse("desk_texts_in", args=[left.consultation.slug, left.language])
    count = left.missing + left.outdated
    if left.is_translator and count:
        sentence = ngettext(
            "%(count)d text of the consultation is waiting for translation (%(language)s).",
            "%(count)d texts of the consultation are waiting for translation (%(language)s).",
            count,
        )
        yield _text_task(sentence, count, left, url, Urgency.IN_TIME)
    if left.may_review:
        sentence = ngettext(
            "%(count)d translated text of the consultation is waiting for review (%(language)s).",
            "%(count)d translated texts of the consultation are waiting for review (%(language)s).",
            left.may_review,
        )
        yield _text_task(sentence, left.may_review, left, url, Urgency.SOON)


def _text_task(sentence: str, count: int, left: RemainingTexts, url: str, urgency: Urgency) -> ToDo:
    values = {"count": count, "language": language_in_sentence(left.language)}
    return ToDo(sentence % values, url, pgettext("label", "Open the translation"), urgency, left.consultation)
