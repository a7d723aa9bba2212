"""Untrusted text becomes HTML in one place, and nothing that runs comes out of it."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plenara.core import text
from tests.hostile import EVERYTHING, SCRIPTS, UNSEEN
from tests.wording import words_in, words_on

ALLOWED = {"p", "em", "strong", "ul", "ol", "li", "blockquote", "a", "br", "h2", "h3"}


class Reader(HTMLParser):
    """Reads HTML as a browser would, and names what should not be in it."""

    def __init__(self, addresses):
        super().__init__()
        self.errors = []
        self.addresses = addresses

    def handle_starttag(self, tag, attrs):
        if tag not in ALLOWED:
            self.errors.append(tag)
        for name, value in attrs:
            if name not in {"href", "rel", "start", "value"}:
                self.errors.append(f"{tag} {name}")
            if name == "href" and not re.match(self.addresses, value or ""):
                self.errors.append(f"href {value}")


def errors_of(html, addresses):
    reader = Reader(addresses)
    reader.feed(html)
    return reader.errors


#: Where links may lead: those of an organizer's page also elsewhere on the same site.
MAKERS = {text.to_html: r"https?://|mailto:", text.page_to_html: r"https?://|mailto:|[^:]*$"}


@pytest.mark.parametrize("hostile", EVERYTHING + UNSEEN)
@pytest.mark.parametrize("make", MAKERS)
def test_only_the_subset_comes_out_whatever_goes_in(hostile, make):
    assert errors_of(make(text.clean(hostile)), MAKERS[make]) == []
    assert errors_of(make(hostile.replace("\ud800", "")), MAKERS[make]) == []


@pytest.mark.parametrize("hostile", EVERYTHING + UNSEEN)
@pytest.mark.parametrize("make", MAKERS)
def test_every_word_that_is_kept_is_on_the_page(hostile, make):
    kept = text.clean(hostile)
    assert words_in(kept) == words_on(make(kept))


#: What texts are put together from, so that marks meet in every order and at every depth.
PIECES = [
    "> ", "- ", "+ ", "* ", "1. ", "7) ", "\n", "\n\n", "  ", "    ", "\t", "*", "**", "_", "[", "]", "](", ")", "![",
    "<", ">",
    "](https://x.example/path", "](path", "](x:", ' "', '"', " '", "(", "\\", "`", "```", "# ", "---", "===",
    "<!--", "-->", "[^1]", "]: ", "|", "\u200b", "one", "two", "three", " ",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_every_word_is_on_the_page_however_the_marks_are_put_together(typed):
    kept = text.clean(typed)
    assert words_in(kept) == words_on(text.to_html(kept))


def test_marks_that_are_too_deep_are_shown_as_characters():
    assert text.to_html("> " * 13 + "deep").count("<blockquote>") == 11
    assert text.plain("> " * 13 + "deep") == "> > deep"
    assert text.plain("- " * 13 + "deep") == "- - - - - - - - deep"


@pytest.mark.parametrize(
    "typed",
    [
        '[words](https://x.example "title")',
        "[](https://x.example)",
        "[\u200b](https://x.example)",
        "[words](path/)",
        "[words](tel:123)",
        "[words](https://x.example:port/)",
        "&copy; &#x202e;",
    ],
)
def test_what_a_page_would_not_show_is_shown_as_it_was_typed(typed):
    assert "<a" not in text.to_html(typed)
    assert text.plain(typed) == typed


def test_entries_of_a_list_have_the_numbers_that_were_typed():
    assert text.to_html("1. a\n2. b") == "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"
    assert (
        text.to_html("3. a\n7. b\n8. c\n8. d")
        == '<ol start="3">\n<li>a</li>\n<li value="7">b</li>\n<li>c</li>\n<li value="8">d</li>\n</ol>\n'
    )


def test_letters_that_no_reader_sees_are_not_kept_but_flags_are():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "hidden words")
    scotland = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
    assert text.clean(f"seen{hidden} {scotland}{hidden} \U0001f3f4{hidden}") == f"seen {scotland} \U0001f3f4"


@pytest.mark.parametrize("hostile", SCRIPTS)
def test_cited_words_are_escaped(hostile):
    for html in (text.words_in_context(hostile, hostile), text.words_in_context("nothing", hostile)):
        assert "<script" not in html.lower().replace("<mark>", "")
        assert set(re.findall(r"<(\w+)", html)) <= {"mark"}


def test_the_subset_is_paragraphs_emphasis_lists_quotes_and_links():
    html = text.to_html("One *two* **three**\n\n- a\n- b\n\n1. c\n\n> d\n\n[e](https://example.org/)")
    for tag in ("<p>", "<em>", "<strong>", "<ul>", "<ol>", "<blockquote>", '<a href="https://example.org/"'):
        assert tag in html


@pytest.mark.parametrize(
    "other",
    ["# heading", "`code`", "    code", "| a | b |\n|---|---|\n| c | d |", "---", "![x](https://y.example/z.png)"],
)
def test_what_is_not_in_the_subset_is_shown_as_it_was_typed(other):
    html = text.to_html(other)
    assert not re.search(r"<(h\d|code|pre|table|hr|img)", html)


def test_a_link_is_marked_as_written_by_a_user():
    assert 'rel="nofollow ugc noopener"' in text.to_html("[a](https://example.org/)")


@pytest.mark.parametrize(
    "hostile", [">" * 50_000 + "x", "[" * 50_000, "*a_" * 30_000, "- " * 20_000 + "x", "&" * 50_000]
)
def test_a_hostile_text_of_any_depth_is_read_to_its_end(hostile):
    assert isinstance(text.to_html(hostile), str)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u2028b\u2029c", "a\nb\n\nc"),
        ("e\u0301", "é"),
        ("  a  \n\n\n\n  b", "a\n\n  b"),
        ("nul\x00 bell\x07", "nul bell"),
        ("half \ud800", "half"),
        ("\u202eturned\u202c", "turned"),
        ("kept \u2066isolate\u2069 and \u200fmark", "kept \u2066isolate\u2069 and \u200fmark"),
    ],
)
def test_a_text_is_kept_clean(typed, kept):
    assert text.clean(typed) == kept


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("", 0),
        ("One two three.", 3),
        ("It's a well-known e.g. case", 5),
        ("l’avenir de l’Internet", 3),
        ("我们统计了过去两年", 5),
        ("Mixed 文字 text", 3),
        ("[link words](https://example.org/not/counted)", 2),
        ("*a* **b**\n\n- c\n- d", 4),
        ("لاحظنا أن من يشارك", 4),
    ],
)
def test_words_are_counted_as_a_reader_sees_them(words, count):
    assert text.word_count(words) == count


def test_a_text_is_cut_at_a_paragraph_and_says_so():
    long = "First paragraph. " * 60 + "\n\n" + "Second paragraph. " * 60
    cut, was_cut = text.excerpt(long, 1500)
    assert was_cut and len(cut) <= 1502 and cut.endswith((".", "\u00a0…"))
    assert text.excerpt("short", 1500) == ("short", False)


@pytest.mark.parametrize(
    ("words", "limit", "shown"),
    [
        ("One is said. Two is said too. Three is not.", 34, "One is said. Two is said too."),
        ("He asked “why?” and they left. Then more followed.", 40, "He asked “why?” and they left."),
        ("See Art. 5 of the U.S. code and no. 7 of the list.", 30, "See Art. 5 of the U.S. code\u00a0…"),
        ("Access costs, time, and languages above all others", 20, "Access costs, time\u00a0…"),
        ("建议把传译列为会议的基本条件。会后的文字记录也应发布，并且同时发布。", 20, "建议把传译列为会议的基本条件。"),
        ("建议把传译列为会议的基本条件，而不是在经费有余时才考虑的附加服务。", 15, "建议把传译列为会议的基本条件…"),
        ("هل يكفي ذلك؟ لا يكفي ذلك أبداً في القاعة", 25, "هل يكفي ذلك؟"),
        ("لاحظنا أن من يشارك عن بُعد، يُعطى الكلمة", 30, "لاحظنا أن من يشارك عن بُعد\u00a0…"),
        ("Так решили в г. Женеве и. о. председателя", 30, "Так решили в г. Женеве и. о.\u00a0…"),
        (
            "Short. And then one long sentence that does not end in sight",
            40,
            "Short. And then one long sentence that\u00a0…",
        ),
    ],
)
def test_a_shortened_quotation_ends_with_a_sentence_or_else_with_a_word(words, limit, shown):
    assert text.first_words(words, limit) == shown


@pytest.mark.parametrize(
    ("around", "shown"),
    [
        (20, "<mark>Pay for time.</mark> And for travel."),
        (60, "Meetings cost too much. <mark>Pay for time.</mark> And for travel."),
        (10, "<mark>Pay for time.</mark>"),
    ],
)
def test_cited_words_are_shown_within_whole_sentences(around, shown):
    before, after = "Nobody came. " * 9, "Somebody must pay for it all " * 9
    whole = f"{before}Meetings cost too much. Pay for time. And for travel. {after}"
    html = text.words_in_context(whole, "Pay for time.", around)
    assert (html if around != 60 else html[html.index("Meetings") :]) == shown


def test_cited_words_are_found_across_white_space_but_not_across_changes():
    original = "Mettez les *documents* dans\nles langues des personnes concernées."
    assert text.contains_words(original, "les documents dans les langues")
    assert not text.contains_words(original, "les documents dans des langues")


def test_words_are_marked_and_linked_where_they_stand():
    html = text.mark_words(text.to_html("Pay for the time & the travel."), [("the time & the travel", "/x#s4", "4")])
    assert (
        html
        == '<p>Pay for <mark>the time &amp; the travel</mark><sup><a class="cited-in" href="/x#s4">4</a></sup>.</p>\n'
    )


def test_the_digest_is_that_of_the_utf_8_bytes():
    assert text.digest("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"


def test_first_words_are_the_authors_own_and_not_those_of_whom_they_quote():
    assert text.first_words("> What was said before.\n>\n> > And before that.\n\nI *disagree*.", 200) == "I disagree."
    assert text.first_words("I agree with this:\n\n> Pay for time.\n\nAnd soon.", 200) == "I agree with this: And soon."
    assert text.first_words("> Nothing but a quotation.", 200) == "Nothing but a quotation."
    long = f"> {'What they said. ' * 9}\n\nI took it along."
    assert text.first_words(long, 30) == "I took it along."


def test_first_words_put_no_space_between_chinese_sentences():
    assert text.first_words("征询意见。\n\n问题共有四个：WSIS 与 ITU。", 200) == "征询意见。问题共有四个：WSIS 与 ITU。"
    assert text.first_words("One.\n\nTwo.", 200) == "One. Two."


@pytest.mark.parametrize(
    ("written", "number"),
    [("17", 17), ("", 0), ("-1", 0), ("1.5", 0), ("²", 0), ("٣", 0), ("9" * 18, 10**18 - 1), ("9" * 19, 0)],
)
def test_a_number_that_no_column_could_hold_is_none(written, number):
    assert text.number_in(written) == number


def test_the_first_texts_of_a_process_are_read_by_several_threads_at_once(monkeypatch):
    """The lists of rules are whole before the first text: one that is still being made has too few rules."""
    reader = text._Reader(text._subset.allowed)
    monkeypatch.setattr("markdown_it.ruler.Ruler.__compile__", lambda *_args: pytest.fail("made at the first text"))
    assert reader.html("A *word*, a [link](https://example.org/).") == text.to_html(
        "A *word*, a [link](https://example.org/)."
    )
