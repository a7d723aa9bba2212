"""Participants' sentences and their properties: courtesy, first person, similarity in words or meaning, opposition."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heapify, heappop, heappush

from django.db.models import QuerySet

from plenara.contributions.models import Edition
from plenara.documents.validation.support import negations
from plenara.documents.validation.words import CHINESE, WORD, stem
from plenara.search import vector_store
from plenara.summaries.groups.embedding import candidates, encoder_name
from plenara.summaries.groups.queries import VECTOR_KIND
from plenara.summaries.models import Summary
from plenara.summaries.queries.coverage import editions_of

_COURTESY = re.compile(
    r"""\b(?:appreciat(?:es?|ion)|welcomes?|thanks?|thank\syou|grateful|gratitude|pleased|honou?red|congratulates?|commends?|applauds?)\b
        .{0,160}\b(?:opportunity|initiative|efforts?|invit\w+|organi[sz]\w+|government\sof|host\w*|conven\w*|contribution
        |contribute\sto|submission|comments?|consultation|meeting|input)\b
    |\blooks?\sforward\sto\b|\bwe\sremain\s(?:at\syour\sdisposal|available)
    |\b(?:remerci\w+|sal(?:ue|uons)|félicit\w+|se\sréjoui\w+)\b.{0,80}
        \b(?:initiative|consultation|démarche|opportunité|occasion|gouvernement|possibilité|organis\w+|contribu\w+)\b
    |\b(?:agradec\w+|felicit\w+|celebra(?:mos)?)\b.{0,80}\b(?:oportunidad|iniciativa|consulta|invitaci\w+|gobierno|reuni\w+|esfuerz\w+)\b
    |(?:благодар\w+|приветству\w+|признательн\w+).{0,80}(?:возможност|инициатив|приглашени|консультаци|организаци|правительств)
    |(?:نشكر|نثمن|نرحب|نعرب\sعن\sتقديرنا|نود\sأن\sنشكر).{0,80}(?:فرصة|الفرصة|مبادرة|المبادرة|دعوة|الحكومة|حكومة|تنظيم|المشاورة|الجهود)
    |(?:感谢|感激|赞赏|欢迎).{0,30}(?:机会|倡议|邀请|政府|主办|组织|会议|磋商|努力)""",
    re.VERBOSE | re.IGNORECASE,
)
#: A sentence about the paper that it is in.
_PAPER = re.compile(
    r"""^.{0,60}\b(?:contribution|submission|presentation|paper|document|statement)s?\b.{0,140}
        \b(?:provides?|presents?|offers?|aims?|outlines?|describes?|includes?|introduces?|highlights?|emphasi[sz]es)\b
    |^\W*(?:hereby\b|this\sis\sa\b.{0,20}\b(?:contribution|submission))|^\W*(?:in\s|with\s)?(?:this|our|the\spresent|the\sattached|the\sfollowing)\s(?:\w+\s){0,2}(?:contribution|submission|paper|document|comments?|statement|response)\b
    |^\W*(?:cette|notre|la\sprésente|le\sprésent|ce)\s(?:contribution|document|texte|réponse|mémoire)\b
    |^\W*(?:esta|este|nuestra|nuestro|la\spresente|el\spresente)\s(?:contribución|documento|texto|respuesta|aporte)\b
    |^\W*(?:в\s)?(?:эт\w+|наш\w*|настоящ\w+)\s(?:материал|документ|вклад|ответ)\w*
    |^\W*(?:هذه\sالمساهمة|هذه\sالورقة|هذه\sالوثيقة|تقدم\sهذه|مساهمتنا)
    |^\W*(?:本文|本意见|本文件|本提案|我们的意见)""",
    re.VERBOSE | re.IGNORECASE,
)


def is_courtesy(sentence: str) -> bool:
    """Return whether a sentence thanks, greets or announces instead of answering a question."""
    return _COURTESY.search(sentence) is not None or _PAPER.match(sentence) is not None


_FIRST_PERSON = {
    "en": r"\bI\b|\bus\b|\b(?i:we|our|ours|ourselves|my|myself|me)\b",
    "fr": r"\b(?i:je|nous|notre|nos|mon|ma|mes|moi)\b|\b[jJ]['’]",
    "es": r"\b(?i:yo|nosotr[oa]s|nuestr[oa]s?|mi|mis|creo|pienso|considero|opino|propongo|pido|"
    r"(?:cre|pens|consider|opin|propon|ped|apoy|inst|recomend|suger|solicit|deb|necesit|quer|ten|esper|rechaz|"
    r"celebr|reiter|entend)(?:amos|emos|imos))\b",
    "ru": r"\b(?i:я|мы|нас|нам|нами|меня|мне|мой|моя|мо[её]|мои|наш\w*|считае[мю]|считаю|полагаем|полагаю|предлагаем|"
    r"предлагаю|призываем|поддерживаем|просим|прошу|думаем|думаю|рекомендуем|хотим|хочу)\b",
    "ar": r"\b[وف]?(?:نحن|أنا|إننا|أننا|إنني|أنني|نعتقد|نرى|نقترح|نطالب|ندعو|نؤيد|نوصي|نأمل|نود|نؤكد|نطلب|نريد|نحتاج|"
    r"أعتقد|أرى|أقترح|أؤيد|لدينا|لنا|علينا|رأينا|برأينا|بلدنا|منظمتنا|مجتمعنا|حكومتنا)\b",
    "zh": r"(?<!自)我|咱|本人|本组织|本机构|本公司|本协会",
}
_KNOWN = {code: re.compile(pattern) for code, pattern in _FIRST_PERSON.items()}


def is_first_person(words: str, language: str) -> bool:
    """Return whether a sentence speaks of its author: "I think", "our members". False for other languages."""
    known = _KNOWN.get(language.split("-")[0])
    return known is not None and known.search(words) is not None


@dataclass(frozen=True)
class Sentence:
    """One sentence of an edition in force, and who wrote it."""

    edition: int
    contribution: int
    number: int  # of the contribution
    place: int  # of the sentence in it, from 1
    words: str
    language: str
    group: str  # stakeholder group
    thread: int  # number of the question
    campaign: int  # of the first contribution with the same words; else its own

    @property
    def key(self) -> tuple[int, str]:
        """Its key in a draft: the edition and the words."""
        return (self.edition, self.words)


def open_editions(summary: Summary) -> QuerySet[Edition]:
    """Return the editions for a draft: those of the period in force that nobody has set aside."""
    aside = summary.set_aside.values("edition__contribution_id")
    period = editions_of(summary.consultation, summary.period_from, summary.period_to)
    return period.exclude(contribution__in=aside).order_by("number")


def sentences_of(summary: Summary, threads: Iterable[int] | None = None) -> list[Sentence]:
    """Return the sentences of a period that can represent a contribution, by number and place. One query.

    Of a campaign only its first text. `threads` are numbers of questions; by default all.
    """
    editions = open_editions(summary).filter(campaign_of=None, text__isnull=False)
    if threads is not None:
        editions = editions.filter(thread__number__in=list(threads))
    rows = editions.values_list(
        "pk", "contribution_id", "number", "text__content", "language", "stakeholder_group", "thread__number"
    )
    return [
        Sentence(pk, contribution, number, place, words, language, group, thread, number)
        for pk, contribution, number, content, language, group, thread in rows.iterator(chunk_size=500)
        for place, words in candidates(content)
        if not is_courtesy(words)
    ]


def one_each(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Return the first sentence of each contribution, in the order given; a campaign counts as one."""
    first: dict[int, Sentence] = {}
    for each in sentences:
        first.setdefault(each.campaign, each)
    return list(first.values())


