"""Pairs of figures, and the stakeholder group that the clause around one names."""

import pytest

from plenara.documents.validation.counts import counts_the_record, group_named
from plenara.documents.validation.figures import pairs


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "7 of the 12"),
        ("en", "seven of the twelve contributions"),
        ("en", "seven contributions out of twelve"),
        ("en", "7 out of 12"),
        ("en", "7/12"),
        ("fr", "7 des 12"),
        ("fr", "sept des douze contributions"),
        ("fr", "sept contributions sur douze"),
        ("es", "7 de las 12"),
        ("es", "siete de las doce"),
        ("es", "7 de un total de 12"),
        ("ru", "7 из 12"),
        ("ru", "в семи из двенадцати материалов"),
        ("ar", "7 من أصل 12"),
        ("ar", "سبع من أصل اثنتي عشرة مساهمة"),
        ("ar", "٧ من الـ١٢"),
        ("zh", "12 份中的 7 份"),
        ("zh", "十二份意见中的七份"),
        ("zh", "在12份政府意见中，7份"),
    ],
)
def test_a_pair_is_found_with_its_part_and_its_whole(language, text):
    (pair,) = pairs(text, language)
    assert (pair.part.value, pair.whole.value) == (7, 12)


def test_one_is_a_figure_within_a_pair():
    assert [(each.part.value, each.whole.value) for each in pairs("one of the twelve", "en")] == [(1, 12)]
    assert [(each.part.value, each.whole.value) for each in pairs("une des douze", "fr")] == [(1, 12)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "7 governments and 12 companies"),
        ("en", "three weeks of a 12-month year"),
        ("es", "7 de marzo de 2026"),
        ("en", "the 12 of 7"),
        ("zh", "12份意见，7个国家"),
    ],
)
def test_two_figures_beside_each_other_are_no_pair(language, text):
    assert pairs(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "group"),
    [
        ("en", "7 of the 12 contributions from governments", "government"),
        ("en", "7 of the 12 intergovernmental contributions", "intergovernmental"),
        ("en", "7 of the 12 from civil society", "civil_society"),
        ("fr", "7 des 12 contributions du secteur privé", "private_sector"),
        ("fr", "7 des 12 organisations non gouvernementales", "civil_society"),
        ("es", "7 de las 12 de gobiernos", "government"),
        ("ru", "7 из 12 материалов от правительств", "government"),
        ("ru", "7 из 12 от межправительственных организаций", "intergovernmental"),
        ("ar", "7 من أصل 12 من المجتمع المدني", "civil_society"),
        ("zh", "12份政府意见中的7份", "government"),
        ("zh", "在政府的12份中的7份", "government"),
        ("en", "Governments: 7 of the 12", "government"),
        ("en", "7 of the 12 contributions", ""),
        ("en", "7 of the 12 contributions ask governments to act", ""),
        ("fr", "7 des 12 contributions demandent aux gouvernements d’agir", ""),
        ("es", "7 de las 12 contribuciones piden a los gobiernos que actúen", ""),
        ("ru", "7 из 12 материалов просят правительства действовать", ""),
        ("en", "7 of the 12 from governments and companies", ""),
    ],
)
def test_the_clause_names_a_group_or_does_not(language, text, group):
    (pair,) = pairs(text, language)
    assert group_named(text, pair.begin, pair.end, language) == group


@pytest.mark.parametrize(
    ("language", "text", "answer"),
    [
        ("en", "7 contributions", True),
        ("en", "7 further written contributions", True),
        ("en", "7 weeks", False),
        ("en", "7 weeks, contributions say", False),
        ("fr", "7 contributions", True),
        ("es", "7 aportaciones", True),
        ("ru", "7 материалов", True),
        ("ar", "7 مساهمات", True),
        ("zh", "7份意见", True),
        ("zh", "7个星期", False),
        ("de", "7 Beiträge", False),
    ],
)
def test_numbers_of_what_the_record_counts_are_distinguished_from_others(language, text, answer):
    assert counts_the_record(text, 1, language) is answer
