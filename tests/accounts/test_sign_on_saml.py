"""Signing in with an identity provider by SAML: one made of python3-saml, that is honest or not."""

import base64
import copy
import datetime
import json
import re
import sys

import pytest
import xmlsec
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from lxml import etree

from plenara.accounts import actions
from plenara.accounts.models import Person, Session
from plenara.operations import health
from plenara.operations.health import hardening
from tests import world
from tests.accounts import saml_provider
from tests.accounts.conftest import NEW, code_in, newest_with_code, sent, whose
from tests.accounts.saml_provider import AS_EMAIL, COUNTRY, FORGED, KEY, MAIL, NAME, NAMES, ORGANIZATION, TRANSIENT
from tests.accounts.test_sign_on import complete, leave, page_after, read

pytestmark = pytest.mark.django_db
AT = "/sign-on/kestrel/saml/"
FAILED = "We could not sign you in with Kestrel Observatory. Try again, or choose another way."
DOWN = "Kestrel Observatory does not answer. Try again later, or choose another way to sign in."


def entry(file, **more):
    return {
        "id": "kestrel",
        "protocol": "saml",
        "name": "Kestrel Observatory",
        "metadata": str(file),
        "vouches_for": True,
        **more,
    }


@pytest.fixture
def file(tmp_path):
    (tmp_path / "kestrel.xml").write_text(saml_provider.metadata())
    return tmp_path / "kestrel.xml"


@pytest.fixture
def provider(file, settings):
    cache.clear()  # of metadata
    settings.SIGN_ON = read(entry(file))
    return saml_provider.SamlProvider()


@pytest.fixture
def known(db):
    person = actions.register(name="Noor Haddad", email=NEW)
    SocialAccount.objects.create(user=person, provider="kestrel", uid="kestrel-1")
    return person


def bring(client, answer, at=AT):
    """Bring an answer, as a browser that sends no cookie from another site, and go where we lead it."""
    stranger = Client()
    brought = stranger.post(at, {"SAMLResponse": answer, "RelayState": "https://evil.example/"})
    assert (brought.status_code, brought.url) == (302, at)
    client.cookies["saml-session"] = stranger.cookies["saml-session"].value
    return client.get(at)


def sign_on(client, provider, **more):
    return bring(client, provider.answer(leave(client, "kestrel", **more)))


def refuses(client, answer, sentence=FAILED):
    assert answer.url == "/en/account/login/"
    page = page_after(client, answer)
    assert sentence in page and "Send me a code" in page
    assert whose(client) is None


# --- what works -------------------------------------------------------------------------------------------------------


def test_our_metadata_name_where_to_answer_and_no_way_to_sign_out(client, provider):
    answer = client.get("/sign-on/kestrel/metadata/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/samlmetadata+xml")
    text = answer.content.decode()
    assert 'entityID="http://testserver/sign-on/kestrel/metadata/"' in text
    assert 'Location="http://testserver/sign-on/kestrel/saml/"' in text and "SingleLogoutService" not in text
    assert 'validUntil="2036-' in text  # whoever was given a file does not refuse us after two days
    assert client.get("/sign-on/reed/metadata/").status_code == 404


@pytest.mark.parametrize("signs", ["assertion", "response"])
def test_who_has_no_account_completes_one_and_is_signed_in(client, provider, signs):
    provider.signs = signs
    assert sign_on(client, provider, next="/en/about/how/").url == "/en/account/signup/complete/"
    assert 'value="Noor Haddad"' in client.get("/en/account/signup/complete/").content.decode()
    assert complete(client).url == "/en/about/how/"
    person = Person.objects.get()
    assert whose(client) == person.pk
    assert (person.email, person.organization, person.country) == (NEW, "Kestrel", "LB")
    account = SocialAccount.objects.get()
    assert (account.provider, account.uid, account.extra_data) == ("kestrel", "kestrel-1", {})


def test_the_next_time_the_identity_signs_in_and_in_the_language_of_the_page(client, known, provider):
    assert sign_on(client, provider, language="fr").url == "/fr/my/"
    assert whose(client) == known.pk


