"""Every role opens every address and sends every form: who gets in, who is sent to sign in, who is told no.

Two tables, of addresses and of forms, and what asks of both.
"""

import pytest
from django.urls import resolve

from plenara.common import clock
from plenara.common.doors import MemberView, StaffView
from plenara.contributions.actions import ask_to_sign, keep_sheet, save_draft, share
from plenara.contributions.clearance import token_of
from plenara.contributions.models import Draft, Edition
from plenara.ledger.models import Act
from plenara.moderation.models import Decision, Item
from tests import world
from tests.contributions.entered import LETTER, STATEMENT, entered
from tests.directory import everywhere as directory
from tests.documents.exchange.making import waiting
from tests.events import everywhere as events
from tests.outcomes import bodies_everywhere as bodies
from tests.outcomes import comments_everywhere as comments
from tests.outcomes import everywhere as outcomes
from tests.outcomes import meetings_everywhere as meetings
from tests.outcomes import public_everywhere as public_outcomes
from tests.summaries import making
from tests.summaries.correcting import making as correcting
from tests.test_permissions import (  # noqa: F401 - the further cast
    CAN_ACT,
    EVERYBODY,
    ROLES,
    SIGNED_IN,
    STAFF,
    STAFF_HERE,
    organizer_elsewhere,
    suspended,
)
from tests.themes import everywhere as themes
from tests.web.test_doors import every_pattern, is_allauths

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # who gets in does not depend on the database

SLUG = "internet-governance"
DESK = f"/en/desk/consultations/{SLUG}/"


@pytest.fixture
def place(consultation, author, moderator, rapporteur, translator, edition, thread):
    """The ids that the addresses below name: a waiting contribution, a draft, a summary with a statement."""
    from plenara.documents.actions import comment
    from plenara.documents.models import Paragraph, ParagraphText
    from plenara.summaries.actions import create

    pending = world.submitted(author, thread, "It waits.")
    draft = save_draft(actor=author, thread=thread, key="a-draft", text="Half a thought")
    summary = create(
        actor=rapporteur,
        consultation=consultation,
        period_from=consultation.opens_at,
        period_to=consultation.closes_at,
        source_language="en",
    )
    paragraph = Paragraph.objects.create(document=summary.document, number=1, kind="frame")
    ParagraphText.objects.create(paragraph=paragraph, language="en", text="A statement.")
    remark = comment(actor=rapporteur, document=summary.document, paragraph=paragraph, text="Who says so?")
    secretary = world.grant(world.person("Secretary"), consultation, "moderator")
    today = f"{clock.now():%Y-%m-%d}"
    letter = entered(secretary, consultation, date=today)
    sheet = keep_sheet(
        actor=secretary,
        consultation=consultation,
        name="a.csv",
        sha256="0" * 64,
        rows=[(2, STATEMENT | {"date": today})],
    )
    world.decided(letter, moderator, "RETURNED_FOR_REVISION", reason="R1")
    return {
        "letter": letter.pk,
        "campaign": world.campaign(consultation.threads.get(number=2)).pk,
        "sheet": sheet.pk,
        "pending": pending.pk,
        "item": Item.objects.get(kind="contribution", object_id=pending.pk, why=Item.Why.PENDING).pk,
        "appeal": (made := world.appealed(author, moderator, thread)).pk,
        "appealed": made.decision.object_id,
        "asked": world.asked(author, moderator, thread).object_id,
        "rejection": made.decision_id,
        "draft": draft.pk,
        "shared": token_of(share(actor=author, draft=draft, days=7)),
        "sign": token_of(ask_to_sign(actor=author, draft=draft, addresses=["lena@x.example"], language="en")[0]),
        "text": edition.text_id,
        "summary": summary.pk,
        "statement": paragraph.pk,
        "comment": remark.pk,
        "group": making.group_of(summary, [edition]).pk,
        **waiting(rapporteur, translator, summary.document),
        "person": author.pk,
        **requests_in(consultation, author, moderator, edition),
        **directory.places(author, edition),
        **events.places(author),
        **themes.places(),
        **outcomes.places(consultation, rapporteur, edition),
        **public_outcomes.places(consultation, edition),
        **comments.places(moderator),
        **bodies.places(),
        **meetings.places(rapporteur, edition),
    }


