"""Outcomes in a bundle: every version with its paragraphs, out and in again, byte for byte; and what is refused."""

import json

import pytest

from plenara.consultations.models import Consultation
from plenara.contributions.models import Byline, Contribution
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.documents import actions as document_actions
from plenara.documents.models import Document, PublishedParagraph
from plenara.moderation.models import Decision
from plenara.outcomes import actions
from plenara.outcomes.models import Body, Opening, OutcomeEdition, Stage, Trace
from plenara.outcomes.queries.contributions import unanswered_by
from plenara.summaries.models import Summary, SummaryEdition
from tests import world
from tests.bundles.bundles import consultation as row_of_consultation
from tests.bundles.bundles import contents, lines, row, write
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
    actions.respond(
        actor=drafter, paragraph=kept, edition=first, words="three weeks before a meeting", response="taken_up",
        reason="It is agreed.",
    )  # fmt: skip
    actions.refer(actor=drafter, paragraph=kept, statement=statement, response="noted", reason="It is agreed.")
    goes = making.paragraph(drafter, outcome, "It goes again.", cites=second)
    actions.object_to(
        actor=chair, paragraph=goes, reason="It says too much.",
        was=document_actions.source_of(goes, outcome.document).digest,
    )  # fmt: skip
    reviewed(translator, drafter, outcome)
    making.published(drafter, chair, outcome)
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    actions.delete_paragraph(actor=drafter, paragraph=goes, was=making.stamp(goes), citations=1)
    new = making.paragraph(drafter, outcome, "It comes first.", cites=second, response="not_taken_up")
    actions.move_paragraph(actor=drafter, paragraph=new, section=outcome.sections.get(number=1))
    world.published(author, moderator, thread, "Left without an answer.")
    document_actions.submit_for_review(actor=drafter, document=outcome.document)
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    actions.publish(actor=chair, outcome=outcome, stage=Stage.FINAL, why_left={"en": "It came late."})
    return outcome


@pytest.fixture
def corrected(rich, rapporteur, organizer, author, moderator, thread):
    """The same, after the summary that it cites was corrected: a statement went, another one cites one thing more."""
    from tests.summaries import making as summaries

    summary = Summary.objects.get()
    more = world.published(author, moderator, thread, f"More. {world.WORDS}")
    document_actions.reopen(actor=rapporteur, document=summary.document)
    first = summary.document.paragraphs.get(number=1)
    summaries.cited(rapporteur, first, more)
    gone = summary.document.paragraphs.exclude(thread=None).last()
    document_actions.delete_paragraph(actor=rapporteur, paragraph=gone, was=making.stamp(gone), citations=0)
    summaries.statement(rapporteur, summary.document, "Still nobody.", kind="frame", thread=gone.thread)
    summaries.published(rapporteur, organizer, summaries.fresh(summary), is_correction=True)
    return rich


def everything_goes():
    """Empty the tables of consultations, as on another installation."""
    Body.objects.all().delete()
    Document.objects.all().delete()
    for model in (Decision, BackgroundTask, AuditEntry):
        model.objects.all().delete()
    Contribution.objects.all().delete()
    Consultation.objects.update(parent=None)
    Consultation.objects.all().delete()
    Byline.objects.all().delete()


def test_versions_paragraphs_and_matrix_are_exported(rich, consultation, write_out):
    files = contents(write_out(consultation))
    (outcome,) = [json.loads(line) for line in files["outcomes.jsonl"].splitlines()]
    assert [each["stage"] for each in outcome["versions"]] == ["zero_draft", "final"]
    assert outcome["body"]["members"][0] == {"part": "chair", "name": "Nitin Rao", "country": "ML"}
    assert outcome["versions"][1]["why_left"] == {"en": "It came late."}
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
    assert unanswered_by(version).count() == 1
    assert bring_in(path) == again  # it is here already, and nothing changes


