"""The ideas of a draft: widespread ones first, every question and stakeholder group included; the same every time."""

import random

from plenara.documents.models import Kind, Side
from plenara.summaries.drafts.ideas import Idea, choose, from_groups, from_words, voices
from plenara.summaries.drafts.sentences import Sentence, is_opposed
from plenara.summaries.drafts.statements import kind_of, lead_of, statement_of
from plenara.summaries.groups.queries import GroupView, MemberView

LONG = "Travel costs remain the main obstacle for delegations."
GROUPS = ["government", "civil_society", "private_sector", "technical_academic", "intergovernmental", "other"]


def sentence(number, words="Something was said here plainly.", group="civil_society", language="en", thread=1, place=1):
    return Sentence(number, number, number, place, words, language, group, thread, number)


def idea(order, groups, thread=1, contributions=None):
    voices = tuple(sentence(order * 100 + n, group=group, thread=thread) for n, group in enumerate(groups))
    return Idea(thread, voices, contributions or len(groups), order)


def group_view(number, members, **more):
    known = {"name": "", "by_person": False, "is_rest": False, "is_set_aside": False, "stamp": 0}
    views = [
        MemberView(n, each.edition, each.contribution, each.number, each.place, each.words, each.language, each.group,
                   each.thread, n, False, each.campaign)
        for n, each in enumerate(members, 1)
    ]  # fmt: skip
    counts = {each.group: 0 for each in members}
    for each in members:
        counts[each.group] += 1
    return GroupView(id=number, number=number, members=views, by_stakeholder_group=list(counts.items()), **known | more)


class Apart:
    """No two sentences have the same meaning."""

    def __init__(self, sentences):
        self.all = range(len(sentences))

    def same(self, at):
        return []


class Together(Apart):
    """All have the same meaning."""

    def same(self, at):
        return [other for other in self.all if other != at]


def test_what_more_stakeholder_groups_hold_comes_first():
    narrow, broad = idea(0, ["civil_society"] * 9), idea(1, GROUPS[:3])
    assert choose([narrow, broad], 2) == [broad, narrow]


def test_every_question_is_heard_before_another_says_more():
    ideas = [idea(n, GROUPS[:4]) for n in range(5)] + [idea(9, ["other"], thread=2)]
    assert {each.thread for each in choose(ideas, 2)} == {1, 2}


def test_a_small_stakeholder_group_is_heard_where_there_is_room():
    ideas = [idea(n, ["civil_society"] * 20) for n in range(12)] + [idea(20, ["intergovernmental"])]
    assert "intergovernmental" in {each.group for one in choose(ideas, 4) for each in voices(one)}


def test_where_room_is_short_it_is_kept_for_those_who_were_not_heard():
    ideas = [
        *(idea(n, ["civil_society"] * 5, thread=n) for n in range(1, 4)),
        idea(7, ["government"], thread=1), idea(8, ["other"], thread=2),
    ]  # fmt: skip
    heard = {each.group for one in choose(ideas, 3) for each in voices(one)}
    assert heard == {"civil_society", "government", "other"}


def test_the_order_in_which_ideas_come_changes_nothing():
    ideas = [idea(n, random.Random(n).sample(GROUPS, 1 + n % 4), thread=1 + n % 3) for n in range(40)]
    shuffled = random.Random(7).sample(ideas, len(ideas))
    assert choose(ideas, 11) == choose(shuffled, 11)


def test_an_idea_that_many_hold_is_cited_from_each_stakeholder_group():
    wide = idea(0, ["civil_society"] * 60 + GROUPS)
    cited = voices(wide)
    assert {each.group for each in cited} == set(GROUPS)
    assert len(cited) == len({each.contribution for each in cited}) == 6


def test_sentences_that_say_the_same_in_other_words_are_one_idea_of_their_group():
    groups = [
        group_view(
            1, [sentence(1, LONG), sentence(2, "Fees exclude small islands.", group="government"), sentence(1, place=2)]
        ),
        group_view(2, [sentence(3, thread=2)], is_set_aside=True),
        group_view(3, [sentence(4, thread=3)], is_rest=True),
    ]
    found = from_groups(groups, set(), 9, near=Together)
    assert [(sorted(each.number for each in one.sentences), one.topic) for one in found] == [([1, 2], 1), ([4], 0)]
    apart = from_groups(groups, set(), 9, near=Apart)
    assert sorted(len(one.sentences) for one in apart) == [1, 1, 1, 1]


