"""Sentences that speak of their author: cut out of their context, they would be said by the summary."""

import re

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
    """Say whether a sentence speaks of its author: "I think", "our members". Of other languages nothing is known."""
    known = _KNOWN.get(language.split("-")[0])
    return known is not None and known.search(words) is not None