def test_the_matrix_leads_through_an_edition_of_a_summary_that_was_corrected_since(
    corrected, consultation, write_out, bring_in, client
):
    kept = [each.figures["ticks"] for each in SummaryEdition.objects.order_by("edition__revision")]
    assert kept[0] != kept[1]
    path = write_out(consultation)
    first = contents(path)
    (row_of_summary,) = [json.loads(line) for line in first["summaries.jsonl"].splitlines()]
    assert row_of_summary["symbol"].endswith("/SUM/1/Corr.1")
    (earlier,) = row_of_summary["earlier"]
    assert earlier["symbol"].endswith("/SUM/1") and earlier["revision"] == 0
    assert len(earlier["statements"][0]["cites"]) == 1 and len(row_of_summary["statements"][0]["cites"]) == 2
    through = [line for line in first["matrix.jsonl"].splitlines() if b"through" in line]
    assert len(through) == 1 and b'/SUM/1"' in through[0]
    everything_goes()
    again = bring_in(path)
    assert contents(write_out(again)) == first
    figures = SummaryEdition.objects.order_by("edition__revision").values_list("figures", flat=True)
    assert [each["ticks"] for each in figures] == kept
    assert Trace.objects.filter(statement__edition__symbol=earlier["symbol"]).count() == 2  # one in each version
    base = f"/en/consultations/{again.slug}/summaries/1/"
    assert [client.get(base + tail).status_code for tail in ("", "rev/0/", "rev/1/", "changes/1/")] == [200] * 4


def test_an_outcome_may_refer_to_one_that_stands_later_in_the_file(
    cast, organizer, body, author, moderator, consultation, thread, write_out, bring_in
):
    chair, drafter = cast
    cited = world.published(author, moderator, thread, f"First. {world.WORDS}")
    first, second = making.outcome(organizer, body), making.outcome(organizer, body, slug="annex")
    making.paragraph(drafter, second, "The annex has it.", cites=cited)
    kept = making.paragraph(drafter, first, "As the annex has it.", cites=cited)
    for each in (first, second):
        making.published(drafter, chair, each)
    annex = PublishedParagraph.objects.get(texts__text="The annex has it.")
    document_actions.reopen(actor=drafter, document=making.fresh(first.document))
    actions.refer(actor=drafter, paragraph=kept, statement=annex, response="noted", reason="It is agreed.")
    document_actions.submit_for_review(actor=drafter, document=making.fresh(first.document))
    document_actions.approve(actor=chair, document=making.fresh(first.document))
    actions.publish(actor=chair, outcome=first, stage=Stage.FINAL)
    path = write_out(consultation)
    files = contents(path)
    assert b'"through"' in files["matrix.jsonl"]
    everything_goes()
    assert contents(write_out(bring_in(path))) == files


def test_a_line_through_another_consultation_comes_out_as_it_came_in(bring_in, write_out, tmp_path):
    refer = {"symbol": "FAR/2020/OUT/1", "number": 4, "treatment": "taken_up", "reason": {"en": "Agreed."}}
    direct = {"outcome": "wg/report", "id": "a1", "paragraph": 1, "treatment": "noted"}
    beyond = direct | {"treatment": "taken_up", "through": {"symbol": "FAR/2020/OUT/1", "number": 4}}
    other = beyond | {"id": "a2"}
    path = write(
        tmp_path / "in", row("a2", number=2), row("a1", number=1), outcomes_jsonl=lines(OUTCOME),
        paragraphs_jsonl=lines(PARAGRAPH | {"refers": [refer]}), matrix_jsonl=lines(direct, beyond, other),
    )  # fmt: skip
    files = contents(write_out(bring_in(path)))
    assert [json.loads(line) for line in files["matrix.jsonl"].splitlines()] == [direct, beyond, other]


SUMMARY = {
    "number": 1, "period": {"from": "2026-01-01T00:00:00Z", "to": "2026-12-31T00:00:00Z"}, "source_language": "en",
    "statements": [{"number": 1, "text": {"en": "One says so."}, "cites": [{"contribution": "a1"}]}],
}  # fmt: skip
REFER = {"symbol": "WATER/2026/SUM/1", "number": 1, "treatment": "noted"}
LINE = {"outcome": "wg/report", "id": "a1", "paragraph": 1, "treatment": "noted"}
THROUGH = LINE | {"through": {"symbol": "WATER/2026/SUM/1", "number": 1}}
DESCRIBED = "'a1' in paragraph 1 of wg/report, noted"


