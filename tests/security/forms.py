"""Forms as they should be filled in, with who may send them. Every other role sends them in `test_authorization.py`."""

from typing import Any

from tests.contributions.entered import LETTER
from tests.directory import everywhere as directory
from tests.events import everywhere as events
from tests.outcomes import bodies_everywhere as bodies
from tests.outcomes import comments_everywhere as comments
from tests.outcomes import everywhere as outcomes
from tests.outcomes import meetings_everywhere as meetings
from tests.test_permissions import CAN_ACT, ROLES, SIGNED_IN
from tests.themes import everywhere as themes

SLUG = "internet-governance"
DESK = f"/en/desk/consultations/{SLUG}/"


MODERATORS = {"moderator", "organizer"}
WRITERS = {"rapporteur"}
DOCUMENT = {"rapporteur", "translator", "organizer"}

#: Address (as `authorization.txt` names it), what is sent, who may.
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
    ("/en/desk/moderation/decisions/{rejection}/publish/", {}, {"moderator"}),
    ("/en/my/contributions/{appealed}/appeal/", {"decision": "1", "text": "Owned"}, {"author"}),
    ("/en/desk/moderation/appeals/{appeal}/", {"outcome": "upheld", "answer": "Owned"}, MODERATORS),
    ("/en/desk/moderation/contribution/{pending}/notes/", {"note": "Owned"}, MODERATORS),
    (f"{DESK}moderation/", {"moderation_guide_en": "Owned"}, {"organizer"}),
    (f"/en/my/corrections/new/{SLUG}/1/", {"statement": "1", "text": "Owned", "language": "en"}, CAN_ACT),
    ("/en/my/corrections/{came_back}/again/", {"text": "Owned", "language": "en"}, {"author"}),
    ("/en/my/corrections/{request}/withdraw/", {}, {"author"}),
    ("/en/my/appeals/correction/{refused}/", {"decision": "1", "text": "Owned"}, {"author"}),
    ("/en/desk/moderation/correction/{waits}/", {"code": "APPROVED", "version": "1", "decide": ""}, MODERATORS),
    ("/en/desk/moderation/correction/{request}/published/", {"reason": "C3"}, MODERATORS),
    (
        f"{DESK}summaries/corrections/{{request}}/",
        {"verdict": "upheld", "answer": "Owned", "answer_language": "en"},
        {"rapporteur", "organizer"},
    ),
    (f"{DESK}packs/", {"about": "compilation"}, WRITERS | {"organizer"}),
    (f"{DESK}edit/", {"title_en": "Owned"}, {"organizer"}),
    (f"{DESK}state/", {"state": "archived"}, {"organizer"}),
    (f"{DESK}roles/", {"people": "x@people.example", "role": "moderator"}, {"organizer"}),
    (f"{DESK}threads/1/", {"question_en": "Owned"}, {"organizer"}),
    ("/en/desk/people/{person}/", {"suspend": ""}, {"organizer"}),
    ("/en/desk/installation/", {"name_en": "Owned"}, {"organizer"}),
    ("/en/desk/installation/look/", {"accent": "#8b0000", "save": ""}, {"organizer"}),
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
    (f"{DESK}summaries/{{summary}}/citations/{{citation}}/side/", {"side": ""}, WRITERS),
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


def sent_by_the_wrong_hand(role: str, address: str) -> list[dict[str, Any]]:
    """Return the forms that a role may not send to an address; none for roles of which nothing is said above."""
    return [form for where, form, allowed in FORMS if where == address and role in ROLES and role not in allowed]
