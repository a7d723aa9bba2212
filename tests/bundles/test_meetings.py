"""The dossiers of meetings in a bundle: with the calendar in either order, out and in again, byte for byte."""

import json

import pytest

from plenara.bundles.actions.bundle import import_bundle
from plenara.bundles.actions.community import import_community
from plenara.bundles.actions.outcomes import pending_links
from plenara.bundles.queries.community_bundle import export_community
from plenara.bundles.targets import written
from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.transaction import writes
from plenara.directory.actions.entries import take_down
from plenara.events.models import Event, EventMark, Occurrence
from plenara.exports.queries import files
from plenara.outcomes import actions
from plenara.outcomes.models import Dossier, ItemMatter, WaitingDossier
from tests import world
from tests.bundles.bundles import consultation as row_of_consultation
from tests.bundles.bundles import contents, lines, row, write
from tests.bundles.test_outcomes import BODY, OUTCOME, PARAGRAPH, SUMMARY, everything_goes
from tests.events import entered
from tests.outcomes import making

pytestmark = pytest.mark.django_db

PAGES = ("events/{}/dossier/", "events/{}/", "outcomes/wgig/", "outcomes/wgig/report/paragraphs/1/")


@pytest.fixture
def dossier(organizer, author, moderator, consultation, thread):
    """A meeting that is over: it discussed a draft, a paragraph and two contributions, and decided twice."""
    body = making.body(organizer, consultation)
    chair = making.member(organizer, body, world.person("Nitin Rao", country="IN"), "chair")
    drafter = making.member(organizer, body, world.person("Clara Nunes"), "rapporteur")
    outcome = making.outcome(organizer, body)
    first, second = (world.published(author, moderator, thread, f"{word} {world.WORDS}") for word in ("One.", "Two."))
    making.paragraph(drafter, outcome, cites=first)
    making.published(drafter, chair, outcome)
    dates = [{"number": 1, "start": "2020-01-15T09:00", "end": "2020-01-15T17:00"}]
    event = entered.event("First meeting", prepares=consultation.slug, dates=dates)
    made = actions.make_dossier(actor=drafter, body=body, event=event)
    actions.edit_dossier(actor=drafter, dossier=made, intro={"en": "Bring **your** copy."})
    title, note = {"en": "The draft", "ar": "المشروع"}, {"en": "One hour."}
    item = actions.add_item(actor=drafter, dossier=made, title=title, note=note)
    for what in ({"outcome": outcome, "mark": 1}, {"contribution": second.contribution}, {"outcome": outcome}):
        actions.add_matter(actor=drafter, item=item, **what)
    actions.add_item(actor=drafter, dossier=made, title={"en": "What comes next"})
    actions.write_decision(
        actor=drafter, dossier=made, text={"en": "Say who manages it."}, item=item, paragraphs=[(outcome, 1)]
    )
    actions.write_decision(actor=drafter, dossier=made, text={"en": "The group meets again."})
    actions.write_report(actor=drafter, dossier=made, report={"en": "Forty members met."}, is_shown=True)
    return made


@pytest.fixture
def write_calendar(tmp_path):
    def ask(name="calendar"):
        with written(tmp_path / name) as target:
            export_community(target)
        return tmp_path / name

    return ask


def calendar_goes():
    for model in (EventMark, Occurrence, Event):
        model.objects.all().delete()


def meetings_in(path):
    return [json.loads(line) for line in contents(path)["meetings.jsonl"].splitlines()]


def test_a_dossier_is_exported_by_names_that_any_installation_has(dossier, consultation, write_out):
    (found,) = meetings_in(write_out(consultation))
    symbol = f"{consultation.symbol}/OUT/1"
    discussed = Dossier.objects.get().items.get(number=1).matters.get(contribution__isnull=False).contribution
    assert found["event"]["number"] == dossier.event.number and set(found["event"]) == {"number", "published_at"}
    assert [each.get("matters") for each in found["items"]] == [
        [{"symbol": symbol, "number": 1}, {"id": discussed.public_id}, {"symbol": symbol}], None
    ]  # fmt: skip
    assert found["report"] == {"en": "Forty members met."} and found["intro"] == {"en": "Bring **your** copy."}
    assert found["decisions"][0]["paragraphs"] == [{"symbol": symbol, "number": 1}]
    assert [each.get("item") for each in found["decisions"]] == [1, None]


