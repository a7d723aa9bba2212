"""The guiding questions: adding, editing, ordering, removing."""

import pytest

from plenara.consultations import actions, validation
from plenara.consultations.models import State, Thread
from plenara.core.cache_tags import revision
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from tests import world

pytestmark = pytest.mark.django_db


def questions(consultation):
    return [thread.question["en"] for thread in consultation.threads.order_by("number")]


def thread_now(thread):
    return Thread.objects.get(pk=thread.pk)


def refusal(call, **arguments):
    with pytest.raises(InvalidInput) as refused:
        call(**arguments)
    return refused.value


def test_questions_are_numbered_in_order(draft):
    assert list(draft.threads.values_list("number", "slug")) == [(1, "who-repairs-cable-1"), (2, "who-repairs-cable-2")]


def test_a_double_click_adds_one_question(founder, draft):
    first = actions.add_thread(actor=founder, consultation=draft, question={"en": "Who pays?"})
    assert actions.add_thread(actor=founder, consultation=draft, question={"en": "Who pays?"}) == first
    assert draft.threads.count() == 3


@pytest.mark.parametrize(
    "question", [{}, {"en": " "}, {"en": "\x00"}, {"en": "?"}, {"en": "why " * 10_000}, {"qq": "Why?"}]
)
def test_a_question_that_says_nothing_or_too_much_is_refused(founder, draft, question):
    assert refusal(actions.add_thread, actor=founder, consultation=draft, question=question).field.startswith(
        "question_"
    )
    assert refusal(
        actions.edit_thread, actor=founder, thread=draft.threads.first(), question=question
    ).field.startswith("question_")


def test_guidance_has_a_limit(founder, draft):
    refused = refusal(
        actions.add_thread, actor=founder, consultation=draft, question={"en": "Why?"}, guidance={"ar": "كلمة " * 2000}
    )
    assert refused.field == "guidance_ar"


def test_a_consultation_has_so_many_questions_at_most(founder, draft, monkeypatch):
    monkeypatch.setattr(validation, "MOST_THREADS", 2)
    assert refusal(actions.add_thread, actor=founder, consultation=draft, question={"en": "More?"}).code == "too_many"


def test_a_question_moves_and_those_between_make_room(founder, draft):
    actions.add_thread(actor=founder, consultation=draft, question={"en": "Who pays?"})
    third = draft.threads.get(number=3)
    for _click in range(2):
        actions.move_thread(actor=founder, thread=third, to=1)
    assert questions(draft) == ["Who pays?", "Who repairs cable 1?", "Who repairs cable 2?"]
    assert list(draft.threads.values_list("number", flat=True)) == [1, 2, 3]
    assert AuditEntry.objects.filter(verb="thread.moved").count() == 1
    actions.move_thread(actor=founder, thread=third, to=99)
    assert questions(draft)[-1] == "Who pays?"


def test_a_removed_question_leaves_no_gap_and_can_be_removed_twice(founder, draft):
    first = draft.threads.get(number=1)
    actions.remove_thread(actor=founder, thread=first)
    actions.remove_thread(actor=founder, thread=Thread(pk=first.pk or 1, consultation=draft))
    assert list(draft.threads.values_list("number", "question__en")) == [(1, "Who repairs cable 2?")]


def test_moving_a_question_that_somebody_removed_is_refused(founder, draft):
    first = draft.threads.get(number=1)
    gone = Thread(pk=first.pk, consultation=draft)
    actions.remove_thread(actor=founder, thread=first)
    assert refusal(actions.move_thread, actor=founder, thread=gone, to=2).code == "gone"


def test_a_language_that_was_missing_is_added_without_more_ado(organizer, consultation, thread):
    thread.question.pop("ru")
    thread.save()
    actions.edit_thread(actor=organizer, thread=thread, question=world.six("Question 1?"), guidance=thread.guidance)
    assert AuditEntry.objects.get().verb == "thread.edited"
    assert thread_now(thread).rewordings == []
    assert revision(consultation.cache_tag) == 1