def requests_in(consultation, author, moderator, edition):
    """Return the ids of a request for correction that is published, and of one that waits; nobody below wrote it."""
    writer = world.grant(world.person("Writer"), consultation, "rapporteur")
    approver = world.grant(world.person("Approver"), consultation, "organizer")
    world.published(author, moderator, consultation.threads.get(number=2), "No question is empty.")
    summary = making.summary(writer, consultation)
    making.statement_of(writer, summary, edition)
    published = making.published(writer, approver, summary)
    request = correcting.published(author, moderator, published)
    waiting_one = correcting.asked(author, published, "And this.", statement=None)
    back = correcting.decided(
        correcting.asked(author, published, "That."), moderator, "RETURNED_FOR_REVISION", reason="R1"
    )
    rejected = correcting.asked(author, published, "No.")
    correcting.decided(rejected, moderator, "REJECTED", reason="R1")
    return {"request": request.pk, "waits": waiting_one.pk, "came_back": back.pk, "refused": rejected.pk}


MODERATORS = {"moderator", "organizer"}
MODERATORS_ANYWHERE = {*MODERATORS, "moderator_elsewhere", "organizer_elsewhere"}
WRITERS = {"rapporteur"}
DOCUMENT = {"rapporteur", "translator", "organizer"}

OUTSIDE = {"outsider", "unverified"}

