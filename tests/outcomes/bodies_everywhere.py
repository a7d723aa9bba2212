"""Every address of bodies and of an outcome's settings at the desk, with permissions; for the data of
`everywhere.py`.
"""

from typing import Any

from plenara.accounts.models import Person
from plenara.outcomes import actions
from plenara.outcomes.models import Body

HOME = "desk/consultations/internet-governance/outcomes/"
BODY = "desk/outcomes/wgig/"
ONE = f"{BODY}report/"
SEAT = f"{BODY}members/{{seat}}/"

#: Pages for people who see a body, who manage it, and who arrange sections.
SEEN = ["desk/outcomes/", BODY, f"{ONE}review/"]
KEPT = [
    f"{HOME}new/", f"{BODY}edit/", f"{BODY}members/", f"{BODY}members/new/", SEAT, f"{BODY}new/", f"{ONE}settings/",
]  # fmt: skip
ARRANGED = [f"{ONE}sections/", f"{ONE}sections/new/", f"{ONE}sections/{{outcome_section}}/"]


def places() -> dict[str, Any]:
    """Return the ids that the addresses above name: a member without an account who is invited, and a section."""
    body, curator = Body.objects.get(slug="wgig"), Person.objects.get(name="Keeper of the body")
    seat = actions.add_member(
        actor=curator, body=body, part="observer", name="ليلى حداد", organization="شبكة المستقبل", country="LB",
        stakeholder_group="civil_society",
    )  # fmt: skip
    actions.invite_member(actor=curator, member=seat, address="seat@people.example")
    return {"seat": seat.pk, "outcome_section": body.outcomes.get().sections.get(number=1).pk}


def addresses() -> list[tuple[str, set[str]]]:
    """Return addresses with the people who may open them."""
    sees = {"rapporteur", "organizer", "translator"}
    return [
        (f"/en/{HOME}", sees),
        # Everybody who works at the desk sees their bodies there.
        ("/en/desk/outcomes/", {*sees, "moderator", "moderator_elsewhere", "organizer_elsewhere", "operator"}),
        *((f"/en/{page}", sees) for page in SEEN[1:]),
        *((f"/en/{page}", {"organizer"}) for page in KEPT),
        *((f"/en/{page}", {"organizer", "rapporteur"}) for page in ARRANGED),
    ]


def forms() -> list[tuple[str, dict[str, str], set[str]]]:
    """Return forms with the people who may send them."""
    keeps = {"organizer"}
    return [
        (f"/en/{HOME}new/", {"name_en": "Owned", "slug": "owned"}, keeps),
        (f"/en/{BODY}edit/", {"name_en": "Owned"}, keeps),
        (f"/en/{BODY}publish/", {}, keeps),
        (f"/en/{BODY}members/", {"member": "1", "to": "1"}, keeps),
        (f"/en/{BODY}members/new/", {"name": "Owned", "part": "chair"}, keeps),
        (f"/en/{SEAT}", {"name": "Owned", "part": "chair"}, keeps),
        (f"/en/{SEAT}invite/", {"address": "x@people.example", "email_language": "en"}, keeps),
        (f"/en/{SEAT}remove/", {}, keeps),
        (f"/en/{BODY}new/", {"title": "Owned", "slug": "owned", "source_language": "en"}, keeps),
        (f"/en/{ONE}settings/", {"title": "Owned", "slug": "owned"}, keeps),
        (f"/en/{ONE}sections/", {"section": "1", "to": "2"}, {"organizer", "rapporteur"}),
        (f"/en/{ONE}sections/new/", {"title_en": "Owned", "slug": "owned"}, {"organizer", "rapporteur"}),
        (f"/en/{ONE}review/", {"act": "approve"}, {"organizer"}),
        (f"/en/{ONE}review/", {"act": "publish", "stage": "final"}, {"organizer"}),
        (f"/en/{ONE}review/", {"act": "submit_for_review"}, {"rapporteur"}),
    ]
