"""What the numbers in a text count or name: contributions and their groups; question 3, Summary 1, statement 4."""

import re

#: The beginnings of words for what a consultation counts.
NOUNS = {
    "en": r"contribution|submission|statement|response|repl|comment|participant|author|respondent|government"
    r"|organi[sz]ation"
    r"|group|stakeholder|question|language|countr|compan|business|individual|citizen|proposal|channel",
    "fr": r"contribution|soumission|énoncé|réponse|commentaire|participant|auteur|gouvernement|organisation|groupe"
    r"|partie|question|langue|pays|entreprise|citoyen|particulier|proposition|voie",
    "es": r"contribuci|aportaci|aporte|enunciado|respuesta|comentario|participante|autor|gobierno|organizaci"
    r"|grupo|parte"
    r"|pregunta|idioma|lengua|país|paises|empresa|ciudadan|particular|propuesta|vía",
    "ru": r"материал|вклад|ответ|замечан|комментар|участник|автор|правительств|организаци|групп|вопрос|язык|стран"
    r"|компани|предприят|гражд|предложен|положени|канал|сообщен|заявлен|представлен",
    "ar": r"(?:ال)?(?:مساهم|إسهام|اسهام|رد|ردود|تعليق|مشارك|كاتب|حكوم|منظم|مجموع|فئة|فئات|سؤال|أسئل|لغ|بلد"
    r"|بلدان|شرك|مواطن|اقتراح|مقترح|فقر)",
    "zh": r"意见|意見|贡献|貢獻|来文|來文|提交|答复|答覆|评论|評論|参与者|参加者|作者|政府|组织|組織|团体|團體"
    r"|群体|利益|问题|問題|语言|語言"
    r"|语种|国家|國家|企业|企業|公司|个人|公民|建议|建議|陈述",
}  # fmt: skip

#: The beginnings of words that name one stakeholder group.
GROUPS: dict[str, dict[str, str]] = {
    "en": {
        "intergovernmental": r"intergovernmental|international organi[sz]ation",
        "government": r"(?<!inter)(?<!non-)(?<!non)governments?\b|\bstates?\b",
        "private_sector": r"private[- ]sector|\bbusiness|\bcompan(?:y|ies)",
        "civil_society": r"civil[- ]society|\bNGOs?\b|non-?governmental",
        "technical_academic": r"technical|academi|\bresearch",
    },
    "fr": {
        "intergovernmental": r"intergouvernemental|organisations? internationale",
        "government": r"(?<!inter)(?<!non )(?<!non-)gouvernement(?!al)|\bÉtats?\b",
        "private_sector": r"secteur privé|entreprise",
        "civil_society": r"société civile|\bONG\b|non[- ]gouvernement",
        "technical_academic": r"techni|universit|académi|recherche",
    },
    "es": {
        "intergovernmental": r"intergubernamental|organizaci(?:ón|ones) internacional",
        "government": r"gobierno|\bEstados?\b",
        "private_sector": r"sector privado|empresa",
        "civil_society": r"sociedad civil|\bONG\b|no gubernamental",
        "technical_academic": r"técnic|académic|universi",
    },
    "ru": {
        "intergovernmental": r"межправительствен|международн\w+ организац",
        "government": r"(?<!меж)(?<!не)правительств|\bгосударств",
        "private_sector": r"частн\w+ сектор|бизнес|компани|предприят",
        "civil_society": r"гражданск\w+ обществ|\bНПО\b|неправительствен",
        "technical_academic": r"техническ|академическ|научн",
    },
    "ar": {
        "intergovernmental": r"الحكومية الدولية|المنظمات الدولية",
        "government": r"(?:ال|ل)?حكومات|الحكومة|الدول\b",
        "private_sector": r"القطاع الخاص|الشركات|شركات",
        "civil_society": r"المجتمع المدني|غير الحكومية",
        "technical_academic": r"التقنية|الأكاديمي",
    },
    "zh": {
        "intergovernmental": r"政府间|政府間|国际组织",
        "government": r"(?<!非)政府(?!间|間)",
        "private_sector": r"私营部门|私營部門|企业|企業|公司",
        "civil_society": r"民间社会|民間社會|公民社会|非政府",
        "technical_academic": r"技术|技術|学术|學術",
    },
}

