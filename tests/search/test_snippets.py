"""What is shown of a text: the words that were looked for, marked as they are written, and cut between words."""

import pytest

from plenara.search.presenters.snippets import as_text, marked, snippet
from plenara.search.query import parse

LONG = "Nobody asked us before. " * 40


def shown(text, language, asked):
    """Return a snippet with its marks in brackets."""
    return written(snippet(text, language, parse(asked)))


def written(pieces):
    return "".join(f"[{piece.text}]" if piece.is_marked else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("text", "language", "asked", "expected"),
    [
        ("Meetings were held.", "en", "meeting", "[Meetings] were held."),
        ("Des réunions éloignées.", "fr", "reunion", "Des [réunions] éloignées."),
        ("Документы опаздывают.", "ru", "документ", "[Документы] опаздывают."),
        ("وَصَلَتِ الوثائقُ متأخرة", "ar", "الوثائق", "وَصَلَتِ [الوثائقُ] متأخرة"),
        ("建議把傳譯列為基本條件。", "zh", "传译", "建議把[傳譯]列為基本條件。"),
        ("全球网络治理问题", "zh", "网络治理", "全球[网络治理]问题"),
        ("全球网络治理问题", "zh", "网", "全球[网]络治理问题"),
        ("Los idiomas oficiales", "es", '"idioma oficial"', "Los [idiomas oficiales]"),
        ("oficiales idiomas", "es", '"idioma oficial"', "oficiales idiomas"),
        ("They govern; governance is theirs.", "en", "govern*", "They [govern]; [governance] is theirs."),
        ("The state of affairs", "en", "state OR church", "The [state] of affairs"),
        ("Three weeks before", "en", "weeks -months", "Three [weeks] before"),
        ("weeks weeks", "en", "weeks", "[weeks weeks]"),
        ("ＩＰｖ６ addresses", "en", "ipv6", "[ＩＰｖ６] addresses"),
        ("WTO规则 and rules", "zh", "wto", "[WTO]规则 and rules"),
    ],
)
def test_words_are_marked_as_they_were_written(text, language, asked, expected):
    assert shown(text, language, asked) == expected


def test_the_window_is_where_most_of_what_was_asked_stands_together():
    text = f"One week. {LONG} Three weeks before a meeting, documents arrive. {LONG}"
    found = shown(text, "en", "week meeting documents")
    assert "Three [weeks] before a [meeting], [documents] arrive." in found
    assert found.startswith("… ")
    assert found.endswith("asked us before.")


def test_a_snippet_ends_with_a_sentence_where_no_marked_word_is_lost():
    words = "A needle is here. " + "Between them is much hay, " * 6 + "and one more needle. " + "Then comes more " * 30
    assert shown(words, "en", "needle").endswith("one more [needle].")
    assert shown("建议传译。" + "会后的文字记录也应发布。" * 30, "zh", "传译").endswith("发布。")
    assert shown("needle " + "and so on " * 60, "en", "needle").endswith("\u00a0…")


@pytest.mark.parametrize("place", range(0, 900, 37))
def test_a_text_is_never_cut_inside_a_word_or_a_sign(place):
    text = f"{'extraordinary ' * 100}"[:place].rstrip() + " needle & <b>thread</b> " + "antidisestablishment " * 60
    pieces = snippet(text, "en", parse("needle"))
    said = as_text(pieces).removeprefix("… ").removesuffix("\u00a0…").split()
    assert set(said) <= {*text.split(), "&", "<b>thread</b>"}
    assert [piece.text for piece in pieces if piece.is_marked] == ["needle"]


def test_a_text_without_the_words_shows_its_opening():
    found = snippet(f"First of all. {LONG}", "en", parse("elsewhere"))
    assert as_text(found).startswith("First of all.")
    assert len(as_text(found)) < 320
    assert not any(piece.is_marked for piece in found)


def test_marks_of_markdown_are_left_out_and_nothing_else_is():
    assert shown("**Loin** de [tout](https://x.example)\n\n- un\n- *deux* <script>", "fr", "deux") == (
        "Loin de tout un [deux] <script>"
    )


def test_words_far_inside_a_long_text_are_found():
    text = "\n\n".join(["Nobody asked us before."] * 2000 + ["The **needle** is here."] + ["Never."] * 2000)
    assert "The [needle] is here." in shown(text, "en", "needle")


def test_a_chinese_text_is_cut_between_characters_and_shorter():
    text = "会后的文字记录也应同时以各语言发布" * 30 + "传译" + "会后的文字记录也应同时以各语言发布" * 30
    found = shown(text, "zh", "传译")
    assert "[传译]" in found
    assert 100 < len(found) < 160


def test_a_very_long_word_is_no_trouble():
    assert "a" * 50 in shown("a" * 100_000, "en", "needle")
    assert shown("x" * 5_000 + " needle " + "y" * 5_000, "en", "needle").count("[needle]") == 1


def test_a_title_is_marked_as_a_whole():
    assert written(marked("Loin de tout", "fr", parse("loin"))) == "[Loin] de tout"
    assert written(marked("", "fr", parse("loin"))) == ""