@pytest.mark.parametrize(
    ("matrix", "errors"),
    [
        ([LINE, THROUGH], []),
        ([THROUGH, LINE], []),
        ([LINE], [f"matrix.jsonl: lacks a line: {DESCRIBED}, through paragraph 1 of WATER/2026/SUM/1"]),
        ([THROUGH], [f"matrix.jsonl: lacks a line: {DESCRIBED}"]),
        (
            [LINE, THROUGH, LINE],
            [f"matrix.jsonl, line 3: does not follow from paragraphs.jsonl and summaries.jsonl: {DESCRIBED}"],
        ),
        (
            [LINE, THROUGH | {"treatment": "taken_up"}],
            [
                "matrix.jsonl, line 2: does not follow from paragraphs.jsonl and summaries.jsonl: 'a1' in paragraph 1"
                " of wg/report, taken_up, through paragraph 1 of WATER/2026/SUM/1",
                f"matrix.jsonl: lacks a line: {DESCRIBED}, through paragraph 1 of WATER/2026/SUM/1",
            ],
        ),
        (
            [LINE, THROUGH, LINE | {"through": {"symbol": "FAR/2020/SUM/1", "number": 2}}],
            [
                "matrix.jsonl, line 3: does not follow from paragraphs.jsonl and summaries.jsonl:"
                f" {DESCRIBED}, through paragraph 2 of FAR/2020/SUM/1"
            ],
        ),
        ([LINE, THROUGH, LINE | {"id": "a9"}], ["matrix.jsonl, line 3, id: is 'a9', but contributions.jsonl has no"]),
        ([LINE, THROUGH, LINE | {"id": "a3"}], ["matrix.jsonl, line 3, id: is 'a3', which was never published"]),
    ],
)
def test_the_matrix_is_recomputed_and_what_differs_is_named(matrix, errors, errors_of, tmp_path):
    path = write(
        tmp_path / "in", row("a1"), row("a2"), {"id": "a3", "thread": 1, "status": "rejected"},
        summaries_jsonl=lines(SUMMARY), outcomes_jsonl=lines(OUTCOME),
        paragraphs_jsonl=lines(PARAGRAPH | {"refers": [REFER]}), matrix_jsonl=lines(*matrix),
    )  # fmt: skip
    found = errors_of(path)
    assert len(found) == len(errors)
    for one, wanted in zip(found, errors, strict=True):
        assert one.startswith(wanted)


@pytest.mark.parametrize("symbol", ["WATER/2026/SUM/1/Rev.1", "WATER/2026/SUM/4", "WATER/2026/OUT/7"])
def test_a_reference_to_an_edition_that_the_bundle_lacks_is_a_error(symbol, errors_of, tmp_path):
    path = write(
        tmp_path / "in", summaries_jsonl=lines(SUMMARY), outcomes_jsonl=lines(OUTCOME),
        paragraphs_jsonl=lines(PARAGRAPH | {"refers": [REFER | {"symbol": symbol}]}),
    )  # fmt: skip
    assert errors_of(path) == [
        f"paragraphs.jsonl, line 1, refers: names paragraph 1 of {symbol}, but this bundle does not have it"
    ]


def at(value, path, symbol):
    """Return a copy of a row in which another symbol is at a path."""
    copy = json.loads(json.dumps(value))
    inner = copy
    for each in path:
        inner = inner[each]
    inner["symbol"] = symbol
    return copy


SYMBOLS = {
    "consultation.json": ([], "line 4, symbol"),
    "contributions.jsonl": ([], "line 1, symbol"),
    "summaries.jsonl": ([], "line 1, symbol"),
    "summaries.jsonl earlier": (["earlier", 0], "line 1, earlier[0].symbol"),
    "outcomes.jsonl": ([], "line 1, symbol"),
    "outcomes.jsonl versions": (["versions", 0], "line 1, versions[0].symbol"),
    "paragraphs.jsonl": (["refers", 0], "line 1, refers[0].symbol"),
    "matrix.jsonl": (["through"], "line 1, through.symbol"),
}


