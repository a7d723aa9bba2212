"""A bundle with a error is refused as a whole, and the message names file, line and field."""

import json

import pytest

from tests.bundles.bundles import CONSULTATION, consultation, lines, row, write, zipped
from tests.core.test_macros import WITH

ROWS = "contributions.jsonl"
ABOUT = "consultation.json"

#: What stands in the file of contributions → where the error is said to be, and a word of the message.
ROW_FAULTS = {
    "a line that is no JSON": (["{"], f"{ROWS}, line 1", "not JSON"),
    "a line after right ones": ([row("a"), row("b"), "nonsense"], f"{ROWS}, line 3", "not JSON"),
    "a line that is a list": (["[]"], f"{ROWS}, line 1", "not a JSON object"),
    "a key twice": (['{"id": "a", "id": "b"}'], f"{ROWS}, line 1", "'id' twice"),
    "a number that JSON lacks": (['{"thread": NaN}'], f"{ROWS}, line 1", "NaN"),
    "a depth without end": (["[" * 100_000], f"{ROWS}, line 1", "too deeply"),
    "no id": ([row("a", id=None)], f"{ROWS}, line 1, id", "missing"),
    "an id that is a number": ([row("a", id=7)], f"{ROWS}, line 1, id", "must be a text"),
    "an id twice": ([row("a"), row("a")], f"{ROWS}, line 2, id", "line 1"),
    "no thread": ([row("a", thread=None)], f"{ROWS}, line 1, thread", "missing"),
    "a thread that is true": ([row("a", thread=True)], f"{ROWS}, line 1, thread", "whole number"),
    "an unknown thread": ([row("a", thread=3)], f"{ROWS}, line 1, thread", "no such thread"),
    "an unknown thread before": ([row("a", moved_from=9)], f"{ROWS}, line 1, moved_from", "no such thread"),
    "an unknown status": ([row("a", status="draft")], f"{ROWS}, line 1, status", "published"),
    "no text": ([row("a", text=None)], f"{ROWS}, line 1, text", "missing"),
    "an empty text": ([row("a", text=" \n")], f"{ROWS}, line 1, text", "empty"),
    "a control character in a text": ([row("a", text="A\x07 bell")], f"{ROWS}, line 1, text", "U+0007 as character 2"),
    "a control character in a title": ([row("a", title="A\u0085\u009f")], f"{ROWS}, line 1, title", "U+009F"),
    "a control character in a name": (
        [row("a", author={"name": "A\x00", "stakeholder_group": "other"})],
        f"{ROWS}, line 1, author.name",
        "U+0000",
    ),
    "a control character in a list": ([row("a", keywords=["A", "B\x1b"])], f"{ROWS}, line 1, keywords[1]", "U+001B"),
    "half of a character": ([row("a"), json.dumps(row("b", text="\ud800"))], f"{ROWS}, line 2, text", "U+D800"),
    "a text over 1 MB": ([row("a", text="é" * 500_001)], f"{ROWS}, line 1, text", "1 MB"),
    "a line over 2 MB": (['{"id": "' + "x" * 2_000_000 + '"}', row("b")], f"{ROWS}, line 1", "2 MB"),
    "no language": ([row("a", language=None)], f"{ROWS}, line 1, language", "missing"),
    "an unknown language": ([row("a", language="xx")], f"{ROWS}, line 1, language", "BCP 47"),
    "a language's name": ([row("a", language="english")], f"{ROWS}, line 1, language", "BCP 47"),
    "no author": ([row("a", author=None)], f"{ROWS}, line 1, author", "missing"),
    "no name": ([row("a", author={"stakeholder_group": "other"})], f"{ROWS}, line 1, author.name", "missing"),
    "no group": ([row("a", author={"name": "A"})], f"{ROWS}, line 1, author.stakeholder_group", "missing"),
    "an unknown group": (
        [row("a", author={"name": "A", "stakeholder_group": "ngo"})],
        f"{ROWS}, line 1, author.stakeholder_group",
        "government",
    ),
    "an unknown country": (
        [row("a", author={"name": "A", "stakeholder_group": "other", "country": "Ghana"})],
        f"{ROWS}, line 1, author.country",
        "ISO 3166-1",
    ),
    "an address of the author": (
        [row("a", author={"name": "A", "stakeholder_group": "other", "email": "a@b.example"})],
        f"{ROWS}, line 1, author.email",
        "not a key",
    ),
    "a date without zone": ([row("a", published_at="2026-03-02T09:00:00")], f"{ROWS}, line 1, published_at", "zone"),
    "a day without time": ([row("a", published_at="2026-03-02")], f"{ROWS}, line 1, published_at", "zone"),
    "a day that is none": ([row("a", submitted_at="2026-02-30T09:00:00Z")], f"{ROWS}, line 1, submitted_at", "date"),
    "a date as a number": ([row("a", submitted_at=1700000000)], f"{ROWS}, line 1, submitted_at", "date"),
    "an unknown parent": ([row("a", in_reply_to="z")], f"{ROWS}, line 1, in_reply_to", "'z'"),
    "a reply to itself": ([row("a", in_reply_to="a")], f"{ROWS}, line 1, in_reply_to", "itself"),
    "a reply across threads": (
        [row("a"), row("b", thread=2, in_reply_to="a")],
        f"{ROWS}, line 2, in_reply_to",
        "thread 1",
    ),
    "a circle of replies": (
        [row("a", in_reply_to="c"), row("b", in_reply_to="a"), row("c", in_reply_to="b"), row("d", in_reply_to="a")],
        f"{ROWS}, line 1, in_reply_to",
        "leads back to itself",
    ),
    "a document that is not there": ([row("a", document="documents/x.txt")], f"{ROWS}, line 1, document", "missing"),
    "a document outside": ([row("a", document="documents/../../etc/passwd")], f"{ROWS}, line 1, document", "leaves"),
    "a document from the root": ([row("a", document="/etc/passwd")], f"{ROWS}, line 1, document", "leaves"),
    "a document elsewhere": ([row("a", document=ABOUT)], f"{ROWS}, line 1, document", "documents/"),
    "a number twice": ([row("a", number=4), row("b", number=4)], f"{ROWS}, line 2, number", "line 1"),
    "a number that is none": ([row("a", number=0)], f"{ROWS}, line 1, number", "from 1"),
    "another's symbol": ([row("a", symbol="WGIG/2004/Q1/1")], f"{ROWS}, line 1, symbol", "WATER/2026/"),
    "a symbol twice": (
        [row("a", symbol="WATER/2026/X"), row("b", symbol="WATER/2026/X")],
        f"{ROWS}, line 2, symbol",
        "line 1",
    ),
    "a stance that is none": ([row("a", stance="maybe")], f"{ROWS}, line 1, stance", "for, against"),
    "a channel that is none": ([row("a", channel="fax")], f"{ROWS}, line 1, channel", "letter"),
    "a tally below nothing": ([row("a", tallies={"agree": -1})], f"{ROWS}, line 1, tallies.agree", "from 0"),
    "a keyword that is none": ([row("a", keywords=["x", 3])], f"{ROWS}, line 1, keywords[1]", "text"),
    "a translation without text": (
        [row("a", translations=[{"language": "fr"}])],
        f"{ROWS}, line 1, translations[0].text",
        "missing",
    ),
    "revisions out of order": (
        [
            row(
                "a",
                revisions=[{"number": n, "text": "x", "language": "en"} for n in (1, 0)],
            )
        ],
        f"{ROWS}, line 1, revisions[1].number",
        "not higher",
    ),
    "a title too long": ([row("a", title="x" * 301)], f"{ROWS}, line 1, title", "300"),
    "a key that the format lacks": ([row("a", langauge="en")], f"{ROWS}, line 1, langauge", "not a key"),
}


