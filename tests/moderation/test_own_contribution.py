"""What an author sees of a contribution: what happened, why, what can be done next; nothing that may be undone."""

import datetime

import pytest
from django.utils import translation
from django.utils.translation import gettext

from plenara.contributions.actions import revise, save_draft, withdraw
from plenara.core import clock
from plenara.core.tasks import run_all
from plenara.moderation import kinds
from plenara.moderation.actions import remove, restore, undo
from plenara.moderation.models import UNDO_TIME, Decision
from tests import world

pytestmark = pytest.mark.django_db

LATER = UNDO_TIME + datetime.timedelta(seconds=1)


def page(sign_in, contribution, query="", language="en"):
    answer = sign_in(contribution.author).get(f"/{language}/my/contributions/{contribution.pk}/{query}")
    assert answer.status_code == 200
    return answer


def steps(answer):
    return [step.what for step in answer.context["timeline"].steps]


def returned(author, moderator, thread, **more):
    more = {"reason": "R3", "sentence": "About a person.", **more}
    return world.decided(world.submitted(author, thread, "Sent back."), moderator, "RETURNED_FOR_REVISION", **more)


def test_a_returned_text_is_shown_with_reason_sentence_and_what_can_be_done(author, moderator, thread, sign_in):
    contribution = returned(author, moderator, thread)
    with clock.at(clock.now() + LATER):
        answer = page(sign_in, contribution)
    html = answer.content.decode()
    assert steps(answer) == ["sent", "returned"]
    for words in (
        "D/1",
        kinds.reason_label("R3"),
        "About a person.",
        "Revise your text",
        "Appeal",
        "Withdraw",
        "UTC",
    ):
        assert words in html


def test_nothing_is_shown_that_may_still_be_undone(author, moderator, thread, sign_in):
    for code in ("RETURNED_FOR_REVISION", "REJECTED"):
        contribution = world.decided(world.submitted(author, thread, f"Text {code}"), moderator, code, reason="R1")
        answer = page(sign_in, contribution)
        assert steps(answer) == ["sent"]
        assert "waiting for a moderator" in answer.content.decode()
        assert "submit it again" not in answer.content.decode()
        assert "D/" not in answer.content.decode().split('<main class="text"')[1].split("Receipt")[0]
        assert "Returned" not in sign_in(author).get("/en/my/").content.decode()


def test_a_decision_that_was_undone_never_was(author, moderator, thread, sign_in):
    contribution = returned(author, moderator, thread)
    undo(actor=moderator, decision=Decision.objects.get())
    with clock.at(clock.now() + LATER):
        assert steps(page(sign_in, contribution)) == ["sent"]
        world.decided(contribution, moderator)
        assert steps(page(sign_in, contribution)) == ["sent", "published"]


def test_a_move_is_shown_half_a_minute_later_and_then_its_publication(author, moderator, thread, consultation, sign_in):
    contribution = world.decided(
        world.submitted(author, thread), moderator, "MOVED", thread=consultation.threads.get(number=2)
    )
    before = page(sign_in, contribution)
    assert steps(before) == ["sent"]
    assert before.context["thread"].number == 1
    with clock.at(clock.now() + LATER):
        settled = page(sign_in, contribution)
        assert steps(settled) == ["sent", "moved"]
        assert "Now: waiting for a moderator’s decision" in settled.content.decode()
        run_all()
        after = page(sign_in, contribution)
    assert steps(after) == ["sent", "moved", "published"]
    assert "A moderator moved your contribution to Question 2" in after.content.decode()


def test_a_text_that_came_again_shows_both_versions_and_what_changed(author, moderator, thread, sign_in):
    contribution = returned(author, moderator, thread)
    revise(actor=author, contribution=contribution, text="Sent again.", language="en")
    with clock.at(clock.now() + LATER):
        answer = page(sign_in, contribution)
    html = answer.content.decode()
    assert steps(answer) == ["sent", "returned", "sent_again"]
    assert "version 2 of 2" in html
    assert "<del>" in html
    assert "<ins>" in html
    earlier = page(sign_in, contribution, "?version=1").content.decode()
    assert "Sent back." in earlier
    assert "<del>" not in earlier
    for wrong in ("9", "x", "-1", "0"):
        status = sign_in(author).get(f"/en/my/contributions/{contribution.pk}/?version={wrong}").status_code
        assert status in {200, 404}


