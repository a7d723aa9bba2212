"""Personal data in a text and its position. Only data with a recognizable form is searched for.

A year, a symbol, an amount or the number of a standard looks much like a telephone number, so a number
counts only with the pattern of a country, or with correct check digits.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import iban, luhn
from stdnum.br import cpf
from stdnum.cn import ric
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.mx import curp

from plenara.core.rows import Json

#: The most places that one suggestion names; a text with more of them is a list of addresses.
MOST = 50


@dataclass(frozen=True)
class Found:
    """One place in a text: its first and last character, and its kind."""

    start: int
    end: int
    kind: str  # mail, telephone, account, card, identity

    def as_list(self) -> list[str | int]:
        return [self.kind, self.start, self.end]


def look(text: str, country: str) -> Json | None:
    """Return the places of personal data in a text. Numbers without a prefix belong to `country`, the author's."""
    # Zeros and nines of other scripts are digits too, one character each, so that positions do not move.
    plain = "".join(str(int(each)) if each.isdecimal() else each for each in text)
    found: list[Found] = []
    for finder in (_mails, _accounts, _identities, _cards):
        _add(found, finder(plain))
    _add(found, _telephones(plain, country))
    if not found:
        return None
    found.sort(key=lambda each: each.start)
    return {"places": [each.as_list() for each in found[:MOST]], "count": len(found)}


def named(text: str, places: Iterable[Sequence]) -> list[tuple[str, str]]:
    """Return the name of the kind and the text of each place, in the active language, without repetitions."""
    names = {
        "mail": pgettext("label", "E-mail address"),
        "telephone": _("Telephone number"),
        "account": _("Bank account"),
        "card": _("Payment card"),
        "identity": _("Identity number"),
    }
    return list(dict.fromkeys((names[kind], text[start:end]) for kind, start, end in places))


def _add(found: list[Found], more: Iterable[Found]) -> None:
    """Add a place that overlaps no earlier one: an account number is not a telephone number as well."""
    for each in more:
        if all(each.end <= other.start or each.start >= other.end for other in found):
            found.append(each)


_AT = r"(?:@|\s?[\[({]\s?(?:at|arobase|arroba)\s?[\])}]\s?)"
_DOT = r"(?:\.|\s?[\[({]\s?(?:dot|point|punto)\s?[\])}]\s?)"
# Chinese has no space before an address, and no address has Chinese in it.
_LETTER = r"(?:(?![\u3000-\u9fff\uff00-\uffef])[\w+%'-])"
_MAIL = re.compile(
    rf"(?<![a-z0-9_.+/@-]){_LETTER}+(?:\.{_LETTER}+)*{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}})*{_DOT}(?:(?![\u3000-\u9fff])[^\W\d_]){{2,24}}"
    r"(?![a-z0-9_@])",
    re.IGNORECASE,
)
#: Reserved names (RFC 2606, RFC 6761).
_NOWHERE = re.compile(r"(?:^|[.@])(?:example|invalid|test|localhost|example\.(?:com|net|org))$", re.IGNORECASE)


def _mails(text: str) -> Iterator[Found]:
    for match in _MAIL.finditer(text):
        if not _NOWHERE.search(match[0]):
            yield Found(match.start(), match.end(), "mail")


_IBAN = re.compile(r"(?<![A-Za-z0-9/])[A-Z]{2}[0-9]{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9/])")


