"""What an import makes of a bundle's rows, and what it leaves alone."""

import datetime
import hashlib
import json

import pytest

from plenara.bundles.actions import bundle as importing
from plenara.bundles.actions.bundle import Outcome, Refused, import_bundle
from plenara.bundles.validation.errors import BadBundle
from plenara.consultations.models import Consultation
from plenara.contributions.models import Byline, Contribution, Edition, Paper, Tally, Text, Version
from plenara.core.models import AuditEntry, BackgroundTask, Revision
from plenara.moderation.models import Decision
from tests.bundles.bundles import AUTHOR, consultation, contents, lines, row, write, zipped

pytestmark = pytest.mark.django_db


def stub(name, status, **more):
    return {"id": name, "thread": 1, "status": status, **more}


def edition(name):
    return Edition.objects.select_related("text", "byline", "version", "paper").get(
        contribution__bundle_id=name, in_force=True
    )


def test_a_published_row_becomes_an_edition_in_force(tmp_path, bring_in):
    made = bring_in(
        write(
            tmp_path / "bundle",
            row("a1", title="Wells", submitted_at="2026-03-01T10:00:00+02:00", published_at="2026-03-02T09:00:00Z"),
        )
    )
    it = edition("a1")
    assert (it.number, it.revision, it.symbol, it.root) == (1, 0, "WATER/2026/Q1/1", 1)
    assert (it.title, it.text.content, it.language, it.stakeholder_group) == (
        "Wells",
        "The words of a1.",
        "en",
        "civil_society",
    )
    assert (it.byline.name, it.byline.country, it.byline.withheld) == ("Ama Boateng", "GH", False)
    assert it.submitted_at == datetime.datetime(2026, 3, 1, 8, tzinfo=datetime.UTC)
    assert it.version.text == it.text
    assert (it.contribution.state, it.contribution.author, it.contribution.place) == ("published", None, 1)
    assert made.last_number == 1
    assert made.imported_at


def test_an_undated_row_says_nothing_of_its_dates(tmp_path, bring_in):
    bring_in(write(tmp_path / "bundle"))
    it = edition("a1")
    assert (it.submitted_at, it.published_at) == (None, None)
    assert it.minted_at


def test_a_stub_keeps_no_word(tmp_path, bring_in):
    bring_in(
        write(
            tmp_path / "bundle",
            row("a1", status="rejected", reason="off_topic", text="Buy my hats.", title="Hats"),
            row("a2", status="removed", reason="R5", text="Secret.", gone_at="2026-03-05T00:00:00Z"),
            row("a3", status="withdrawn", text="Taken back."),
            row("a4", in_reply_to="a1"),
            row("a5", in_reply_to="a2"),
        )
    )
    assert not Text.objects.filter(content__regex="hats|Secret|Taken").exists()
    assert Byline.objects.count() == Version.objects.count() == 2
    rejected = Contribution.objects.get(bundle_id="a1")
    assert (rejected.state, rejected.number, rejected.symbol, rejected.editions.count()) == ("rejected", None, None, 0)
    gone = edition("a2")
    assert (gone.status, gone.gone_reason, gone.text, gone.byline, gone.number) == ("removed", "R5", None, None, 1)
    assert edition("a3").status == "withdrawn"
    # A reply to what was never published stands alone; one to a tombstone stays below it.
    assert (edition("a4").in_reply_to, edition("a4").root) == (None, edition("a4").number)
    assert (edition("a5").in_reply_to, edition("a5").root) == (1, 1)


def test_numbers_and_symbols_are_kept_or_minted_in_the_order_of_the_file(tmp_path, bring_in):
    made = bring_in(
        write(
            tmp_path / "bundle",
            row("a"),
            row("b", number=2),
            row("c", thread=2),
            row("d", symbol="WATER/2026/Q7/9"),
            row("e", symbol="WATER/2026/ANNEX"),
        )
    )
    minted = dict(Contribution.objects.values_list("bundle_id", "symbol"))
    numbers = dict(Contribution.objects.values_list("bundle_id", "number"))
    assert numbers == {"a": 1, "b": 2, "c": 3, "d": 9, "e": 4}
    assert minted["a"] == "WATER/2026/Q1/1"
    assert minted["c"] == "WATER/2026/Q2/3"
    assert minted["d"] == "WATER/2026/Q7/9"
    assert minted["e"] == "WATER/2026/ANNEX"
    assert made.last_number == 9


