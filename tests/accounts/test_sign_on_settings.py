"""The setting that names identity providers: what it may be, and the sentence for what it may not be."""

import json

import pytest

from plenara.accounts.sign_on import configuration
from plenara.operations import health
from tests.accounts.test_sign_on import server  # noqa: F401 - a provider that answers

pytestmark = pytest.mark.once

GOOD = {
    "id": "reed",
    "protocol": "openid_connect",
    "name": "Reed Society",
    "server_url": "https://login.reed.example/",
    "client_id": "plenara",
    "client_secret": "hush-hush",
}


def read(*entries):
    return configuration.read(json.dumps(entries))


def test_an_entry_is_read_with_what_it_may_leave_out():
    (it,) = read(GOOD)
    assert (it.id, it.name, it.address, it.client_secret) == (
        "reed",
        "Reed Society",
        "https://login.reed.example",
        "hush-hush",
    )
    assert not it.vouches("noor@reed.example") and not it.roles
    assert it.claims["country"] == ("address.country",)
    assert "hush-hush" not in repr(it)


def test_the_setting_may_name_a_file_and_an_entry_a_file_of_its_secret(tmp_path):
    (tmp_path / "secret").write_text("from a file\n")
    entry = {**GOOD, "client_secret_file": str(tmp_path / "secret")}
    del entry["client_secret"]
    (tmp_path / "providers.json").write_text(json.dumps([entry]))
    assert configuration.read(str(tmp_path / "providers.json"))[0].client_secret == "from a file"


def test_a_provider_vouches_for_the_domains_that_are_named_and_for_no_part_of_one():
    (it,) = read({**GOOD, "vouches_for": ["@Reed.example"]})
    assert it.vouches("noor@REED.example")
    assert not it.vouches("noor@not-reed.example") and not it.vouches("noor@sub.reed.example")
    assert not it.vouches("noor@reed.example@evil.example")


WRONG = [
    ({"id": "Reed Society"}, "entry 1 ('Reed Society'): it needs an \"id\""),
    ({"id": None}, 'needs an "id"'),
    ({"protocol": "oauth"}, "entry 1 ('reed'): it needs a \"protocol\": openid_connect"),
    ({"name": ""}, 'has a "name" that is empty'),
    ({"name": {"de": "Ried"}}, 'needs a "name"'),
    ({"name": "x" * 61}, "longer than 60"),
    ({"server_url": "http://login.reed.example"}, 'needs "server_url", an address that begins with https://'),
    ({"server_url": None}, 'needs "server_url"'),
    ({"client_id": ""}, 'needs "client_id"'),
    ({"client_secret": None}, 'needs "client_secret" or "client_secret_file"'),
    ({"client_secret_file": "/nowhere/at/all"}, "a secret file that cannot be read: No such file or directory"),
    ({"vouches_for": ["reed"]}, "'reed', which is no domain"),
    ({"vouches_for": 1}, '"vouches_for" that is neither a text nor a list'),
    ({"claims": {"address": "x"}}, 'has "claims" that are no object with keys among name, email'),
    ({"claims": {"name": 1}}, 'has the claim "name" that is neither'),
    ({"roles": {"staff": "moderator"}}, 'has "roles" that are no object of groups with organizer or operator'),
    ({"secret": "x"}, "has an unknown key 'secret'"),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG)
def test_an_error_is_named_with_its_entry_and_without_the_secret(change, sentence):
    with pytest.raises(ValueError) as error:
        read({**GOOD, **change})
    assert sentence in str(error.value)
    assert "hush-hush" not in str(error.value)


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("[{]", "is not JSON, from line 1 on"),
        ("[1]", "must be a list of objects"),
        ("/nowhere/at/all", "names a file that cannot be read: No such file or directory"),
    ],
)
def test_a_setting_that_cannot_be_read_says_why(setting, sentence):
    with pytest.raises(ValueError) as error:
        configuration.read(setting)
    assert sentence in str(error.value)


def test_two_entries_have_two_ids():
    with pytest.raises(ValueError, match=r'entry 2 .*has the "id" of another entry'):
        read(GOOD, GOOD)


def test_an_error_stops_the_start_and_names_the_setting(monkeypatch):
    from django.core.exceptions import ImproperlyConfigured

    from plenara.operations import environment

    monkeypatch.setenv("PLENARA_SIGN_ON", json.dumps([{**GOOD, "id": 1}]))
    with pytest.raises(ImproperlyConfigured, match=r"^PLENARA_SIGN_ON has an error in entry 1"):
        environment.sign_on()
    monkeypatch.delenv("PLENARA_SIGN_ON")
    assert environment.sign_on() == []


def test_the_check_lists_each_provider_and_whether_it_answers(server, settings):  # noqa: F811
    server.reset()
    other = f"{server.url.replace('127.0.0.1', 'localhost')}"
    settings.SIGN_ON = read(
        server.entry(),
        server.entry("away", server_url="http://127.0.0.1:9"),
        server.entry("other", server_url=other),
        server.entry("none", server_url=f"{server.url}/nothing"),
    )
    found = {each.subject: each for each in health._sign_on()}
    assert found["sign-on 'reed'"].sentence == "answers: Reed Society." and not found["sign-on 'reed'"].is_wrong
    assert "gives no metadata (ConnectError)" in found["sign-on 'away'"].sentence
    assert "and not the server_url" in found["sign-on 'other'"].sentence
    assert found["sign-on 'none'"].is_wrong
