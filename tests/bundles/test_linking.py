"""Bundles that name each other: imported in any order they end the same; what is not linked yet is named."""

import pytest

from plenara.bundles.actions.bundle import import_bundle
from plenara.bundles.actions.outcomes import pending_links
from plenara.bundles.queries.consultation import export_with_rounds
from plenara.bundles.targets import written
from plenara.bundles.validation.errors import BadBundle
from plenara.consultations.models import Consultation
from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, PublishedCitation, PublishedReason, PublishedReference
from plenara.operations.commands.import_command import say_links
from plenara.outcomes.models import Opening, Outcome, SectionThread, Stage, Trace
from tests import world
from tests.bundles.bundles import consultation as row_of_consultation
from tests.bundles.bundles import contents, lines, row, write
from tests.bundles.test_outcomes import OUTCOME, PARAGRAPH, SUMMARY, everything_goes
from tests.outcomes import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def bundles(organizer, author, participant, moderator, consultation, thread, write_out):
    """A consultation whose draft was opened for comment and then answered two comments, and the comment round."""
    body = making.body(organizer, consultation)
    chair = making.member(organizer, body, world.person("Nitin Rao", country="IN"), "chair")
    drafter = making.member(organizer, body, world.person("Clara Nunes"), "rapporteur")
    outcome = making.outcome(organizer, body)
    cited = world.published(author, moderator, thread, f"First. {world.WORDS}")
    paragraph = making.paragraph(drafter, outcome, cites=cited)
    opening = making.opened(chair, making.published(drafter, chair, outcome))
    child, mod = opening.consultation, making.fresh(moderator)
    said = [
        world.published(someone, mod, child.threads.get(number=number), text, part=part)
        for someone, number, text, part in (
            (participant, 1, "Say who manages it.", 1), (author, 1, "The section is too short.", None),
            (author, 5, "Nothing is said of cost.", None),
        )
    ]  # fmt: skip
    document_actions.reopen(actor=drafter, document=making.fresh(outcome.document))
    for each in said[::2]:
        making.answered(drafter, paragraph, each, "taken_up", "The sentence says so now.")
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    document_actions.approve(actor=chair, document=making.fresh(outcome.document))
    actions = making.actions
    actions.publish(actor=chair, outcome=outcome, stage=Stage.DRAFT)
    return {consultation.slug: write_out(consultation), child.slug: write_out(child)}


def links():
    """Return all that leads from one consultation to another, without keys of the database."""
    place = ("paragraph__edition__symbol", "paragraph__number", "position")
    asked = {
        "openings": Opening.objects.values_list("edition__edition__symbol", "consultation__slug"),
        "sections": SectionThread.objects.values_list("thread__consultation__slug", "thread__number", "section__slug"),
        "cited": PublishedCitation.objects.values_list(*place, "edition__symbol", "response", "reason__text", "words"),
        "referred": PublishedReference.objects.values_list(*place, "statement__edition__symbol", "statement__number"),
        "working": Citation.objects.values_list("paragraph__number", "position", "edition__symbol", "reason__text"),
        "reasons": PublishedReason.objects.values_list("edition__symbol", "text"),
        "traces": Trace.objects.order_by("number", "pk").values_list(
            "edition__edition__symbol", "paragraph__number", "cited__symbol", "statement__number", "response"
        ),
        "answered": Outcome.consultations.through.objects.values_list("outcome__slug", "consultation__slug"),
        "parents": Consultation.objects.values_list("slug", "parent__slug"),
        "pending": Outcome.objects.values_list("slug", "bundle"),
    }
    return {name: sorted(rows, key=str) for name, rows in asked.items()}


@pytest.mark.parametrize("is_round_first", [False, True])
def test_a_comment_round_of_its_own_is_linked_in_either_order(bundles, is_round_first, client, write_out):
    (home, home_path), (child, child_path) = bundles.items()
    paths = [f"/en/outcomes/wgig/report/{tail}" for tail in ("", "comments/", "comments/0/paragraphs/1/")]
    paths += [f"/en/consultations/{slug}/threads/1/" for slug in bundles] + ["/en/outcomes/wgig/report/matrix/"]
    before, pages = links(), [client.get(path).content for path in paths]
    everything_goes()
    order = [child_path, home_path] if is_round_first else [home_path, child_path]
    first, _outcome = import_bundle(order[0])
    expected = [(home, 1, False)] if is_round_first else [(child, 3, False)]
    assert pending_links(Consultation.objects.get(slug=first.slug)) == expected
    second, _outcome = import_bundle(order[1])
    assert second.linked == [first.slug]
    assert [pending_links(each) for each in Consultation.objects.all()] == [[], []]
    assert links() == before
    steps = client.get(f"/en/consultations/{child}/").content.decode()
    assert '<b>Announced</b> <time datetime="2026-10-14T12:00' in steps
    assert before["sections"] and len(before["traces"]) == 4
    for path, page in zip(paths, pages, strict=True):
        assert client.get(path).content.decode().splitlines() == page.decode().splitlines(), path
    for slug, path in bundles.items():
        assert contents(write_out(Consultation.objects.get(slug=slug))) == contents(path)


