"""Weblate opens the catalogues by `locale/weblate.json`, and its file-format library writes them as we do."""

import json
import re

import pytest
from translate.misc.multistring import multistring
from translate.storage.pypo import pofile

from tools.messages import catalogues
from tools.messages.languages import LANGUAGES
from tools.messages.source import ROOT, Message

(COMPONENT,) = json.loads((ROOT / "locale" / "weblate.json").read_text("utf-8"))
TRANSLATED = [language for language in LANGUAGES.values() if not language.is_source]


def opened(language):
    """Return a catalogue as Weblate opens it."""
    store = pofile.parsestring(catalogues.po_file(language).read_bytes())
    store.wrapper.width = COMPONENT["file_format_params"]["po_line_wrap"]
    return store


def messages_of(catalog):
    for each in catalog:
        msgid, plural = each.id if isinstance(each.id, tuple) else (each.id, None)
        if msgid:
            yield Message(msgid, plural, each.context, [name for name, _line in each.locations], each.auto_comments)


def test_the_component_has_every_language_but_english():
    before, after = COMPONENT["filemask"].split("*")
    codes = {file.relative_to(ROOT).as_posix()[len(before) : -len(after)] for file in ROOT.glob(COMPONENT["filemask"])}
    assert codes == set(LANGUAGES)
    wanted = {code for code in codes if re.search(COMPONENT["language_regex"], code)}
    assert wanted == {language.code for language in TRANSLATED}


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
def test_a_catalogue_is_opened_and_written_back_the_same(language):
    store = opened(language)
    assert bytes(store) == catalogues.po_file(language).read_bytes()
    assert store.getheaderplural() == (str(len(language.forms)), language.plural)
    assert not [unit.source for unit in store.units if unit.isfuzzy() or unit.isobsolete()]
    ours = [message for message in catalogues.read(language) if message.id]
    theirs = [unit for unit in store.units if not unit.isheader()]
    assert [(unit.getcontext(), unit.hastypecomment("python-format")) for unit in theirs] == [
        (message.context or "", message.python_format) for message in ours
    ]
    assert {len(unit.target.strings) for unit in theirs if unit.hasplural()} == {len(language.forms)}


@pytest.mark.parametrize("code", ["ar", "zh_Hans"])
def test_a_translation_changed_there_changes_what_it_would_change_here(code, tmp_path):
    language = LANGUAGES[code]
    store = opened(language)
    for unit in store.units:
        if unit.hasplural():
            unit.target = multistring([f"{form} (new)" for form in unit.target.strings])
        elif not unit.isheader():
            unit.target = f"{unit.target} (new)"
    file = catalogues.po_file(language, tmp_path)
    file.parent.mkdir(parents=True)
    file.write_bytes(bytes(store))
    translations = catalogues.translations(catalogues.read(language, tmp_path))
    assert all("(new)" in str(value) for value in translations.values())
    catalogues.write(language, messages_of(catalogues.read(language)), translations, tmp_path)
    assert file.read_bytes() == bytes(store)