@pytest.mark.parametrize("case", ROW_FAULTS)
def test_a_faulty_row_is_named(case, tmp_path, errors_of):
    rows, place, word = ROW_FAULTS[case]
    errors = errors_of(write(tmp_path / "bundle", *rows))
    assert errors, "no error was found"
    assert errors[0].startswith(f"{place}: ")
    assert word in errors[0]
    assert len(errors) == 1


#: What is changed in the consultation → line (as our fixture is written), field and a word of the message.
CONSULTATION_FAULTS = {
    "another format": ({"format": "plenara-bundle/2"}, 2, "format", "plenara-bundle/1"),
    "no slug": ({"slug": None}, 3, "slug", "missing"),
    "a slug with spaces": ({"slug": "village water"}, 3, "slug", "letters"),
    "a symbol with spaces": ({"symbol": "WATER 2026"}, 4, "symbol", "letters"),
    "a draft": ({"state": "draft"}, 8, "state", "announced"),
    "no title": ({"title": {}}, 5, "title", "empty"),
    "a title in an unknown language": ({"title": {"en": "Water", "de": "Wasser"}}, 7, "title.de", "ar, en, es"),
    "a language that is none": ({"languages": ["en", "zz"]}, 11, "languages[1]", "BCP 47"),
    "no languages": ({"languages": []}, 9, "languages", "empty"),
    "a zone that is none": ({"timezone": "Mars/Olympus"}, None, "timezone", "IANA"),
    "closing before opening": (
        {"opens_at": "2026-03-02T00:00:00Z", "closes_at": "2026-03-01T00:00:00Z"},
        None,
        "closes_at",
        "opens_at",
    ),
    "its own parent": ({"parent": "village-water"}, None, "parent", "itself"),
    "no threads": ({"threads": []}, 14, "threads", "empty"),
    "a thread without question": (
        {"threads": [CONSULTATION["threads"][0], {"number": 2, "slug": "x"}]},
        None,
        "threads[1].question",
        "missing",
    ),
    "a thread twice": ({"threads": [CONSULTATION["threads"][0]] * 2}, None, "threads[1].number", "twice"),
    "a word limit of nothing": ({"word_limit": 0}, None, "word_limit", "from 1"),
    "a secret": ({"contact": "a@b.example"}, None, "contact", "not a key"),
}