@pytest.mark.parametrize("is_calendar_first", [False, True])
def test_it_comes_in_with_the_calendar_in_either_order(
    dossier, consultation, is_calendar_first, write_out, write_calendar, client
):
    number = dossier.event.number
    pages = {path: client.get(f"/en/{path}") for path in (each.format(number) for each in PAGES)}
    first, calendar = write_out(consultation), write_calendar()
    everything_goes()
    calendar_goes()
    if is_calendar_first:
        import_community(calendar)
    checked, _outcome = import_bundle(first)
    assert checked.meetings == 1
    home = Consultation.objects.get(slug=checked.slug)
    if not is_calendar_first:
        assert client.get(f"/en/events/{number}/dossier/").status_code == 404
        assert pending_links(home) == [(f"event {number} of the calendar", 1, False)]
        assert contents(write_out(home)) == contents(first)
        import_community(calendar)
    assert pending_links(home) == [] and not WaitingDossier.objects.exists()
    for path, page in pages.items():
        assert page.status_code == 200 and client.get(f"/en/{path}").content == page.content, path
    assert contents(write_out(home)) == contents(first)
    assert contents(write_calendar("again")) == contents(calendar)
    assert import_bundle(first)[1].name == "HERE_ALREADY"
    import_community(calendar)
    assert Dossier.objects.count() == 1


def test_another_event_with_its_number_does_not_take_it(dossier, consultation, write_out, client):
    first = write_out(consultation)
    everything_goes()
    Event.objects.update(published_at=clock.now())
    import_bundle(first)
    assert WaitingDossier.objects.count() == 1 and not Dossier.objects.exists()
    assert contents(write_out(Consultation.objects.get())) == contents(first)


def test_an_agenda_that_is_not_shown_and_a_report_that_is_not_are_in_no_bundle(dossier, consultation, write_out):
    Dossier.objects.update(reported_at=None)
    (found,) = meetings_in(write_out(consultation))
    assert not {"report", "decisions", "reported_at"} & found.keys() and found["items"]
    Dossier.objects.update(published_at=None)
    assert "meetings.jsonl" not in contents(write_out(consultation))


def test_of_a_meeting_that_was_removed_from_the_calendar_only_decisions_on_paragraphs_are_exported(
    dossier, consultation, write_out
):
    before = files.record_of(consultation)
    with writes():
        take_down(Event.objects.get(), "removed", reason="R2")
    assert files.record_of(consultation).gone > before.gone  # files that were made of it are served no more
    (found,) = meetings_in(write_out(consultation))
    assert not {"items", "intro", "report"} & found.keys()
    assert [each["text"]["en"] for each in found["decisions"]] == ["Say who manages it."]


FAR = row_of_consultation(slug="far-away", symbol="FAR/2020", title={"en": "Far away"})
MEETING = {
    "body": "wg", "event": {"number": 7, "published_at": "2026-01-02T00:00:00Z"},
    "published_at": "2026-01-03T00:00:00Z", "reported_at": "2026-01-04T00:00:00Z",
    "items": [
        {
            "number": 1, "title": {"en": "Wells"},
            "matters": [
                {"id": "z9", "consultation": "far-away"}, {"symbol": "WATER/2026/OUT/1", "number": 1}, {"id": "a1"},
                {"symbol": "FAR/2020/SUM/1"},
            ],
        }
    ],
    "decisions": [{
        "number": 1, "text": {"en": "Dig."}, "item": 1, "at": "2026-01-04T00:00:00Z",
        "paragraphs": [{"symbol": "WATER/2026/OUT/1", "number": 1}],
    }],
}  # fmt: skip


def water(tmp_path, *meetings, name="water"):
    """Write a bundle with one outcome and these meetings."""
    return write(
        tmp_path / name, outcomes_jsonl=lines(OUTCOME), paragraphs_jsonl=lines(PARAGRAPH),
        meetings_jsonl=lines(*meetings),
    )  # fmt: skip


