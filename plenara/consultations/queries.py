"""A consultation's own texts in six languages, requests to confirm its announcement, and who takes part."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Max, Q, QuerySet, prefetch_related_objects

from plenara.accounts.models import Person
from plenara.accounts.queries import ConfirmationRequest
from plenara.accounts.queries import second_organizer_is_needed as second_organizer_is_needed
from plenara.consultations import permissions
from plenara.consultations.models import Consultation, Role, RoleName, State, TextTranslation, Thread
from plenara.core.languages import FALLBACK, NAMES
from plenara.core.models import AuditEntry
from plenara.core.prepared import planned_once, prepared
from plenara.core.text import digest

ANNOUNCEMENT_REQUESTED = "consultation.announcement_requested"


@prepared
def threads_of(consultation: int) -> QuerySet[Thread]:
    """Return the questions of a consultation, by number."""
    return Thread.objects.filter(consultation=consultation).order_by("number")


@planned_once
def threads_at(slug: str, number: int) -> QuerySet[Thread]:
    """Return the question of a consultation with this number, with the consultation; none if there is none."""
    return Thread.objects.select_related("consultation").filter(consultation__slug=slug, number=number)


def announcement_requests(drafts: Sequence[Consultation]) -> dict[int, ConfirmationRequest]:
    """Return the pending requests to a second organizer, by the id of the draft. Two queries."""
    ids = [one.pk for one in drafts]
    changes = AuditEntry.objects.filter(consultation_id__in=ids, about_kind__in=["consultation", "thread"])
    latest = changes.order_by().values("consultation_id").annotate(latest=Max("pk")).values("latest")
    entries = {
        (act.consultation_id or 0, act.actor_id or 0): act
        for act in AuditEntry.objects.filter(pk__in=latest, verb=ANNOUNCEMENT_REQUESTED)
    }
    people = {person for _where, person in entries}
    roles = acting_organizer_roles(Role.objects.filter(consultation_id__in=ids, person_id__in=people)).select_related(
        "person"
    )
    by = {(role.consultation_id, role.person_id): role.person for role in roles}
    return {key[0]: ConfirmationRequest(by[key], act.at, act.pk) for key, act in entries.items() if key in by}


def announcement_request_for(draft: Consultation) -> ConfirmationRequest | None:
    """Return the pending request to a second organizer of one draft."""
    return announcement_requests([draft]).get(draft.pk)


def acting_organizer_roles(roles: QuerySet[Role]) -> QuerySet[Role]:
    """Return those of some roles whose person is an organizer who can act."""
    return roles.filter(name=RoleName.ORGANIZER, person__suspended_at=None, person__is_active=True)


def role_holders(consultation: int, *names: str) -> list[tuple[int, str]]:
    """Return who has one of some roles in a consultation, by its id, and can act: person id and language of the role.

    In the order in which the roles were granted. One query.
    """
    roles = Role.objects.filter(
        consultation=consultation, name__in=names, person__is_active=True, person__suspended_at=None
    )
    return list(roles.order_by("pk").values_list("person_id", "language"))


def is_only_organizer(person: Person, consultation: Consultation) -> bool:
    """Return whether no other organizer of the consultation can act."""
    return not acting_organizer_roles(consultation.roles.all()).exclude(person_id=person.pk).exists()


TITLE, INTRO, QUESTION, GUIDANCE = "title", "intro", "question", "guidance"


@dataclass(frozen=True)
class Place:
    """One text of a consultation in all its languages, and where it is stored."""

    key: str  # "title", "question:12"
    name: str  # the field that holds it
    texts: Mapping[str, str]
    thread: Thread | None = None


@dataclass(frozen=True)
class Pair:
    """A text in one language beside its original."""

    place: Place
    original: str  # the language
    row: TextTranslation | None
    now: str  # as readers see it in the language

    @property
    def source(self) -> str:
        """The text of the original."""
        return self.place.texts[self.original]

    @property
    def made_from(self) -> str:
        """The digest of the present original."""
        return digest(self.source)

    @property
    def is_draft(self) -> bool:
        """Whether a translation needs a review."""
        return self.row is not None and self.row.reviewed_at is None

    @property
    def text(self) -> str:
        """The newest translation: a draft, else what readers see."""
        return self.row.text if self.row is not None and self.is_draft else self.now

    @property
    def is_missing(self) -> bool:
        return not self.text

    @property
    def is_outdated(self) -> bool:
        """Whether the original has changed since the translation was made."""
        return bool(self.text) and self.row is not None and self.row.source_digest != self.made_from

    @property
    def needs_review(self) -> bool:
        return self.is_draft and not self.is_missing and not self.is_outdated

    @property
    def is_long(self) -> bool:
        return self.place.name in {INTRO, GUIDANCE}


@dataclass(frozen=True)
class RemainingTexts:
    """What is left of a consultation's own texts in one language."""

    consultation: Consultation
    language: str
    pairs: list[Pair] = field(default_factory=list)
    is_translator: bool = False  # whether the person translates into the language
    may_review: int = 0  # drafts that the person may review

    @property
    def missing(self) -> int:
        return sum(each.is_missing for each in self.pairs)

    @property
    def outdated(self) -> int:
        return sum(each.is_outdated for each in self.pairs)

    @property
    def to_review(self) -> int:
        return sum(each.needs_review for each in self.pairs)

    @property
    def is_done(self) -> bool:
        return not (self.missing or self.outdated or self.to_review)


