"""Whether a text denies: the words of negation in the six languages, without those that only look like one."""

import re

_DENIES = {
    "en": r"\bnot\b|n['’]t\b|\bnever\b|\bno(?:ne|body|thing|where)?\b(?!\.)|\bneither\b|\bnor\b|\bwithout\b"
    r"|\bcannot\b|\blacks?\b|\black of\b"
    r"|\b(?:oppos|reject|refus)\w*",
    "fr": r"\bne\b(?!\s+serait-ce)|\bn['’](?=\w)|\bpas\b|\bjamais\b|\baucune?s?\b|\bsans\b|\bni\b|\brien\b|\bnon\b"
    r"|\b(?:oppos|rejet|refus)\w*",
    "es": r"\bno\b|\bnunca\b|\bjamás\b|\bning[uú]n\w*|\bsin\b|\bni\b|\bnadie\b|\bnada\b|\btampoco\b|\b(?:opon"
    r"|rechaz)\w*",
    "ru": r"\bне\b|\bнет\b|\bни\b|\bбез\b|\bнельзя\b|\bникогда\b|\bникак\w*\b|\bникто\b|\bничего\b"
    r"|\bотсутств\w*|\bневозможно\b"
    r"|\b(?:возража|отверга|отказ)\w*",
    "ar": r"(?<!\w)[وفأ]?(?:لا|لم|لن|ليس(?:ت|وا)?|غير|دون|بدون|عدم|كلا)(?!\w)|(?<!\w)ب(?:عدم|غير)(?!\w)"
    r"|(?<!\w)[وي]?(?:عارض|رفض|يرفض|يعارض)\w*",
    "zh": r"不|没有|沒有|没|沒|无|無|未(?!来|來)|非(?!常|洲|政府|法|营利|營利)|勿|毋|莫|反对|反對|拒绝|拒絕",
}
#: What looks like a negation and is none.
_NOT = {
    "en": r"\bnot only\b|\bno less\b|\bno doubt\b|\bnot least\b|\bno\.\s?\d|\bnot to mention\b|\bno longer than\b"
    r"|\bno matter\b|\bwhether or not\b|\bno more than\b|\bif not\b",
    "fr": r"\bnon seulement\b|\b(?:ne\s\w+\s)?pas seulement\b|\bsans doute\b|\bnon[- ]gouvernement\w+"
    r"|\bnon[- ]lucrati\w+|\bà moins que\s\w+\sne\b"
    r"|\bn['’]est-ce pas\b|\bsinon\b|\bn['’]importe\b|\bsans cesse\b|\bne\s+\w+\s+que\b|\bn['’]\w+\s+que\b"
    r"|\bpas à pas\b",
    "es": r"\bno (?:solo|sólo|solamente|únicamente)\b|\bno obstante\b|\bsin embargo\b|\bsin duda\b"
    r"|\bno gubernamental\w*|\bsino\b",
    "ru": r"\bне только\b|\bнесмотря\b|\bтем не менее\b|\bне менее\b|\bне раз\b|\bне просто\b",
    "ar": r"لا سيما|لاسيما|ليس فقط|لا يزال|لا تزال|ما لا يقل|غير الحكومية|لا شك|غير أن|فحسب|بلا شك",
    "zh": r"不仅|不僅|不但|不同|不断|不斷|不过|不過|不少|不管|不论|不論|无论|無論|不久|不只|不光|不得不"
    r"|不可或缺|未来|不禁|差不多|不妨"
    r"|对不起|了不起|无数|無數",
}

_FOUND = {language: re.compile(words, re.IGNORECASE) for language, words in _DENIES.items()}
_LOOKS = {language: re.compile(words, re.IGNORECASE) for language, words in _NOT.items()}


def is_known(language: str) -> bool:
    """Say whether negation is known in a language."""
    return language.split("-")[0].lower() in _FOUND


def negations(text: str, language: str) -> int:
    """Return how many words of negation a text has; of a language that is not known, none."""
    language = language.split("-")[0].lower()
    if language not in _FOUND:
        return 0
    return len(_FOUND[language].findall(_LOOKS[language].sub(" ", text)))