@pytest.mark.parametrize("is_far_first", [False, True])
def test_what_it_discusses_of_another_consultation_is_linked_in_either_order(tmp_path, is_far_first, write_out):
    home = water(tmp_path, MEETING)
    away = write(tmp_path / "far", row("z9"), about=FAR, summaries_jsonl=lines(_summary("z9")))
    entered.event("A meeting")
    Event.objects.update(number=7, published_at="2026-01-02T00:00:00Z")
    for path in (away, home) if is_far_first else (home, away):
        import_bundle(path)
        if path == home and not is_far_first:
            at_first = pending_links(Consultation.objects.get(slug="village-water"))
            assert at_first == [("far-away", 1, False), ("the document FAR/2020/SUM/1", 1, False)]
            assert meetings_in(write_out(Consultation.objects.get(slug="village-water"))) == [MEETING]
    found = ItemMatter.objects.order_by("position").values_list("position", "contribution__bundle_id", "mark")
    assert list(found) == [(1, "z9", None), (2, None, 1), (3, "a1", None), (4, None, None)]
    assert Dossier.objects.get().bundle == {}
    assert meetings_in(write_out(Consultation.objects.get(slug="village-water"))) == [MEETING]


def _summary(cited):
    statement = SUMMARY["statements"][0] | {"cites": [{"contribution": cited}]}
    return {key: value for key, value in SUMMARY.items() if key != "symbol"} | {"statements": [statement]}


_ITEM = MEETING["items"][0]
_DECISION = MEETING["decisions"][0]


@pytest.mark.once
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"body": "other"}, "body: is 'other', but outcomes.jsonl has no such body"),
        ({"event": None}, "event: is missing"),
        ({"event": {"number": 7}}, "event.published_at: is missing"),
        ({"published_at": None}, "published_at: is missing"),
        ({"reported_at": None}, "reported_at: is missing, and there is a key decisions"),
        ({"place": "Geneva"}, "place: is not a key of this format"),
        ({"items": [_ITEM, _ITEM]}, "items[1].number: 1 appears twice"),
        (
            {"items": [_ITEM | {"matters": [{"id": "zz"}]}]},
            "items[0].matters[0].id: is 'zz', but contributions.jsonl has no",
        ),
        (
            {"items": [_ITEM | {"matters": [{"id": "r1"}]}]},
            "matters[0].id: is 'r1', which was never published",
        ),
        ({"items": [_ITEM | {"matters": [{}]}]}, "items[0].matters[0].id: give either id or symbol, and not both"),
        ({"items": [_ITEM | {"matters": [{"id": "a1", "number": 1}]}]}, "matters[0].number: needs the key symbol"),
        (
            {"items": [_ITEM | {"matters": [{"symbol": "WATER/2026/OUT/8"}]}]},
            "but this bundle has no such summary or outcome",
        ),
        (
            {"items": [_ITEM | {"matters": [{"symbol": "WATER/2026/OUT/1", "number": 8}]}]},
            "but no version of this outcome has a paragraph 8",
        ),
        ({"decisions": [_DECISION, _DECISION]}, "decisions[1].number: 1 appears twice"),
        ({"decisions": [_DECISION | {"item": 9}]}, "decisions[0].item: is 9, but this agenda has no such item"),
        ({"decisions": [_DECISION | {"at": None}]}, "decisions[0].at: is missing"),
        (
            {"decisions": [_DECISION | {"paragraphs": [{"symbol": "WATER/2026/OUT/1", "number": 4}]}]},
            "decisions[0].paragraphs[0].symbol: is 'WATER/2026/OUT/1', but no version",
        ),
        (
            {"decisions": [_DECISION | {"paragraphs": _DECISION["paragraphs"] * 2}]},
            "decisions[0].paragraphs[1]: WATER/2026/OUT/1, 1 appears twice",
        ),
    ],
)
def test_what_is_wrong_in_it_is_named_with_its_line(wrong, message, tmp_path, errors_of):
    wrong = {key: value for key, value in (MEETING | wrong).items() if value is not None}
    right = MEETING | {"event": {"number": 8, "published_at": "2026-01-02T00:00:00Z"}}
    path = write(
        tmp_path / "water", row("a1"), {"id": "r1", "thread": 1, "status": "rejected"},
        outcomes_jsonl=lines(OUTCOME, {"body": BODY | {"slug": "third"}}), paragraphs_jsonl=lines(PARAGRAPH),
        meetings_jsonl=lines(right, wrong),
    )  # fmt: skip
    (error, *_others) = errors_of(path)
    assert error.startswith("meetings.jsonl, line 2, ") and message in error


@pytest.mark.once
def test_the_same_meeting_twice_is_a_error(tmp_path, errors_of):
    assert errors_of(water(tmp_path, MEETING, MEETING)) == ["meetings.jsonl, line 2, event: is already on line 1"]
    assert errors_of(water(tmp_path, MEETING, name="right")) == []
