"""In which order a form offers the countries."""

import pytest

from plenara.core.languages import CODES
from plenara.core.vocabulary import country_choices, country_names


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("ar", ["إثيوبيا", "أذربيجان", "إريتريا", "الأردن", "ألبانيا", "البحرين", "إيطاليا", "باكستان", "عُمان"]),
        ("en", ["Afghanistan", "Åland Islands", "Albania", "Tunisia", "Türkiye", "Turkmenistan", "Zimbabwe"]),
        ("es", ["Belarús", "Bélgica", "Belice", "Líbano", "Liberia", "México", "Mónaco", "Mongolia"]),
        ("fr", ["Belize", "Bénin", "Bermudes", "Égypte", "Espagne", "États-Unis", "Éthiopie", "Fidji", "Sénégal"]),
        ("ru", ["Гаити", "Гайана", "Зимбабве", "Израиль", "Италия", "Йемен", "Кабо-Верде", "Тёркс и Кайкос"]),
        ("zh", ["阿富汗", "巴西", "德国", "法国", "梵蒂冈", "斐济", "芬兰", "南非", "瑙鲁", "尼泊尔", "中国"]),
    ],
)
def test_countries_stand_where_readers_of_the_language_look_for_them(language, names):
    offered = [name for _code, name in country_choices(language)]
    assert [name for name in offered if name in names] == [name for name in names if name in offered]


@pytest.mark.parametrize("language", CODES)
def test_every_country_is_offered_once(language):
    assert dict(country_choices(language)) == country_names(language)
    assert len(country_choices(language)) == len(country_names(language))
