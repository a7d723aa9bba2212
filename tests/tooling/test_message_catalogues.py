"""A translation is found or missing, never guessed, and fits its source."""

import gettext

import pytest

from tools.messages import catalogues, checks
from tools.messages.languages import LANGUAGES
from tools.messages.source import Message

ONE = Message("By {name}", files=["plenara/a.py"])
MANY = Message("%(n)s reply", "%(n)s replies", files=["plenara/a.py"])
COUNTED_FROM_ONE = Message("Is it correct?", "Are all %(n)s correct?", files=["plenara/a.py"])
LINK = Message('Read <a href="%(url)s">the rules</a>.', files=["plenara/a.html"])


@pytest.mark.parametrize(
    ("language", "message", "translation", "wrong"),
    [
        ("fr", ONE, "Par {name}", None),
        ("fr", ONE, "Par {nom}", "has {nom}"),
        ("fr", ONE, "Par quelqu’un", "lacks {name}"),
        ("fr", ONE, "Par {name", "lacks {name}"),
        ("fr", ONE, "Par {name} }", "cannot be filled"),
        ("fr", ONE, " Par {name}", "space"),
        ("fr", LINK, 'Lire <a href="%(url)s">les règles</a>.', None),
        ("fr", LINK, 'Lire <a href="%(url)s">les règles.', "tags"),
        ("fr", LINK, 'Lire à 5 % <a href="%(url)s">les règles</a>.', "percent sign"),
        ("es", MANY, ("una respuesta", "%(n)s respuestas"), None),
        ("es", MANY, ("%(n)s respuesta", "respuestas"), "form other: lacks %(n)s"),
        # In French 0 and 1, in Russian 1, 21, 31 … share a form, so it needs the number.
        ("fr", MANY, ("une réponse", "%(n)s réponses"), "form one: lacks %(n)s"),
        ("fr", COUNTED_FROM_ONE, ("Est-ce exact\u202f?", "Les %(n)s sont-ils exacts\u202f?"), None),
        ("fr", COUNTED_FROM_ONE, ("Est-ce exact\u202f?", "Sont-ils exacts\u202f?"), "form other: lacks %(n)s"),
        ("ru", COUNTED_FROM_ONE, ("Верно ли это?", "Верны ли %(n)s?", "Верны ли %(n)s?"), "form one: lacks %(n)s"),
        ("ru", MANY, ("один ответ", "%(n)s ответа", "%(n)s ответов"), "form one: lacks %(n)s"),
        ("ar", MANY, ("لا رد", "رد واحد", "ردان", "%(n)s ردود", "%(n)s ردًا", "%(n)s رد"), None),
        ("ar", MANY, ("%(n)s", "%(n)s"), "needs 6 plural forms"),
        ("zh_Hans", MANY, "%(n)s 条回复", "needs 1 plural forms"),
        ("zh_Hans", MANY, ("%(n)s 条回复",), None),
    ],
)
def test_a_translation_fits_its_source(language, message, translation, wrong):
    found = list(checks.problems(LANGUAGES[language], message, translation))
    assert any(wrong in problem for problem in found) if wrong else not found


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("ar", {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3}),
        ("en", {0: 1, 1: 0, 2: 1}),
        ("es", {0: 1, 1: 0, 2: 1}),
        ("fr", {0: 0, 1: 0, 2: 1}),
        ("ru", {0: 2, 1: 0, 2: 1, 5: 2, 11: 2, 12: 2, 21: 0, 22: 1, 112: 2}),
        ("zh_Hans", {0: 0, 1: 0, 7: 0}),
    ],
)
def test_numbers_take_the_forms_of_the_language(code, forms):
    rule = gettext.c2py(LANGUAGES[code].plural)
    assert {number: rule(number) for number in forms} == forms


def test_english_says_what_the_message_says_where_nothing_else_is_known(tmp_path):
    en = LANGUAGES["en"]
    catalogues.write(en, [ONE, MANY], {}, tmp_path)
    said = catalogues.translations(catalogues.read(en, tmp_path))
    assert said == {
        (each.context, each.msgid, each.plural): (each.msgid, each.plural) if each.plural else each.msgid
        for each in (ONE, MANY)
    }


def test_a_changed_message_is_a_missing_one_and_the_others_stay(tmp_path):
    fr = LANGUAGES["fr"]
    catalogues.write(fr, [ONE, MANY], {(None, "By {name}", None): "Par {name}"}, tmp_path)
    changed = Message("Written by {name}", files=["plenara/b.py"])
    catalogues.write(fr, [changed, ONE], catalogues.translations(catalogues.read(fr, tmp_path)), tmp_path)
    assert catalogues.translations(catalogues.read(fr, tmp_path)) == {(None, "By {name}", None): "Par {name}"}
    text = catalogues.po_file(fr, tmp_path).read_text()
    assert "fuzzy" not in text
    assert "replies" not in text
    assert "#: plenara/b.py\n" in text


def test_writing_twice_changes_nothing(tmp_path):
    for _time in range(2):
        known = catalogues.translations(catalogues.read(LANGUAGES["ru"], tmp_path))
        catalogues.write(LANGUAGES["ru"], [ONE, MANY, LINK], known or {(None, "By {name}", None): "{name}"}, tmp_path)
        texts = {catalogues.po_file(LANGUAGES["ru"], tmp_path).read_bytes()}
    assert len(texts) == 1


def test_a_plural_with_a_form_missing_shows_its_source(tmp_path):
    ar = LANGUAGES["ar"]
    known = {(None, MANY.msgid, MANY.plural): ("لا رد", "رد", "", "", "", ""), (None, ONE.msgid, None): "{name} بقلم"}
    catalogues.write(ar, [ONE, MANY], known, tmp_path)
    catalogues.compile_all(tmp_path)
    with catalogues.po_file(ar, tmp_path).with_suffix(".mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    assert compiled.gettext("By {name}") == "{name} بقلم"
    assert compiled.ngettext(MANY.msgid, MANY.plural, 0) == "%(n)s replies"
