"""Outcomes in a bundle: every version with its paragraphs, out and in again, byte for byte; and what is refused."""

import json

import pytest

from plenara.consultations.models import Consultation
from plenara.contributions.models import Byline, Contribution
from plenara.documents import actions as document_actions
from plenara.documents.models import Document
from plenara.ledger.models import Act, Errand
from plenara.moderation.models import Decision
from plenara.outcomes import actions
from plenara.outcomes.models import Body, Opening, OutcomeEdition, Stage, Trace
from plenara.outcomes.unanswered import left_by
from tests import world
from tests.archive.bundle.bundles import contents, lines, row, write
from tests.outcomes import making
from tests.outcomes.test_translating import reviewed

pytestmark = pytest.mark.django_db

BODY = {"slug": "wg", "name": {"en": "A group"}, "published_at": "2026-01-02T00:00:00Z"}
OUTCOME = {
    "body": BODY, "slug": "report", "number": 1, "symbol": "WATER/2026/OUT/1", "source_language": "en",
    "versions": [
        {
            "revision": 0, "symbol": "WATER/2026/OUT/1", "stage": "zero_draft", "languages": ["en"],
            "sections": [{"number": 1, "slug": "wells", "title": {"en": "Wells"}}],
        }
    ],
}  # fmt: skip
_WELLS = OUTCOME["versions"][0]["sections"][0]
PARAGRAPH = {
    "outcome": "wg/report", "version": 0, "number": 1, "place": 1, "section": 1, "agreement": "open",
    "text": {"en": "Wells are dug uphill."}, "cites": [{"id": "a1", "revision": 0, "treatment": "noted"}],
}  # fmt: skip


@pytest.fixture
def body(organizer, consultation):
    return making.body(organizer, consultation)


@pytest.fixture
def cast(organizer, body):
    """The chair and the rapporteur of the body."""
    chair = making.member(organizer, body, world.person("Nitin Rao", country="IN"), "chair")
    return chair, making.member(organizer, body, world.person("Clara Nunes"), "rapporteur")


@pytest.fixture
def rich(cast, organizer, translator, rapporteur, body, author, moderator, consultation, thread, elsewhere):
    """An outcome with two versions: moved and deleted paragraphs, brackets, a statement, a language, one outdated."""
    from tests.summaries import making as summaries

    chair, drafter = cast
    first = world.published(author, moderator, thread, f"First. {world.WORDS}")
    second = world.published(author, moderator, thread, "Deuxième.", "fr")
    summary = summaries.summary(rapporteur, consultation)
    summaries.cited(rapporteur, summaries.statement(rapporteur, summary.document), first)
    for each in consultation.threads.exclude(pk=thread.pk):
        summaries.statement(rapporteur, summary.document, "Nobody has written.", kind="frame", thread=each)
    statement = summaries.published(rapporteur, organizer, summary).paragraphs.get(number=1)
    outcome = making.outcome(organizer, body)
    kept = making.paragraph(drafter, outcome, "Text with “quotes” and\na second line.", heading="A heading")
    actions.treat(
        actor=drafter, paragraph=kept, edition=first, words="three weeks before a meeting", treatment="taken_up",
        reason="It is agreed.",
    )  # fmt: skip
    actions.refer(actor=drafter, paragraph=kept, statement=statement, treatment="noted", reason="It is agreed.")
    goes = making.paragraph(drafter, outcome, "It goes again.", cites=second)
    actions.object_to(
        actor=chair, paragraph=goes, reason="It says too much.",
        was=document_actions.source_of(goes, outcome.document).digest,
    )  # fmt: skip
    reviewed(translator, drafter, outcome)
    making.published(drafter, chair, outcome)
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    actions.delete_paragraph(actor=drafter, paragraph=goes, was=making.stamp(goes), citations=1)
    new = making.paragraph(drafter, outcome, "It comes first.", cites=second, treatment="not_taken_up")
    actions.move_paragraph(actor=drafter, paragraph=new, section=outcome.sections.get(number=1))
    world.published(author, moderator, thread, "Left without an answer.")
    document_actions.submit_for_review(actor=drafter, document=outcome.document)
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    actions.publish(actor=chair, outcome=outcome, stage=Stage.FINAL, why_left={"en": "It came late."})
    return outcome


def everything_goes():
    """Empty the tables of consultations, as on another installation."""
    Body.objects.all().delete()
    Document.objects.all().delete()
    for model in (Decision, Errand, Act):
        model.objects.all().delete()
    Contribution.objects.all().delete()
    Consultation.objects.update(parent=None)
    Consultation.objects.all().delete()
    Byline.objects.all().delete()