@pytest.mark.parametrize("case", CONSULTATION_FAULTS)
def test_a_faulty_consultation_is_named(case, tmp_path, errors_of):
    changes, line, field, word = CONSULTATION_FAULTS[case]
    rows = [] if "threads" not in changes else [row("a")]
    errors = errors_of(write(tmp_path / "bundle", *rows, about=consultation(**changes)))
    of_field = [each for each in errors if each.startswith(f"{ABOUT}, line") and f", {field}: " in each]
    assert of_field
    assert word in of_field[0]
    if line:
        # A value that is null stands on its own line; one that is missing is told where its parent begins.
        assert of_field[0].startswith(f"{ABOUT}, line {line}, ")


def test_a_consultation_that_is_no_json_is_named_with_its_line(tmp_path, errors_of):
    errors = errors_of(write(tmp_path / "bundle", about='{\n "format": "plenara-bundle/1",\n "slug" "x"\n}'))
    assert errors[0].startswith(f"{ABOUT}, line 3: is not JSON")


def test_text_that_is_not_utf8_is_a_error(tmp_path, errors_of):
    folder = write(tmp_path / "bundle")
    (folder / ROWS).write_bytes(lines(row("a")).encode() + b'{"id": "\xff"}\n')
    assert errors_of(folder)[0].startswith(f"{ROWS}, line 2: is not UTF-8")


def test_a_byte_order_mark_is_named(tmp_path, errors_of):
    folder = write(tmp_path / "bundle")
    (folder / ROWS).write_bytes(b"\xef\xbb\xbf" + lines(row("a")).encode())
    assert "byte-order mark" in errors_of(folder)[0]


def test_the_first_twenty_errors_are_named_and_the_others_counted(tmp_path, errors_of):
    errors = errors_of(write(tmp_path / "bundle", *(row(f"a{n}", language="xx") for n in range(50))))
    assert len(errors) == 21
    assert errors[0].startswith(f"{ROWS}, line 1, ")
    assert errors[19].startswith(f"{ROWS}, line 20, ")
    assert errors[20] == "and 30 more"


def test_empty_lines_and_windows_line_ends_are_no_error(tmp_path, errors_of):
    folder = write(tmp_path / "bundle")
    (folder / ROWS).write_text(lines(row("a"), "", row("b"), "").replace("\n", "\r\n"))
    assert errors_of(folder) == []


def test_null_means_absent(tmp_path, errors_of):
    rows = [{**row("a"), "title": None, "in_reply_to": None, "tallies": None, "keywords": None}]
    assert errors_of(write(tmp_path / "bundle", *rows, about=consultation(word_limit=None, parent=None))) == []


@pytest.mark.parametrize("name", ["consultation.json", "themes.json"])
def test_a_control_character_in_another_file_is_named_with_its_line(name, errors_of, tmp_path):
    about = consultation(title={"en": "Water\x1f"}) if name == ABOUT else None
    themes = json.dumps([{"code": "C1", "label": {"en": "W", "fr": "Eau\x7f"}}], indent=1, ensure_ascii=False)
    path = write(tmp_path / "bundle", about=about, **({} if about else {"themes_json": themes}))
    (error,) = errors_of(path)
    where = "line 6, title.en: has U+001F" if about else "line 6, themes[0].label.fr: has U+007F"
    assert error.startswith(f"{name}, {where}")


