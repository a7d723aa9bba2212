"""Ids of another body's outcome, in the address or in the form: they are not found, and nothing there changes."""

import pytest

from plenara.documents.models import Citation, Comment, Paragraph, ParagraphText, Reason, Reference
from plenara.outcomes import actions
from plenara.outcomes.models import Body, Member, Outcome, OutcomeEdition, OutcomeParagraph, Position, Proposal, Section
from tests import world
from tests.outcomes import making
from tests.outcomes.pages import at, of

pytestmark = pytest.mark.django_db

KEPT = (
    Body, Citation, Comment, Member, Outcome, OutcomeEdition, Paragraph, ParagraphText, Position, Proposal, Reason,
    Reference, Section, OutcomeParagraph,
)  # fmt: skip
#: The values for every form of the paragraph desk.
FORM = {
    "text": "Taken.", "heading": "Taken", "kind": "finding", "response": "noted", "reason": "Because.", "act": "agree",
    "answer": "Yes.", "confirmed": "on", "stage": "zero_draft", "title_en": "Taken", "name": "Taken", "part": "chair",
    "slug": "taken", "title": "Taken", "citations": "1", "comment": "Taken", "name_en": "Taken",
}  # fmt: skip


def everything():
    """Return all rows of bodies and outcomes."""
    return {each: list(each._base_manager.order_by("pk").values_list()) for each in KEPT}


@pytest.fixture
def theirs(drafter, member, chair, outcome, paragraph, edition):
    """The ids of the other body's data, by their names in addresses."""
    proposal = making.proposed(member, paragraph)
    actions.object_to(actor=member, paragraph=paragraph, reason="Too broad.", was=making.source(paragraph).digest)
    return {
        "paragraph": paragraph.pk,
        "proposal": proposal.pk,
        "given": Citation.objects.get(paragraph=paragraph).pk,
        "section": outcome.sections.get(number=1).pk,
        "member": outcome.body.members.get(person=member).pk,
        "edition": edition.pk,
    }


@pytest.fixture
def own_body(organizer, consultation, theirs):
    """An outcome of another body of the same consultation, with a paragraph, and its chair, who writes too."""
    bureau = making.body(organizer, consultation, "bureau")
    someone = making.member(organizer, bureau, world.person("Chair of the bureau"), "chair")
    it = making.outcome(organizer, bureau)
    return someone, it, making.paragraph(someone, it, "The bureau meets twice.", kind="frame")


OF_ANOTHER = [
    "paragraphs/{paragraph}/", "paragraphs/{paragraph}/edit/", "paragraphs/{paragraph}/place/",
    "paragraphs/{paragraph}/delete/", "paragraphs/{paragraph}/hold/", "paragraphs/{paragraph}/declare/",
    "paragraphs/{paragraph}/propose/", "paragraphs/{paragraph}/public-comments/", "proposals/{proposal}/",
    "citations/{given}/", "references/{given}/", "sections/{section}/", "public-comments/sections/{section}/",
]  # fmt: skip


def test_they_are_not_found_below_ones_own(own_body, theirs, sign_in):
    someone, it, _paragraph = own_body
    client, before, refusals = sign_in(someone), everything(), {302, 404, 405, 409}
    for tail in OF_ANOTHER:
        address = of(it, tail.format(**theirs))
        assert client.get(address).status_code in refusals - {409}, tail
        assert client.post(address, FORM).status_code in refusals, tail
        assert client.post(address, FORM | {"take_away": "1", "act": "withdraw"}).status_code in refusals, tail
        assert everything() == before, tail


@pytest.mark.parametrize("do", ["", "delete"])
def test_forms_take_none_of_them(own_body, theirs, sign_in, do):
    someone, it, own = own_body
    client, before = sign_in(someone), everything()
    ids = {name: str(pk) for name, pk in theirs.items()}
    sent = FORM | ids | {
        "move": f"{ids['paragraph']}:{ids['section']}:", "place": f"{ids['section']}:{ids['paragraph']}", "to": "2",
        "do": do, "chosen": [ids["edition"]], "statement": ids["paragraph"], "act": "publish",
    }  # fmt: skip
    for tail in ("move/", "sections/", "paragraphs/new/", "contributions/", "review/"):
        assert client.post(of(it, tail), sent).status_code in {200, 302, 403, 404, 409, 422}, tail
        assert everything() == before, tail
    assert client.post(of(it, "move/"), {"move": f"{own.pk}:{ids['section']}:"}).status_code == 404
    assert everything() == before


@pytest.mark.parametrize("is_public", [False, True])
def test_whoever_is_in_another_body_gets_in_nowhere(own_body, theirs, outcome, organizer, sign_in, is_public):
    if is_public:
        actions.publish_body(actor=organizer, body=outcome.body)
    client, before, no = sign_in(own_body[0]), everything(), 403 if is_public else 404
    below = [
        "", *(each.format(**theirs) for each in OF_ANOTHER), "settings/", "sections/", "sections/new/", "review/",
        "history/", "comments/", "comments/new/", "opening/", "contributions/", f"contributions/{theirs['edition']}/",
        "statements/", "public-comments/", "renditions/fr/", "renditions/fr/reasons/", "renditions/fr/files/",
        "paragraphs/new/", "move/",
    ]  # fmt: skip
    of_body = ["", "edit/", "publish/", "members/", "members/new/", f"members/{theirs['member']}/", "new/", "meetings/"]
    of_body += [f"members/{theirs['member']}/{act}/" for act in ("invite", "remove")]
    for address in [*(of(outcome, each) for each in below), *(at(outcome.body, each) for each in of_body)]:
        assert client.get(address).status_code in {no, 404, 405}, address
        assert client.post(address, FORM).status_code in {no, 404, 405}, address
    assert everything() == before


def test_a_suspended_member_gets_in_nowhere(member, theirs, outcome, sign_in):
    from plenara.core import clock

    client, before = sign_in(member), everything()
    member.suspended_at = clock.now()
    member.save(update_fields=["suspended_at"])
    for tail in ("", f"paragraphs/{theirs['paragraph']}/", "review/", "history/"):
        answer = client.get(of(outcome, tail))
        assert answer.status_code in {302, 403, 404} and "a matter for all" not in answer.content.decode()
    address = of(outcome, f"paragraphs/{theirs['paragraph']}/hold/")
    assert client.post(address, FORM).status_code in {302, 403, 404}
    assert everything() == before
