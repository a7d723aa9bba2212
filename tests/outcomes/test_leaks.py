"""Unpublished data are not shown in public, nor drafts to former members."""

import csv
import datetime
import io

import pytest

from plenara.consultations.models import State
from plenara.core import clock
from plenara.core.life_cycle import State as ItemState
from plenara.core.refusals import InvalidInput
from plenara.core.tasks import run_all
from plenara.directory.actions.entries import take_down
from plenara.documents import actions as document_actions
from plenara.events.models import Event
from plenara.outcomes import actions
from plenara.outcomes.models import Dossier, OutcomeEdition
from plenara.outcomes.queries.contributions import trails_of
from tests import world
from tests.events import entered
from tests.outcomes import making
from tests.outcomes.making import fresh
from tests.outcomes.test_meetings import AFTER

pytestmark = pytest.mark.django_db

CONTRIBUTION = "/en/consultations/internet-governance/contributions/{}/"


@pytest.fixture
def hidden(consultation):
    """The home of a body that is not announced yet; the body answers another consultation, which is open."""
    home = world.consultation("hidden", stage=State.DRAFT)
    organizer = world.grant(world.person("Keeper of the hidden"), home, "organizer")
    return organizer, making.body(organizer, home, "hidden-body")


def left(organizer, body, person):
    """End a membership."""
    it = body.members.get(person=person)
    actions.edit_member(
        actor=organizer, member=it, part=it.part, name=it.name, stakeholder_group="", organization="", country="",
        since=None, until=datetime.date(2020, 1, 1),
    )  # fmt: skip


def test_nothing_is_published_by_a_body_whose_home_is_not_announced(hidden, consultation, edition):
    organizer, body = hidden
    chair = making.member(organizer, body, world.person("Chair"), "chair")
    drafter = making.member(organizer, body, world.person("Drafter"), "rapporteur")
    outcome = making.outcome(organizer, body, consultations=[consultation])
    making.paragraph(drafter, outcome, cites=edition)
    with pytest.raises(InvalidInput, match=r"The consultation is not public yet. Announce it first."):
        making.published(drafter, chair, outcome)
    assert not OutcomeEdition.objects.exists()


def test_nor_is_its_agenda_or_report(hidden, consultation, client):
    organizer, body = hidden
    making.outcome(organizer, body, consultations=[consultation])
    event = entered.event("A meeting", prepares=consultation.slug)
    dossier = actions.make_dossier(actor=organizer, body=body, event=event)
    actions.add_item(actor=organizer, dossier=dossier, title={"en": "The definition"})
    with pytest.raises(InvalidInput, match=r"The consultation is not public yet. Announce it first."):
        actions.publish_dossier(actor=organizer, dossier=dossier)
    with pytest.raises(InvalidInput, match=r"The consultation is not public yet. Announce it first."):
        actions.write_report(actor=organizer, dossier=dossier, report={"en": "We met."}, is_shown=True)
    assert Dossier.objects.get().published_at is None
    assert client.get(f"/en/events/{event.number}/dossier/").status_code == 404


def test_a_writer_who_left_hears_no_more_of_what_is_written(
    organizer, body, outcome, paragraph, drafter, secretary, chair, mailoutbox
):
    making.paragraph(secretary, outcome, section=2, kind="frame")
    left(organizer, body, drafter)
    making.fill(secretary, outcome)
    document_actions.submit_for_review(actor=secretary, document=fresh(outcome.document))
    document_actions.send_back(actor=chair, document=outcome.document, note="Say it in one sentence.")
    run_all()
    notified = {address for each in mailoutbox if "Say it in one sentence." in each.body for address in each.to}
    assert notified == {secretary.email}


def test_who_proposed_and_left_gets_no_answer(organizer, body, paragraph, member, drafter, mailoutbox):
    proposal = making.proposed(member, paragraph)
    left(organizer, body, member)
    actions.decline(actor=drafter, proposal=proposal, answer="It says less.")
    run_all()
    assert not [each for each in mailoutbox if "It says less." in each.body]


def test_a_meeting_that_was_taken_from_the_calendar_is_on_no_trail(version, drafter, dossier, item, edition, client):
    actions.add_matter(actor=drafter, item=item, contribution=edition.contribution)
    actions.publish_dossier(actor=drafter, dossier=dossier)
    address = CONTRIBUTION.format(edition.number)
    anchor = f"/en/events/{dossier.event.number}/dossier/#item-1"
    assert anchor in client.get(address).content.decode()
    assert 'id="item-1"' in client.get(anchor.partition("#")[0]).content.decode()
    take_down(Event.objects.get(pk=dossier.event_id), ItemState.REMOVED, reason="R1")
    assert "/dossier/" not in client.get(address).content.decode()
    assert trails_of([edition.contribution_id])[edition.contribution_id].discussed == []


def test_what_it_decided_stays_and_says_that_the_meeting_has_gone(version, outcome, drafter, dossier, item, client):
    with clock.at(AFTER):
        actions.write_decision(actor=drafter, dossier=dossier, text={"en": "It is taken."}, paragraphs=[(outcome, 1)])
        actions.write_report(actor=drafter, dossier=dossier, report={"en": "We met."}, is_shown=True)
    take_down(Event.objects.get(pk=dossier.event_id), ItemState.REMOVED, reason="R1")
    page = client.get("/en/outcomes/wgig/report/paragraphs/1/").content.decode()
    assert "It is taken." in page and "no longer published" in page


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def test_nobodys_words_are_markup(outcome, body, organizer, drafter, chair, member, edition, dossier, item, client):
    made = making.paragraph(drafter, outcome, f"Text {HOSTILE}", heading=f"H {HOSTILE}", cites=edition, reason=HOSTILE)
    actions.object_to(actor=member, paragraph=made, reason=HOSTILE, was=making.source(made).digest)
    it = body.members.get(person=member)
    values = {"stakeholder_group": "", "country": "", "since": None, "part": it.part}
    actions.edit_member(actor=organizer, member=it, name=HOSTILE, organization=HOSTILE, **values)
    actions.edit_body(
        actor=organizer, body=body, name={"en": HOSTILE}, mandate={"en": HOSTILE}, begins_on=None, ends_on=None
    )
    making.published(drafter, chair, outcome)
    actions.add_matter(actor=drafter, item=item, contribution=edition.contribution)
    actions.edit_item(actor=drafter, item=item, title={"en": HOSTILE}, note={"en": HOSTILE})
    actions.edit_dossier(actor=drafter, dossier=dossier, intro={"en": HOSTILE})
    actions.publish_dossier(actor=drafter, dossier=dossier)
    base = "/en/outcomes/wgig/"
    for path in (
        "/en/outcomes/", base, f"{base}members/", f"{base}feed.atom", f"{base}report/", f"{base}report/paragraphs/1/",
        f"{base}report/matrix/", f"{base}report/answers/", f"/en/events/{dossier.event.number}/dossier/",
        CONTRIBUTION.format(edition.number),
    ):  # fmt: skip
        page = client.get(path).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page, path


@pytest.mark.parametrize("sign", "=+-@")
def test_no_cell_of_the_matrix_is_a_formula(outcome, drafter, chair, edition, client, sign):
    making.paragraph(drafter, outcome, cites=edition, reason=f"{sign}HYPERLINK(A1)")
    making.published(drafter, chair, outcome)
    table = b"".join(client.get("/en/outcomes/wgig/report/matrix.csv")).decode("utf-8-sig")
    assert [row["reason"] for row in csv.DictReader(io.StringIO(table))] == [f"'{sign}HYPERLINK(A1)"]