def test_replies_hang_below_the_top_of_their_tree_wherever_they_stand(tmp_path, bring_in):
    bring_in(write(tmp_path / "bundle", row("c", in_reply_to="b"), row("b", in_reply_to="a"), row("a"), row("d")))
    assert [edition(name).root for name in "abcd"] == [3, 3, 3, 4]
    assert [edition(name).in_reply_to for name in "abc"] == [None, 3, 2]
    assert Contribution.objects.get(bundle_id="c").in_reply_to.bundle_id == "b"


def test_revisions_become_a_chain_whose_last_is_in_force(tmp_path, bring_in):
    first = {"number": 0, "text": "First.", "language": "en", "published_at": "2026-03-01T00:00:00Z"}
    last = {"number": 1, "text": "Second.", "language": "en", "published_at": "2026-03-02T00:00:00Z"}
    bring_in(
        write(
            tmp_path / "bundle",
            row("all", text="Second.", revisions=[first, last]),
            row("earlier", text="Second.", revisions=[first]),
        )
    )
    for name in ("all", "earlier"):
        chain = list(Edition.objects.filter(contribution__bundle_id=name).order_by("revision"))
        assert [(each.revision, each.text.content, each.in_force) for each in chain] == [
            (0, "First.", False),
            (1, "Second.", True),
        ]
        assert chain[1].symbol == f"{chain[0].symbol}/Rev.1"
    assert Tally.objects.get().count == 2


def test_figures_are_kept_by_thread_group_language_and_country(tmp_path, bring_in):
    other = {"name": "B", "stakeholder_group": "government"}
    bring_in(write(tmp_path / "bundle", row("a"), row("b"), row("c", author=other, language="fr", thread=2)))
    cells = Tally.objects.values_list("thread__number", "stakeholder_group", "language", "country", "count")
    assert sorted(cells) == [(1, "civil_society", "en", "GH", 2), (2, "government", "fr", "", 1)]


def test_a_withheld_name_is_not_kept_even_if_it_is_there(tmp_path, bring_in):
    bring_in(write(tmp_path / "bundle", row("a", author={**AUTHOR, "withheld": True})))
    assert (Byline.objects.get().name, Byline.objects.get().withheld) == ("", True)


def test_documents_lie_under_their_checksum(tmp_path, bring_in, documents):
    rows = [row("a", document="documents/a.txt"), row("b", document="documents/b.html")]
    bring_in(write(tmp_path / "bundle", *rows, documents__a_txt="A paper.", documents__b_html="<p>"))
    paper = edition("a").paper
    assert (documents / paper.sha256[:2] / paper.sha256).read_text() == "A paper."
    assert (paper.name, paper.size, paper.media_type) == ("a.txt", 8, "text/plain")
    assert edition("b").paper.media_type == "application/octet-stream"


def test_texts_are_cleaned_as_those_that_are_submitted_here(tmp_path, bring_in):
    dirty = json.dumps(row("a", text="One\u202e two\r\n\r\n\r\n\r\nthree ", title=" A\n b "))
    bring_in(write(tmp_path / "bundle", dirty))
    assert edition("a").text.content == "One two\n\nthree"
    assert edition("a").title == "A b"


def test_the_register_comes_in(tmp_path, bring_in):
    decision = {
        "number": 3,
        "at": "2026-03-02T09:00:00Z",
        "code": "REJECTED",
        "ground": "INCOMPATIBLE_CONTENT",
        "reason": "R2",
        "contribution": "a1",
        "thread": 1,
        "role": "moderator",
    }
    made = bring_in(write(tmp_path / "bundle", stub("a1", "rejected"), decisions_jsonl=lines(decision, {"number": 7})))
    kept = Decision.objects.get(number=3)
    assert (kept.code, kept.reason, kept.thread, kept.role) == ("REJECTED", "R2", 1, "moderator")
    assert kept.object_id == Contribution.objects.get().pk
    assert made.last_decision == 7


