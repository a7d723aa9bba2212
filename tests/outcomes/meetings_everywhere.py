"""Every address of a meeting, with permissions: a past meeting of the working group of `everywhere`."""

from typing import Any

from plenara.outcomes import actions
from plenara.outcomes.models import Body
from tests.events import entered
from tests.outcomes import making

DESK = "desk/outcomes/wgig/meetings/"
ONE = f"{DESK}{{meeting}}/"

PUBLIC = ["events/{meeting}/dossier/"]
SEEN = [DESK, ONE]
KEPT = [
    f"{ONE}intro/", f"{ONE}items/new/", f"{ONE}items/{{agenda_item}}/", f"{ONE}items/{{agenda_item}}/?q=a",
    f"{ONE}report/", f"{ONE}decisions/new/", f"{ONE}decisions/1/",
]  # fmt: skip


def places(rapporteur: Any, edition: Any) -> dict[str, Any]:
    """Return the ids that the addresses name. The working group is there, and the rapporteur writes for it."""
    body = Body.objects.get(slug="wgig")
    dates = [{"number": 1, "start": "2020-01-15T09:00", "end": "2020-01-15T17:00"}]
    event = entered.event({"en": "First meeting"}, prepares=body.consultation.slug, dates=dates)
    writer = making.fresh(rapporteur)
    dossier = actions.make_dossier(actor=writer, body=body, event=event)
    actions.edit_dossier(actor=writer, dossier=dossier, intro={"en": "Bring **your** copy."})
    item = actions.add_item(
        actor=writer, dossier=dossier, title={"en": "Documents", "ar": "الوثائق"}, note={"en": "One hour."}
    )
    actions.add_matter(actor=writer, item=item, contribution=edition.contribution)
    actions.add_item(actor=writer, dossier=dossier, title={"en": "What comes next"})
    actions.write_decision(actor=writer, dossier=dossier, text={"en": "The group meets again."}, item=item)
    actions.write_report(actor=writer, dossier=dossier, report={"en": "Forty members met."}, is_shown=True)
    return {"meeting": event.number, "agenda_item": item.pk}


def addresses(everybody: set[Any]) -> list[tuple[str, set[Any]]]:
    """Return addresses with the people who may open them."""
    sees, keeps = {"rapporteur", "organizer", "translator"}, {"rapporteur", "organizer"}
    return [
        *((f"/en/{page}", everybody) for page in PUBLIC),
        *((f"/en/{page}", sees) for page in SEEN),
        *((f"/en/{page}", keeps) for page in KEPT),
    ]


def forms() -> list[tuple[str, dict[str, str], set[str]]]:
    """Return forms with the people who may send them."""
    keeps = {"rapporteur", "organizer"}
    return [
        (f"/en/{DESK}", {"event": "1"}, keeps),
        (f"/en/{ONE}", {"do": "files", "language": "en"}, keeps),
        (f"/en/{ONE}intro/", {"intro_en": "Owned"}, keeps),
        (f"/en/{ONE}items/new/", {"title_en": "Owned"}, keeps),
        (f"/en/{ONE}items/{{agenda_item}}/", {"title_en": "Owned"}, keeps),
        (f"/en/{ONE}items/{{agenda_item}}/matters/", {"chosen": "outcome:1"}, keeps),
        (f"/en/{ONE}report/", {"report_en": "Owned"}, keeps),
        (f"/en/{ONE}decisions/new/", {"text_en": "Owned"}, keeps),
        (f"/en/{ONE}decisions/1/", {"text_en": "Owned"}, keeps),
    ]
