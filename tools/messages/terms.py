"""The terms of docs/vocabulary.md in the translations: each message that has a term has its translation.

A stem is enough, since words change their ends; several are separated by |.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rapidfuzz import fuzz

from tools.messages.catalogues import Translation, Translations
from tools.messages.languages import Language
from tools.messages.source import Message


class Term(NamedTuple):
    """An English term as a regular expression, and the stems that its translation has."""

    english: str
    ar: str
    es: str
    fr: str
    ru: str
    zh_Hans: str
    #: English words in which it means something else.
    other: str = ""


# fmt: off
TERMS = [
    Term("consultations?", "مشاور", "consulta", "consultation", "консультаци", "磋商"),
    Term("questions?", "سؤال|أسئل", "pregunta", "question", "вопрос", "问题|提问", "questions about|have questions"),
    Term("contributions?", "مساهم", "contribuci", "contribution", "материал", "意见",
         "oral contributions?|out of the contributions"),
    Term("stakeholder groups?", "فئ", "grupo", "groupe", "групп", "类别"),
    Term("moderators?", "مشرف", "moderador", "modérat", "модератор", "审核员"),
    Term("rapporteurs?", "مقرر", "relator", "rapporteu", "докладчик", "报告员"),
    Term("organizers?", "منظم", "organizador", "organisat", "организатор", "组织者"),
    Term("translators?", "مترجم", "traductor", "traduct", "переводчик", "译者|翻译"),
    Term("symbols?", "رمز|رموز", "signatura", "cote", "обозначени", "文号"),
    Term("receipts?", "إيصال", "recibo", "récépissé", "расписк", "回执", "date of receipt"),
    Term("drafts?", "مسود", "borrador|proyecto", "brouillon|projet|ébauche", "черновик|проект", "草稿|草案|初稿"),
    Term("summar(?:y|ies)", "ملخص|موجز", "resumen|resúmenes", "résumé|récapitul", "резюме|сводк", "摘要|汇总"),
    Term("statements?", "بيان", "enunciado|declaraci", "énoncé|déclaration", "положени|заявлени", "陈述|发言",
         "letters? (?:or|and) statements?"),
    Term("paragraphs?", "فقر", "párrafo", "paragraphe|alinéa", "пункт|абзац", "段"),
    Term("(?:public )?record", "محفوظات", "expediente", "archives", "архив", "记录|存档",
         "[wW]e record|not record|record of processing|record that Article"),
    Term("(?:public )?register(?= |$|[.,:])", "سجل", "registro", "registre", "реестр", "登记册|登记",
         "register (?:or|with|again|to)|can register"),
    Term("themes?", "موضوع|مواضيع", "tema", "thème", "тем", "主题"),
    Term("agenda items?", "بند|بنود", "puntos? del orden del día", "points? de l’ordre du jour",
         "пункт\\w* повестки", "议程"),
    Term("documents?", "وثيق|وثائق|مستند", "documento", "document", "документ", "文档|原件|成果文件",
         "document symbol"),
    Term("files?", "ملف", "archivo", "fichier", "файл", "文件"),
    Term("campaigns?", "حمل", "campaña", "campagne", "кампани", "相同文本|群发"),
    Term("suspen(?:ded|sion|d)", "إيقاف|أوقف|موقوف|أُوقف|توقف|يوقف|وقف",
         "suspen", "suspen", "приостан", "停用|暂停"),
    Term("signator(?:y|ies)", "موقِّع|موقع|موقّع", "firmante|signatari", "signataire", "подпис", "联署"),
    Term("bylines?", "نسب|منسوب", "atribuci", "signature", "подпис", "署名"),
    Term("decisions?", "قرار|البت|بت|يبت", "decisi|decid", "décision|décid", "решени|реша|реши", "决定|裁定|处理"),
    Term("appeals?", "تظل", "recurso|recurr", "recours", "апелляц|обжалов", "申诉"),
    Term("editions?", "إصدار|طبع", "edici", "édition", "издани", "版"),
    Term("events?", "فعالي", "evento", "événement", "мероприят", "活动"),
    Term("entr(?:y|ies)", "مدخل|مداخل", "ficha", "fiche", "запис", "条目"),
    Term("representatives?", "ممثل", "representante", "représentant", "представител", "代表", "representative sample"),
    Term("accounts?", "حساب", "cuenta", "compte", "учетн", "账户", "bank account"),
    Term("citations?", "استشهاد|اقتباس|مستشهد", "cita", "cit", "ссыл|цитат", "引"),
    Term("glossar(?:y|ies)", "مسرد|مسارد", "glosario", "glossaire", "глоссари", "术语表"),
    Term("desk", "مكتب", "mesa de trabajo", "bureau", "рабоч", "工作台"),
    Term("directory", "دليل", "directorio", "annuaire", "справочник", "名录"),
    Term("calendars?", "تقويم|تقاويم", "calendario", "calendrier", "календар", "日历|日程"),
    Term("licences?", "ترخيص|رخص", "licencia", "licence", "лицензи", "许可"),
    Term("passkeys?", "مفتاح|مفاتيح", "llave|clave", "clé", "ключ", "密钥"),
]
# fmt: on

#: Those that people's own words in the sample content do not use in another meaning.
OF_SAMPLES = [
    term
    for term in TERMS
    if term.english
    in {"consultations?", "contributions?", "stakeholder groups?", "moderators?", "rapporteurs?", "summar(?:y|ies)"}
]

#: Terms that a language must not translate alike.
PAIRS = [
    ("statements?", "paragraphs?"), ("themes?", "agenda items?"), ("campaigns?", "bylines?"),
    ("(?:public )?record", "(?:public )?register(?= |$|[.,:])"), ("documents?", "files?"), ("events?", "entr(?:y|ies)"),
    ("drafts?", "editions?"),
]  # fmt: skip

#: Things that have messages of the same form.
NOUNS = (
    "contribution|event|entry|summary|outcome|statement|paragraph|request|report|translation|consultation|question"
    "|organization|person|project|theme|term|file|body|meeting|section|appeal|draft|text|comment|proposal|decision"
)
_NOUN = re.compile(rf"\b(?:an? )?(?:{NOUNS})s?\b", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]*>|%\(\w+\)[sd]|\{\w+\}")
#: How much, of 100, two translations have in common that differ in a noun.
ALIKE = 50


def in_english(term: Term, text: str) -> bool:
    """Return whether an English text has the term, as a word of its own and in its meaning."""
    bare = _MARKUP.sub(" ", text)
    if term.other:
        bare = re.sub(term.other, " ", bare, flags=re.IGNORECASE)
    return bool(re.search(rf"(?<![\w-]){term.english}(?![\w-])", bare, re.IGNORECASE))


def problems(
    language: Language, message: Message, translation: Translation, among: Iterable[Term] = TERMS
) -> Iterator[str]:
    """Yield each term of the message that its translation has not."""
    last = translation if isinstance(translation, str) else translation[-1]
    for term in among:
        stems = getattr(term, language.code)
        if in_english(term, message.plural or message.msgid) and not re.search(stems, last, re.IGNORECASE):
            yield f"has {term.english!r}, and its translation none of {stems}"


def same_stems(language: Language) -> Iterator[str]:
    """Yield the pairs of terms that the language has one word for."""
    stems = {term.english: getattr(term, language.code) for term in TERMS}
    for one, other in PAIRS:
        if set(stems[one].split("|")) & set(stems[other].split("|")):
            yield f"{one!r} and {other!r} are the same word"


def different_translations(language: Language, messages: Iterable[Message], translated: Translations) -> Iterator[str]:
    """Yield messages that are the same but for a noun, and whose translations are not."""
    groups: dict[tuple[str | None, str], list[Message]] = {}
    for message in messages:
        if len(_NOUN.findall(message.msgid)) == 1 and len(message.msgid.split()) > 3:
            groups.setdefault((message.context, _NOUN.sub("…", message.msgid)), []).append(message)
    for group in groups.values():
        first, *others = group
        of_first = _one(translated, first)
        for other in others:
            of_other = _one(translated, other)
            if of_first and of_other and fuzz.ratio(of_first, of_other) < ALIKE:
                yield f"{first.msgid!r} and {other.msgid!r} differ in a noun, but not {of_first!r} and {of_other!r}"


def _one(translated: Translations, message: Message) -> str:
    found = translated.get((message.context, message.msgid, message.plural), "")
    return found if isinstance(found, str) else found[-1]