#: Address, and who gets in. Everybody else who is signed in is told no; a stranger is sent to sign in.
ADDRESSES = [
    ("/en/", EVERYBODY),
    ("/en/consultations/", EVERYBODY),
    (f"/en/consultations/{SLUG}/", EVERYBODY),
    (f"/en/consultations/{SLUG}/threads/1/", EVERYBODY),
    (f"/en/consultations/{SLUG}/contributions/1/", EVERYBODY),
    ("/en/search/?q=documents", EVERYBODY),
    ("/en/events/", EVERYBODY),
    ("/en/events/past/", EVERYBODY),
    ("/en/events/month/2026-12/", EVERYBODY),
    *((f"/en/{each}/", EVERYBODY) for each in ("organizations", "people", "projects", "organizations/figures")),
    (f"/en/consultations/{SLUG}/summaries/", EVERYBODY),
    (f"/en/consultations/{SLUG}/summaries/compilation/", EVERYBODY),
    (f"/en/consultations/{SLUG}/summaries/since/", EVERYBODY),
    (f"/en/consultations/{SLUG}/summaries/1/corrections/", EVERYBODY),
    (f"/en/consultations/{SLUG}/summaries/1/correct/", SIGNED_IN),
    ("/en/my/corrections/", SIGNED_IN),
    ("/en/my/corrections/{request}/", {"author"}),
    ("/en/my/corrections/{came_back}/again/", {"author"}),
    ("/en/my/corrections/{request}/withdraw/", {"author"}),
    ("/en/my/appeals/correction/{refused}/", {"author"}),
    ("/en/desk/moderation/correction/{waits}/", MODERATORS),
    ("/en/desk/moderation/correction/{request}/published/", MODERATORS),
    (f"{DESK}summaries/corrections/", {"rapporteur", "organizer"}),
    (f"{DESK}summaries/corrections/{{request}}/", {"rapporteur", "organizer"}),
    (f"/en/consultations/{SLUG}/decisions/", EVERYBODY),
    (f"/en/consultations/{SLUG}/decisions/from/1/", EVERYBODY),
    (f"/en/consultations/{SLUG}/decisions/turnaround/", EVERYBODY),
    (f"/en/consultations/{SLUG}/figures/", EVERYBODY),
    (f"/en/consultations/{SLUG}/downloads/", EVERYBODY),
    ("/en/community/downloads/", EVERYBODY),
    ("/en/about/privacy/", EVERYBODY),
    (f"/en/consultations/{SLUG}/contributions/1/report/", EVERYBODY),
    ("/en/my/", SIGNED_IN),
    ("/en/my/byline/", CAN_ACT),
    ("/en/my/settings/", SIGNED_IN),
    ("/en/my/data/", SIGNED_IN),
    ("/en/my/data/erase/", SIGNED_IN),
    ("/en/account/erased/", EVERYBODY),
    ("/en/my/mail/", SIGNED_IN),
    (f"/en/my/follow/{SLUG}/", SIGNED_IN),
    (f"/en/my/follow/{SLUG}/1/", SIGNED_IN),
    (f"/en/contribute/{SLUG}/1/", SIGNED_IN),
    (f"/en/contribute/{SLUG}/1/reply/1/", SIGNED_IN),
    ("/en/my/drafts/{draft}/", {"author"}),
    ("/en/shared/{shared}/", EVERYBODY),
    ("/en/sign/{sign}/", EVERYBODY),
    ("/en/my/contributions/{pending}/", {"author"}),
    ("/en/my/contributions/{pending}/revise/", {"author"}),
    ("/en/my/contributions/{pending}/withdraw/", {"author"}),
    ("/en/my/contributions/{appealed}/appeal/", {"author"}),
    ("/en/my/contributions/{asked}/redaction/", {"author"}),
    ("/en/desk/moderation/contribution/{pending}/redact/", MODERATORS),
    ("/en/desk/", STAFF | {"operator"}),
    ("/en/desk/errands/", {"organizer", "operator"}),
    ("/en/desk/state/", {"organizer", "operator"}),
    ("/en/desk/search/", {"organizer", "operator"}),
    ("/en/desk/installation/", {"organizer"}),
    ("/en/desk/installation/rules/", {"organizer"}),
    ("/en/desk/people/", {"organizer"}),
    ("/en/desk/people/{person}/", {"organizer"}),
    ("/en/desk/consultations/new/", {"organizer"}),
    (DESK, STAFF_HERE),
    (f"{DESK}edit/", {"organizer"}),
    (f"{DESK}threads/", {"organizer"}),
    (f"{DESK}threads/1/", {"organizer"}),
    (f"{DESK}roles/", {"organizer"}),
    (f"{DESK}extend/", {"organizer"}),
    (f"{DESK}state/", {"organizer"}),
    ("/en/desk/moderation/", MODERATORS_ANYWHERE),
    ("/en/desk/moderation/preferences/", MODERATORS_ANYWHERE),
    ("/en/desk/moderation/items/{item}/hold/", MODERATORS),
    ("/en/desk/moderation/contribution/{pending}/", MODERATORS),
    ("/en/desk/moderation/campaigns/{campaign}/", MODERATORS),
    (f"/en/desk/moderation/published/{SLUG}/1/", MODERATORS),
    ("/en/desk/moderation/appeals/{appeal}/", MODERATORS),
    (f"{DESK}moderation/", {"organizer"}),
    (f"{DESK}letters/", MODERATORS),
    (f"{DESK}letters/new/", MODERATORS),
    (f"{DESK}letters/sheet/", MODERATORS),
    (f"{DESK}letters/sheet/{{sheet}}/", MODERATORS),
    (f"{DESK}letters/{{letter}}/", MODERATORS),
    (f"{DESK}letters/{{letter}}/correct/", {"organizer"}),
    (f"{DESK}letters/{{letter}}/withdraw/", {"organizer"}),
    (f"{DESK}packs/", DOCUMENT | MODERATORS),
    (f"{DESK}texts/", DOCUMENT | MODERATORS),
    (f"{DESK}texts/{{text}}/ar/", DOCUMENT | MODERATORS),
    (f"{DESK}summaries/", DOCUMENT),
    (f"{DESK}summaries/new/", WRITERS),
    (f"{DESK}summaries/schedule/", DOCUMENT),
    (f"{DESK}summaries/{{summary}}/", DOCUMENT),
    (f"{DESK}summaries/{{summary}}/statements/new/", WRITERS),
    (f"{DESK}summaries/{{summary}}/statements/{{statement}}/", WRITERS),
    (f"{DESK}summaries/{{summary}}/draft/", WRITERS),
    (f"{DESK}summaries/{{summary}}/groups/", WRITERS),
    (f"{DESK}summaries/{{summary}}/groups/{{group}}/", WRITERS),
    (f"{DESK}summaries/{{summary}}/review/", DOCUMENT),
    (f"{DESK}summaries/{{summary}}/history/", DOCUMENT),
    (f"{DESK}summaries/{{summary}}/comments/new/", DOCUMENT),
    (f"{DESK}summaries/{{summary}}/comments/new/?language=ar", DOCUMENT),
    (f"{DESK}summaries/{{summary}}/comments/new/?language=ru", DOCUMENT - {"translator"}),
    (f"{DESK}summaries/{{summary}}/comments/{{comment}}/", WRITERS | {"organizer"}),
    (f"{DESK}summaries/{{summary}}/contributions/1/", WRITERS),
    (f"{DESK}summaries/{{summary}}/renditions/ar/", DOCUMENT),
    (f"{DESK}summaries/{{summary}}/renditions/ru/", DOCUMENT),
    ("/en/desk/translations/", {*DOCUMENT, "organizer_elsewhere"}),
    (f"{DESK}summaries/{{summary}}/renditions/ar/files/", DOCUMENT),
    (f"{DESK}summaries/{{summary}}/renditions/ar/files/{{returned}}/", {"translator"}),
    (f"{DESK}glossary/", DOCUMENT),
    (f"{DESK}glossary/new/", {"rapporteur", "organizer"}),
    (f"{DESK}glossary/{{term}}/", DOCUMENT),
    (f"{DESK}glossary/{{term}}/delete/", {"rapporteur", "organizer"}),
    (f"{DESK}glossary/import/", DOCUMENT),
    (f"{DESK}glossary/import/{{terms}}/", {"translator"}),
    (f"{DESK}memory/", DOCUMENT),
    (f"{DESK}memory/files/{{memory}}/", {"translator"}),
    *directory.addresses(DESK, signed_in=SIGNED_IN, can_act=CAN_ACT, moderators=MODERATORS),
    *events.addresses(everybody=EVERYBODY, signed_in=SIGNED_IN, can_act=CAN_ACT),
    *themes.addresses(everybody=EVERYBODY),
    *outcomes.addresses(),
    *bodies.addresses(),
    *meetings.addresses(EVERYBODY),
    *public_outcomes.addresses(EVERYBODY),
    *comments.addresses(EVERYBODY),
]


