"""Every role asks every rule and every address. The tables below are the whole of who may do what."""

import datetime

import pytest

from plenara.accounts import permissions as accounts
from plenara.accounts.personal_data.erasure import may_erase
from plenara.consultations import permissions as consultations
from plenara.contributions import permissions as contributions
from plenara.contributions.actions import save_draft
from plenara.contributions.models import Contribution
from plenara.contributions.organizations import permissions as disputes
from plenara.core import clock
from plenara.directory import permissions as directory
from plenara.documents import permissions as documents
from plenara.documents.models import Comment, Document, Rendition
from plenara.events import permissions as events
from plenara.moderation import permissions as moderation
from plenara.moderation.models import Code, Decision, Item
from plenara.outcomes import permissions as outcomes
from plenara.outcomes.models import Body, Proposal
from plenara.summaries import permissions as printing
from plenara.summaries.corrections import permissions as corrections
from plenara.summaries.models import Summary
from plenara.themes import permissions as themes
from tests import world
from tests.contributions.entered import entered
from tests.directory import making as listings
from tests.events import making as meetings
from tests.summaries import making
from tests.summaries.corrections.making import published as published_request

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # rules are functions of what was read

ROLES = (
    "outsider",
    "participant",
    "author",
    "suspended",
    "moderator",
    "moderator_elsewhere",
    "rapporteur",
    "translator",
    "organizer",
    "organizer_elsewhere",
    "operator",
)
EVERYBODY = set(ROLES)
SIGNED_IN = EVERYBODY - {"outsider"}
CAN_ACT = SIGNED_IN - {"suspended"}
STAFF_HERE = {"moderator", "rapporteur", "translator", "organizer"}
STAFF = STAFF_HERE | {"moderator_elsewhere", "organizer_elsewhere"}


@pytest.fixture
def suspended(consultation):
    """A moderator and organizer who was suspended: no role of theirs counts."""
    return world.suspended(consultation)


@pytest.fixture
def organizer_elsewhere(elsewhere):
    """An organizer of another consultation, and not of the installation."""
    return world.grant(world.person("Sofia Rossi"), elsewhere, "organizer")


@pytest.fixture
def returned(author, moderator, thread):
    return world.decided(world.submitted(author, thread, "Sent back."), moderator, Code.RETURNED, reason="R1")


@pytest.fixture
def appealed(author, moderator, thread):
    return world.appealed(author, moderator, thread)


@pytest.fixture
def just_returned(returned):
    """The decision of a moment ago."""
    return Decision.objects.get(kind="contribution", object_id=returned.pk)


@pytest.fixture
def not_yet_appealed(author, moderator, thread):
    """A decision of a minute ago that its author can appeal."""
    with clock.at(clock.now() - datetime.timedelta(minutes=1)):
        rejected = world.decided(world.submitted(author, thread, "Rejected."), moderator, Code.REJECTED, reason="R1")
    return Decision.objects.get(kind="contribution", object_id=rejected.pk)


@pytest.fixture
def returned_letter(consultation, moderator, other_moderator):
    """A letter that the moderator entered, and another returned."""
    letter = entered(moderator, consultation, date=f"{clock.now():%Y-%m-%d}")
    return world.decided(letter, other_moderator, Code.RETURNED, reason="R1")


@pytest.fixture
def draft(author, thread):
    return save_draft(actor=author, thread=thread, key="a-draft", text="Half a thought")


@pytest.fixture
def hidden(db):
    """A consultation that nobody has announced."""
    return world.consultation("hidden", stage="draft")


@pytest.fixture
def document(consultation, rapporteur):
    """A summary that the rapporteur writes."""
    made = Document.objects.create(
        kind="summary", consultation=consultation, source_language="en", created_by=rapporteur
    )
    made.writers.add(rapporteur)
    return made


@pytest.fixture
def working_group(consultation):
    """A body of the consultation, without any member: no role makes one."""
    return Body.objects.create(consultation=consultation, slug="wgig", name={"en": "Working group"})


@pytest.fixture
def rendition(document):
    return Rendition.objects.create(document=document, language="ar", state="draft")


