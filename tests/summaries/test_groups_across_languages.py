"""With the real encoder: sentences in six languages are grouped by meaning."""

import numpy
import pytest

from plenara.documents.validation.words import sentences
from plenara.summaries.groups.clustering import Material, group
from plenara.summaries.groups.embedding import embedded

pytestmark = pytest.mark.once  # no database is asked

SAID = {
    "cost": {
        "en": "Connecting a rural village costs far more than its people can pay.",
        "fr": "Le prix de la connexion à Internet est trop élevé pour les habitants des zones rurales.",
        "es": "El costo del acceso a Internet en las zonas rurales es demasiado alto.",
        "ru": "Подключение к интернету в сельской местности стоит слишком дорого.",
        "ar": "تكلفة الاتصال بالإنترنت في المناطق الريفية مرتفعة للغاية.",
        "zh": "农村地区接入互联网的费用实在太高。",
    },
    "languages": {
        "en": "Documents must be translated into all six official languages before a meeting.",
        "fr": "Les documents doivent être traduits dans les six langues officielles avant la réunion.",
        "es": "Los documentos deben traducirse a los seis idiomas oficiales antes de la reunión.",
        "ru": "Документы должны быть переведены на все шесть официальных языков до заседания.",
        "ar": "يجب ترجمة الوثائق إلى اللغات الرسمية الست قبل الاجتماع.",
        "zh": "会议召开前，文件必须翻译成全部六种正式语文。",
    },
    "privacy": {
        "en": "Personal data must be protected by strong encryption.",
        "fr": "Les données personnelles doivent être protégées par un chiffrement fort.",
        "es": "Los datos personales deben protegerse con un cifrado fuerte.",
        "ru": "Персональные данные должны быть защищены надёжным шифрованием.",
        "ar": "يجب حماية البيانات الشخصية بتشفير قوي.",
        "zh": "个人数据必须通过强加密加以保护。",
    },
}


@pytest.fixture(scope="module")
def read():
    """The vectors of each text, by topic and language."""
    return {(topic, code): embedded(text) for topic, all_ in SAID.items() for code, text in all_.items()}


def test_six_languages_come_together_by_what_they_say(read):
    keys = list(read)
    rows = numpy.array([read[key][1].numbers for key in keys])
    made = group(Material(rows, rows, [code for _topic, code in keys], list(range(len(keys)))), 3)
    for topic in SAID:
        found = {label for (of, _code), label in zip(keys, made.groups.tolist(), strict=True) if of == topic}
        assert len(found) == 1
    assert made.count == 3


def test_what_is_read_of_a_text_does_not_hang_on_what_is_read_beside_it(read):
    again = embedded(SAID["cost"]["ar"])
    assert again[0].numbers.tobytes() == read["cost", "ar"][0].numbers.tobytes()


def test_key_sentences_are_few_unlike_each_other_and_can_be_cited():
    text = " ".join(
        [
            *(each["en"] for each in SAID.values()),
            *(f"Villages pay too much for access, says person {at}." for at in range(9)),
        ]
    )
    rows = embedded(text)
    places = sorted(place for place in rows if place)
    assert len(places) == 5
    assert {2, 3} <= set(places)
    assert all(sentences(text)[place - 1] for place in places)


def test_a_sentence_that_a_person_put_somewhere_is_read_whatever_it_is():
    text = "I agree. Documents must be translated into all six official languages before a meeting."
    assert set(embedded(text)) == {0, 2}
    assert set(embedded(text, also={"I agree."})) == {0, 1, 2}
