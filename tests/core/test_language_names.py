"""The names of languages come from CLDR, which names more of them than it describes."""

import pytest
from django.utils.translation import override

from plenara.core.languages import join_sentences, join_sentences_lazy, translate
from plenara.core.vocabulary import language_in_sentence, language_name


@pytest.mark.parametrize(
    ("tag", "in_english", "in_french"),
    [("fr", "French", "Français"), ("fj", "Fijian", "Fidjien"), ("kg", "Kongo", "Kikongo")],
)
def test_a_language_is_named_in_the_readers_whether_or_not_it_is_described(tag, in_english, in_french):
    assert (language_name(tag, "en"), language_name(tag, "fr")) == (in_english, in_french)


@pytest.mark.parametrize(
    ("language", "name"), [("en", "French"), ("es", "francés"), ("fr", "français"), ("ru", "французский")]
)
def test_inside_a_sentence_a_language_is_written_as_its_readers_write_it(language, name):
    assert language_in_sentence("fr", language) == name


@pytest.mark.parametrize("tag", ["", "zz", "not a tag", "x\x00", "../../etc", "q" * 300])
def test_what_is_no_language_is_shown_as_it_is(tag):
    assert language_name(tag, "en") == tag


@pytest.mark.parametrize(("language", "joined"), [("fr", "Un. Deux."), ("zh-hans", "Un.Deux.")])
def test_sentences_are_joined_as_the_language_does(language, joined):
    with override(language):
        assert join_sentences("Un.", "Deux.") == str(join_sentences_lazy("Un.", "Deux.")) == joined


def test_the_lines_of_a_paragraph_are_one_and_headings_and_items_stay():
    page = "## One\n\nTwo.\nThree.\n\n- Four\n- Five"
    assert translate("no page", page, "en") == "## One\n\nTwo. Three.\n\n- Four\n- Five"