@pytest.fixture
def unverified(consultation):
    """Registered, and granted a role; but the address was never verified."""
    someone = world.grant(world.person("Unverified"), consultation, "moderator")
    someone.emailaddress_set.update(verified=False)
    someone.set_password("a long enough password")
    someone.save()
    return someone


def enter_as(role, client, request):
    """Sign in as a role of the cast, or stay outside."""
    person = request.getfixturevalue(role)
    if role == "unverified":
        client.post("/en/account/login/", {"login": person.email, "password": "a long enough password"})
        assert "_auth_user_id" not in client.session, "an address is verified before anybody signs in with it"
    elif role != "outsider":
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")


@pytest.mark.parametrize("role", [*ROLES, "unverified"])
def test_who_gets_in(role, place, client, request):
    enter_as(role, client, request)
    surprises = []
    for address, welcome in ADDRESSES:
        answer = client.get(address.format(**place))
        expected = {200} if role in welcome or "outsider" in welcome else {302} if role in OUTSIDE else {403, 404}
        if answer.status_code not in expected:
            surprises.append((address, answer.status_code))
        elif answer.status_code == 302 and not answer.url.startswith("/en/account/login/?next=/en/"):
            surprises.append((address, answer.url))
        elif answer.status_code == 200 and not answer["Content-Type"].startswith("text/html"):
            pass  # a feed or a table
        elif answer.status_code != 302 and "<h1" not in answer.content.decode():
            surprises.append((address, "no is told on a page"))
    assert surprises == []


def test_the_table_knows_every_page_that_asks_who_comes(place):
    known = {resolve(address.format(**place).split("?")[0]).func.view_class for address, _welcome in ADDRESSES}
    #: Doors that take a form alone, or that lead on; each has tests of its own.
    taken_elsewhere = (
        "KeepDraft DeleteDraft AcceptRules TakeCharge TakeChargeOfCommunity DeleteStatement Move Uncite SetAside "
        "Period Notes "
        "Accept Turn Claim Count Undo OneVersions OneDrafts Original Template "
        "RenditionFile GlossaryFile MemoryFile "
        "Marks PackFile MakeGroups NameGroup MergeGroup PutSentences SetGroupAside "
        "Hold Declare PublishBody InviteMember RemoveMember Matters MeetingFile"
    )
    private = {
        view.view_class
        for _route, view in every_pattern()
        if hasattr(view, "view_class")
        and issubclass(view.view_class, (MemberView, StaffView))
        and not is_allauths(view)
    }
    assert {view.__name__ for view in private - known} <= {*taken_elsewhere.split()}


