"""The order of names: as ICU has it for the six languages, and the same on every database."""

import random

import pytest

from plenara.core.languages import CODES
from plenara.directory.collation import DIGITS, LETTERS, LONGEST, OTHER, initial, sort_key
from plenara.directory.models import Place
from tests.directory import listed

#: In the order that ICU 78 gives (Intl.Collator), but for a sign before a name, which does not count here.
ORDERED = {
    "en": ["2 Hearts", "42", "Access", "access now", "Édito", "naïve", "Naive Set", "Ñandú", "Nest", "Øre", "Zut"],
    "fr": ["cote", "Cote", "coté", "côte", "côté", "eau", "ecole", "Ecole", "École", "Édito", "Œuvre", "Zut"],
    "es": ["ábaco", "llama", "loma", "Luna", "Mano", "na", "Nación", "nz", "ñ", "Ñandú", "ñu", "ola"],
    "ru": ["42", "Берег", "Елец", "ёлка", "ель", "иск", "йод", "Щит", "Эхо", "Яблоко", "Africa", "Zoo", "北京"],
    "ar": ["آمال", "اتحاد", "أفريقيا", "الإنترنت", "باب", "تونس", "تين", "شبكات", "هاتف", "يمن", "Zoo", "Европа"],
    "zh": ["7天", "安徽", "北京大学", "重庆", "旅行", "银行", "中国", "中国Internet协会", "Brazil", "Zoo", "Европа"],
}  # fmt: skip


@pytest.mark.parametrize("language", CODES)
def test_names_are_in_the_order_of_their_language(language):
    names = ORDERED[language]
    mixed = random.Random(1).sample(names, len(names))
    assert sorted(mixed, key=lambda name: sort_key(name, language)) == names


@pytest.mark.parametrize(("name", "language", "letter"), [
    ("Access", "en", "A"), ("École", "fr", "E"), ("Ñandú", "es", "Ñ"), ("Ñandú", "en", "N"), ("Łódź", "en", "L"),
    ("42 Commons", "ru", DIGITS), ("٤٢", "ar", DIGITS), ("Ёлка", "ru", "Е"), ("Ёлка", "en", OTHER), ("Їжак", "ru", "И"),
    ("أفريقيا", "ar", "ا"), ("آمال", "ar", "ا"), ("ىمن", "ar", "ي"), ("أفريقيا", "zh", OTHER), ("重庆", "zh", "C"),
    ("长安", "zh", "C"), ("北京", "ar", OTHER), ("«Заря»", "ru", "З"), ("“Open”", "zh", "O"), ("…", "en", OTHER),
    ("", "en", OTHER), ("Straße", "en", "S"), ("ｗｉｄｅ", "en", "W"), ("Ελλάδα", "fr", OTHER), ("Ünal", "ru", "U"),
])  # fmt: skip
def test_a_name_is_under_its_letter(name, language, letter):
    assert initial(name, language) == letter


@pytest.mark.parametrize("language", CODES)
def test_letters_follow_each_other_in_the_order_of_the_bar(language):
    """Letters of the reader's own script, so that no letter occurs twice; in Chinese, Latin names come later."""
    own = [each for each in LETTERS[language] if language != "zh"]
    assert sorted(own, key=lambda letter: sort_key(letter, language)) == own
    assert [initial(letter, language) for letter in own] == own


@pytest.mark.parametrize(
    "name",
    [
        "x" * 5_000,
        "é" * 5_000,
        "重" * 5_000,
        "e" + "\u0301" * 5_000,
        "\U0001f600",
        "\ud7ff",
        "龘\U0002a6a5\u9fef中〇々",
    ],
)
def test_a_key_is_bounded_whatever_the_name(name):
    for language in CODES:
        assert 0 < len(sort_key(name, language)) <= LONGEST
        assert len(initial(name, language)) <= 4


def test_a_sign_before_a_name_does_not_count():
    assert sort_key("«Заря»", "ru") < sort_key("Иск", "ru") < sort_key("(Яблоко)", "ru")


@pytest.mark.django_db
@pytest.mark.parametrize("language", CODES)
def test_the_database_orders_as_the_keys_do(language):
    """Run on SQLite and on PostgreSQL: both compare bytes."""
    names = [name for each in ORDERED.values() for name in each]
    for name in random.Random(2).sample(names, len(names)):
        listed.person(name)
    rows = Place.objects.filter(language=language).order_by("sort_key", "listing_id").select_related("listing")
    found = [each.listing.details["name"] for each in rows]
    assert [sort_key(each, language) for each in found] == sorted(sort_key(each, language) for each in names)