def _accounts(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        # Text after a number can look like part of it: the number is the longest beginning with correct check digits.
        for end in range(len(match[0]), 14, -1):
            if iban.is_valid(match[0][:end], check_country=False):
                yield Found(match.start(), match.start() + end, "account")
                break


_CARD = re.compile(r"(?<![A-Za-z0-9_.,/+-])(?:[0-9][ -]?){12,18}[0-9](?![A-Za-z0-9_/]|[.,][0-9])")
#: The first digits and lengths of the numbers of the large card networks (ISO/IEC 7812).
_NETWORKS = (
    re.compile(r"4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})"),
    re.compile(r"(?:5[1-5][0-9]{14}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12})"),
    re.compile(r"3[47][0-9]{13}"),
    re.compile(r"(?:6011|65[0-9]{2}|64[4-9][0-9])[0-9]{12}"),
    re.compile(r"35(?:2[89]|[3-8][0-9])[0-9]{12}"),
    re.compile(r"62[0-9]{14,17}"),
    re.compile(r"3(?:0[0-5]|[68][0-9])[0-9]{11}"),
    re.compile(r"220[0-4][0-9]{12}"),
)


def _cards(text: str) -> Iterator[Found]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"[ -]", "", match[0])
        if len(set(digits)) > 1 and any(each.fullmatch(digits) for each in _NETWORKS) and luhn.is_valid(digits):
            yield Found(match.start(), match.end(), "card")


#: National identity numbers with check digits, in the usual spellings.
_IDENTITIES: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (re.compile(r"(?<![A-Za-z0-9_/-])[0-9]{8}[ -]?[A-Z](?![A-Za-z0-9_/])"), dni.is_valid),
    (re.compile(r"(?<![A-Za-z0-9_/-])[XYZ][ -]?[0-9]{7}[ -]?[A-Z](?![A-Za-z0-9_/])"), nie.is_valid),
    (
        re.compile(
            r"(?<![A-Za-z0-9_/-])[12] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}(?![A-Za-z0-9_/])"
        ),
        nir.is_valid,
    ),
    (re.compile(r"(?<![A-Za-z0-9_/-])[1-9][0-9]{16}[0-9Xx](?![A-Za-z0-9_/])"), ric.is_valid),
    (re.compile(r"(?<![A-Za-z0-9_/-])[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}(?![A-Za-z0-9_/])"), cpf.is_valid),
    (
        re.compile(r"(?<![A-Za-z0-9_/-])[A-Z]{6}[0-9]{2}[A-Z][0-9]{2}[A-Z][0-9]{3}[A-Z](?![A-Za-z0-9_/])"),
        codicefiscale.is_valid,
    ),
    (re.compile(r"(?<![A-Za-z0-9_/-])[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[A-Z0-9][0-9](?![A-Za-z0-9_/])"), curp.is_valid),
    (
        re.compile(r"(?<![A-Za-z0-9_/-])[0-9]{3}-[0-9]{3}-[0-9]{3}[ -][0-9]{2}(?![A-Za-z0-9_/])"),
        lambda number: _snils(number),
    ),
)


def _identities(text: str) -> Iterator[Found]:
    for pattern, is_valid in _IDENTITIES:
        for match in pattern.finditer(text):
            if is_valid(match[0]):
                yield Found(match.start(), match.end(), "identity")


def _snils(number: str) -> bool:
    """Return whether the check digits of a Russian insurance number are correct."""
    digits = [int(each) for each in number if each.isdigit()]
    total = sum(digit * (9 - place) for place, digit in enumerate(digits[:9])) % 101
    return total % 100 == digits[9] * 10 + digits[10]


# Words before a number of another kind: a standard, a resolution, a paragraph, money.
_OTHER_BEFORE = re.compile(
    r"(?:\b(?:ISO|IEC|RFC|IEEE|ITU|UIT|ISBN|ISSN|DOI|EN|DIN|GOST|ГОСТ|AS|ASN|No|Nos|Nr|Nº|art|article|artículo|section|"
    r"sección|para|paragraph|paragraphe|párrafo|resolution|résolution|resolución|résol|case|ticket|order|USD|EUR|CHF|GBP|"
    r"US|RMB|CNY|RUB|арт|ст|пункт|статья|резолюция|version|v|line|page|pages|pp|p|file|ref|réf|dossier|expediente|дело)\b[.:]?|"
    r"[n№#§$€£¥₽°º/]|编号|案号|文号|订单|الملف)\s*[(\[]?$",
    re.IGNORECASE,
)
_MONEY_AFTER = re.compile(
    r"^\s*(?:[$€£¥₽%‰]|(?:USD|EUR|CHF|GBP|RUB|CNY|dollars?|euros?|dólares|francs?|francos|pesos|roubles?|rublos|yuan|"
    r"people|persons|users|pages|words|votes|personnes|utilisateurs|personas|usuarios|человек|рублей|руб|пользователей|"
    r"元|人|美元|دولار|شخص|مستخدم|مليون|million|millions|millones|миллион)\b)",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?:1[89]|20)[0-9]{2}(?:\s?[-–/,]\s?(?:1[89]|20)[0-9]{2})+")