def test_what_a_browser_brings_is_stored_without_the_place_it_comes_from(client, provider):
    client.post(AT, {"SAMLResponse": "x"}, REMOTE_ADDR="192.0.2.7", headers={"User-Agent": "Lynx/2.9"})
    assert [each.get_decoded().keys() for each in Session.objects.all()] == [{"sent", "_session_expiry"}]


def test_an_identifier_that_is_an_attribute_counts_before_the_subject(client, known, provider, settings, file):
    provider.attributes["urn:oasis:names:tc:SAML:attribute:subject-id"] = ["kestrel-1"]
    provider.subject, provider.format = "of this sign-in alone", TRANSIENT
    sign_on(client, provider)
    assert whose(client) == known.pk
    settings.SIGN_ON = read(entry(file, claims={"id": "number"}))
    provider.attributes["number"] = ["kestrel-2"]
    assert sign_on(Client(), provider).url.startswith("/en/account/login/?next=")  # another, with a known address


def test_an_address_may_be_the_subject(client, provider):
    del provider.attributes[MAIL]
    provider.subject, provider.format = "Noor@People.example", AS_EMAIL
    sign_on(client, provider)
    complete(client)
    assert Person.objects.get().email == NEW


def test_an_address_that_nobody_vouches_for_is_verified_by_a_code(client, provider, settings, file):
    settings.SIGN_ON = read(entry(file, vouches_for=["kestrel.example"]))
    sign_on(client, provider)
    assert complete(client, email=NEW).url.startswith("/en/account/confirm-email/")
    client.post("/en/account/confirm-email/", {"code": code_in(newest_with_code(sent()))})
    assert whose(client) == SocialAccount.objects.get().user_id


def test_a_known_address_signs_nobody_in(client, provider):
    actions.register(name="Noor Haddad", email=NEW)
    assert sign_on(client, provider).url.startswith("/en/account/login/?next=")
    assert whose(client) is None and not SocialAccount.objects.exists()


def test_an_identity_is_connected_by_whoever_is_signed_in(client, provider, sign_in):
    person = actions.register(name="Noor Haddad", email="other@people.example")
    sign_in(person)
    to = leave(client, address="/en/my/settings/connections/kestrel/")
    assert bring(client, provider.answer(to)).url == "/en/my/settings/connections/"
    assert SocialAccount.objects.get().user_id == person.pk


def test_an_address_that_changed_or_is_taken_changes_nothing_here(client, known, provider):
    provider.attributes[MAIL] = [world.person("Ana Prieto").email]
    sign_on(client, provider)
    assert whose(client) == known.pk
    known.refresh_from_db()
    assert known.email == NEW


def test_groups_give_roles_and_take_them_back(client, known, provider, settings, file, organizer):
    settings.SIGN_ON = read(entry(file, roles={"plenara": "operator"}, claims={"groups": "memberOf"}))
    provider.attributes["memberOf"] = ["staff", "plenara"]
    sign_on(client, provider)
    assert Person.objects.get(pk=known.pk).is_operator
    provider.attributes["memberOf"] = ["staff"]
    sign_on(Client(), provider)
    assert not Person.objects.get(pk=known.pk).is_operator


@pytest.mark.parametrize(("minutes", "gets_in"), [(-4, True), (4, True), (-30, False), (30, False)])
def test_a_clock_that_is_off_by_some_minutes_does_no_harm(client, known, provider, minutes, gets_in):
    provider.clock = datetime.timedelta(minutes=minutes)
    sign_on(client, provider)
    assert (whose(client) == known.pk) == gets_in


def test_a_provider_whose_metadata_are_away_is_named(client, provider, settings):
    settings.SIGN_ON = read(entry("http://127.0.0.1:9/metadata"))
    refuses(client, client.post("/en/account/sign-on/kestrel/"), DOWN)


def test_metadata_that_are_none_are_named(client, provider, file):
    file.write_text("<html/>")
    refuses(client, client.post("/en/account/sign-on/kestrel/"), DOWN)


