"""Ideas as statements: words, kind, both sides of a disagreement; which words can be a statement; and frames."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from babel.lists import format_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from plenara.core.languages import NAMES, current, django_code, html_code
from plenara.core.machines import Failed, translation
from plenara.core.templatetags.plenara import language_in_sentence
from plenara.core.vocabulary import StakeholderGroup
from plenara.documents.models import Kind, Side
from plenara.summaries import periods
from plenara.summaries.drafts.ideas import Idea, voices
from plenara.summaries.drafts.sentences import Sentence, is_first_person, is_opposed, terms
from plenara.summaries.models import Summary

#: The sentences among which the text is chosen: later ones are no longer typical.
LEADS = 12
#: Content words of a usual sentence.
USUAL_TERMS = 12

#: Beginnings of sentences that depend on the one before.
_LEANS = re.compile(
    r"""^\W*(?:this|these|that|those|it|they|he|she|such|also|and|but|or|so|then|thus|hence|however|moreover|therefore
    |furthermore|finally|secondly|thirdly|in\s(?:this|that|addition|other\swords)|for\sexample
    |cela|ceci|ce|cette|ces|il|elle|ils|elles|et|mais|or|donc|ainsi|aussi|cependant|toutefois|enfin|par\s(?:exemple|ailleurs)
    |en\s(?:effet|outre|revanche)|de\splus|c['’]est
    |esto|esta|este|estas|estos|eso|ello|ellos|ellas|y|pero|o|así|también|además|por\s(?:eso|ejemplo|lo\stanto)|sin\sembargo
    |это|эти|этот|эта|он|она|они|и|но|а|также|поэтому|однако|кроме\sтого|например|таким\sобразом
    |وهذا|وهذه|هذا|هذه|ذلك|تلك|كما|لكن|ولكن|لذلك|ولذلك|أيضا|وأيضا|وبالتالي
    |这|那|它|他们|此外|因此|但是|但|而且|然而|例如|所以)(?:\b|(?<=[\u3400-\u9fff]))""",
    re.VERBOSE | re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?…؟。！？][\W_]*$")
_ASKS = re.compile(r"[?؟？]\W*$")
_WORRIES = re.compile(
    r"""\b(?:concern(?!ing)|worr(?:y|ied|ies)|fear|risks?\b|threat|danger|problem|lack(?:s|ing)?\b|fail(?:s|ed|ure)|obstacle
    |barrier|inquiet|inquiét|préoccup|crain|risque|menace|danger|problème|manque|absence|obstacle
    |preocup|inquiet|tem(?:e|emos)r?\b|riesgo|amenaza|peligro|problema|falta\b|carencia|obstáculo)
    |обеспоко|опас|тревож|риск|угроз|проблем|недостат|нехватк|препятств
    |قلق|نخشى|مخاوف|مخاطر|خطر|تهديد|مشكلة|نقص|عدم\sوجود|عقبة|عقبات
    |担心|担忧|关切|忧虑|风险|威胁|危险|问题在于|缺乏|缺少|不足|障碍""",
    re.VERBOSE | re.IGNORECASE,
)
_AGREES = re.compile(
    r"""\b(?:(?:we|i|fully|strongly)\s+(?:fully\s+|strongly\s+)?(?:support|agree|welcome|endorse)|
    (?:nous\s+|je\s+)(?:soutenons|soutiens|approuvons|approuve|saluons|salue)|(?:d['’]accord\savec)
    |(?:apoyamos|apoyo|respaldamos|acogemos|estamos\sde\sacuerdo))
    |(?:мы|я)\s+(?:поддержива|приветству|соглас)|نؤيد|نرحب|أؤيد|نوافق|(?:我们|我)(?:支持|赞成|同意|欢迎)""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Quote:
    """Words that a statement cites, and the side that they support."""

    sentence: Sentence
    side: str = Side.HELD

    @property
    def place(self) -> tuple[int, int]:
        """The place of its sentence: the edition's id, and the sentence's number."""
        return (self.sentence.edition, self.sentence.place)


@dataclass(frozen=True)
class Statement:
    """A statement of a draft."""

    thread: int
    kind: str
    text: str
    quotes: list[Quote] = field(default_factory=list)
    against: str = ""
    machine: str = ""


def kind_of(sentence: str) -> str:
    """Return the kind of a sentence, by its words: a question, a concern, an agreement; else a proposal."""
    if _ASKS.search(sentence):
        return Kind.QUESTION
    if _AGREES.search(sentence):
        return Kind.AGREEMENT
    return Kind.CONCERN if _WORRIES.search(sentence) else Kind.PROPOSAL


def lead_of(sentences: Sequence[Sentence], language: str) -> Sentence:
    """Return the sentence for a statement's text: in the document's language, and clear by itself.

    Of several, the one with the most shared words; of equals, the more typical one.
    """
    # No sentence in its own language: the words stay in another, and are marked.
    spoken = [each for each in sentences if each.language == language] or list(sentences)
    # A heading has no mark at its end.
    spoken = [each for each in spoken if _ENDS.search(each.words)] or spoken
    spoken = [each for each in spoken if not is_first_person(each.words, each.language)] or spoken
    spoken = [each for each in spoken if not _LEANS.match(each.words)] or spoken
    count = Counter(term for each in sentences for term in terms(each.words, each.language))
    shared = {term for term, number in count.items() if number > 1}

    def worth(each: Sentence) -> float:
        # A longer sentence has more shared words, so beyond the usual length they count less and less.
        found = terms(each.words, each.language)
        return len(found & shared) / max(len(found), USUAL_TERMS) ** 0.5

    return max(spoken[:LEADS], key=worth)


def statement_of(idea: Idea, language: str) -> Statement:
    """Return an idea as a statement for a document in a language."""
    lead = lead_of(idea.sentences, language)
    others = [each for each in idea.sentences if each is not lead]
    against = [each for each in others if is_opposed(lead, each)]
    if against:
        return _disagreement(idea, lead, against, others)
    sentences = voices(Idea(idea.thread, (lead, *others), idea.contributions, idea.order))
    return Statement(idea.thread, kind_of(lead.words), lead.words, [Quote(each) for each in sentences])


def _disagreement(idea: Idea, lead: Sentence, against: list[Sentence], others: list[Sentence]) -> Statement:
    """Return a statement with both sides. Sentences opposed to neither side are cited for the view."""
    answer = against[0]
    held = [lead, *(each for each in others if each not in against)]
    sides = [(held, Side.HELD), (against, Side.AGAINST)]
    quotes = [
        Quote(each, side)
        for sentences, side in sides
        for each in voices(Idea(idea.thread, tuple(sentences), idea.contributions, idea.order), 4)
    ]
    return Statement(idea.thread, Kind.DISAGREEMENT, lead.words, quotes, against=answer.words)


#: Codes of the reasons for leaving an idea out of a draft.
OTHER_LANGUAGE, FIRST_PERSON = "other_language", "first_person"
#: Seconds that a translation of a draft's statements may take.
TRANSLATION_SECONDS = 60.0


def why_left_out(statement: Statement, language: str, *, translates: bool = False) -> str:
    """Return why a statement made of unchanged sentences cannot be in a summary; blank if it can."""
    for sentence in leads(statement):
        if is_first_person(sentence.words, sentence.language):
            return FIRST_PERSON
        if sentence.language != language and not translates:
            return OTHER_LANGUAGE
    return ""


def leads(statement: Statement) -> list[Sentence]:
    """Return the sentences that are a statement's words: one, or one for each side of a disagreement."""
    by_words = {quote.sentence.words: quote.sentence for quote in statement.quotes}
    return [by_words[each] for each in (statement.text, statement.against) if each in by_words]


def translated(statements: Sequence[Statement], language: str) -> list[Statement]:
    """Return statements in the language of the summary, those in other languages translated by a machine.

    Without those that the machine cannot translate. For a background task: it sends requests to a server.
    """
    wanted: dict[str, list[str]] = defaultdict(list)
    for statement in statements:
        for sentence in leads(statement):
            if sentence.language != language:
                wanted[sentence.language].append(sentence.words)
    made: dict[str, str] = {}
    for source, texts in wanted.items():
        try:
            made |= zip(texts, translation.translate(texts, source, language, seconds=TRANSLATION_SECONDS), strict=True)
        except (Failed, ValueError):
            continue  # these stay in another language and are left out
    return [in_words(each, made) for each in statements if not _lacks(each, language, made)]


def _lacks(statement: Statement, language: str, made: dict[str, str]) -> bool:
    return any(sentence.language != language and not made.get(sentence.words) for sentence in leads(statement))


def in_words(statement: Statement, made: dict[str, str]) -> Statement:
    """Return a statement with its translated words and the name of the machine."""
    text, against = made.get(statement.text, statement.text), made.get(statement.against, statement.against)
    if (text, against) == (statement.text, statement.against):
        return statement
    return replace(statement, text=text, against=against, machine=translation.name())


def contributions_of(quotes: Sequence[Quote]) -> set[int]:
    """Return the numbers of the contributions that are quoted; a campaign is one."""
    return {quote.sentence.campaign for quote in quotes}


# --- frames: they cite nothing and claim nothing about views; their figures are calculated here, never written ---

#: The number for statements on the whole, without a question.
WHOLE = 0


def frames(summary: Summary, contributions: Iterable[tuple[str, str, int]]) -> list[Statement]:
    """Return the frames that a document lacks: on the period and the method, then on each question without an answer.

    They are in the document's language, if our catalogues have it. `contributions` are (stakeholder group, language,
    number of the question) of all in the period. Two queries.
    """
    rows = list(contributions)
    there: set[tuple[str, int | None]] = set(summary.document.paragraphs.values_list("kind", "thread__number"))
    found = []
    with override(django_code(summary.document.source_language)):
        if (Kind.FRAME, None) not in there:
            found.append(Statement(WHOLE, Kind.FRAME, period_and_method(summary, rows)))
        answered = {thread for _group, _language, thread in rows} | {thread for _kind, thread in there}
        for number in summary.consultation.threads.order_by("number").values_list("number", flat=True):
            if number not in answered:
                found.append(Statement(number, Kind.FRAME, _("No contribution from the period answers this question.")))
    return found


def period_and_method(summary: Summary, rows: list[tuple[str, str, int]]) -> str:
    """Return the sentences on the period, the contributors, and the limits of a summary."""
    period = periods.in_words(summary.period_from, summary.period_to, summary.consultation)
    if not rows:
        return _("This summary covers the period %(period)s. No contributions were made in this period.") % {
            "period": period
        }
    count = len(rows)
    covers = ngettext(
        "This summary covers %(count)d contribution from the period %(period)s.",
        "This summary covers %(count)d contributions from the period %(period)s.",
        count,
    ) % {"count": count, "period": period}
    labels = dict(StakeholderGroup.choices)
    by_group = _listed(Counter(str(labels.get(group, group)) for group, _language, _thread in rows))
    by_language = _listed(Counter(_name(language) for _group, language, _thread in rows))
    return "\n\n".join(
        [
            covers,
            _("By stakeholder group: %(list)s. By language: %(languages)s.")
            % {"list": by_group, "languages": by_language},
            _(
                "Anyone could contribute. This summary reports what the contributions say. It does not measure public "
                "opinion."
            ),
        ]
    )


def _name(language: str) -> str:
    return language_in_sentence(language) if language in NAMES else language


def _listed(counts: Counter[str]) -> str:
    """Return "civil society 5, government 4", the largest first."""
    rows = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    each = _("%(name)s %(count)d")
    parts = [each % {"name": name, "count": count} for name, count in rows]
    return format_list(parts, style="unit", locale=html_code(current()).replace("-", "_"))
