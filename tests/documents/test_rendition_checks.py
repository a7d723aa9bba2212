"""Remarks on a translation: figures, symbols, untranslated words, length, terms, meaning."""

from types import SimpleNamespace

import pytest

from plenara.documents.validation.renditions import checks_of

SOURCE = (
    "In seven of the 12 contributions, documents are asked for 21 days before a meeting, by 1 March 2026 at the "
    "latest, and 58 per cent of the budget is to go to translation (WGIG/2004/Q3/17)."
)
FAITHFUL = {
    "fr": "Dans sept des 12 contributions, il est demandé que les documents soient remis 21 jours avant une réunion, "
    "au plus tard le 1er mars 2026, et que 58 % du budget soient consacrés à la traduction (WGIG/2004/Q3/17).",
    "es": "En siete de las 12 contribuciones se pide que los documentos se entreguen 21 días antes de una reunión, a "
    "más tardar el 1 de marzo de 2026, y que el 58 % del presupuesto se destine a traducción (WGIG/2004/Q3/17).",
    "ru": "В семи из 12 материалов содержится просьба представлять документы за 21 день до заседания, не позднее "
    "1 марта 2026 года, и направлять 58 процентов бюджета на перевод (WGIG/2004/Q3/17).",
    "ar": "في سبع من أصل 12 مساهمة، يُطلب تقديم الوثائق قبل 21 يوما من الاجتماع، في موعد أقصاه 1 آذار/مارس 2026، "
    "وتخصيص 58 في المائة من الميزانية للترجمة (WGIG/2004/Q3/17).",
    "zh": "12份意见中有七份要求文件在会议前21天提交，最迟不晚于2026年3月1日，"
    "并将预算的百分之五十八用于翻译（WGIG/2004/Q3/17）。",
}


def looked(text, language="fr", source=SOURCE, **more):
    return checks_of("", source, "", "", text, "", "en", language, **more)


def codes(*given, **more):
    return {each.code for each in looked(*given, **more)}


@pytest.mark.parametrize("language", FAITHFUL)
def test_a_faithful_translation_has_nothing_to_look_at(language):
    assert looked(FAITHFUL[language], language, nearness=0.8) == []


@pytest.mark.parametrize("language", FAITHFUL)
@pytest.mark.parametrize(("right", "wrong"), [("12", "13"), ("21", "12"), ("2026", "2027")])
def test_a_figure_that_differs_is_refused(language, right, wrong):
    found = looked(FAITHFUL[language].replace(right, wrong), language)
    assert {each.code for each in found} == {"figures"}
    assert all(each.is_refusal for each in found)
    assert any(right in each.sentence for each in found)


def test_a_figure_may_be_written_in_words_or_in_digits():
    assert looked("Les deux semaines et 12 jours.", source="Two weeks and twelve days.") == []
    assert looked("2周零12天", "zh", source="Two weeks and twelve days.") == []
    assert looked("来自一个群体的1份意见", "zh", source="One contribution from one group.") == []


@pytest.mark.parametrize("language", FAITHFUL)
def test_a_symbol_stays_as_it_is(language):
    found = looked(FAITHFUL[language].replace("WGIG/2004/Q3/17", "WGIG/2004/Q3/71"), language)
    assert [(each.code, each.is_refusal) for each in found] == [("symbols", True), ("symbols", True)]


def test_addresses_and_references_stay_as_they_are():
    source = "See [12] and https://example.org/a."
    assert codes("Voir [12] et https://example.org/a.", source=source) == set()
    assert codes("Voir [13] et https://example.org/b.", source=source) == {"symbols"}


@pytest.mark.parametrize("language", FAITHFUL)
def test_what_is_the_same_as_its_source_is_not_translated(language):
    assert codes(SOURCE, language) == {"untranslated"}


def test_a_sentence_left_in_the_source_language_is_remarked():
    source = (
        "Documents should reach every participant well before the meeting begins. Translators need enough time for "
        "all of the languages that are spoken there."
    )
    half = (
        "Les documents devraient parvenir à chaque participant bien avant le début de la réunion. Translators need "
        "enough time for all of the languages that are spoken there."
    )
    assert codes(half, source=source) == {"untranslated"}


def test_names_in_latin_letters_leave_a_translation_translated():
    source = "The Internet Corporation for Assigned Names and Numbers answered the Internet Society on this point."
    target = (
        "互联网名称与数字地址分配机构（Internet Corporation for Assigned Names and Numbers）就此答复Internet Society。"
    )
    assert "untranslated" not in codes(target, "zh", source=source)


def test_the_same_short_word_in_two_languages_is_no_error():
    assert looked("Internet", source="Internet") == []


@pytest.mark.parametrize("language", FAITHFUL)
def test_a_translation_that_is_cut_is_remarked(language):
    source = SOURCE.split(" (")[0].replace("seven of the 12", "many").replace("21", "some").split(", by")[0] + (
        ", so that everyone who is concerned can read them in a language of their own and answer in time."
    )
    assert "cut" in codes({"zh": "很多意见"}.get(language, "Dans beaucoup"), language, source=source)


def test_a_translation_that_is_much_too_long_is_remarked():
    assert codes(
        "Mots et encore des mots. " * 30, source="A sentence of some words that says what is needed, and no more."
    ) == {"long"}


def test_a_term_of_the_glossary_has_its_word():
    hub = SimpleNamespace(words={"en": "remote hub", "fr": "pôle à distance"}, also={"fr": ["point d’accès"]})
    source = "Remote hubs are asked for."
    assert codes("Des pôles à distance sont demandés.", source=source, terms=[hub]) == set()
    assert codes("Des points d’accès sont demandés.", source=source, terms=[hub]) == set()
    assert codes("Des centres sont demandés.", source=source, terms=[hub]) == {"term"}
    assert codes("Autre chose.", source="Something else.", terms=[hub]) == set()
    assert codes("Центры.", "ru", source=source, terms=[hub]) == set()  # no word for it in this language


def test_a_differing_meaning_is_remarked_once_it_is_computed():
    assert codes("Tout autre chose.", source="Something else.", nearness=None) == set()
    assert codes("Tout autre chose.", source="Something else.", nearness=0.1) == {"meaning"}
    assert codes("Quelque chose d’autre.", source="Something else.", nearness=0.7) == set()


def test_what_is_not_there_yet_is_not_looked_at():
    assert looked("") == []


def test_headings_and_both_sides_count():
    found = checks_of("Of 12", "Text.", "Against 7 it.", "De 12", "Texte.", "Contre 8.", "en", "fr")
    assert {each.code for each in found} == {"figures"}
    assert len(found) == 2
