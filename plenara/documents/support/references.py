"""Numbers that name something instead of counting: question 3, contributions 17 and 18, Summary 1, statement 4."""

import re

QUESTION, CONTRIBUTION, SUMMARY, STATEMENT = "question", "contribution", "summary", "statement"

_WORDS = {
    "en": {
        QUESTION: r"questions?|Q", CONTRIBUTION: r"contributions?|contribution no\.?", SUMMARY: r"summar(?:y|ies)",
        STATEMENT: r"statements?",
    },
    "fr": {
        QUESTION: r"questions?", CONTRIBUTION: r"contributions?", SUMMARY: r"résumés?|synthèses?",
        STATEMENT: r"énoncés?",
    },
    "es": {
        QUESTION: r"preguntas?", CONTRIBUTION: r"contribuci(?:ón|ones)", SUMMARY: r"res[uú]men(?:es)?",
        STATEMENT: r"enunciados?",
    },
    "ru": {
        QUESTION: r"вопрос\w*", CONTRIBUTION: r"материал\w*", SUMMARY: r"резюме", STATEMENT: r"положени\w*",
    },
    "ar": {
        QUESTION: r"\w{0,2}(?:سؤال|سؤالين|أسئلة)", CONTRIBUTION: r"\w{0,3}مساهم(?:ة|ات|تين)",
        SUMMARY: r"\w{0,2}ملخص(?:ين|ات)?", STATEMENT: r"\w{0,2}فقر(?:ة|ات|تين)",
    },
    "zh": {QUESTION: "问题|問題", CONTRIBUTION: "意见|意見", SUMMARY: "摘要", STATEMENT: "陈述|陳述"},
}  # fmt: skip
_LINK = r"(?:,|，|、|;|and|to|et|à|au|y|a|al|и|по|و|إلى|和|至|到|-|–)"


def refers(text: str, begin: int, language: str) -> str:
    """Return what kind of thing the number that begins at a place names; nothing where it counts.

    The number stands behind the word, or behind others that do: "questions 1, 2 and 3"; but "question 1, ten in all"
    counts with the second. `text` has ASCII digits.
    """
    words = _WORDS.get(language.split("-")[0].lower())
    if not words:
        return ""
    before = text[max(0, begin - 60) : begin]
    ends = re.compile(rf"\d+\s*(?:{_LINK}\s*\d|[.,;:)。；，、]|$)").match(text, begin)
    more = rf"(?:\d+\s*{_LINK}\s*)*" if ends else ""
    gap = r"\s*" if language == "zh" else r"[\s\u00a0]+"
    for kind, written in words.items():
        pattern = rf"(?:{written}){gap}(?:(?:no\.|n[o°º]\.?|№|#)\s*)?{more}$"
        if re.search(pattern if language == "zh" else rf"(?<!\w){pattern}", before, re.IGNORECASE):
            return kind
    return ""
