"""Sentences that can represent a contribution."""

import pytest

from plenara.documents.validation.words import sentences
from plenara.summaries.groups.embedding import MOST_CANDIDATES, candidates, says_something


@pytest.mark.parametrize(
    "sentence",
    [
        "Documents should reach us three weeks before a meeting.",
        "يجب أن تصل الوثائق إلينا قبل ثلاثة أسابيع من الاجتماع.",
        "文件应在会议召开前三周送达我们手中。",
        "Thank you letters are no substitute for a proper answer to what civil society has asked for many years now.",
        "Why should rural villages pay more than the capital?",
        "Благодаря открытому доступу к документам граждане понимают, что именно решается от их имени и почему так.",
        "Content moderation by large platforms needs an appeal that is heard by somebody independent of them.",
    ],
)
def test_a_sentence_that_says_something_can(sentence):
    assert says_something(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Dear colleagues and friends of the working group,",
        "Thank you for the opportunity to comment.",
        "Mesdames et Messieurs les membres du groupe,",
        "Je vous prie d’agréer mes salutations les plus distinguées.",
        "Muchas gracias por la oportunidad de participar.",
        "Уважаемые члены рабочей группы и коллеги!",
        "السادة أعضاء الفريق العامل المحترمون،",
        "尊敬的各位专家和工作组成员，你们好！",
        "Could the moderators please tell me whether my text arrived?",
        "I agree.",
        "同意。",
        "https://example.org/a/very/long/address https://example.org/another one two",
        "1 2 3 4 5 6 7 8 9 10 11 12",
        "word " * 200,
    ],
)
def test_greetings_thanks_and_what_says_nothing_cannot(sentence):
    assert not says_something(sentence)


def test_places_are_those_of_the_sentences_that_can_be_cited():
    text = "Dear colleagues,\nDocuments come too late for us. I agree. Villages pay far too much for it."
    every = sentences(text)
    found = candidates(text)
    assert [sentence for _place, sentence in found] == [every[place - 1] for place, _sentence in found]
    assert [place for place, _sentence in found] == [2, 4]


def test_where_nothing_says_much_the_longest_sentence_stands():
    assert candidates("Yes. I fully agree. No.") == [(2, "I fully agree.")]
    assert candidates("") == []


def test_a_very_long_text_is_heard_from_its_beginning_to_its_end():
    text = " ".join(f"Sentence number {at} says something of its own." for at in range(150))
    places = [place for place, _sentence in candidates(text)]
    assert len(places) == MOST_CANDIDATES
    assert places[0] == 1
    assert places[-1] > 140