def test_the_check_says_whether_metadata_can_be_read(provider, settings, file):
    (finding,) = health._sign_on()
    assert finding.sentence == "answers: Kestrel Observatory." and not finding.is_wrong
    cache.clear()
    file.write_text(re.sub("<md:KeyDescriptor.*</md:KeyDescriptor>", "", saml_provider.metadata()))
    (finding,) = health._sign_on()
    assert "no certificate" in finding.sentence and finding.is_wrong
    settings.SIGN_ON = read(entry("http://127.0.0.1:9/metadata"))
    assert "gives no metadata (URLError)" in next(health._sign_on()).sentence


# --- encrypted answers ------------------------------------------------------------------------------------------------


@pytest.fixture
def key_file(tmp_path):
    """Our own key and its certificate, in one file."""
    (tmp_path / "key.pem").write_text("".join(saml_provider.new_key()))
    return tmp_path / "key.pem"


@pytest.fixture
def encrypting(client, provider, settings, file, key_file):
    """A provider that encrypts for the certificate in our metadata."""
    settings.SIGN_ON = read(entry(file, key_file=str(key_file)))
    provider.encrypts_for = saml_provider.certificate_in(client.get("/sign-on/kestrel/metadata/").content)
    return provider


@pytest.mark.parametrize("signs", ["assertion", "response"])
@pytest.mark.parametrize("cipher", ["AES256", "AES256_GCM"])
def test_an_encrypted_answer_signs_in(client, known, encrypting, signs, cipher):
    encrypting.signs, encrypting.cipher = signs, getattr(xmlsec.Transform, cipher)
    answer = encrypting.answer(leave(client, "kestrel"))
    assert b"Noor Haddad" not in base64.b64decode(answer)
    assert bring(client, answer).url == "/en/my/"
    assert whose(client) == known.pk


def test_where_there_is_a_key_an_answer_may_still_be_open(client, known, encrypting):
    encrypting.encrypts_for = ""
    sign_on(client, encrypting)
    assert whose(client) == known.pk


def test_without_a_key_an_encrypted_answer_is_named_to_the_person_and_in_the_log(client, known, provider, caplog):
    provider.encrypts_for = KEY[1]
    sentence = "Kestrel Observatory sent an encrypted answer, which this site cannot read."
    refuses(client, sign_on(client, provider), sentence)
    (logged,) = [each for each in caplog.records if each.name == "plenara.sign_on"]
    assert logged.error == "the answer is encrypted, and the settings have no key_file"
    metadata = client.get("/sign-on/kestrel/metadata/").content
    assert b"KeyDescriptor" not in metadata


@pytest.mark.parametrize(
    "change", [{"key": FORGED}, {"signs": "nothing"}, {"changes": {"audience": ""}}, {"encrypts_for": KEY[1]}]
)
def test_what_is_wrong_stays_wrong_when_it_is_encrypted(client, known, encrypting, change):
    vars(encrypting).update(change)
    refuses(client, sign_on(client, encrypting))


def test_the_check_names_a_key_that_others_can_read(file, key_file, monkeypatch):
    monkeypatch.setenv("PLENARA_SIGN_ON", json.dumps([entry(file, key_file=str(key_file))]))
    key_file.chmod(0o644)
    (finding,) = hardening.sign_on_files()
    assert f"chmod o= {key_file}" in finding.sentence
    key_file.chmod(0o640)
    assert not list(hardening.sign_on_files())


