"""Checks of a translation: the placeholders, markup and plural forms of its source, valid formatting, and the rules of
its language."""

import re
import string
from collections import defaultdict
from collections.abc import Iterator

from tools.messages.catalogues import Translation, is_complete
from tools.messages.languages import Language
from tools.messages.source import Message

NAMED = re.compile(r"%\(\w+\)[sd]")
PERCENT = re.compile(r"%(?:\(\w+\))?[sd]")
BRACES = re.compile(r"\{\w+\}")
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
#: What each language does not write, and why.
RULES = {
    "ar": {
        r"\b(?:اكتبوا|أدخلوا|انقروا|راجعوا|تحققوا|عودوا|أبقوا|أضيفوا|احذفوا|افتحوا|اقرأوا|اقرؤوا|انتظروا)\b": (
            "is an order: يرجى and a verbal noun"
        ),
        r"\b(?:اولا|أولا|حاليا|جدا|أيضا|مثلا|فورا|تلقائيا|دائما)\b(?!\u064b)": "lacks its tanwin",
    },
    "es": {r"\b(?:tú|tus?|ti|contigo|puedes|tienes)\b": "addresses its reader as usted"},
    "fr": {
        r"« |« | »|[^\u00a0]»": "needs a no-break space (U+00A0) within guillemets",
        r" [:;?!]": "needs a no-break space before : ; ? !",
        r"\u00a0[;?!]": "has a narrow no-break space (U+202F) before ; ? !",
        r"\b(?:tu|ton|tes|toi)\b": "addresses its reader as vous",
        r"(?<=[a-zé,] )(?:Anglais|Arabe|Chinois|Espagnol|Français|Russe)\b": "writes languages in small letters",
    },
    "ru": {
        r"(?<![Вв]с)[ёЁ]": "writes е for ё, but in всё",
        r"\b(?:вы|вас|вам|вами|ваш\w*)\b": "addresses its reader as Вы",
        r"(?<=[а-я,] )(?:Английск|Арабск|Испанск|Китайск|Русск|Французск)": "writes languages in small letters",
    },
    "zh_Hans": {
        r"你(?!们)": "addresses its reader as 您",
        r"[、，。：；？！」』）】》〉”][ \u00a0]": "has no space after a full-width mark",
        r"(?<=[\u4e00-\u9fff])[,;:?!](?=[\u4e00-\u9fff ]|$)": "has full-width marks",
    },
}
#: The imperative in each language that names buttons and links by the infinitive or a noun.
_IMPERATIVES = {
    "es": re.compile(
        r"^(?:Guard|Elimin|Descarg|Confirm|Muestr|Busqu|Cambi|Cit|Us|Cre|Prepar|Acept|Rechac)e\b|^(?:Env|Publ)\w+e\b"
    ),
    "fr": re.compile(r"^(?!Chez\b|Assez\b)\w+ez\b"),
    "ru": re.compile(r"^\w+(?:йте|ите)(?:сь)?\b"),
}
#: Placeholders that are filled with the name of a language as it is written inside a sentence.
_LANGUAGE_NAMED = re.compile(r"%\((?:asked|declared|found|languages?|role_language|source)\)s")
_RULES = {code: {re.compile(each): why for each, why in rules.items()} for code, rules in RULES.items()}
#: The first Russian form serves 1, 21, 31 …, so it never says 1.
_ONE_IN_RUSSIAN = re.compile(r"(?<![\d.])1(?![\d.])")


def problems(language: Language, message: Message, translation: Translation) -> Iterator[str]:
    """Yield a sentence for each thing wrong with the translation."""
    forms = (translation,) if isinstance(translation, str) else tuple(translation)
    if message.plural is None:
        if not isinstance(translation, str):
            yield "has plural forms, but the message has none"
            return
    elif isinstance(translation, str) or len(forms) != len(language.forms):
        yield f"needs {len(language.forms)} plural forms ({', '.join(language.forms)}) and has {len(forms)}"
        return
    if not is_complete(translation):
        yield "is empty"
        return
    for place, form in enumerate(forms):
        where = f"form {language.forms[place]}: " if message.plural is not None else ""
        may_omit_number = message.plural is not None and (
            place in language.forms_of_one_number
            # A message without the number in its singular is counted from 1, so French needs none for 0 and 1.
            or (place in language.forms_of_one and placeholders(message.msgid) != placeholders(message.plural))
        )
        for problem in problems_of_form(message, form, may_omit_number=may_omit_number):
            yield where + problem
        for problem in problems_of_language(language, form):
            yield where + problem
    if language.code in _IMPERATIVES:
        yield from _problems_of_use(language, message, forms[0])
    if language.code == "ru" and message.plural is not None and _ONE_IN_RUSSIAN.search(forms[0]):
        yield "form one: says 1, and is also shown for 21"


def _problems_of_use(language: Language, message: Message, form: str) -> Iterator[str]:
    """Yield buttons that are orders, and sentences that begin with a word in small letters."""
    if message.context in {"button", "link"} and (found := _IMPERATIVES[language.code].search(form)):
        yield f"is an order, where a {message.context} is named by the infinitive or a noun: {found[0]!r}"
    if _LANGUAGE_NAMED.match(form) and not _LANGUAGE_NAMED.match(message.msgid):
        yield "begins with the name of a language, which is filled in with a small letter"


def problems_of_language(language: Language, form: str) -> Iterator[str]:
    """Yield the rules of the language that a text breaks."""
    bare = TAG.sub("", form)
    for pattern, why in _RULES.get(language.code, {}).items():
        if found := pattern.search(bare):
            yield f"{why}: {found[0]!r}"


def problems_of_form(message: Message, form: str, *, may_omit_number: bool) -> Iterator[str]:
    source = message.plural or message.msgid
    wanted, has = placeholders(source), placeholders(form)
    if strange := has - wanted:
        yield f"has {names(strange)}, which the message has not"
    missing = wanted - has
    # A form for one number needs no figure; all other placeholders must be there.
    if missing and not (may_omit_number and len(missing) == 1):
        yield f"lacks {names(missing)}"
    if sorted(TAG.findall(source)) != sorted(TAG.findall(form)):
        yield f"has the tags {TAG.findall(form)}, not {TAG.findall(source)}"
    for end, name in ((str.startswith, "begins"), (str.endswith, "ends")):
        if end(source, "\n") != end(form, "\n"):
            yield f"{name} with a new line where the message does not, or the other way round"
    if form != form.strip() and source == source.strip():
        yield "begins or ends with a space"
    yield from problems_of_filling(source, form)


def problems_of_filling(source: str, form: str) -> Iterator[str]:
    """Yield errors of formatting, such as a lone percent sign or brace."""
    if NAMED.search(source) or "%%" in source:
        try:
            _ = form % defaultdict(int)
        except (ValueError, TypeError) as error:
            yield f"cannot be filled: {error} (a percent sign is written %%)"
    elif "%%" in form:
        yield "writes the percent sign %%, where the message writes %"
    if BRACES.search(source):
        try:
            list(string.Formatter().parse(form))
        except ValueError as error:
            yield f"cannot be filled: {error}"


def placeholders(text: str) -> set[str]:
    return set(PERCENT.findall(text)) | set(BRACES.findall(text))


def names(placeholders: set[str]) -> str:
    return ", ".join(sorted(placeholders))