def test_versions_paragraphs_and_matrix_are_told(rich, consultation, write_out):
    files = contents(write_out(consultation))
    (told,) = [json.loads(line) for line in files["outcomes.jsonl"].splitlines()]
    assert [each["stage"] for each in told["versions"]] == ["zero_draft", "final"]
    assert told["body"]["members"][0] == {"part": "chair", "name": "Nitin Rao", "country": "ML"}
    assert told["versions"][1]["why_left"] == {"en": "It came late."}
    rows = [json.loads(line) for line in files["paragraphs.jsonl"].splitlines()]
    said = [(each["version"], each["number"]) for each in rows if each.get("kind") != "frame"]
    assert said == [(0, 1), (0, 2), (1, 6), (1, 1)]  # three frames stand in the sections that say nothing yet
    assert rows[1]["agreement"] == "bracketed"
    assert rows[1]["objections"] == [{"name": "Nitin Rao", "reason": "It says too much.", "language": "en"}]
    assert rows[0]["cites"][0]["reason"] == {"en": "It is agreed."}
    assert rows[0]["refers"][0]["symbol"].endswith("/SUM/1")
    matrix = [json.loads(line) for line in files["matrix.jsonl"].splitlines()]
    assert [(each["paragraph"], each["treatment"], "through" in each) for each in matrix] == [
        (1, "taken_up", False), (1, "noted", True), (6, "not_taken_up", False),
    ]  # fmt: skip


def test_what_comes_in_goes_out_the_same_byte_for_byte(rich, consultation, write_out, bring_in):
    path = write_out(consultation)
    first = contents(path)
    everything_goes()
    again = bring_in(path)
    second = contents(write_out(again))
    for name in first:
        assert second[name] == first[name], name
    assert set(first) == set(second)
    version = OutcomeEdition.objects.get(edition__in_force=True)
    assert Trace.objects.filter(edition=version).count() == 3
    assert left_by(version).count() == 1
    assert bring_in(path) == again  # it is here already, and nothing changes


def test_an_outcome_that_came_in_can_be_written_further(rich, consultation, write_out, bring_in, organizer):
    path = write_out(consultation)
    everything_goes()
    bring_in(path)
    body = Body.objects.get()
    outcome = body.outcomes.get()
    keeper = world.grant(world.person("Olga Petrova"), body.consultation, "organizer")
    chair = making.member(keeper, body, world.person("Nitin Rao"), "chair")
    drafter = making.member(keeper, body, world.person("Clara Nunes"), "rapporteur")
    document_actions.reopen(actor=drafter, document=outcome.document)
    made = making.paragraph(drafter, outcome, "A fourth one.", kind="frame")
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    version = actions.publish(actor=chair, outcome=outcome, stage=Stage.FINAL, why_left={"en": "It came late."})
    assert making.fresh(made).mark == 7  # no number is given twice, not even one whose paragraph went
    assert version.edition.symbol.endswith("/OUT/1/Rev.2")


def test_what_is_cited_of_a_consultation_that_is_not_here_is_told_again(bring_in, write_out, tmp_path):
    away = {"id": "z9", "revision": 0, "consultation": "far-away", "treatment": "noted", "reason": {"en": "Noted."}}
    refer = {"symbol": "FAR/2020/SUM/1", "number": 4, "treatment": "taken_up", "reason": {"en": "Agreed."}}
    told = {**PARAGRAPH, "cites": [away, *PARAGRAPH["cites"]], "refers": [refer]}
    opened = {**OUTCOME, "answers": ["far-away"], "openings": [{"revision": 0, "consultation": "comments"}]}
    path = write(tmp_path / "in", outcomes_jsonl=lines(opened), paragraphs_jsonl=lines(told))
    made = bring_in(path)
    files = contents(write_out(made))
    (again,) = [json.loads(line) for line in files["paragraphs.jsonl"].splitlines()]
    assert again["cites"] == [away, *PARAGRAPH["cites"]] and again["refers"] == [refer]
    (outcome,) = [json.loads(line) for line in files["outcomes.jsonl"].splitlines()]
    assert outcome["answers"] == ["far-away"] and outcome["openings"] == opened["openings"]


def test_what_is_here_for_something_else_is_linked_as_no_opening(bring_in, elsewhere, tmp_path):
    told = OUTCOME | {"openings": [{"revision": 0, "consultation": elsewhere.slug}]}
    bring_in(write(tmp_path / "in", outcomes_jsonl=lines(told)))
    assert not Opening.objects.exists()