def test_a_register_keeps_its_appeals_and_what_overrules_what(tmp_path, bring_in):
    appeal = {"at": "2026-03-04T00:00:00Z", "status": "upheld", "decided_at": "2026-03-05T00:00:00Z"}
    decisions = [
        {"number": 1, "code": "REJECTED", "thread": 1, "language": "fr", "waited": 90, "appeal": appeal},
        {"number": 2, "code": "APPROVED", "thread": 1, "overrules": 1},
        {"number": 3, "code": "REJECTED", "reason": "R5", "undone_at": "2026-03-06T00:00:00Z"},
    ]
    made = bring_in(write(tmp_path / "bundle", decisions_jsonl=lines(*decisions)))
    first, second, third = made.decisions.all()
    assert (first.language, first.waited, first.appeal.status, second.overrules) == ("fr", 90, "upheld", first)
    assert (third.code, third.reason, bool(third.undone_at)) == ("", "", True), "what never took effect stays unsaid"


def test_an_import_is_an_act_and_makes_pages_stale(tmp_path, bring_in):
    made = bring_in(write(tmp_path / "bundle"))
    act = AuditEntry.objects.get(verb="consultation.imported")
    assert (act.consultation_id, act.actor_id, act.details["contributions"]) == (made.pk, None, 1)
    assert Revision.objects.filter(cache_tag=made.cache_tag, number__gt=0).exists()


def test_an_open_consultation_closes_by_the_clock(noon, tmp_path, bring_in):
    dates = {"opens_at": "2026-10-01T00:00:00Z", "closes_at": "2026-11-01T00:00:00Z"}
    made = bring_in(write(tmp_path / "bundle", about=consultation(state="closed", **dates)))
    assert made.is_open
    assert [each.due_at for each in BackgroundTask.objects.filter(task="consultations.turn")] == [made.closes_at]


def test_the_same_bundle_again_changes_nothing(tmp_path, bring_in, write_out):
    folder = write(tmp_path / "bundle", row("a"), row("b", in_reply_to="a"))
    made = bring_in(folder)
    before = (AuditEntry.objects.count(), Contribution.objects.count(), Edition.objects.count())
    respelt = write(tmp_path / "respelt", *({**each, "title": None} for each in (row("a"), row("b", in_reply_to="a"))))
    for path in (folder, zipped(folder, tmp_path / "bundle.zip"), respelt, write_out(made), write_out(made, ".zip")):
        assert import_bundle(path)[1] is Outcome.HERE_ALREADY
    assert (AuditEntry.objects.count(), Contribution.objects.count(), Edition.objects.count()) == before


def test_another_content_under_the_same_slug_is_refused(tmp_path, bring_in):
    bring_in(write(tmp_path / "bundle"))
    with pytest.raises(Refused, match="with other content"):
        import_bundle(write(tmp_path / "other", row("a1", text="Something else.")))
    assert Text.objects.get().content == "The words of a1."


def test_a_symbol_that_is_taken_here_is_refused_with_its_line(tmp_path, bring_in):
    bring_in(write(tmp_path / "bundle"))
    with pytest.raises(BadBundle) as refused:
        import_bundle(write(tmp_path / "other", about=consultation(slug="other")))
    assert refused.value.lines() == [
        "consultation.json, line 4, symbol: is 'WATER/2026', but the consultation village-water on this site already "
        "has this symbol"
    ]


def test_a_parent_is_found_or_kept_by_its_slug(tmp_path, bring_in):
    child = bring_in(write(tmp_path / "a", about=consultation(slug="child", symbol="C/1", parent="village-water")))
    assert (child.parent, child.parent_slug) == (None, "village-water")
    mother = bring_in(write(tmp_path / "b"))
    other = bring_in(write(tmp_path / "c", about=consultation(slug="other", symbol="C/2", parent="village-water")))
    assert other.parent == mother