@pytest.mark.parametrize("missing", [ABOUT, ROWS])
def test_both_files_must_be_there(missing, tmp_path, errors_of):
    from plenara.bundles.validation.errors import NotABundle

    folder = write(tmp_path / "bundle")
    (folder / missing).unlink()
    if missing == ABOUT:
        with pytest.raises(NotABundle, match="is not a bundle"):
            errors_of(folder)
    else:
        assert errors_of(folder) == [f"{ROWS}: is missing"]


DECISION = {"number": 1, "at": "2026-03-02T09:00:00Z", "code": "APPROVED", "role": "moderator", "contribution": "a1"}
SUMMARY = {
    "number": 1,
    "period": {"from": "2026-03-01T00:00:00Z", "to": "2026-03-31T23:59:59Z"},
    "source_language": "en",
    "statements": [{"number": 1, "text": {"en": "One."}, "cites": [{"contribution": "a1", "revision": 0}]}],
}
THEME = {"code": "water", "label": {"en": "Water"}}
COVERAGE = {"ticks": "10", "groups": {"government": [2, 1]}, "left_out": ["a1"]}


def covered(**changes):
    """Return a summary that tells its coverage, with changes."""
    return [{**SUMMARY, "coverage": {**COVERAGE, **changes}}]


EARLIER = {
    "revision": 0,
    "symbol": "WATER/2026/SUM/1",
    "period": SUMMARY["period"],
    "statements": [{**SUMMARY["statements"][0], "next": 1}],
}


def succeeded(*earlier, **changes):
    """Return a summary that has earlier editions."""
    return [{**SUMMARY, "symbol": "WATER/2026/SUM/1/Rev.1", "earlier": list(earlier), **changes}]


def stated(*statements):
    """Return an earlier edition with other statements."""
    return {**EARLIER, "statements": [{**EARLIER["statements"][0], **each} for each in statements]}