def test_a_key_file_holds_a_key_and_its_certificate(file, key_file):
    other = saml_provider.new_key()
    for text in ("", KEY[0], KEY[1], other[0] + KEY[1], KEY[0].replace("PRIVATE", "ENCRYPTED PRIVATE") + KEY[1]):
        key_file.write_text(text)
        with pytest.raises(ValueError, match='"key_file" without an RSA key and the certificate of that key'):
            read(entry(file, key_file=str(key_file)))
    key_file.write_text(KEY[1] + KEY[0])
    assert "PRIVATE" not in repr(read(entry(file, key_file=str(key_file))))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"key_file": "/nowhere"}, "a key file that cannot be read: No such file"),
        ({"metadata": "/nowhere/at/all"}, 'has "metadata" that names no file'),
        ({"metadata": "http://kestrel.example"}, "an address that begins with https://"),
        ({"metadata": None}, 'needs "metadata"'),
        ({"entity_id": ""}, 'needs "entity_id"'),
        ({"server_url": "https://x.example"}, "has an unknown key 'server_url'"),
    ],
)
def test_an_entry_that_is_wrong_is_named(file, change, sentence):
    with pytest.raises(ValueError) as error:
        read({**entry(file), **change})
    assert sentence in str(error.value)


def test_without_its_packages_the_start_says_what_to_install(file, monkeypatch):
    monkeypatch.setitem(sys.modules, "onelogin.saml2.auth", None)
    with pytest.raises(ValueError, match=r"requirements-saml\.txt"):
        read(entry(file))


# --- answers that are not to be believed ------------------------------------------------------------------------------

WRONG = {
    "another audience": {"audience": "https://elsewhere.example/metadata/"},
    "no audience": {"audience": ""},
    "another issuer": {"issuer": "https://elsewhere.example/"},
    "another destination": {"destination": "https://elsewhere.example/"},
    "another recipient": {"recipient": 'Recipient="https://elsewhere.example/"'},
    "no recipient": {"recipient": ""},
    "no end of the confirmation": {"confirmed_until": ""},
    "an end that has passed": {"confirmed_until": 'NotOnOrAfter="2026-01-01T00:00:00Z"'},
    "an answer that was not requested": {"request": "", "confirmed_request": ""},
    "an answer to another request": {"request": 'InResponseTo="_x"', "confirmed_request": 'InResponseTo="_x"'},
    "an assertion that answers nothing": {"confirmed_request": ""},
    "an assertion for another request": {"confirmed_request": 'InResponseTo="_x"'},
    "a status that is no success": {"status": "Responder"},
}


@pytest.mark.parametrize("what", WRONG)
def test_an_answer_that_is_wrong_signs_nobody_in(client, known, provider, what):
    provider.changes = WRONG[what]
    refuses(client, sign_on(client, provider))


@pytest.mark.parametrize(
    "change", [{"key": FORGED}, {"signs": "nothing"}, {"subject": "x" * 192}, {"subject": ""}, {"format": TRANSIENT}]
)
def test_a_signature_or_a_subject_that_does_not_count_signs_nobody_in(client, known, provider, change):
    vars(provider).update(change)
    refuses(client, sign_on(client, provider))


def test_an_answer_counts_once(client, known, provider):
    answer = provider.answer(leave(client, "kestrel"))
    bring(client, answer)
    assert whose(client) == known.pk
    client.post("/en/account/logout/")
    refuses(client, bring(client, answer))


def test_an_assertion_does_not_count_for_a_second_request(client, known, provider):
    """Whoever has an assertion of another person cannot put it into an answer to a request of their own."""
    stolen = etree.fromstring(base64.b64decode(provider.answer(leave(Client(), "kestrel"))))
    own, _recipient = provider.asked(leave(client, "kestrel"))
    stolen.set("InResponseTo", own)
    refuses(client, bring(client, base64.b64encode(etree.tostring(stolen)).decode()))


def test_an_answer_counts_in_the_browser_that_asked(client, another_browser, known, provider):
    answer = provider.answer(leave(client, "kestrel"))
    refuses(another_browser, bring(another_browser, answer))


def test_an_answer_to_one_provider_does_not_count_for_another(client, known, provider, settings, file):
    settings.SIGN_ON = read(entry(file), entry(file, id="second", name="Second"))
    SocialAccount.objects.create(user=known, provider="second", uid="kestrel-1")
    answer = provider.answer(leave(client, "kestrel"))
    refuses(client, bring(client, answer, "/sign-on/second/saml/"), FAILED.replace("Kestrel Observatory", "Second"))