def test_contributions_that_were_set_aside_leave_their_groups():
    groups = [group_view(1, [sentence(1), sentence(2)]), group_view(2, [sentence(3)])]
    found = from_groups(groups, {2, 3}, 9, near=Together)
    assert [[each.number for each in one.sentences] for one in found] == [[1]]


def test_those_of_a_campaign_count_each():
    (one,) = from_groups([group_view(1, [sentence(1), sentence(2)])], set(), 9, {2: 5}, near=Together)
    assert (one.contributions, len(one.sentences)) == (7, 2)


def test_a_stakeholder_group_that_speaks_of_something_else_is_there_in_the_end():
    sentences = [sentence(n, f"Broadband networks should reach every rural village number{n}.") for n in range(1, 9)]
    sentences += [sentence(20, "Postal stamps are collected by pensioners everywhere.", group="other")]
    assert "other" in {each.group for one in from_words(sentences, 1) for each in one.sentences}


def test_without_groups_the_sentence_that_most_share_words_with_comes_first():
    sentences = [
        sentence(1, "Weather was pleasant during lunch yesterday."),
        sentence(2, "Broadband networks should reach every rural village quickly."),
        sentence(3, "Every rural village should have broadband networks."),
        sentence(4, "Rural village broadband networks should be a priority."),
    ]
    first, *_rest = from_words(sentences, 3)
    assert {each.number for each in first.sentences} == {2, 3, 4}


def test_without_groups_it_does_not_repeat_itself():
    sentences = [sentence(n, f"Broadband networks should reach every rural village number{n}.") for n in range(8)]
    sentences += [sentence(20, "Schools need teachers who understand computing properly.")]
    found = from_words(sentences, 4)
    assert len(found) == 2


def test_chinese_sentences_share_characters():
    sentences = [
        sentence(1, "农村地区应当优先建设宽带网络基础设施。", language="zh"),
        sentence(2, "我们认为宽带网络基础设施应当优先在农村地区建设。", language="zh"),
    ]
    assert len(from_words(sentences, 1)[0].sentences) == 2


def test_the_text_is_in_the_documents_language_where_there_is_one():
    spoken = [sentence(1, "Le réseau doit rester ouvert.", language="fr"), sentence(2, "The network must stay open.")]
    assert lead_of(spoken, "en").number == 2
    assert lead_of(spoken, "fr").number == 1
    assert lead_of(spoken, "ru").number == 1


def test_a_sentence_that_leans_on_the_one_before_is_not_the_text_where_another_stands_by_itself():
    spoken = [sentence(1, "However, this must stay open."), sentence(2, "The network must stay open.")]
    assert lead_of(spoken, "en").number == 2


def test_the_kind_is_guessed_by_plain_rules():
    assert kind_of("Who pays for the interpreters?") == Kind.QUESTION
    assert kind_of("We are concerned that costs keep us away.") == Kind.CONCERN
    assert kind_of("We fully support the draft.") == Kind.AGREEMENT
    assert kind_of("Нас беспокоит рост цен, и это риск.") == Kind.CONCERN
    assert kind_of("应当公开所有文件。") == Kind.PROPOSAL


def test_opposed_sentences_stand_as_a_disagreement_with_both_sides():
    yes = sentence(1, "The network neutrality principle should apply to mobile operators.")
    no = sentence(2, "The network neutrality principle should not apply to mobile operators.", group="private_sector")
    made = statement_of(Idea(1, (yes, no), 2, 0), "en")
    assert (made.kind, made.text, made.against) == (Kind.DISAGREEMENT, yes.words, no.words)
    assert [(each.sentence.number, each.side) for each in made.quotes] == [(1, Side.HELD), (2, Side.AGAINST)]


def test_a_negation_about_something_else_is_no_opposition():
    one = sentence(1, "The network neutrality principle should apply to mobile operators.")
    assert not is_opposed(one, sentence(2, "Nobody told us that the meeting was moved to Geneva."))
    assert not is_opposed(one, sentence(1, "The network neutrality principle should not apply to mobile operators."))
    assert not is_opposed(one, sentence(3, "El principio no debe aplicarse a los operadores.", language="es"))