@pytest.fixture
def correction(author, moderator, rapporteur, organizer, consultation, edition):
    """A published request for correction of a summary that the rapporteur wrote."""
    world.published(author, moderator, consultation.threads.get(number=2), "No question is empty.")
    summary = making.summary(rapporteur, consultation)
    making.statement_of(rapporteur, summary, edition)
    return published_request(author, moderator, making.published(rapporteur, organizer, summary))


@pytest.fixture
def meeting(author):
    """A published event that has begun, and that the author keeps."""
    begun = meetings.details(dates=[{"start": "2025-12-01", "end": "2025-12-02"}])
    return meetings.published(author, meetings.curator("Keeper of the calendar"), begun)


@pytest.fixture
def listing(author):
    """A verified organization that the author keeps."""
    return listings.verified(author, listings.curator("Keeper"), name={"en": "Kestrel Observatory"})


@pytest.fixture
def community_moderator(db):
    """Whoever moderates calendar and directory."""
    return listings.curator("Moderator of the community")


@pytest.fixture
def dispute(edition):
    """A byline that an organization disputes."""
    from plenara.contributions.organizations.actions import dispute as disputing

    other = listings.verified(world.person("Moussa Keita"), listings.curator("Keeper"))
    return disputing(actor=other.owner, edition=edition, organization=other, text="She left us.", language="en")


def thing_of(decision):
    """Return what was decided on, as the act that asks has it."""
    return Contribution.objects.select_related("consultation", "thread").get(pk=decision.object_id)


