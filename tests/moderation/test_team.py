"""What a team of moderators knows together: notes, an author's history, the guide."""

import re

import pytest

from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.moderation.actions import leave_note
from plenara.moderation.models import Note
from tests import world

pytestmark = pytest.mark.django_db


def address(contribution):
    return f"/en/desk/moderation/contribution/{contribution.pk}/"


def test_a_note_is_read_by_the_next_moderator_and_never_by_the_author(moderator, other_moderator, pending, sign_in):
    leave_note(actor=moderator, kind="contribution", pk=pending.pk, text="I wrote to the ministry.")
    assert "I wrote to the ministry." in sign_in(other_moderator).get(address(pending)).content.decode()
    own = sign_in(pending.author).get(f"/en/my/contributions/{pending.pk}/").content.decode()
    assert "I wrote to the ministry." not in own


def test_the_same_note_twice_is_one(moderator, pending):
    for _click in range(2):
        leave_note(actor=moderator, kind="contribution", pk=pending.pk, text="Seen.")
    assert Note.objects.count() == 1


def test_an_empty_note_and_one_too_long_are_refused(moderator, pending):
    for text in ("  \n", "x" * 2001):
        with pytest.raises(InvalidInput):
            leave_note(actor=moderator, kind="contribution", pk=pending.pk, text=text)


def test_a_person_who_wrote_the_text_leaves_no_note_and_reads_none(consultation, thread, author):
    both = world.grant(author, consultation, "moderator")
    pending = world.submitted(both, thread)
    with pytest.raises(NotPermitted):
        leave_note(actor=both, kind="contribution", pk=pending.pk, text="Fine.")


def test_a_moderator_of_another_consultation_leaves_none(moderator_elsewhere, pending):
    with pytest.raises(NotPermitted):
        leave_note(actor=moderator_elsewhere, kind="contribution", pk=pending.pk, text="Fine.")


def test_what_is_too_long_is_given_back(moderator, pending, sign_in):
    answer = sign_in(moderator).post(f"{address(pending)}notes/", {"note": "word " * 500})
    assert answer.status_code == 422
    assert "word word" in answer.content.decode()


def test_a_note_with_html_is_shown_as_it_was_written(moderator, pending, sign_in):
    sign_in(moderator).post(f"{address(pending)}notes/", {"note": "<b>bold</b>"})
    assert "&lt;b&gt;bold&lt;/b&gt;" in sign_in(moderator).get(address(pending)).content.decode()


def test_the_author_s_earlier_decisions_are_beside_the_text(moderator, author, thread, sign_in):
    world.decided(world.submitted(author, thread, "Buy this."), moderator, "REJECTED", reason="R5")
    pending = world.submitted(author, thread)
    page = sign_in(moderator).get(address(pending)).content.decode()
    assert "The author has submitted 2 contributions in this consultation" in page
    assert re.search(r"D/1</bdi> [^<]*</span>\u00a0· <span>Advertising</span>", page)


def test_what_was_decided_elsewhere_is_not_shown(moderator, moderator_elsewhere, author, thread, elsewhere, sign_in):
    other = world.submitted(author, elsewhere.threads.get(number=1), "Buy this.")
    world.decided(other, moderator_elsewhere, "REJECTED", reason="R5")
    page = sign_in(moderator).get(address(world.submitted(author, thread))).content.decode()
    assert "The author has submitted 1 contribution in this consultation" in page
    assert "There are no earlier decisions on this author’s texts." in page


def test_the_guide_is_shown_in_the_moderator_s_language_or_another_that_is_marked(
    moderator, pending, consultation, sign_in
):
    consultation.moderation_guide = {"fr": "Lisez *deux fois*."}
    consultation.save()
    page = sign_in(moderator).get(address(pending)).content.decode()
    assert 'lang="fr" dir="ltr"><p>Lisez <em>deux fois</em>.</p>' in page