def test_a_version_without_a_paragraph_has_its_pages(bring_in, tmp_path, client):
    bring_in(write(tmp_path / "in", outcomes_jsonl=lines(OUTCOME)))
    for tail in (
        "",
        "rev/0/",
        "matrix/",
        "answers/",
        "unanswered/",
        "coverage/",
        "comments/",
        "matrix.csv",
        "cite.bib",
    ):
        assert client.get(f"/en/outcomes/wg/report/{tail}").status_code == 200, tail


def test_a_body_without_an_outcome_is_told(bring_in, write_out, tmp_path):
    made = bring_in(write(tmp_path / "in", outcomes_jsonl=lines({"body": BODY})))
    assert json.loads(contents(write_out(made))["outcomes.jsonl"]) == {"body": BODY}


def test_a_body_whose_address_is_taken_is_refused_whole(rich, bring_in, tmp_path):
    from plenara.archive.bundle.importing.bundle import Refused

    path = write(tmp_path / "in", outcomes_jsonl=lines({"body": {**BODY, "slug": "wgig"}}))
    with pytest.raises(Refused, match="another body has this address"):
        bring_in(path)
    assert not Consultation.objects.filter(slug="village-water").exists()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"section": 9}, "section: is 9, which this version does not have"),
        ({"version": 3}, "version: is 3, which 'wg/report' does not have"),
        ({"outcome": "wg/other"}, "outcome: is 'wg/other', which no row of outcomes.jsonl is"),
        ({"text": {"fr": "En amont."}}, "text: has no text in the source language, en"),
        ({"agreement": "perhaps"}, "agreement: is \"perhaps\"; it must be one of agreed, bracketed, open"),
        ({"cites": [{"id": "b7", "revision": 0}]}, "cites[0].id: is 'b7', which no row of contributions.jsonl is"),
        ({"cites": [{"id": "a1", "revision": 2}]}, "cites[0].revision: is 2, which 'a1' does not have"),
        ({"cites": [{"id": "a1", "revision": 0, "treatment": "kept"}]}, "cites[0].treatment: is \"kept\""),
        ({"refers": [{"symbol": "FAR/SUM/1", "number": 4}] * 2}, "refers[1]: is told already"),
        ({"colour": "green"}, "colour: is not a key of this format"),
    ],
)  # fmt: skip
def test_a_paragraph_that_does_not_fit_is_named_with_its_line(change, fault, faults_of, tmp_path):
    right = PARAGRAPH | {"number": 2, "place": 2}
    path = write(tmp_path / "in", outcomes_jsonl=lines(OUTCOME), paragraphs_jsonl=lines(right, PARAGRAPH | change))
    (told,) = faults_of(path)
    assert told.startswith(f"paragraphs.jsonl, line 2, {fault}")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"symbol": None}, "symbol: is missing"),
        ({"versions": []}, "versions: is empty"),
        ({"versions": [OUTCOME["versions"][0] | {"symbol": "OTHER/1"}]}, "versions[0].symbol: is 'OTHER/1'; it must"),
        ({"versions": [OUTCOME["versions"][0] | {"languages": ["fr"]}]}, "versions[0].languages: lacks the source"),
        ({"versions": OUTCOME["versions"] * 2}, "versions[1].revision: is not higher"),
        ({"openings": [{"revision": 4, "consultation": "x"}]}, "openings[0].revision: is 4, which no version has"),
        (
            {"openings": [{"revision": 0, "consultation": each} for each in "xy"]},
            "openings[1].revision: is 0, which was",
        ),
        ({"slug": "members"}, "slug: is 'members', where a page of its body stands"),
        ({"symbol": "WGIG/2004/OUT/1"}, "symbol: is 'WGIG/2004/OUT/1'; it must begin with WATER/2026/"),
        (
            {"versions": [OUTCOME["versions"][0] | {"sections": [{**_WELLS, "number": each} for each in (1, 2)]}]},
            "versions[0].sections: has a slug twice",
        ),
        ({"body": BODY | {"begins_on": "2026-02-31"}}, "body.begins_on: is '2026-02-31', which is no day"),
    ],
)
def test_an_outcome_that_does_not_fit_is_named_with_its_line(change, fault, faults_of, tmp_path):
    path = write(tmp_path / "in", row("a1"), outcomes_jsonl=lines(OUTCOME | change))
    told = faults_of(path)
    assert told and told[0].startswith(f"outcomes.jsonl, line 1, {fault}")


def test_the_words_of_the_format_are_those_of_the_models():
    from plenara.documents.models import Treatment
    from plenara.outcomes.bundling import AGREEMENTS, PARTS, STAGES, TREATMENTS
    from plenara.outcomes.models import Agreement, Member

    assert list(Member.Part.values) == list(PARTS) and list(Stage.values) == list(STAGES)
    assert list(Agreement.values) == list(AGREEMENTS) and list(Treatment.values) == list(TREATMENTS)
