"""The guiding questions: added, edited, ordered and removed."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import F, Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations import permissions, states, validation
from plenara.consultations.actions.lifecycle import (
    clean_texts,
    follow_originals,
    invalidate_public,
    lock_consultation,
    require_current,
    require_possible,
)
from plenara.consultations.models import Consultation, Thread, ThreadTheme
from plenara.consultations.queries import Place
from plenara.consultations.states import Verb
from plenara.core import audit, clock
from plenara.core.refusals import Answer, Denied, InvalidInput, require, require_valid
from plenara.core.tasks import named
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing


@writing
def add_thread(
    *,
    actor: Person,
    consultation: Consultation,
    question: Mapping[str, str],
    guidance: Mapping[str, str] | None = None,
    themes: Sequence[str] = (),
) -> Thread:
    """Add a question at the end. The same question again (a double click) returns the first."""
    consultation = lock_consultation(consultation)
    require_possible(actor, consultation, Verb.ARRANGE)
    question, guidance = clean_texts(question, clean_line), clean_texts(guidance, clean)
    require_valid(*_fit(question, guidance), validation.themes_fit(themes))
    threads = list(consultation.threads.all())
    for thread in threads:
        if thread.question == question:
            return thread
    if len(threads) >= validation.MOST_THREADS:
        raise InvalidInput(
            _("A consultation can have at most %(most)d questions. Remove a question before you add another.")
            % {"most": validation.MOST_THREADS},
            "too_many",
        )
    thread = Thread.objects.create(
        consultation=consultation,
        number=(consultation.threads.aggregate(last=Max("number"))["last"] or 0) + 1,
        slug=_slug(question),
        question=question,
        guidance=guidance,
        themes=list(dict.fromkeys(themes)),
    )
    mark_themes([thread])
    audit.log("thread.added", actor=actor, about=thread, consultation=consultation)
    return thread


@writing
def edit_thread(
    *,
    actor: Person,
    thread: Thread,
    question: Mapping[str, str],
    guidance: Mapping[str, str] | None = None,
    themes: Sequence[str] | None = None,
    stamp: int | None = None,
    confirmed: bool = False,
) -> Thread:
    """Change a question, its guidance and, where they are given, its themes.

    Changing published words is a rewording: the organizer confirms it, the earlier words are saved beside
    the question, and it has its own audit entry. Adding a language is not a rewording.
    """
    require(permissions.may_organize(actor, thread.consultation))
    return change_thread(
        actor, thread, question=question, guidance=guidance, themes=themes, stamp=stamp, confirmed=confirmed
    )


def change_thread(
    actor: Person,
    thread: Thread,
    *,
    question: Mapping[str, str],
    guidance: Mapping[str, str] | None,
    themes: Sequence[str] | None,
    stamp: int | None,
    confirmed: bool,
) -> Thread:
    """Change a question for an organizer or for the reviewer of a translation. Call it within a transaction."""
    consultation = lock_consultation(thread.consultation)
    thread = Thread.objects.select_for_update().get(pk=thread.pk)
    question, guidance = clean_texts(question, clean_line), clean_texts(guidance, clean)
    themes = list(thread.themes if themes is None else dict.fromkeys(themes))
    rethemed = themes != thread.themes
    if question == thread.question and guidance == thread.guidance and not rethemed:
        return thread
    require_current(stamp, thread.stamp)
    require(states.allows(consultation.state, Verb.EDIT_THREAD))
    require_valid(*_fit(question, guidance), validation.themes_fit(themes, thread.themes))
    reworded = would_reword(thread, question) if consultation.is_public else []
    if reworded:
        require_valid(*_may_reword(consultation, reworded, confirmed=confirmed))
    if consultation.is_public and consultation.imported_at is None:
        proposed = Thread(number=thread.number, question=question)
        require_valid(*validation.questions_complete(consultation.languages, [proposed]))
    languages = {
        "question": _differing(thread.question, question),
        "guidance": _differing(thread.guidance, guidance),
    }
    before = {name: getattr(thread, name) for name in ("question", "guidance")}
    places = [Place(f"{name}:{thread.pk}", name, texts, thread) for name, texts in before.items()]
    follow_originals(consultation, places, {f"question:{thread.pk}": question, f"guidance:{thread.pk}": guidance})
    until = clock.now().isoformat()
    thread.rewordings = [
        *thread.rewordings,
        *({"language": code, "earlier": thread.question[code], "until": until} for code in reworded),
    ]
    thread.question, thread.guidance, thread.themes = question, guidance, themes
    thread.stamp += 1
    if not consultation.is_public:
        thread.slug = _slug(question)
    thread.save(update_fields=["question", "guidance", "stamp", "slug", "rewordings", "themes"])
    audit.log(
        "thread.reworded" if reworded else "thread.edited",
        actor=actor,
        about=thread,
        consultation=consultation,
        reworded=reworded,
        themes=themes if rethemed else None,
        **languages,
    )
    if rethemed:
        mark_themes([thread])
        # Contributions to it, and statements of summaries about it, are found by its themes.
        for label in ("contributions.index_thread", "documents.index_thread"):
            named(label).using(key=f"{label}-{thread.pk}-{thread.stamp}").enqueue(thread_id=thread.pk)
    invalidate_public(consultation)
    return thread


def mark_themes(threads: Iterable[Thread]) -> None:
    """Index questions by the themes that they have now. Call it in the transaction that sets the themes."""
    threads = list(threads)
    ThreadTheme.objects.filter(thread__in=threads).delete()
    ThreadTheme.objects.bulk_create(
        ThreadTheme(thread=each, theme=code) for each in threads for code in dict.fromkeys(each.themes)
    )


@writing
def move_thread(*, actor: Person, thread: Thread, to: int) -> Thread:
    """Give a question the number `to`; those between move by one. A second call changes nothing."""
    consultation = lock_consultation(thread.consultation)
    require_possible(actor, consultation, Verb.ARRANGE)
    threads = list(consultation.threads.order_by("number"))
    moved = next((each for each in threads if each.pk == thread.pk), None)
    if moved is None:
        raise InvalidInput(_("This question has been removed."), "gone")
    to = min(max(to, 1), len(threads))
    if moved.number == to:
        return moved
    threads.remove(moved)
    threads.insert(to - 1, moved)
    _number(consultation, threads)
    audit.log("thread.moved", actor=actor, about=moved, consultation=consultation, to=to)
    return moved


@writing
def remove_thread(*, actor: Person, thread: Thread) -> None:
    """Remove a question from a draft; those after it move up. A second call changes nothing."""
    consultation = lock_consultation(thread.consultation)
    require_possible(actor, consultation, Verb.ARRANGE)
    removed = consultation.threads.filter(pk=thread.pk).first()
    if removed is None:
        return
    audit.log("thread.removed", actor=actor, about=removed, consultation=consultation)
    removed.delete()
    _number(consultation, list(consultation.threads.order_by("number")))


def would_reword(thread: Thread, question: Mapping[str, str]) -> list[str]:
    """Return the languages in which `question` would change the published words."""
    return [code for code, text in thread.question.items() if text and question.get(code) != text]


def _may_reword(consultation: Consultation, reworded: list[str], *, confirmed: bool) -> list[Answer]:
    answer = states.allows(consultation.state, Verb.REWORD)
    if isinstance(answer, Denied):
        return [Denied(answer.sentence, answer.code, f"question_{reworded[0]}")]
    if not confirmed:
        sentence = _("These words are published. Tick the box to confirm that you want to change them.")
        return [Denied(sentence, "unconfirmed", "confirmed")]
    return []


def _fit(question: Mapping[str, str], guidance: Mapping[str, str]) -> list[Answer]:
    return [
        validation.in_some_language("question", question, _("Enter the question in at least one language.")),
        *validation.texts_fit("question", question),
        *validation.texts_fit("guidance", guidance),
    ]


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(code for code in {*before, *after} if before.get(code) != after.get(code))


def _slug(question: Mapping[str, str]) -> str:
    """Return a short name for exports, from the question's Latin letters; no page has it in its address."""
    latin = next((slug for code in ("en", "fr", "es") if (slug := slugify(question.get(code, "")))), "question")
    return latin[:60].strip("-")


def _number(consultation: Consultation, threads: list[Thread]) -> None:
    """Number questions from 1 in this order. They get free numbers first, since no two may share one at any time."""
    consultation.threads.update(number=F("number") + 1000)
    for number, thread in enumerate(threads, start=1):
        thread.number = number
        thread.save(update_fields=["number"])
