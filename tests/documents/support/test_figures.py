"""The figures of a text in six languages: which words are figures, and their values."""

from decimal import Decimal

import pytest

from plenara.documents.validation.figures import DATE, FRACTION, NUMBER, PERCENT, YEAR, figures


def kinds_and_values(text, language):
    return [(each.kind, each.value) for each in figures(text, language)]


def numbers(text, language):
    return [int(each.value) if each.value == int(each.value) else float(each.value) for each in figures(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "seven of them", 7),
        ("en", "twelve weeks", 12),
        ("en", "twenty-one days", 21),
        ("en", "ninety nine", 99),
        ("en", "three hundred thousand", 300_000),
        ("en", "1,234.5 euros", 1234.5),
        ("en", "5 million people", 5_000_000),
        ("en", "$221bn", 221_000_000_000),
        ("fr", "sept d’entre elles", 7),
        ("fr", "vingt et un jours", 21),
        ("fr", "soixante-dix-sept", 77),
        ("fr", "quatre-vingts", 80),
        ("fr", "quatre-vingt-dix-neuf", 99),
        ("fr", "deux cents pages", 200),
        ("fr", "1 234,5 euros", 1234.5),
        ("fr", "3 milliards", 3_000_000_000),
        ("es", "siete de ellas", 7),
        ("es", "dieciséis", 16),
        ("es", "veintidós", 22),
        ("es", "setenta y siete", 77),
        ("es", "doscientos cinco", 205),
        ("es", "1.234,5 euros", 1234.5),
        ("es", "3 mil millones", 3_000_000_000),
        ("ru", "семь материалов", 7),
        ("ru", "из двенадцати", 12),
        ("ru", "трёх недель", 3),
        ("ru", "двумя неделями", 2),
        ("ru", "семьдесят семь", 77),
        ("ru", "двести пять тысяч", 205_000),
        ("ru", "1 234,5 евро", 1234.5),
        ("ru", "3 млрд рублей", 3_000_000_000),
        ("ar", "سبع مساهمات", 7),
        ("ar", "وثلاثة أسابيع", 3),
        ("ar", "اثنتي عشرة مساهمة", 12),
        ("ar", "أحد عشر", 11),
        ("ar", "خمسة وعشرين", 25),
        ("ar", "ثلاثمئة وخمسة", 305),
        ("ar", "١٬٢٣٤٫٥ يورو", 1234.5),
        ("ar", "خمسة آلاف", 5000),
        ("zh", "七份意见", 7),
        ("zh", "十二个国家", 12),
        ("zh", "两国", 2),
        ("zh", "三百零五人", 305),
        ("zh", "３万人", 30_000),
        ("zh", "30亿", 3_000_000_000),
        ("zh", "1,234.5欧元", 1234.5),
    ],
)
def test_a_number_is_read_in_digits_and_in_words(language, text, value):
    assert numbers(text, language) == [value]


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "ar", "zh"])
def test_digits_of_any_script_are_read(language):
    assert numbers("(12) (١٢) (۱۲) (१२)", language) == [12, 12, 12, 12]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "58 % or 58% or 58 per cent or 58 percent"),
        ("fr", "58 % ou 58 pour cent"),
        ("es", "el 58 % o 58 por ciento"),
        ("ru", "58 % или 58 процентов"),
        ("ar", "٥٨٪ أو 58 في المائة أو 58 بالمئة"),
        ("zh", "58%，百分之五十八，百分之58"),
    ],
)
def test_per_cent_is_its_own_kind(language, text):
    found = kinds_and_values(text, language)
    assert found
    assert set(found) == {(PERCENT, Decimal(58))}


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "two-thirds", 0.6667),
        ("en", "3/4 of it", 0.75),
        ("fr", "les deux tiers", 0.6667),
        ("fr", "trois quarts", 0.75),
        ("es", "dos tercios", 0.6667),
        ("es", "tres cuartas partes", 0.75),
        ("ru", "две трети", 0.6667),
        ("ar", "ثلثي الوقت", 0.6667),
        ("ar", "ثلاثة أرباع", 0.75),
        ("zh", "三分之二", 0.6667),
    ],
)
def test_a_fraction_is_not_read_as_the_number_in_it(language, text, value):
    assert [(kind, float(number)) for kind, number in kinds_and_values(text, language)] == [(FRACTION, value)]


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "on 1 March 2026", (2026, 3, 1)),
        ("en", "on March 1, 2026", (2026, 3, 1)),
        ("en", "in March 2026", (2026, 3, 0)),
        ("en", "on 5 April", (0, 4, 5)),
        ("fr", "le 1er mars 2026", (2026, 3, 1)),
        ("es", "el 1 de marzo de 2026", (2026, 3, 1)),
        ("ru", "1 марта 2026 года", (2026, 3, 1)),
        ("ar", "1 آذار/مارس 2026", (2026, 3, 1)),
        ("ar", "في ١ مارس ٢٠٢٦", (2026, 3, 1)),
        ("zh", "2026年3月1日", (2026, 3, 1)),
        ("en", "2026-03-01", (2026, 3, 1)),
        ("ru", "01.03.2026", (2026, 3, 1)),
    ],
)
def test_a_date_is_one_figure(language, text, day):
    (found,) = figures(text, language)
    assert found.kind == DATE
    assert (found.day.year, found.day.month, found.day.day) == day