def places_of(consultation: Consultation) -> Iterator[Place]:
    """Yield the texts of a consultation in the order of its page. One query where its questions are not read yet."""
    yield Place(TITLE, TITLE, consultation.title)
    yield Place(INTRO, INTRO, consultation.intro)
    for thread in sorted(consultation.threads.all(), key=lambda each: each.number):
        yield Place(f"{QUESTION}:{thread.pk}", QUESTION, thread.question, thread)
        yield Place(f"{GUIDANCE}:{thread.pk}", GUIDANCE, thread.guidance, thread)


def original_of(texts: Mapping[str, str], translated: Iterable[str]) -> str:
    """Return the language of the original: the first that has the text and is no translation; "" for no text."""
    there = [code for code in FALLBACK if texts.get(code)]
    translated = set(translated)
    return next((code for code in there if code not in translated), there[0] if there else "")


def pairs_of(consultation: Consultation, language: str, rows: Sequence[TextTranslation] | None = None) -> list[Pair]:
    """Return every text that can be translated into a language, beside its original. Two queries."""
    if rows is None:
        rows = list(consultation.text_translations.select_related("translator"))
    by_place: dict[str, dict[str, TextTranslation]] = {}
    for row in rows:
        by_place.setdefault(row.place, {})[row.language] = row
    pairs = []
    for place in places_of(consultation):
        known = by_place.get(place.key, {})
        original = original_of(place.texts, known)
        if original and original != language:
            pairs.append(Pair(place, original, known.get(language), place.texts.get(language, "")))
    return pairs


def remaining_texts(person: Person, consultations: Sequence[Consultation]) -> list[RemainingTexts]:
    """Return what is left by consultation and language: for translators in their languages, for others to review.

    Three queries, whatever the number. Archived consultations are left out.
    """
    where = [
        each for each in consultations
        if not each.is_community and each.state != State.ARCHIVED and languages_of(person, each)
    ]  # fmt: skip
    if not where:
        return []
    prefetch_related_objects(where, "threads", "text_translations__translator", "roles__person")
    found = []
    for it in where:
        for language in languages_of(person, it):
            rows = list(it.text_translations.all())
            pairs = pairs_of(it, language, rows)
            is_translator = permissions.has_role(person, it, RoleName.TRANSLATOR) and (
                (it.pk, RoleName.TRANSLATOR.value, language) in permissions.roles_of(person)
            )
            count = sum(each.needs_review and may_review(person, it, each.row) for each in pairs)
            left = RemainingTexts(it, language, pairs, is_translator, count)
            if not left.is_done and (is_translator or left.to_review):
                found.append(left)
    return found


def languages_of(person: Person, consultation: Consultation) -> list[str]:
    """Return the languages whose state a person sees: all, or those that they translate into."""
    if permissions.has_role(person, consultation, RoleName.RAPPORTEUR, RoleName.ORGANIZER):
        return list(NAMES)
    return [code for code in NAMES if permissions.has_role(person, consultation, RoleName.TRANSLATOR, language=code)]


def reviewers(consultation: Consultation, language: str, besides: int | None) -> list[str]:
    """Return the names of those who may review a translation, without the one who made it."""
    names = []
    for role in sorted(consultation.roles.all(), key=lambda each: each.pk):
        if role.person_id != besides and _reviews(role, language) and role.person.name not in names:
            names.append(role.person.name)
    return names


def may_review(person: Person, consultation: Consultation, row: TextTranslation | None) -> bool:
    """Return whether a person may review a draft: anyone who may write it and did not, or its sole writer."""
    if row is None or not permissions.may_translate_texts(person, consultation, row.language):
        return False
    return row.translator_id != person.pk or not reviewers(consultation, row.language, person.pk)


def _reviews(role: Role, language: str) -> bool:
    is_there = role.person.is_active and role.person.suspended_at is None
    return is_there and (
        role.name in {RoleName.ORGANIZER, RoleName.RAPPORTEUR}
        or (role.name == RoleName.TRANSLATOR and role.language == language)
    )


#: People with a role, and those who contributed: `contributions` is above and cannot be imported.
_participant_providers: list[Callable[[Consultation], QuerySet]] = []


def participant_provider(function: Callable[[Consultation], QuerySet]) -> Callable[[Consultation], QuerySet]:
    """Register a function that returns the ids of persons who take part, as a query of one column."""
    if function not in _participant_providers:
        _participant_providers.append(function)
    return function


@participant_provider
def person_ids_with_role(consultation: Consultation) -> QuerySet:
    """Return the ids of those with a role in it."""
    return consultation.roles.values("person_id")


def participants(consultation: Consultation) -> QuerySet[Person]:
    """Return everybody who takes part and can receive e-mails, each once, by id."""
    anywhere = Q()
    for function in _participant_providers:
        anywhere |= Q(pk__in=function(consultation))
    return Person.objects.filter(anywhere, is_active=True, suspended_at=None).order_by("pk")


def follow_target(consultation: Consultation | None, thread: Thread | None = None) -> str:
    """Return the target of a follow, as stored in its key."""
    if thread:
        return f"thread:{thread.pk}"
    return f"consultation:{consultation.pk}" if consultation else ""