_DATE = re.compile(r"(?:[0-9]{1,2}[./-][0-9]{1,2}[./-](?:[0-9]{2}|[0-9]{4})|[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2})")
_DAY = re.compile(r"(?<![0-9])[0-3]?[0-9][./-][01]?[0-9][./-](?:19|20)[0-9]{2}(?![0-9])")
_GROUPED_BY_THREE = re.compile(r"[0-9]{1,3}(?:[ .,  '][0-9]{3})+")
_WORD_BEFORE = re.compile(
    r"(?:\b(?:tel|tél|telephone|téléphone|teléfono|phone|mobile|móvil|cell|call|fax|whatsapp|signal|viber|number|numéro|número)|"
    r"тел|телефон|моб|звоните|هاتف|الهاتف|جوال|اتصل|واتساب|رقم)\W{0,12}(?:\w+\W+){0,3}$|"
    r"(?:电话|手机|致电|联系|微信)[^0-9]{0,8}$",
    re.IGNORECASE,
)


def _telephones(text: str, country: str) -> Iterator[Found]:
    for match in PhoneNumberMatcher(text, country or None, leniency=Leniency.VALID, max_tries=2000):
        raw, before, after = (
            match.raw_string,
            text[max(0, match.start - 60) : match.start],
            text[match.end : match.end + 20],
        )
        international = raw.lstrip("( ").startswith(("+", "＋", "00"))
        if _looks_like_another_number(raw, before, after, international=international):
            continue
        yield Found(match.start, match.end, "telephone")
    yield from _beside_its_word(text)


def _looks_like_another_number(raw: str, before: str, after: str, *, international: bool) -> bool:
    if before[-1:] == "/" or after[:1] == "/":  # a part of a symbol or an address
        return True
    if raw.startswith("+") and not _OTHER_BEFORE.search(before):
        return False
    called = _WORD_BEFORE.search(before)
    if _YEARS.fullmatch(raw) or _DATE.fullmatch(raw) or _DAY.search(raw) or (_MONEY_AFTER.search(after) and not called):
        return True
    if _OTHER_BEFORE.search(before) and not called:
        return True
    digits = sum(map(str.isdigit, raw))
    if called:
        return digits < 6
    # Without a word or a prefix, a number in groups of three may be an amount, and one without groups may be anything.
    plain_digits = raw.isdigit() and not raw.startswith("0")
    return (digits < 8 or bool(_GROUPED_BY_THREE.fullmatch(raw)) or plain_digits) and not international


_NUMBER = re.compile(r"\(?\+?[0-9](?:[ ().–-]{0,2}[0-9]){6,13}(?![0-9/])")
_WORD_JUST_BEFORE = re.compile(
    r"(?:\b(?:tel|tél|telephone|téléphone|teléfono|phone|mobile|móvil|whatsapp|call me)|"
    r"тел|телефон|моб|هاتف|الهاتف|جوال|واتساب|电话|手机)"
    r"[\s.:：()]{0,4}(?:(?:is|at|on|number|no|au|al|es|номер|رقم|号码|是)[\s.:：]{1,3}){0,2}$",
    re.IGNORECASE,
)


def _beside_its_word(text: str) -> Iterator[Found]:
    """Yield numbers of other countries after a word such as telephone, without a prefix."""
    for match in _NUMBER.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if _WORD_JUST_BEFORE.search(before) and not _YEARS.fullmatch(match[0]):
            yield Found(match.start(), match.end(), "telephone")