_CLAUSE = re.compile(r"[.,;:!?()،؛؟。，；：！？（）]")


def counts_the_record(text: str, end: int, language: str) -> bool:
    """Return whether the words after a place (four, within the clause) name something that the record counts."""
    language = language.split("-")[0].lower()
    if language not in NOUNS:
        return False
    tail = _CLAUSE.split(text[end : end + 60], maxsplit=1)[0]
    tail = tail[:8] if language == "zh" else " ".join(tail.split()[:4])
    return (
        re.search(rf"(?<!\w)(?:{NOUNS[language]})" if language != "zh" else NOUNS["zh"], tail, re.IGNORECASE)
        is not None
    )


#: Words between a count and its group. Without one, the group is addressed, not counted.
_LINK = {
    "en": r"from|by",
    "fr": r"des|du|de(?: la)?|par",
    "es": r"del?(?: la| los| las)?|por",
    "ru": r"от|со стороны",
    "ar": r"من|عن",
}


def group_named(text: str, begin: int, end: int, language: str) -> str:
    """Return the stakeholder group that a count is of; blank if none or several.

    "7 of the 12 contributions from governments" is of governments, "7 of the 12 ask governments to act" of nobody.
    """
    language = language.split("-")[0].lower()
    groups = GROUPS.get(language, {})
    if language == "zh":
        before = re.search(r"([^\W\d]{0,12})[的有：，]?\s*$", text[max(0, begin - 14) : begin])
        return _only(groups, (before[1] if before else "") + re.sub(r"\d", " ", text[begin:end]))
    after = re.split(r"[.;:!?؛؟\d]", text[end : end + 100], maxsplit=1)[0]
    word = r"[^\W\d_]+(?:[-’'][^\W\d_]+)*"
    link = _LINK.get(language, "(?!)")
    linked = re.match(rf"\s*(?:{word}\s+){{0,2}}?(?:(?:{link})\b|d[’'])\s*(.*)", after, re.IGNORECASE | re.DOTALL)
    if linked and (found := _only(groups, linked[1][:45])):
        return found
    straight = re.match(rf"\s*({word}(?:\s+no?n?\s+{word}|\s+{word})?)", after)
    if straight and not linked and (found := _only(groups, straight[1])):
        return found
    before = re.search(r"([^\d.;:]{0,40}):\s*$", text[max(0, begin - 40) : begin])
    ends = [
        group
        for group, words in groups.items()
        if before and re.search(rf"(?:{words})\w*\s*:\s*$", before[0], re.IGNORECASE)
    ]
    return ends[0] if len(ends) == 1 else ""


def _only(groups: dict[str, str], text: str) -> str:
    """Return the group that a text names, if it is only one."""
    named = [group for group, words in groups.items() if re.search(words, text, re.IGNORECASE)]
    return named[0] if len(named) == 1 else ""


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
_LIST_LINK = r"(?:,|，|、|;|and|to|et|à|au|y|a|al|и|по|و|إلى|和|至|到|-|–)"


def refers(text: str, begin: int, language: str) -> str:
    """Return the kind of thing that the number at a place names; blank if it counts.

    The number comes after the word, or after another such number: "questions 1, 2 and 3"; but in "question 1, ten in
    all" the second number counts. `text` has ASCII digits.
    """
    words = _WORDS.get(language.split("-")[0].lower())
    if not words:
        return ""
    before = text[max(0, begin - 60) : begin]
    ends = re.compile(rf"\d+\s*(?:{_LIST_LINK}\s*\d|[.,;:)。；，、]|$)").match(text, begin)
    more = rf"(?:\d+\s*{_LIST_LINK}\s*)*" if ends else ""
    gap = r"\s*" if language == "zh" else r"[\s\u00a0]+"
    for kind, written in words.items():
        pattern = rf"(?:{written}){gap}(?:(?:no\.|n[o°º]\.?|№|#)\s*)?{more}$"
        if re.search(pattern if language == "zh" else rf"(?<!\w){pattern}", before, re.IGNORECASE):
            return kind
    return ""
