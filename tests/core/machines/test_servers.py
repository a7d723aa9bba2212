"""A wrong address stops the start, with what it may be, and without the key."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from plenara.core.machines.servers import read
from plenara.operations import environment, health

BOTH = ("libretranslate", "openai")


def test_the_address_decides_which_protocol_is_used():
    libre = read("libretranslate+https://t.example.org/api/", protocols=BOTH, model="m", key="k")
    assert (libre.protocol, libre.base, libre.model, libre.name) == (
        "libretranslate", "https://t.example.org/api", "", "LibreTranslate",
    )  # fmt: skip
    model = read("openai+http://10.0.0.5:8080/v1", protocols=BOTH, model="m")
    assert (model.base, model.name) == ("http://10.0.0.5:8080/v1", "m")
    assert read("openai+https://h/v1?model=other%2Fone", protocols=BOTH, model="m").name == "other/one"


@pytest.mark.parametrize(
    "url",
    [
        "https://h/v1", "h", "openai", "openai+", "openai+ftp://h", "openai+https://", "openai+https://h:99999/v1",
        "openai+https://h:0", "openai+https://user:hush@h/v1", "openai+https://h/v1?key=hush", "openai+https://h/#x",
        "openai+https://h/a b", "openai+https://h/\r\nX: y", "deepl+https://h", "libretranslate+https://h?model=m",
        "openai+https://[::1/v1", "openai+https://bücher.example/v1",
    ],
)  # fmt: skip
def test_any_other_address_is_refused_without_being_repeated(url):
    with pytest.raises(ValueError) as error:
        read(url, protocols=BOTH, model="m", key="k")
    assert "hush" not in str(error.value)


@pytest.mark.parametrize("model", ["", "extract", "x" * 101, "a\nb", " a"])
def test_a_model_needs_a_name_that_can_stand_beside_what_it_made(model):
    with pytest.raises(ValueError):
        read("openai+https://h/v1", protocols=BOTH, model=model)


@pytest.mark.parametrize("key", ["hush\r\nX-Evil: 1", "hush hush", "hüsh"])
def test_a_key_that_no_header_takes_is_refused_without_being_repeated(key):
    with pytest.raises(ValueError) as error:
        read("openai+https://h/v1", protocols=BOTH, model="m", key=key)
    assert "h" + key[1:4] not in str(error.value)


def test_a_wrong_setting_names_itself_and_what_it_may_be(monkeypatch):
    monkeypatch.setenv("PLENARA_TRANSLATION_URL", "https://translate.example.org")
    with pytest.raises(ImproperlyConfigured, match=r"PLENARA_TRANSLATION_URL must be libretranslate\+https://HOST"):
        environment.machine("PLENARA_TRANSLATION_URL", "PLENARA_TRANSLATION_KEY", *BOTH)


def test_unset_there_is_none(monkeypatch):
    monkeypatch.delenv("PLENARA_MODEL_URL", raising=False)
    assert environment.machine("PLENARA_MODEL_URL", "PLENARA_MODEL_KEY", "openai") is None


def test_check_says_whether_the_servers_answer(machine, settings):
    settings.MODEL, settings.TRANSLATION = machine.model(), machine.translator()
    assert [(each.subject, each.is_wrong) for each in health._machines()] == [
        ("PLENARA_MODEL_URL", False), ("PLENARA_TRANSLATION_URL", False),
    ]  # fmt: skip
    machine.way = "denied"
    found = list(health._machines())
    assert [each.is_wrong for each in found] == [True, True]
    assert "401" in found[0].sentence and "hush" not in str(found)