#: Forms sent by hand: address, what is sent, who may. Whatever the wrong hand sends changes nothing.
FORMS = [
    # A suspended person's text is refused and kept as a draft: their own, and nobody sees it.
    (f"/en/contribute/{SLUG}/1/", {"text": "x", "send": ""}, SIGNED_IN),
    ("/en/my/contributions/{pending}/withdraw/", {}, {"author"}),
    ("/en/my/data/", {}, SIGNED_IN),
    ("/en/my/data/erase/", {"choice": "tombstones", "sure": "on"}, SIGNED_IN),
    ("/en/my/drafts/{draft}/delete/", {}, {"author"}),
    ("/en/my/drafts/{draft}/", {"share": "", "days": "7"}, {"author"}),
    ("/en/my/drafts/{draft}/", {"ask": "", "addresses": "x@x.example", "language": "en"}, {"author"}),
    (
        "/en/desk/moderation/preferences/",
        {"digest": "never"},
        MODERATORS | {"moderator_elsewhere", "organizer_elsewhere"},
    ),
    ("/en/desk/moderation/items/{item}/claim/", {"take_over": ""}, MODERATORS),
    ("/en/desk/moderation/items/{item}/claim/", {"renew": ""}, MODERATORS),
    ("/en/desk/moderation/items/{item}/hold/", {"until": "2026-12-01", "reason": "Owned"}, MODERATORS),
    ("/en/desk/moderation/contribution/{pending}/", {"code": "APPROVED", "version": "1", "decide": ""}, MODERATORS),
    ("/en/desk/moderation/campaigns/{campaign}/", {"code": "APPROVED", "which": "all", "until": 10**9}, MODERATORS),
    (f"/en/desk/moderation/published/{SLUG}/1/", {"reason": "R3"}, MODERATORS),
    (f"/en/desk/moderation/published/{SLUG}/1/", {"in_order": "", "version": "1"}, MODERATORS),
    ("/en/my/contributions/{asked}/redaction/", {"consent": "", "redaction": "1"}, {"author"}),
    ("/en/desk/moderation/contribution/{pending}/redact/", {"text": "It", "version": "1", "confirm": ""}, MODERATORS),
    ("/en/desk/moderation/decisions/{rejection}/undo/", {}, {"moderator"}),
    ("/en/my/contributions/{appealed}/appeal/", {"decision": "1", "text": "Owned"}, {"author"}),
    ("/en/desk/moderation/appeals/{appeal}/", {"outcome": "upheld", "answer": "Owned"}, MODERATORS),
    ("/en/desk/moderation/contribution/{pending}/notes/", {"note": "Owned"}, MODERATORS),
    (f"{DESK}moderation/", {"moderation_guide_en": "Owned"}, {"organizer"}),
    (f"/en/consultations/{SLUG}/summaries/1/correct/", {"statement": "1", "text": "Owned", "language": "en"}, CAN_ACT),
    ("/en/my/corrections/{came_back}/again/", {"text": "Owned", "language": "en"}, {"author"}),
    ("/en/my/corrections/{request}/withdraw/", {}, {"author"}),
    ("/en/my/appeals/correction/{refused}/", {"decision": "1", "text": "Owned"}, {"author"}),
    ("/en/desk/moderation/correction/{waits}/", {"code": "APPROVED", "version": "1", "decide": ""}, MODERATORS),
    ("/en/desk/moderation/correction/{request}/published/", {"reason": "R3"}, MODERATORS),
    (
        f"{DESK}summaries/corrections/{{request}}/",
        {"verdict": "upheld", "answer": "Owned", "answer_language": "en"},
        {"rapporteur", "organizer"},
    ),
    (f"{DESK}packs/", {"about": "compilation"}, WRITERS | {"organizer"}),
    (f"{DESK}edit/", {"title_en": "Owned"}, {"organizer"}),
    (f"{DESK}state/", {"state": "archived"}, {"organizer"}),
    (f"{DESK}roles/", {"address": "x@people.example", "role": "moderator"}, {"organizer"}),
    (f"{DESK}threads/1/", {"question_en": "Owned"}, {"organizer"}),
    ("/en/desk/people/{person}/", {"suspend": ""}, {"organizer"}),
    ("/en/desk/installation/", {"name_en": "Owned"}, {"organizer"}),
    (f"{DESK}letters/new/", LETTER, MODERATORS),
    (f"{DESK}letters/sheet/{{sheet}}/", {}, MODERATORS),
    (f"{DESK}letters/{{letter}}/correct/", LETTER, {"organizer"}),
    (f"{DESK}letters/{{letter}}/withdraw/", {}, {"organizer"}),
    (f"{DESK}summaries/{{summary}}/statements/{{statement}}/", {"text": "Owned"}, WRITERS),
    (f"{DESK}summaries/{{summary}}/contributions/read/", {"read": "1"}, WRITERS),
    (f"{DESK}summaries/schedule/", {"every": "week"}, {"organizer"}),
    (f"{DESK}texts/", {"shows": "yes"}, {"organizer"}),
    (f"{DESK}texts/{{text}}/ar/", {"content": "Owned"}, {"translator", "rapporteur", *MODERATORS}),
    (f"{DESK}summaries/{{summary}}/draft/", {"most": "5"}, WRITERS),
    (f"{DESK}summaries/{{summary}}/statements/{{statement}}/delete/", {}, WRITERS),
    (f"{DESK}summaries/{{summary}}/groups/making/", {"act": "ask"}, WRITERS),
    (f"{DESK}summaries/{{summary}}/groups/{{group}}/name/", {"name": "Owned"}, WRITERS),
    (f"{DESK}summaries/{{summary}}/groups/{{group}}/merge/", {"merge-to": "1:0"}, WRITERS),
    (f"{DESK}summaries/{{summary}}/groups/{{group}}/sentences/", {"put-to": "new", "member": "1"}, WRITERS),
    (f"{DESK}summaries/{{summary}}/groups/{{group}}/aside/", {}, WRITERS),
    (f"{DESK}summaries/{{summary}}/statements/{{statement}}/accept/", {"was": ""}, WRITERS),
    (f"{DESK}summaries/{{summary}}/citations/1/side/", {"side": ""}, WRITERS),
    (f"{DESK}summaries/{{summary}}/comments/new/", {"comment": "Why?"}, DOCUMENT),
    (f"{DESK}summaries/{{summary}}/comments/{{comment}}/", {"answer": "So."}, WRITERS | {"organizer"}),
    (f"{DESK}summaries/{{summary}}/renditions/ar/", {"save": ""}, {"translator", "rapporteur", "organizer"}),
    (f"{DESK}summaries/{{summary}}/renditions/ar/files/{{returned}}/", {}, {"translator"}),
    (f"{DESK}glossary/new/", {"word_en": "Owned"}, {"rapporteur", "organizer"}),
    (f"{DESK}glossary/{{term}}/", {"word_en": "Owned"}, {"rapporteur", "organizer", "translator"}),
    (f"{DESK}glossary/{{term}}/delete/", {"was": ""}, {"rapporteur", "organizer"}),
    (f"{DESK}glossary/import/{{terms}}/", {}, {"translator"}),
    (f"{DESK}memory/files/{{memory}}/", {}, {"translator"}),
    *directory.forms(DESK, signed_in=SIGNED_IN, moderators=MODERATORS),
    *events.forms(can_act=CAN_ACT),
    *themes.forms(),
    *outcomes.forms(),
    *bodies.forms(),
    *meetings.forms(),
    *comments.forms(),
]


def the_record():
    """Return how much there is of what a form could change."""
    return [kind.objects.count() for kind in (Act, Decision, Draft, Edition)]


@pytest.mark.parametrize("role", [*ROLES, "unverified"])
def test_the_wrong_hand_changes_nothing(role, place, client, request):
    enter_as(role, client, request)
    before, surprises = the_record(), []
    for address, data, allowed in FORMS:
        if role not in allowed:
            answer = client.post(address.format(**place), data)
            if answer.status_code not in ({302} if role in OUTSIDE else {403, 404}):
                surprises.append((address, answer.status_code))
    assert surprises == []
    assert the_record() == before