@pytest.mark.once
@pytest.mark.parametrize("place", SYMBOLS)
@pytest.mark.parametrize(
    "symbol", ["A/../B", "A/./B", "A//B", "./A", "../A", "/A", "A/", "A/..", "A/.b", "A\\B", "A/\x07B", "A\nB", "A/B\n"]
)
def test_a_symbol_that_is_a_path_to_elsewhere_is_named_with_its_line(symbol, place, errors_of, tmp_path):
    file, (path, field) = place.split()[0], SYMBOLS[place]
    earlier = {"revision": 0, "symbol": "WATER/2026/SUM/1", "period": SUMMARY["period"], "statements": []}
    rows = {
        "consultation.json": row_of_consultation(),
        "contributions.jsonl": row("a1"),
        "summaries.jsonl": SUMMARY | {"symbol": "WATER/2026/SUM/1/Rev.1", "earlier": [earlier]},
        "outcomes.jsonl": OUTCOME,
        "paragraphs.jsonl": PARAGRAPH | {"refers": [REFER]},
        "matrix.jsonl": THROUGH,
    }
    rows[file] = at(rows[file], path, symbol)
    others = {
        name.replace(".", "_"): lines(rows[name]) for name in rows if name.endswith("s.jsonl") or "matrix" in name
    }
    others.pop("contributions_jsonl")
    folder = write(tmp_path / "in", rows["contributions.jsonl"], about=rows["consultation.json"], **others)
    error = next(each for each in errors_of(folder) if "symbol: is " in each)
    assert error.startswith(f"{file}, {field}: is {json.dumps(symbol)}; it must be letters, digits, . _ - and single /")


@pytest.mark.once
@pytest.mark.parametrize("symbol", ["A", "A/RES/60/252", "E/CN.4/2005/L.10/Add.17", "A-1_b./_c/-d"])
def test_the_symbols_of_documents_elsewhere_are_taken(symbol, errors_of, tmp_path):
    paragraph = PARAGRAPH | {"refers": [REFER | {"symbol": symbol}]}
    assert errors_of(write(tmp_path / "in", outcomes_jsonl=lines(OUTCOME), paragraphs_jsonl=lines(paragraph))) == []


def test_the_letters_of_a_summary_are_those_of_its_kind():
    from plenara.bundles.validation.summaries import LETTERS
    from plenara.summaries.kind import SUMMARY as KIND

    assert KIND.letters == LETTERS


def test_an_outcome_that_came_in_can_be_written_further(rich, consultation, write_out, bring_in, organizer):
    path = write_out(consultation)
    everything_goes()
    bring_in(path)
    body = Body.objects.get()
    outcome = body.outcomes.get()
    curator = world.grant(world.person("Olga Petrova"), body.consultation, "organizer")
    chair = making.member(curator, body, world.person("Nitin Rao"), "chair")
    drafter = making.member(curator, body, world.person("Clara Nunes"), "rapporteur")
    document_actions.reopen(actor=drafter, document=outcome.document)
    made = making.paragraph(drafter, outcome, "A fourth one.", kind="frame")
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    version = actions.publish(actor=chair, outcome=outcome, stage=Stage.FINAL, why_left={"en": "It came late."})
    assert making.fresh(made).mark == 7  # no number is given twice, not even one whose paragraph went
    assert version.edition.symbol.endswith("/OUT/1/Rev.2")


def test_what_is_cited_of_a_consultation_that_is_not_here_is_exported_again(bring_in, write_out, tmp_path):
    away = {"id": "z9", "revision": 0, "consultation": "far-away", "treatment": "noted", "reason": {"en": "Noted."}}
    refer = {"symbol": "FAR/2020/SUM/1", "number": 4, "treatment": "taken_up", "reason": {"en": "Agreed."}}
    paragraph = {**PARAGRAPH, "cites": [away, *PARAGRAPH["cites"]], "refers": [refer]}
    opened = {**OUTCOME, "answers": ["far-away"], "openings": [{"revision": 0, "consultation": "comments"}]}
    path = write(tmp_path / "in", outcomes_jsonl=lines(opened), paragraphs_jsonl=lines(paragraph))
    made = bring_in(path)
    files = contents(write_out(made))
    (again,) = [json.loads(line) for line in files["paragraphs.jsonl"].splitlines()]
    assert again["cites"] == [away, *PARAGRAPH["cites"]] and again["refers"] == [refer]
    (outcome,) = [json.loads(line) for line in files["outcomes.jsonl"].splitlines()]
    assert outcome["answers"] == ["far-away"] and outcome["openings"] == opened["openings"]


def test_what_is_here_for_something_else_is_linked_as_no_opening(bring_in, elsewhere, tmp_path):
    outcome = OUTCOME | {"openings": [{"revision": 0, "consultation": elsewhere.slug}]}
    bring_in(write(tmp_path / "in", outcomes_jsonl=lines(outcome)))
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


def test_a_body_without_an_outcome_is_exported(bring_in, write_out, tmp_path):
    made = bring_in(write(tmp_path / "in", outcomes_jsonl=lines({"body": BODY})))
    assert json.loads(contents(write_out(made))["outcomes.jsonl"]) == {"body": BODY}