def test_a_bundle_has_its_comment_rounds_and_all_come_in_together_or_none(bundles, tmp_path, errors_of):
    home, child = (Consultation.objects.get(slug=slug) for slug in bundles)
    path, before = tmp_path / "whole.zip", links()
    with written(path) as target:
        assert export_with_rounds(home, target) == [child]
    files = contents(path)
    for name, content in contents(bundles[child.slug]).items():
        assert files.pop(f"rounds/{child.slug}/{name}") == content
    assert files == contents(bundles[home.slug])  # the manifest too: older versions read the rest
    assert errors_of(path) == []
    everything_goes()
    checked, outcome = import_bundle(path)
    assert (outcome.name, [each.slug for each in checked.rounds]) == ("MADE", [child.slug])
    assert links() == before
    assert import_bundle(path)[1].name == "HERE_ALREADY"


def test_a_faulty_comment_round_is_named_with_its_file_and_nothing_comes_in(tmp_path):
    path = write(tmp_path / "whole", row("a1"))
    write(path / "rounds" / "far-away", row("z9", thread=7), about=FAR)
    with pytest.raises(BadBundle, match=r"^rounds/far-away/contributions\.jsonl, line 1, thread: is 7"):
        import_bundle(path)
    write(path / "rounds" / "far-away", row("z9"), about=FAR | {"slug": "near"})
    with pytest.raises(BadBundle, match="it must be the same as the name of its folder"):
        import_bundle(path)
    assert not Consultation.objects.exists()


FAR = row_of_consultation(slug="far-away", symbol="FAR/2020", title={"en": "Far away"})
AWAY = {"id": "z9", "revision": 0, "consultation": "far-away", "treatment": "noted", "reason": {"en": "Noted."}}
REFER = {"symbol": "FAR/2020/SUM/1", "number": 1, "treatment": "taken_up", "reason": {"en": "Noted."}}


@pytest.fixture
def far(tmp_path):
    """Two consultations, of which an outcome of the first cites the second, and refers to a summary of it."""
    cite = {"contribution": "z9"}
    summary = SUMMARY | {"statements": [SUMMARY["statements"][0] | {"cites": [cite]}]}
    return {
        "village-water": write(
            tmp_path / "water", outcomes_jsonl=lines(OUTCOME | {"answers": ["far-away"]}),
            paragraphs_jsonl=lines(PARAGRAPH | {"cites": [AWAY, *PARAGRAPH["cites"]], "refers": [REFER]}),
        ),
        "far-away": write(tmp_path / "far", row("z9"), about=FAR, summaries_jsonl=lines(summary)),
    }  # fmt: skip


@pytest.mark.parametrize("order", [["village-water", "far-away"], ["far-away", "village-water"]])
def test_what_another_consultation_has_is_linked_in_either_order(far, order, write_out):
    for slug in order:
        import_bundle(far[slug])
    found = links()
    assert found["answered"] == [("report", "far-away"), ("report", "village-water")]
    assert [(each[2], each[3]) for each in found["cited"] if each[0] == "WATER/2026/OUT/1"] == [
        (1, "FAR/2020/Q1/1"), (2, "WATER/2026/Q1/1")
    ]  # fmt: skip
    assert found["referred"] == [("WATER/2026/OUT/1", 1, 1, "FAR/2020/SUM/1", 1)]
    assert found["reasons"] == [("WATER/2026/OUT/1", "Noted.")]
    assert [each[2:4] for each in found["traces"]] == [
        ("FAR/2020/Q1/1", 1), ("FAR/2020/Q1/1", None), ("WATER/2026/Q1/1", None)
    ]  # fmt: skip
    assert found["pending"] == [("report", {})]


def test_the_command_says_what_is_not_linked_and_then_what_is(far, capsys):
    checked, _outcome = import_bundle(far["village-water"])
    say_links(checked)
    assert capsys.readouterr().out.splitlines() == [
        "2 links to far-away cannot be created yet: import the bundle of far-away first.",
        "1 link to the document FAR/2020/SUM/1 cannot be created yet: "
        "import the bundle of the document FAR/2020/SUM/1 first.",
    ]
    checked, _outcome = import_bundle(far["far-away"])
    say_links(checked)
    assert capsys.readouterr().out == "far-away was linked with village-water.\n"


def test_a_consultation_that_lacks_what_is_cited_is_distinguished_from_one_that_is_not_here(far, tmp_path, capsys):
    import_bundle(far["village-water"])
    import_bundle(write(tmp_path / "other", row("y1"), about=FAR))
    say_links(import_bundle(far["village-water"])[0])
    assert capsys.readouterr().out.splitlines() == [
        "1 link to far-away cannot be created: far-away does not contain what is linked.",
        "1 link to the document FAR/2020/SUM/1 cannot be created yet: "
        "import the bundle of the document FAR/2020/SUM/1 first.",
    ]


def test_consultations_that_say_to_be_parts_of_each_other_make_no_circle(tmp_path):
    names = ("a", "b", "c")
    for slug, parent in zip(names, ("b", "c", "a"), strict=True):
        about = row_of_consultation(slug=slug, symbol=f"{slug}/1", parent=parent)
        import_bundle(write(tmp_path / slug, about=about))
    assert dict(Consultation.objects.values_list("slug", "parent__slug")) == {"a": "b", "b": None, "c": "a"}