#: The cosine from which one sentence is cited for another. The person who accepts a statement reads its citations.
SAME = 0.65


class Nearness:
    """The similarity of sentences in any language, by their place among those given."""

    def __init__(self, sentences: Sequence[Sentence]):
        kept = vector_store.stored_vectors(VECTOR_KIND, sorted({each.edition for each in sentences}), encoder_name())
        rows = {place: at for at, place in enumerate(zip(kept.object_ids, kept.places, strict=True))}
        self._at = [at for at, each in enumerate(sentences) if (each.edition, each.place) in rows]
        self._row = {at: row for row, at in enumerate(self._at)}
        self._numbers = kept.numbers[[rows[sentences[at].edition, sentences[at].place] for at in self._at]]

    def same(self, at: int) -> list[int]:
        """Return the other sentences with the same meaning, the nearest first; none if its vector is not stored."""
        if at not in self._row:
            return []
        row = self._row[at]
        cosines = vector_store.products(self._numbers[row : row + 1], self._numbers)[0] / vector_store.LENGTH**2
        near = [(-float(cosines[place]), self._at[int(place)]) for place in (cosines >= SAME).nonzero()[0]]
        return [other for _cosine, other in sorted(near) if other != at]


#: Shorter words carry grammar more often than content, in the languages with letters.
FEWEST_LETTERS = 4
#: A word that this share of a question's contributions has is ignored.
COMMON = 0.5