def forged_beside(signed):
    """A forged assertion comes first, and the signed one after it."""
    (assertion,) = signed.findall("saml:Assertion", NAMES)
    assertion.addprevious(_forged(assertion))
    return signed


def forged_around(signed):
    """The forged assertion has the signature of the true one, which is inside it."""
    (assertion,) = signed.findall("saml:Assertion", NAMES)
    forged = _forged(assertion)
    assertion.getparent().replace(assertion, forged)
    signature = assertion.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    forged.insert(1, signature)
    etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object").append(assertion)
    return signed


def forged_with_its_id(signed):
    """The forged assertion has the id of the true one, which is in an extension of the response."""
    (assertion,) = signed.findall("saml:Assertion", NAMES)
    forged = _forged(assertion)
    forged.set("ID", assertion.get("ID"))
    assertion.getparent().replace(assertion, forged)
    extensions = etree.Element(f"{{{NAMES['samlp']}}}Extensions")
    extensions.append(assertion)
    signed.insert(1, extensions)
    return signed


def changed_text(signed):
    signed.find(".//saml:NameID", NAMES).text = "kestrel-2"
    return signed


def _forged(assertion):
    forged = copy.deepcopy(assertion)
    forged.remove(forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    forged.set("ID", "_forged")
    forged.find(".//saml:NameID", NAMES).text = "kestrel-2"
    return forged


@pytest.mark.parametrize("wrap", [forged_beside, forged_around, forged_with_its_id, changed_text])
def test_a_signature_counts_only_for_what_it_signs(client, known, provider, wrap):
    victim = world.person("Ana Prieto")
    SocialAccount.objects.create(user=victim, provider="kestrel", uid="kestrel-2")
    signed = etree.fromstring(base64.b64decode(provider.answer(leave(client, "kestrel"))))
    refuses(client, bring(client, base64.b64encode(etree.tostring(wrap(signed))).decode()))


def test_a_comment_in_a_subject_does_not_shorten_it(client, known, provider):
    provider.subject = "kestrel-1<!-- -->.evil"
    provider.attributes = {NAME: ["Eve"], MAIL: ["eve@people.example"]}
    assert sign_on(client, provider).url == "/en/account/signup/complete/"
    assert whose(client) is None


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
FILE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]><a>&a;</a>'


@pytest.mark.parametrize("text", ["", "x", "%%%", "<a/>", "<a", BOMB, FILE, "<" * 400_000])
def test_whatever_else_is_brought_signs_nobody_in(client, provider, text):
    leave(client, "kestrel")
    refuses(client, bring(client, base64.b64encode(text.encode()).decode() if text.startswith("<") else text))


def test_nothing_brought_signs_nobody_in(client, provider):
    refuses(client, client.get(AT))


def test_the_log_says_why_and_nothing_of_the_person(client, known, provider, caplog):
    provider.changes = {"audience": f"https://elsewhere.example/{NEW}"}
    sign_on(client, provider)
    (entry,) = [each for each in caplog.records if each.name == "plenara.sign_on"]
    assert (entry.provider, entry.error) == ("kestrel", "is not a valid audience for this Response")
    assert NEW not in str([each.__dict__ for each in caplog.records])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("&lt;b&gt;Noor&lt;/b&gt;", "&lt;b&gt;Noor&lt;/b&gt;"),
        ("Noor&#13;&#10;Bcc: x", "Noor Bcc: x"),
        ("n" * 10_000, ""),
    ],
)
def test_a_name_is_text_that_fits_or_nothing(client, provider, name, shown):
    provider.attributes |= {NAME: [name], ORGANIZATION: ["x" * 10_000], COUNTRY: ["Lebanon"]}
    sign_on(client, provider)
    page = client.get("/en/account/signup/complete/").content.decode()
    field = re.search(r'<input[^>]*name="name"[^>]*>', page)[0]
    assert f'value="{shown}"' in field if shown else "value=" not in field