def test_published_words_change_only_when_confirmed_and_stay_readable(organizer, consultation, thread):
    question = {**thread.question, "fr": "Question une ?"}
    how = {"actor": organizer, "thread": thread, "question": question, "guidance": thread.guidance}
    assert refusal(actions.edit_thread, **how).code == "unconfirmed"
    assert not AuditEntry.objects.exists()
    actions.edit_thread(**how, confirmed=True)
    (kept,) = thread_now(thread).rewordings
    assert (kept["language"], kept["earlier"]) == ("fr", "Question 1? (fr)")
    actions.edit_thread(**{**how, "question": {**question, "en": "One?"}}, confirmed=True)
    assert [each["language"] for each in thread_now(thread).rewordings] == ["fr", "en"]
    act = AuditEntry.objects.filter(verb="thread.reworded").first()
    assert act.details["reworded"] == ["fr"]
    assert "une" not in str(act.details)


def test_readers_see_the_earlier_words_of_a_question(client, organizer, consultation, thread):
    page = f"/en/consultations/{consultation.slug}/threads/1/"
    assert "were changed" not in client.get(page).content.decode()
    question = {**thread.question, "fr": "Question une ?"}
    actions.edit_thread(actor=organizer, thread=thread, question=question, confirmed=True)
    after = client.get(page).content.decode()
    assert "The wording of this question has changed once" in after
    assert '<p lang="fr" dir="ltr">Question 1? (fr)</p>' in after


def test_a_draft_is_reworded_freely(founder, draft):
    thread = draft.threads.first()
    actions.edit_thread(actor=founder, thread=thread, question={"en": "Who mends?", "fr": "Qui répare ?"})
    assert (thread_now(thread).rewordings, thread_now(thread).slug) == ([], "who-mends")


def test_after_closing_a_question_stays_but_a_language_can_be_added(organizer, consultation, thread, in_state):
    in_state(consultation, State.CLOSED)
    thread.question.pop("zh")
    thread.save()
    refused = refusal(
        actions.edit_thread, actor=organizer, thread=thread, question=world.six("Another?"), confirmed=True
    )
    assert "The consultation has closed, so its questions cannot change." in str(refused)
    actions.edit_thread(
        actor=organizer, thread=thread, question={**thread.question, "zh": "问题一?"}, guidance=thread.guidance
    )


def test_a_question_keeps_the_languages_in_which_people_contribute(organizer, thread):
    refused = refusal(
        actions.edit_thread, actor=organizer, thread=thread, question={"en": thread.question["en"]}, confirmed=True
    )
    assert refused.field == "question_fr"


def test_of_two_organizers_who_edit_a_question_the_second_hears_it(founder, draft):
    one, two = draft.threads.all()
    actions.edit_thread(actor=founder, thread=one, question={"en": "A?", "fr": "A ?"}, stamp=0)
    assert (
        refusal(actions.edit_thread, actor=founder, thread=one, question={"en": "B?", "fr": "B ?"}, stamp=0).code
        == "stale"
    )
    # Another question, and the same words once more, are no conflict.
    actions.edit_thread(actor=founder, thread=two, question={"en": "C?", "fr": "C ?"}, stamp=0)
    actions.edit_thread(actor=founder, thread=one, question={"en": "A?", "fr": "A ?"}, stamp=0)


def test_only_organizers_touch_questions(moderator, rapporteur, consultation, thread, founder):
    for who in (moderator, rapporteur, founder):
        for call in (
            lambda who=who: actions.add_thread(actor=who, consultation=consultation, question={"en": "Why?"}),
            lambda who=who: actions.edit_thread(actor=who, thread=thread, question={"en": "Why?"}, confirmed=True),
            lambda who=who: actions.move_thread(actor=who, thread=thread, to=2),
            lambda who=who: actions.remove_thread(actor=who, thread=thread),
        ):
            with pytest.raises(NotPermitted):
                call()