def test_a_range_of_days_is_two_dates():
    assert [each.day.day for each in figures("from 1 to 15 March 2026", "en")] == [1, 15]
    assert [each.day.day for each in figures("с 1 по 15 марта", "ru")] == [1, 15]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "in 2014"), ("fr", "en 2014"), ("ar", "عام ٢٠١٤"), ("zh", "2014年"), ("ru", "в 2014 году")],
)
def test_a_year_is_distinguished_from_a_count(language, text):
    assert kinds_and_values(text, language) == [(YEAR, Decimal(2014))]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The 21st century, the third meeting, one of us, one thing."),
        ("en", "G20, IPv6, COVID-19, 5G, Q3, version 1.2.3."),
        ("en", "See [12], WGIG/2004/Q3/17 and https://example.org/12/34."),
        ("en", "In the 1990s; half of it; a third of it; thousands; millions of people."),
        ("en", "Number 3, No. 4 and number 5."),
        ("fr", "Le 21e siècle, la 3ème réunion, une chose, les années 1990, des milliers, le n° 4."),
        ("es", "El 3.º y la 4ª, una cosa, los años 1990, miles de personas."),
        ("ru", "21-й век, 3-я встреча, 1990-х годов, одна вещь, тысячи людей, № 4."),
        ("ar", "يوم الاثنين، القرن الحادي والعشرون، آلاف، مئات"),
        ("zh", "21世纪，第3次，第三次，90年代，十分重要，一个，千万不要，数百人，一些"),
    ],
)
def test_what_only_looks_like_a_figure_is_none(language, text):
    assert figures(text, language) == []


@pytest.mark.parametrize(
    ("one", "language", "other", "other_language"),
    [
        ("seven", "en", "7", "zh"),
        ("двенадцать", "ru", "十二个", "zh"),
        ("1,500", "en", "1 500", "fr"),
        ("1.5", "en", "1,5", "ru"),
        ("5 million", "en", "500万", "zh"),
        ("58 per cent", "en", "百分之五十八", "zh"),
        ("1 March 2026", "en", "2026年3月1日", "zh"),
        ("March 2026", "en", "مارس 2026", "ar"),
        ("2014", "en", "٢٠١٤", "ar"),
        ("two-thirds", "en", "三分之二", "zh"),
    ],
)
def test_figures_say_the_same_across_languages(one, language, other, other_language):
    (one_figure,), (other_figure,) = figures(one, language), figures(other, other_language)
    assert one_figure.says_the_same(other_figure)


@pytest.mark.parametrize(
    ("one", "other"), [("7", "8"), ("58", "58 %"), ("1 March 2026", "2 March 2026"), ("March 2026", "April 2026")]
)
def test_figures_that_differ_do_not(one, other):
    (one_figure,), (other_figure,) = figures(one, "en"), figures(other, "en")
    assert not one_figure.says_the_same(other_figure)


def test_digits_alone_are_read_of_a_language_that_is_not_known():
    assert kinds_and_values("Sieben von 12", "de") == [(NUMBER, Decimal(12))]


def test_ten_thousand_words_are_read_without_harm():
    assert len(figures("twelve weeks, 3 days; " * 2500, "en")) == 5000