OTHER_FAULTS = {
    "an earlier edition without symbol": (
        "summaries_jsonl",
        succeeded({**EARLIER, "symbol": None}),
        "line 1, earlier[0].symbol",
    ),
    "an earlier edition's symbol twice": (
        "summaries_jsonl",
        succeeded(EARLIER, symbol="WATER/2026/SUM/1", revision=1),
        "line 1, symbol",
    ),
    "an earlier edition of another consultation": (
        "summaries_jsonl",
        succeeded({**EARLIER, "symbol": "FIRE/2026/SUM/1"}),
        "line 1, earlier[0].symbol",
    ),
    "an earlier edition that is a later one": (
        "summaries_jsonl",
        succeeded({**EARLIER, "revision": 1}),
        "line 1, earlier[0].revision",
    ),
    "a revision that no column holds": (
        "summaries_jsonl",
        [{**SUMMARY, "symbol": "WATER/2026/SUM/1/Rev.40000"}],
        "line 1, symbol",
    ),
    "an earlier edition that cites nothing there is": (
        "summaries_jsonl",
        succeeded(stated({"cites": [{"contribution": "b7"}]})),
        "line 1, earlier[0].statements[0].cites[0].contribution",
    ),
    "an earlier edition whose coverage contradicts itself": (
        "summaries_jsonl",
        succeeded({**EARLIER, "coverage": {**COVERAGE, "ticks": "110"}}),
        "line 1, earlier[0].coverage.groups",
    ),
    "an earlier edition that knows what comes": (
        "summaries_jsonl",
        succeeded({**EARLIER, "corrections": []}),
        "line 1, earlier[0].corrections",
    ),
    "a statement that became one there is not": (
        "summaries_jsonl",
        succeeded(stated({"next": 2})),
        "line 1, earlier[0].statements[0].next",
    ),
    "two statements that became one": (
        "summaries_jsonl",
        succeeded(stated({"number": 1}, {"number": 2})),
        "line 1, earlier[0].statements[1].next",
    ),
    "a statement in force that became another": (
        "summaries_jsonl",
        [{**SUMMARY, "statements": EARLIER["statements"]}],
        "line 1, statements[0].next",
    ),
    "a request about an edition there is not": (
        "summaries_jsonl",
        [
            {
                **SUMMARY,
                "corrections": [{"number": 1, "status": "removed", "asked_at": "2026-04-01T00:00:00Z", "revision": 3}],
            }
        ],
        "line 1, corrections[0].revision",
    ),
    "a decision on an unknown kind": ("decisions_jsonl", [{**DECISION, "kind": "owl"}], "line 1, kind"),
    "a decision on a contribution and on another": (
        "decisions_jsonl",
        [{**DECISION, "kind": "correction"}],
        "line 1, contribution",
    ),
    "a decision after publication that is a word": (
        "decisions_jsonl",
        [{**DECISION, "after_publication": "yes"}],
        "line 1, after_publication",
    ),
    "coverage without ticks": ("summaries_jsonl", covered(ticks=None), "line 1, coverage.ticks"),
    "coverage with other ticks": ("summaries_jsonl", covered(ticks="1x"), "line 1, coverage.ticks"),
    "coverage that contradicts itself": ("summaries_jsonl", covered(ticks="110"), "line 1, coverage.groups"),
    "coverage by a word": ("summaries_jsonl", covered(groups={"other": "all"}), "line 1, coverage.groups.other"),
    "coverage by one number": ("summaries_jsonl", covered(groups={"other": [2]}), "line 1, coverage.groups.other"),
    "coverage by less than nothing": (
        "summaries_jsonl",
        covered(groups={"other": [2, -1]}),
        "line 1, coverage.groups.other",
    ),
    "coverage of a secret": ("summaries_jsonl", covered(email="a@b.example"), "line 1, coverage.email"),
    "coverage that leaves out nothing there is": (
        "summaries_jsonl",
        covered(left_out=["z"]),
        "line 1, coverage.left_out[0]",
    ),
    "coverage that leaves out what was never published": (
        "summaries_jsonl",
        covered(left_out=["a2"]),
        "line 1, coverage.left_out[0]",
    ),
    "coverage that leaves out one twice": (
        "summaries_jsonl",
        covered(left_out=["a1", "a1"]),
        "line 1, coverage.left_out",
    ),
    "a statement held by no number": ("summaries_jsonl", covered(held={"one": {}}), "line 1, coverage.held.one"),
    "a statement held from a third side": (
        "summaries_jsonl",
        covered(held={"1": {"beside": {}}}),
        "line 1, coverage.held.1.beside",
    ),
    "a statement held by many": (
        "summaries_jsonl",
        covered(held={"1": {"held": {"groups": {"other": "many"}}}}),
        "line 1, coverage.held.1.held.groups.other",
    ),
    "a decision without number": ("decisions_jsonl", [{**DECISION, "number": None}], "line 1, number"),
    "a decision twice": ("decisions_jsonl", [DECISION, DECISION], "line 2, number"),
    "a decision on nothing": ("decisions_jsonl", [{**DECISION, "contribution": "z"}], "line 1, contribution"),
    "a decision in no thread": ("decisions_jsonl", [{**DECISION, "thread": 7}], "line 1, thread"),
    "a decision by an owl": ("decisions_jsonl", [{**DECISION, "role": "owl"}], "line 1, role"),
    "a decision moved nowhere": ("decisions_jsonl", [{**DECISION, "moved_to": 7}], "line 1, moved_to"),
    "a decision that overrules itself": ("decisions_jsonl", [{**DECISION, "overrules": 1}], "line 1, overrules"),
    "a decision that overrules a later one": (
        "decisions_jsonl",
        [{**DECISION, "overrules": 2}, {**DECISION, "number": 2}],
        "line 1, overrules",
    ),
    "a moderator's name": ("decisions_jsonl", [{**DECISION, "moderator": "Li"}], "line 1, moderator"),
    "a summary without period": ("summaries_jsonl", [{**SUMMARY, "period": None}], "line 1, period"),
    "a summary without cites": (
        "summaries_jsonl",
        [{**SUMMARY, "statements": [{"number": 1, "text": {"en": "One."}}]}],
        "line 1, statements[0].cites",
    ),
    "a summary that cites nothing there is": (
        "summaries_jsonl",
        [{**SUMMARY, "statements": [{"number": 1, "text": {"en": "x"}, "cites": [{"contribution": "z"}]}]}],
        "line 1, statements[0].cites[0].contribution",
    ),
    "a summary that cites what was never published": (
        "summaries_jsonl",
        [{**SUMMARY, "statements": [{"number": 1, "text": {"en": "x"}, "cites": [{"contribution": "a2"}]}]}],
        "line 1, statements[0].cites[0].contribution",
    ),
    "a summary that cites a revision there is not": (
        "summaries_jsonl",
        [
            {
                **SUMMARY,
                "statements": [{"number": 1, "text": {"en": "x"}, "cites": [{"contribution": "a1", "revision": 3}]}],
            }
        ],
        "line 1, statements[0].cites[0].revision",
    ),
    "a summary without its source's words": (
        "summaries_jsonl",
        [{**SUMMARY, "source_language": "fr"}],
        "line 1, statements[0].text",
    ),
    "a summary twice": ("summaries_jsonl", [SUMMARY, SUMMARY], "line 2, number"),
    "a summary's symbol twice": (
        "summaries_jsonl",
        [{**SUMMARY, "symbol": "WATER/2026/SUM/1"}, {**SUMMARY, "number": 2, "symbol": "WATER/2026/SUM/1"}],
        "line 2, symbol",
    ),
    "a contribution set aside twice": (
        "summaries_jsonl",
        [{**SUMMARY, "set_aside": [{"contribution": "a1"}] * 2}],
        "line 1, set_aside[1].contribution",
    ),
    "a theme without label": ("themes_json", [{"code": "x"}], "line 1, themes[0].label"),
    "a theme below nothing": ("themes_json", [{**THEME, "broader": "fire"}], "line 1, themes[0].broader"),
    "a theme twice": ("themes_json", [THEME, THEME], "line 1, themes[1].code"),
}