def test_a_revision_waits_while_the_published_text_stays(author, moderator, edition, sign_in):
    revise(actor=author, contribution=edition.contribution, text="Later words.", language="en")
    answer = page(sign_in, edition.contribution)
    assert "your revision is waiting for a moderator" in answer.content.decode()
    assert "a revision is waiting for a moderator" in sign_in(author).get("/en/my/").content.decode()
    world.decided(edition.contribution, moderator, "RETURNED_FOR_REVISION", reason="R1")
    with clock.at(clock.now() + LATER):
        html = page(sign_in, edition.contribution).content.decode()
    assert "The decision below is about your revision" in html
    assert "Your contribution is published" in html


def test_an_old_return_is_not_shown_as_the_decision_once_the_text_is_published(author, moderator, thread, sign_in):
    contribution = returned(author, moderator, thread)
    revise(actor=author, contribution=contribution, text="Better.", language="en")
    world.decided(contribution, moderator)
    with clock.at(clock.now() + LATER):
        answer = page(sign_in, contribution)
    assert answer.context["decision"] is None
    assert "What we wrote to you" in answer.content.decode()


def test_removal_restoration_and_withdrawal_are_steps(author, moderator, edition, sign_in):
    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason="R3")
    removed = page(sign_in, edition.contribution)
    assert steps(removed) == ["sent", "published", "removed"]
    assert "Your contribution was removed" in removed.content.decode()
    restore(actor=moderator, kind="contribution", pk=edition.contribution_id)
    withdraw(actor=author, contribution=edition.contribution)
    answer = page(sign_in, edition.contribution)
    assert steps(answer) == ["sent", "published", "removed", "restored", "withdrawn"]
    assert "Read the published text" not in answer.content.decode()


@pytest.mark.once
def test_a_sentence_in_another_language_is_marked_as_not_translated(author, moderator, thread, sign_in):
    contribution = returned(author, moderator, thread)
    with clock.at(clock.now() + LATER):
        html = page(sign_in, contribution, language="fr").content.decode()
    with translation.override("fr"):
        words = gettext("The moderator adds (in %(language)s, not translated):")
    assert words % {"language": "anglais"} in html
    assert '<blockquote lang="en"' in html


def test_my_page_lists_everything_by_key(author, thread, sign_in):
    from plenara.contributions.actions import byline_of
    from plenara.contributions.models import Contribution, Text, Version

    byline = byline_of(author)
    byline.save()
    text = Text.of("x")
    for _number in range(45):
        one = Contribution.objects.create(thread=thread, consultation=thread.consultation, author=author)
        Version.objects.create(contribution=one, number=1, text=text, byline=byline, language="en")
    client, found, query = sign_in(author), [], ""
    for _page in range(3):
        answer = client.get(f"/en/my/{query}")
        found += [each.pk for each in answer.context["contributions"]]
        query = f"?before={answer.context['older']}"
    assert len(set(found)) == 45
    assert answer.context["older"] is None
    assert client.get("/en/my/?before=nonsense").status_code == 200


def test_my_page_lists_drafts_twenty_a_page(author, thread, sign_in):
    for number in range(25):
        save_draft(actor=author, thread=thread, key=f"k{number}", text="A thought")
    first = sign_in(author).get("/en/my/")
    second = sign_in(author).get(f"/en/my/?drafts_before={first.context['older_drafts']}")
    assert len({each.pk for answer in (first, second) for each in answer.context["drafts"]}) == 25


def test_my_pages_take_the_same_queries_however_much_happened(
    author, moderator, thread, sign_in, django_assert_max_num_queries
):
    contribution = returned(author, moderator, thread)
    for number in range(4):
        revise(actor=author, contribution=contribution, text=f"Version {number}", language="en")
        world.decided(contribution, moderator, "RETURNED_FOR_REVISION", reason="R3")
    for _number in range(5):
        world.submitted(author, thread, f"Another {_number}")
    client = sign_in(author)
    with clock.at(clock.now() + LATER):
        for path, most in ((f"/en/my/contributions/{contribution.pk}/", 22), ("/en/my/", 9)):
            client.get(path)
            with django_assert_max_num_queries(most):
                client.get(path)


def test_my_page_leads_from_what_was_returned_to_what_the_moderator_asks_for(author, moderator, thread, sign_in):
    contribution, link = returned(author, moderator, thread), "Read what the moderator asks for"
    assert link not in sign_in(author).get("/en/my/").content.decode()  # it may still be undone
    with clock.at(clock.now() + LATER):
        html = sign_in(author).get("/en/my/").content.decode()
    assert f'<a href="/en/my/contributions/{contribution.pk}/">{link}</a>' in html