#: rule, the fixture it is asked about, who gets a yes.
RULES = [
    (accounts.may_act, None, CAN_ACT),
    (accounts.may_see_installation, None, {"organizer", "operator"}),
    (accounts.may_set_up, None, {"organizer"}),
    # The last organizer of the site or of a consultation stays until there is another one.
    (may_erase, None, SIGNED_IN - {"organizer", "organizer_elsewhere"}),
    (consultations.may_create_consultation, None, {"organizer"}),
    (consultations.may_use_desk, None, STAFF | {"operator"}),
    (consultations.may_organize, "consultation", {"organizer"}),
    (consultations.may_moderate, "consultation", {"moderator", "organizer"}),
    (consultations.may_report, "consultation", {"rapporteur"}),
    (
        lambda person, where: consultations.may_translate(person, where, "ar"),
        "consultation",
        {"translator", "rapporteur"},
    ),
    (lambda person, where: consultations.may_translate(person, where, "ru"), "consultation", {"rapporteur"}),
    (consultations.may_see, "consultation", EVERYBODY),
    (consultations.may_see, "hidden", set()),
    (contributions.may_contribute, "thread", CAN_ACT),
    (lambda person, edition: contributions.may_reply(person, edition.contribution), "edition", CAN_ACT),
    (contributions.may_reply, "pending", set()),
    (contributions.may_see, "pending", {"author", "moderator", "organizer"}),
    (contributions.may_send_again, "returned", {"author"}),
    (contributions.may_send_again, "pending", set()),
    (lambda person, edition: contributions.may_revise(person, edition.contribution), "edition", {"author"}),
    (contributions.may_withdraw, "pending", {"author"}),
    (lambda person, edition: contributions.may_withdraw(person, edition.contribution), "edition", {"author"}),
    (contributions.may_open_draft, "draft", {"author"}),
    (contributions.may_clear, "draft", {"author"}),
    (contributions.may_enter, "consultation", {"moderator", "organizer"}),
    (contributions.may_enter, "hidden", set()),
    (contributions.may_correct, "returned_letter", {"moderator", "organizer"}),
    (contributions.may_correct, "returned", set()),
    (contributions.may_take_back, "returned_letter", {"moderator", "organizer"}),
    (contributions.may_take_back, "pending", set()),
    (contributions.may_send_again, "returned_letter", set()),
    (contributions.may_withdraw, "returned_letter", set()),
    (moderation.may_decide, "returned_letter", {"organizer"}),
    (moderation.may_decide, "pending", {"moderator", "organizer"}),
    (moderation.may_restore, "pending", {"moderator", "organizer"}),
    (lambda person, one: moderation.may_appeal(person, one, thing_of(one)), "not_yet_appealed", {"author"}),
    (lambda person, one: moderation.may_appeal(person, one.decision, thing_of(one.decision)), "appealed", set()),
    # The moderator took the decision.
    (
        lambda person, one: moderation.may_decide_appeal(person, one.decision, thing_of(one.decision)),
        "appealed",
        {"organizer"},
    ),
    (moderation.may_view_at_desk, "pending", {"moderator", "organizer"}),
    (moderation.may_redact, "pending", {"moderator", "organizer"}),
    (moderation.may_answer, "pending", {"author"}),
    (moderation.may_undo, "just_returned", {"moderator"}),
    (moderation.may_undo, "not_yet_appealed", set()),
    (moderation.may_publish_now, "just_returned", set()),
    (lambda person, thing: moderation.may_claim(person, thing, Item()), "pending", {"moderator", "organizer"}),
    (
        lambda person, _thing: moderation.may_open_queue(person),
        None,
        {"moderator", "organizer", "moderator_elsewhere", "organizer_elsewhere"},
    ),
    (documents.may_see, "document", {"rapporteur", "translator", "organizer"}),
    (documents.may_write, "document", {"rapporteur"}),
    (documents.may_comment, "document", {"rapporteur", "translator", "organizer"}),
    (lambda person, it: documents.may_comment(person, it, "ar"), "document", {"rapporteur", "translator", "organizer"}),
    (lambda person, it: documents.may_comment(person, it, "ru"), "document", {"rapporteur", "organizer"}),
    (
        lambda person, it: documents.may_resolve(person, Comment(document=it), it),
        "document",
        {"rapporteur", "organizer"},
    ),
    (documents.may_approve, "document", {"organizer"}),
    (documents.may_publish, "document", {"rapporteur", "organizer"}),
    (lambda person, it: documents.may_render(person, it, "ar"), "document", {"translator", "rapporteur"}),
    (lambda person, it: documents.may_render(person, it, "en"), "document", set()),
    (documents.may_publish_rendition, "rendition", {"translator", "rapporteur", "organizer"}),
    (documents.may_see_glossary, "consultation", {"rapporteur", "translator", "organizer"}),
    (documents.may_edit_glossary, "consultation", {"rapporteur", "organizer"}),
    (
        lambda person, where: documents.may_change_words(person, where, "ar"),
        "consultation",
        {"rapporteur", "translator", "organizer"},
    ),
    (
        lambda person, where: documents.may_change_words(person, where, "ru"),
        "consultation",
        {"rapporteur", "organizer"},
    ),
    (
        lambda person, where: documents.may_bring_memory(person, where, "ar"),
        "consultation",
        {"rapporteur", "translator"},
    ),
    (printing.may_begin, "consultation", {"rapporteur"}),
    (printing.may_make_packs, "consultation", {"rapporteur", "organizer"}),
    (printing.may_download_packs, "consultation", STAFF_HERE),
    (corrections.may_see_requests, "consultation", {"rapporteur", "organizer"}),
    (lambda person, it: corrections.may_ask(person, it.edition, it.consultation), "correction", CAN_ACT),
    # Of those who answer, the rapporteur wrote it, and the author asked.
    (corrections.may_answer, "correction", {"organizer"}),
    (corrections.may_withdraw, "correction", {"author"}),
    (corrections.may_send_again, "correction", set()),
    (moderation.may_decide, "correction", {"moderator", "organizer"}),
    (lambda person, it: printing.may_group(person, Summary(consultation=it.consultation)), "document", {"rapporteur"}),
    (outcomes.may_make_body, "consultation", {"organizer"}),
    (outcomes.may_see_bodies, "consultation", {"organizer", "rapporteur", "translator"}),
    (outcomes.may_manage_body, "working_group", {"organizer"}),
    (outcomes.may_see_body, "working_group", {"organizer", "rapporteur", "translator"}),
    (outcomes.may_arrange, "working_group", {"organizer"}),
    (outcomes.may_write_outcome, "working_group", set()),
    (outcomes.may_publish_outcome, "working_group", {"organizer"}),
    (outcomes.may_propose, "working_group", set()),
    (outcomes.may_answer_proposal, "working_group", set()),
    (lambda person, body: outcomes.may_withdraw(person, Proposal(by_id=person.pk), body), "working_group", set()),
    (outcomes.may_take_position, "working_group", set()),
    (outcomes.may_declare, "working_group", set()),
    (outcomes.may_manage_meeting, "working_group", {"organizer"}),
    (outcomes.may_open_for_comment, "working_group", {"organizer"}),
    (events.may_propose, None, CAN_ACT),
    (events.may_change, "meeting", {"author"}),
    (events.may_cancel, "meeting", {"author"}),
    (events.may_withdraw, "meeting", {"author"}),
    (events.may_report_outcome, "meeting", {"author"}),
    (directory.may_propose, None, CAN_ACT),
    (directory.may_revise, "listing", {"author"}),
    (directory.may_send_again, "listing", set()),
    (directory.may_withdraw, "listing", {"author"}),
    (directory.may_confirm, "listing", {"author"}),
    (directory.may_hand_over, "listing", {"author"}),
    (directory.may_prove, "listing", {"author"}),
    (directory.may_name, "listing", {"author"}),
    # A moderator of a consultation does not look after the directory.
    (directory.may_look_after, None, set()),
    (directory.may_vouch, "listing", set()),
    (disputes.may_decide_dispute, "dispute", {"moderator", "organizer"}),
    (disputes.may_withdraw_dispute, "dispute", set()),
    (consultations.may_manage_themes, None, {"organizer"}),
    (themes.may_manage_list, None, {"organizer"}),
    (documents.may_see_translations, None, {"rapporteur", "translator", "organizer", "organizer_elsewhere"}),
]