#: The fewest common words of two similar sentences, and their share of the shorter one.
LIKE_WORDS, LIKE_PART = 4, 0.5
#: The most words of a sentence that is checked for negation.
MOST_OPPOSED = 24

_CHINESE_RUN = re.compile(f"(?:{CHINESE.pattern})+")


@lru_cache(maxsize=4_096)
def terms(words: str, language: str) -> frozenset[str]:
    """Return a sentence's content words without their endings; in Chinese, each pair of neighbouring characters."""
    runs = _CHINESE_RUN.findall(words)
    pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
    rest = _CHINESE_RUN.sub(" ", words) if runs else words
    return frozenset(pairs | {stem(word, language) for word in WORD.findall(rest) if len(word) >= FEWEST_LETTERS})


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the shorter of two sentences that is in the other, 0 to 1."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def is_opposed(one: Sentence, other: Sentence) -> bool:
    """Return whether one sentence denies the other: most words are the same, and one of the two has a negation.

    A simple and cautious rule: it finds only opposition in the same words.
    """
    if one.language != other.language or one.campaign == other.campaign:
        return False
    if (negations(one.words, one.language) > 0) == (negations(other.words, other.language) > 0):
        return False
    one_terms, other_terms = terms(one.words, one.language), terms(other.words, other.language)
    longer = max(len(one_terms), len(other_terms))
    if longer > MOST_OPPOSED:
        return False  # what a negation in a long sentence denies is unclear
    return (
        len(one_terms & other_terms) >= 3
        and shared(one_terms, other_terms) >= 0.6
        and len(one_terms & other_terms) >= 0.35 * longer
    )


class Words:
    """The sentences of one question by the words that its contributions share.

    The weight of a word is the number of contributions that have it; 0 if half of them have it, or only one. The words
    of a chosen sentence weigh less afterwards (`reduce_weights`), so that the next sentence says something else. Words
    are stored as numbers: a question may have a hundred thousand sentences.
    """

    def __init__(self, sentences: Sequence[Sentence]):
        self.sentences = sentences
        numbers: dict[str, int] = {}
        self.terms: list[tuple[int, ...]] = []
        self.where: list[list[int]] = []  # by the word's number: the sentences that have it
        by: list[set[int]] = []
        for at, each in enumerate(sentences):
            row = tuple(numbers.setdefault(term, len(numbers)) for term in sorted(terms(each.words, each.language)))
            self.where += [[] for _new in range(len(numbers) - len(self.where))]
            by += [set() for _new in range(len(numbers) - len(by))]
            self.terms.append(row)
            for term in row:
                self.where[term].append(at)
                by[term].add(each.campaign)
        total = max(len({each.campaign for each in sentences}), 1)
        few = total < 6  # too few contributions for a word to be common
        self.weights = [len(who) / total if few or 1 < len(who) <= max(2, COMMON * total) else 0.0 for who in by]

    def weight(self, at: int) -> float:
        """Return how central a sentence is: the mean weight of its words, of eight words at least."""
        row = self.terms[at]
        return sum(self.weights[term] for term in row) / max(len(row), 8)

    def reduce_weights(self, at: int) -> None:
        """Let the words of a sentence weigh less."""
        for term in self.terms[at]:
            self.weights[term] **= 2

    def in_turn(self, taken: set[int]) -> Iterator[int]:
        """Yield the most central sentence, then the most central of the others, and so on; none of `taken`.

        The caller adds to `taken` the sentences that it uses together with the last one before it takes the next.
        """
        # Weights only fall, so a sentence's weight is checked again before it is taken.
        heap = [(-self.weight(at), at) for at in range(len(self.sentences))]
        heapify(heap)
        while heap:
            before, at = heappop(heap)
            if at in taken:
                continue
            if -self.weight(at) > before:
                heappush(heap, (-self.weight(at), at))
                continue
            yield at
            self.reduce_weights(at)

    def like(self, at: int) -> list[int]:
        """Return the other sentences that share enough words with one to be cited for it, the most similar first."""
        row, language = self.terms[at], self.sentences[at].language
        share = Counter(other for term in row for other in self.where[term])
        found = [
            (count / min(len(row), len(self.terms[other])), other)
            for other, count in share.items()
            if count >= LIKE_WORDS and other != at and self.sentences[other].language == language
        ]
        return [other for part, other in sorted(found, key=lambda each: (-each[0], each[1])) if part >= LIKE_PART]