@pytest.mark.parametrize("case", OTHER_FAULTS)
def test_a_faulty_row_of_another_file_is_named(case, tmp_path, errors_of):
    file, rows, place = OTHER_FAULTS[case]
    content = json.dumps(rows) if file == "themes_json" else lines(*rows)
    errors = errors_of(
        write(tmp_path / "bundle", row("a1"), {"id": "a2", "thread": 1, "status": "rejected"}, **{file: content})
    )
    assert errors
    assert errors[0].startswith(f"{file.replace('_', '.')}, {place}: ")


def test_a_summary_with_its_earlier_editions_is_no_error(tmp_path, errors_of):
    second = {**stated({"next": None}), "revision": 4, "symbol": "WATER/2026/SUM/1/Rev.1", "outdated": ["fr"]}
    bundle = write(
        tmp_path / "bundle",
        summaries_jsonl=lines(*succeeded(EARLIER, second, symbol="WATER/2026/SUM/1/Corr.1", revision=5)),
    )
    assert errors_of(bundle) == []


@pytest.mark.parametrize("case", ["a project by another name", "Basic in OpenDocument", "a file of an older program"])
@pytest.mark.parametrize("ending", ["docx", "odt", "txt"])
def test_a_document_with_macros_is_a_error_whatever_its_name(case, ending, tmp_path, errors_of):
    path = f"documents/a.{ending}"
    bundle = write(tmp_path / "bundle", row("a", document=path), **{f"documents__a_{ending}": WITH[case]})
    expected = [f"{path}: contains macros; save it without them"]
    assert errors_of(bundle) == expected
    assert errors_of(zipped(bundle, tmp_path / "bundle.zip")) == expected


def test_a_theme_that_the_vocabulary_lacks_is_a_error(tmp_path, errors_of):
    bundle = write(tmp_path / "bundle", row("a", themes=["fire"]), themes_json=json.dumps([THEME]))
    assert errors_of(bundle)[0].startswith(f"{ROWS}, line 1, themes: ")
    assert errors_of(write(tmp_path / "without", row("a", themes=["fire"]))) == []


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant", "es-419", "sr-Latn-RS", "de-1996", "nch", "quc"])
def test_any_language_tag_is_taken(tag, tmp_path, errors_of):
    assert errors_of(write(tmp_path / "bundle", row("a", language=tag))) == []


@pytest.mark.parametrize(
    "tag", ["", "e", "xx", "en-", "en_GB", "en-XX", "en-Zzzz-ZZZ", "und", "mul", "i-klingon", "x-a"]
)
def test_a_tag_that_names_no_language_is_refused(tag, tmp_path, errors_of):
    assert len(errors_of(write(tmp_path / "bundle", row("a", language=tag)))) == 1