@pytest.mark.parametrize("moment", ["while rows come in", "after the documents came in"])
def test_a_failure_leaves_nothing_behind(moment, tmp_path, bring_in, documents, monkeypatch):
    folder = write(tmp_path / "bundle", row("a", document="documents/a.txt"), documents__a_txt="A paper.")

    def fail(*_arguments, **_more):
        raise KeyboardInterrupt

    if moment == "while rows come in":
        monkeypatch.setattr(importing.Loading, "load", fail)
    else:
        bring = importing.bring_in
        monkeypatch.setattr(importing, "bring_in", lambda *arguments: (bring(*arguments), fail()))
    with pytest.raises(KeyboardInterrupt):
        import_bundle(folder)
    assert not any(model.objects.exists() for model in (Consultation, Contribution, Text, Paper, AuditEntry))
    assert [path for path in documents.rglob("*") if path.is_file() and path.name != "lock"] == []
    monkeypatch.undo()
    assert import_bundle(folder)[1] is Outcome.MADE


def test_one_document_at_two_places_has_the_name_of_each(tmp_path, bring_in, write_out, documents):
    Paper.objects.create(sha256=hashlib.sha256(b"A paper.").hexdigest(), name="ours.txt", size=8)
    rows = [
        row("a", document="documents/x/one.txt"),
        row("b", document="documents/two.csv"),
        row("c", document="documents/y/one.txt"),
    ]
    folder = write(tmp_path / "bundle", *rows)
    for each in rows:
        file = folder / each["document"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("A paper.")
    made = bring_in(folder)
    papers = [edition(name).paper for name in "abc"]
    assert [each.name for each in papers] == ["one.txt", "two.csv", "one.txt"]
    assert [each.media_type for each in papers] == ["text/plain", "text/csv", "text/plain"]
    assert Paper.objects.count() == 3
    assert sum(len(path.name) == 64 for path in documents.rglob("*")) == 1
    written = contents(write_out(made))
    assert [written[each["document"]] for each in rows] == [b"A paper."] * 3


def test_what_a_killed_import_left_among_the_documents_the_next_takes_away(tmp_path, bring_in, documents):
    left = documents / ".importing-killed"
    left.mkdir(parents=True)
    digest, kept = "ab" + "0" * 62, "cd" + "0" * 62
    Paper.objects.create(sha256=kept, name="kept", size=1, media_type="text/plain")
    (left / "added").write_text(f"{digest}\n{kept}\n")
    for each in (digest, kept):
        (documents / each[:2]).mkdir()
        (documents / each[:2] / each).write_text("x")
    bring_in(write(tmp_path / "bundle"))
    assert not left.exists()
    assert not (documents / "ab" / digest).exists()
    assert (documents / "cd" / kept).exists()


def test_a_bundle_that_changes_while_it_is_read_is_refused(tmp_path, bring_in, monkeypatch):
    folder = write(tmp_path / "bundle", row("a"))
    make = importing.make_consultation

    def change(checked):
        (folder / "contributions.jsonl").write_text(lines(row("a", text="Other words.")))
        return make(checked)

    monkeypatch.setattr(importing, "make_consultation", change)
    with pytest.raises(BadBundle) as refused:
        import_bundle(folder)
    assert refused.value.lines() == ["contributions.jsonl: changed while it was read"]
    assert not Consultation.objects.exists()


def test_what_nothing_refers_to_is_left_out_and_listed(tmp_path, documents):
    folder = write(tmp_path / "bundle", documents__x_txt="Nobody's.")
    checked, _outcome = import_bundle(folder)
    assert sorted(checked.left_out) == ["documents/x.txt"]
    assert not Paper.objects.exists()


def test_editions_whose_words_were_left_out_say_so_and_are_exported_so_again(tmp_path, bring_in, write_out):
    rows = [
        row("a1", text="Call […].", redacted=True),
        row(
            "a2",
            text="Second.",
            revisions=[
                {"number": 0, "text": "Call […].", "language": "en", "redacted": True},
                {"number": 1, "text": "Second.", "language": "en"},
            ],
        ),
    ]
    made = bring_in(write(tmp_path / "bundle", *rows))
    found = Edition.objects.order_by("number", "revision")
    assert list(found.values_list("number", "revision", "is_redacted", "version__is_redacted")) == [
        (1, 0, True, True),
        (2, 0, True, True),
        (2, 1, False, False),
    ]
    first, second = [json.loads(line) for line in contents(write_out(made))["contributions.jsonl"].splitlines()]
    assert (first["redacted"], "redacted" in second) == (True, False)
    assert [each.get("redacted") for each in second["revisions"]] == [True, None]
