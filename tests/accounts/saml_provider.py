"""A provider of SAML made of python3-saml: honest, unless a test makes it say something else.

A browser brings what it says, as with HTTP-POST, and its metadata are a file. `serving` gives it pages for a browser.
"""

import base64
import datetime
import secrets
import zlib
from urllib.parse import parse_qs, urlsplit

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils as Utils

from plenara.core import clock
from tests.accounts import identity_provider

ENTITY, SSO = "https://idp.kestrel.example/metadata", "https://idp.kestrel.example/sso"
MAIL, NAME, ORGANIZATION, COUNTRY = (
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "urn:oid:2.5.4.10",
    "urn:oid:2.5.4.6",
)
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
AS_EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
NAMES = {"saml": "urn:oasis:names:tc:SAML:2.0:assertion", "samlp": "urn:oasis:names:tc:SAML:2.0:protocol"}


def new_key():
    """Return a private key and its certificate, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp.kestrel.example")])
    begun = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, begun, begun + datetime.timedelta(days=3650))
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*plain).decode(), certificate.decode()


KEY, FORGED = new_key(), new_key()


def metadata(certificate=KEY[1], sso=SSO):
    body = "".join(certificate.splitlines()[1:-1])
    return (
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ENTITY}">'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" '
        f'Location="{sso}"/></md:IDPSSODescriptor></md:EntityDescriptor>'
    )


def certificate_in(metadata):
    """Return the certificate that a site's metadata name for encryption, as PEM."""
    (found,) = etree.fromstring(metadata).xpath(
        "//*[local-name()='KeyDescriptor'][@use='encryption']//*[local-name()='X509Certificate']/text()"
    )
    return f"-----BEGIN CERTIFICATE-----\n{found.strip()}\n-----END CERTIFICATE-----\n"


def encrypted(assertion, certificate, cipher):
    """Return an assertion encrypted for the owner of a certificate (XML Encryption 1.1), with a key for it alone."""
    whole = etree.fromstring(assertion)
    data = xmlsec.template.encrypted_data_create(whole, cipher, type=xmlsec.EncryptionType.ELEMENT, ns="xenc")
    xmlsec.template.encrypted_data_ensure_cipher_value(data)
    key_info = xmlsec.template.encrypted_data_ensure_key_info(data, ns="ds")
    for_key = xmlsec.template.add_encrypted_key(key_info, xmlsec.Transform.RSA_OAEP)
    xmlsec.template.encrypted_data_ensure_cipher_value(for_key)
    keys = xmlsec.KeysManager()
    keys.add_key(xmlsec.Key.from_memory(certificate, xmlsec.KeyFormat.CERT_PEM))
    context = xmlsec.EncryptionContext(keys)
    context.key = xmlsec.Key.generate(xmlsec.KeyData.AES, 256, xmlsec.KeyDataType.SESSION)
    data = etree.tostring(context.encrypt_xml(data, whole)).decode()
    return f"<saml:EncryptedAssertion>{data}</saml:EncryptedAssertion>"


class SamlProvider:
    """Whom it names, and what a test changes of its answers."""

    def __init__(self, url=""):
        self.url, self.sso = url, f"{url}/sso" if url else SSO
        self.subject, self.format = "kestrel-1", PERSISTENT
        self.attributes = {
            MAIL: ["noor@people.example"],
            NAME: ["Noor Haddad"],
            ORGANIZATION: ["Kestrel"],
            COUNTRY: ["LB"],
        }
        self.key, self.signs, self.clock = KEY, "assertion", datetime.timedelta()
        self.encrypts_for, self.cipher = "", xmlsec.Transform.AES256_GCM
        self.changes = {}

    def asked(self, address):
        """Return what an address to which we lead a browser asks for: the request's id, and where to answer."""
        assert address.startswith(self.sso)
        sent = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
        request = etree.fromstring(zlib.decompress(base64.b64decode(sent), -15))
        return request.get("ID"), request.get("AssertionConsumerServiceURL")

    def answer(self, address):
        """Return the answer to a request, as a browser brings it: signed, as a text of base64."""
        return self.answer_to(*self.asked(address))

    def answer_to(self, request, recipient):
        return base64.b64encode(self.signed(request, recipient)).decode()

    def signed(self, request, recipient):
        assertion, response = self.parts(request, recipient)
        if self.signs == "assertion":
            assertion = Utils.add_sign(assertion, *self.key).decode()
        if self.encrypts_for:
            assertion = encrypted(assertion, self.encrypts_for, self.cipher)
        whole = response.replace("ASSERTION", assertion)
        return Utils.add_sign(whole, *self.key) if self.signs == "response" else whole.encode()

    def parts(self, request, recipient):
        def at(minutes):
            moment = clock.now() + self.clock + datetime.timedelta(minutes=minutes)
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

        values = {
            "issuer": ENTITY,
            "audience": recipient.replace("/saml/", "/metadata/"),
            "recipient": f'Recipient="{recipient}"',
            "destination": recipient,
            "request": f'InResponseTo="{request}"',
            "confirmed_request": f'InResponseTo="{request}"',
            "confirmed_until": f'NotOnOrAfter="{at(5)}"',
            "status": "Success",
        } | self.changes
        audience = (
            f"<saml:AudienceRestriction><saml:Audience>{values['audience']}</saml:Audience></saml:AudienceRestriction>"
            if values["audience"]
            else ""
        )
        attributes = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in found)
            + "</saml:Attribute>"
            for name, found in self.attributes.items()
        )
        assertion = (
            f'<saml:Assertion xmlns:saml="{NAMES["saml"]}" ID="_{secrets.token_hex(8)}" Version="2.0" '
            f'IssueInstant="{at(0)}"><saml:Issuer>{values["issuer"]}</saml:Issuer><saml:Subject>'
            f'<saml:NameID Format="{self.format}">{self.subject}</saml:NameID><saml:SubjectConfirmation '
            f'Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData {values["recipient"]} '
            f"{values['confirmed_request']} {values['confirmed_until']}/></saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{at(-1)}" NotOnOrAfter="{at(5)}">{audience}</saml:Conditions>'
            f'<saml:AuthnStatement AuthnInstant="{at(0)}"><saml:AuthnContext><saml:AuthnContextClassRef>'
            "urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>"
            f"</saml:AuthnStatement><saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
        )
        response = (
            f'<samlp:Response xmlns:samlp="{NAMES["samlp"]}" xmlns:saml="{NAMES["saml"]}" '
            f'ID="_{secrets.token_hex(8)}" Version="2.0" IssueInstant="{at(0)}" Destination="{values["destination"]}" '
            f"{values['request']}><saml:Issuer>{values['issuer']}</saml:Issuer><samlp:Status><samlp:StatusCode "
            f'Value="urn:oasis:names:tc:SAML:2.0:status:{values["status"]}"/></samlp:Status>ASSERTION</samlp:Response>'
        )
        return assertion, response


class _Handler(identity_provider.Handler):
    def do_GET(self):
        request, recipient = self.it.asked(f"{self.it.url}{self.path}")
        fields = {"SAMLResponse": self.it.answer_to(request, recipient)}
        self.send(identity_provider.page(recipient, fields, method="post"), "text/html")


def serving():
    """Yield a provider with a page that answers while the block runs."""
    return identity_provider.serving(_Handler, SamlProvider)