def test_a_body_whose_address_is_taken_is_refused_whole(rich, bring_in, tmp_path):
    from plenara.bundles.actions.bundle import Refused

    path = write(tmp_path / "in", outcomes_jsonl=lines({"body": {**BODY, "slug": "wgig"}}))
    with pytest.raises(Refused, match="another body on this site already has this address"):
        bring_in(path)
    assert not Consultation.objects.filter(slug="village-water").exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"section": 9}, "section: is 9, but this version has no such section"),
        ({"version": 3}, "version: is 3, but 'wg/report' has no such version"),
        ({"outcome": "wg/other"}, "outcome: is 'wg/other', but outcomes.jsonl has no such row"),
        ({"text": {"fr": "En amont."}}, "text: has no text in the source language, en"),
        ({"agreement": "perhaps"}, "agreement: is \"perhaps\"; it must be one of agreed, bracketed, open"),
        ({"cites": [{"id": "b7", "revision": 0}]}, "cites[0].id: is 'b7', but contributions.jsonl has no such row"),
        ({"cites": [{"id": "a1", "revision": 2}]}, "cites[0].revision: is 2, but 'a1' has no such revision"),
        ({"cites": [{"id": "a1", "revision": 0, "treatment": "kept"}]}, "cites[0].treatment: is \"kept\""),
        ({"refers": [{"symbol": "FAR/SUM/1", "number": 4}] * 2}, "refers[1]: appears twice"),
        ({"colour": "green"}, "colour: is not a key of this format"),
    ],
)  # fmt: skip
def test_a_paragraph_that_does_not_fit_is_named_with_its_line(change, error, errors_of, tmp_path):
    right = PARAGRAPH | {"number": 2, "place": 2}
    path = write(tmp_path / "in", outcomes_jsonl=lines(OUTCOME), paragraphs_jsonl=lines(right, PARAGRAPH | change))
    (found,) = errors_of(path)
    assert found.startswith(f"paragraphs.jsonl, line 2, {error}")


@pytest.mark.once
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"symbol": None}, "symbol: is missing"),
        ({"versions": [OUTCOME["versions"][0] | {"written_by": [{}]}]}, "versions[0].written_by[0].name: is missing"),
        ({"versions": []}, "versions: is empty"),
        ({"versions": [OUTCOME["versions"][0] | {"symbol": "OTHER/1"}]}, "versions[0].symbol: is 'OTHER/1'; it must"),
        ({"versions": [OUTCOME["versions"][0] | {"languages": ["fr"]}]}, "versions[0].languages: lacks the source"),
        ({"versions": OUTCOME["versions"] * 2}, "versions[1].revision: is not higher"),
        ({"openings": [{"revision": 4, "consultation": "x"}]}, "openings[0].revision: is 4, but there is no such"),
        (
            {"openings": [{"revision": 0, "consultation": each} for each in "xy"]},
            "openings[1].revision: is 0, which has already",
        ),
        ({"slug": "members"}, "slug: is 'members', but a page of its body already has this address"),
        ({"symbol": "WGIG/2004/OUT/1"}, "symbol: is 'WGIG/2004/OUT/1'; it must begin with WATER/2026/"),
        (
            {"versions": [OUTCOME["versions"][0] | {"sections": [{**_WELLS, "number": each} for each in (1, 2)]}]},
            "versions[0].sections: has a slug twice",
        ),
        ({"body": BODY | {"begins_on": "2026-02-31"}}, "body.begins_on: is '2026-02-31', which is not a valid date"),
    ],
)
def test_an_outcome_that_does_not_fit_is_named_with_its_line(change, error, errors_of, tmp_path):
    path = write(tmp_path / "in", row("a1"), outcomes_jsonl=lines(OUTCOME | change))
    errors = errors_of(path)
    assert errors and errors[0].startswith(f"outcomes.jsonl, line 1, {error}")


def test_the_words_of_the_format_are_those_of_the_models():
    from plenara.documents.models import Response
    from plenara.outcomes.bundle import AGREEMENTS, PARTS, STAGES, TREATMENTS
    from plenara.outcomes.models import Agreement, Member

    assert list(Member.Part.values) == list(PARTS) and list(Stage.values) == list(STAGES)
    assert list(Agreement.values) == list(AGREEMENTS) and list(Response.values) == list(TREATMENTS)
