"""Several at a body at once, in threads of their own: one is first, the others are notified, nothing is done twice."""

import pytest
from django.core import mail

from plenara.accounts import actions as accounts
from plenara.core.refusals import ActionRefused
from plenara.core.tasks import run_all
from plenara.documents import actions as document_actions
from plenara.outcomes import actions
from plenara.outcomes.models import Body, Member, OutcomeEdition, Section
from tests import world
from tests.consultations.test_at_once import at_once, refused
from tests.outcomes import making

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_address_is_one_bodys(organizer, consultation):
    results = at_once(
        *[lambda n=n: making.body(organizer, consultation, "wgig", name={"en": f"Group {n}"}) for n in range(5)]
    )
    assert len(refused(results)) == 4 and Body.objects.count() == 1


def test_five_clicks_make_one_body_one_member_and_one_outcome(organizer, consultation):
    at_once(*[lambda: making.body(organizer, consultation)] * 5)
    body = Body.objects.get()
    at_once(*[lambda: actions.add_member(actor=organizer, body=body, part="member", name="Ada")] * 5)
    assert Member.objects.count() == 1
    assert not refused(at_once(*[lambda: making.outcome(organizer, body)] * 5))
    assert body.outcomes.count() == 1 and Section.objects.count() == 4


def test_of_two_who_save_the_second_hears_it(organizer, body):
    def save(name):
        return lambda: actions.edit_body(
            actor=organizer, body=body, name={"en": name}, mandate={}, begins_on=None, ends_on=None, stamp=0
        )

    results = at_once(save("One"), save("Two"))
    assert [each.code for each in refused(results)] == ["stale"]
    assert making.fresh(body).name["en"] in {"One", "Two"}


def test_two_who_accept_one_seat_do_not_both_take_it(organizer, body):
    seat = actions.add_member(actor=organizer, body=body, part="member", name="Ada")
    people, tokens = [world.person("One"), world.person("Two")], []
    for each in people:
        actions.invite_member(actor=organizer, member=seat, address=each.email)
        run_all()
        word = next(word for word in mail.outbox[-1].body.split() if "/invitation" in word)
        tokens.append(word.rstrip("/").rsplit("/", 1)[-1])
    results = at_once(
        *[
            lambda who=who, token=token: accounts.accept_invitation(actor=who, token=token)
            for who, token in zip(people, tokens, strict=True)
        ]
    )
    assert len(refused(results)) == 1
    winner = next(who for who, it in zip(people, results, strict=True) if not isinstance(it, ActionRefused))
    assert making.fresh(seat).person == winner


def test_members_and_sections_that_are_moved_at_once_keep_their_numbers(organizer, drafter, body, outcome):
    for name in "ABCD":
        actions.add_member(actor=organizer, body=body, part="member", name=name)
    rows = [body.members.get(name=name) for name in "ABCD"]
    at_once(*[lambda row=row: actions.move_member(actor=organizer, member=row, to=1) for row in rows])
    assert [each.position for each in body.members.all()] == [1, 2, 3, 4, 5]
    for section in range(1, 5):
        making.paragraph(drafter, outcome, f"Text {section}.", section=section)
    parts = list(outcome.sections.all())
    at_once(*[lambda part=part: actions.move_section(actor=drafter, section=part, to=1) for part in parts])
    assert [each.number for each in outcome.sections.all()] == [1, 2, 3, 4]
    numbers = [
        each.paragraph.number
        for part in outcome.sections.all()
        for each in part.outcome_paragraphs.order_by("paragraph__number")
    ]
    assert numbers == [1, 2, 3, 4]


def test_a_version_is_published_once(drafter, chair, organizer, outcome, paragraph):
    making.fill(drafter, outcome)
    document_actions.submit_for_review(actor=drafter, document=outcome.document)
    document_actions.approve(actor=chair, document=outcome.document)
    results = at_once(
        *[
            lambda who=who: actions.publish(actor=who, outcome=outcome, stage="zero_draft")
            for who in (chair, organizer, chair)
        ]
    )
    assert len(refused(results)) == 2 and OutcomeEdition.objects.count() == 1