def named(rule):
    """Return the name of a rule; of a line with more arguments, also these and its position."""
    if rule.__name__ != "<lambda>":
        return rule.__name__
    asked = next(name for name in rule.__code__.co_names if name.startswith("may_"))
    return f"{asked} (line {rule.__code__.co_firstlineno})"


@pytest.mark.parametrize("about", sorted({about or "nothing" for _rule, about, _allowed in RULES}))
def test_who_may(about, request):
    thing = None if about == "nothing" else request.getfixturevalue(about)
    people = {role: request.getfixturevalue(role) for role in ROLES}  # rules read, and leave everything as it is
    wrong = []
    for rule, asked_about, allowed in RULES:
        if (asked_about or "nothing") != about:
            continue
        for role, person in people.items():
            answer = rule(person, thing) if asked_about or rule.__name__ == "<lambda>" else rule(person)
            line = f"{named(rule)}, asked by {role} about {about}"
            if bool(answer) != (role in allowed):
                wrong.append(f"{line}: {'may' if answer else 'may not'}")
            if not answer and hasattr(answer, "sentence") and len(str(answer.sentence)) <= 10:
                wrong.append(f"{line}: is refused without a sentence")
    assert not wrong, "\n".join(wrong)


def test_nobody_decides_on_their_own_contribution_whatever_their_role(consultation, thread):
    for role in ("moderator", "organizer"):
        someone = world.grant(world.person(role), consultation, role)
        assert not moderation.may_decide(someone, world.submitted(someone, thread, f"By a {role}."))


def test_who_moderates_the_community_looks_after_the_directory_but_vouches_for_nothing_of_their_own(
    community_moderator, listing
):
    assert directory.may_look_after(community_moderator) and directory.may_vouch(community_moderator, listing)
    listing.owner = community_moderator
    assert not directory.may_vouch(community_moderator, listing)


def test_a_role_that_is_taken_away_is_gone_with_the_next_request(moderator, pending):
    from plenara.accounts.models import Person

    assert moderation.may_decide(moderator, pending)
    moderator.roles.all().delete()
    assert not moderation.may_decide(Person.objects.get(pk=moderator.pk), pending)
