"""The identity providers that an operator names, parsed strictly when Plenara starts. It imports no Django model."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from plenara.core.languages import NAMES, in_language
from plenara.core.rows import Json

OPENID_CONNECT, SAML = "openid_connect", "saml"
PROTOCOLS = (OPENID_CONNECT, SAML)
#: What a claim may be mapped to, and by default the claims that hold it, by protocol.
CLAIMS: dict[str, dict[str, tuple[str, ...]]] = {
    OPENID_CONNECT: {
        "name": ("name",),
        "email": ("email",),
        "organization": ("organization",),
        "country": ("address.country",),
        "groups": ("groups",),
    },
    # Names of LDAP by their number, of Microsoft, and plain ones. "NameID" is the subject, if that is an address.
    SAML: {
        "id": (),
        "name": (
            "urn:oid:2.16.840.1.113730.3.1.241",
            "http://schemas.microsoft.com/identity/claims/displayname",
            "displayName",
            "urn:oid:2.5.4.3",
            "cn",
        ),
        "email": (
            "urn:oid:0.9.2342.19200300.100.1.3",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
            "mail",
            "email",
            "NameID",
        ),
        "organization": ("urn:oid:2.5.4.10", "o", "organization"),
        "country": ("urn:oid:2.5.4.6", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/country", "c"),
        "groups": (
            "urn:oid:1.3.6.1.4.1.5923.1.5.1.1",
            "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
            "http://schemas.xmlsoap.org/claims/Group",
            "groups",
        ),
    },
}
#: Roles of the installation that a group may give.
ROLES = ("organizer", "operator")
#: What an entry may have, besides what its protocol needs.
_COMMON = frozenset({"id", "protocol", "name", "claims", "vouches_for", "roles"})
_OWN = {
    OPENID_CONNECT: frozenset({"server_url", "client_id", "client_secret", "client_secret_file", "scopes"}),
    SAML: frozenset({"metadata", "entity_id", "key_file"}),
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class IdentityProvider:
    """One provider: how it is called, what it needs, and what we believe of what it says."""

    id: str
    protocol: str
    names: Mapping[str, str]
    #: Of OpenID Connect, the issuer's address; of SAML, that of the metadata, which may be a file.
    address: str
    claims: Mapping[str, tuple[str, ...]]
    #: Domains of the e-mail addresses that it has verified; True for any.
    vouches_for: bool | frozenset[str] = False
    #: Roles of the installation, by group.
    roles: Mapping[str, str] = field(default_factory=dict)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()
    entity_id: str = ""  # the one that is meant, where the metadata describes several
    #: What it may encrypt for, and what decrypts that, as PEM; both or neither.
    certificate: str = ""
    key: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """Its name in the active language."""
        return in_language(self.names).text

    def vouches(self, address: str) -> bool:
        """Return whether it has verified an e-mail address."""
        if isinstance(self.vouches_for, bool):
            return self.vouches_for
        return address.rpartition("@")[2].lower() in self.vouches_for


def read(setting: str) -> list[IdentityProvider]:
    """Return the providers that a setting lists: JSON, or the path of a file that holds it.

    Raises ValueError with a sentence that names the entry. It never holds a secret.
    """
    text = setting if setting.lstrip().startswith("[") else _text_of(setting, "names a file that")
    try:
        entries = json.loads(text)
    except ValueError as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its beginning"
        raise ValueError(f"is not JSON, from {where} on") from None
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise ValueError('must be a list of objects: [{"id": "un", "protocol": "openid_connect", …}]')
    found: list[IdentityProvider] = []
    for number, entry in enumerate(entries, 1):
        name = entry.get("id")
        try:
            provider = _provider(entry)
            if any(each.id == provider.id for each in found):
                raise ValueError('has the "id" of another entry')
        except ValueError as error:
            raise ValueError(f"has an error in entry {number} ({name!r}): it {error}") from None
        found.append(provider)
    return found


def secret_files(setting: str) -> list[Path]:
    """Return the files that hold secrets of a setting that `read` accepts: its own, and those that it names."""
    is_file = bool(setting) and not setting.lstrip().startswith("[")
    entries = json.loads(_text_of(setting, "names a file that") if is_file else setting or "[]")
    named = [setting] if is_file and any("client_secret" in each for each in entries) else []
    named += [each[key] for each in entries for key in ("client_secret_file", "key_file") if key in each]
    return [Path(each).expanduser() for each in named]


def _provider(entry: Json) -> IdentityProvider:
    identifier, protocol = entry.get("id"), entry.get("protocol")
    if not isinstance(identifier, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", identifier):
        raise ValueError('needs an "id" of at most 40 lower-case letters, digits and hyphens, which never changes')
    if protocol not in PROTOCOLS:
        raise ValueError(f'needs a "protocol": {" or ".join(PROTOCOLS)}')
    if unknown := sorted(set(entry) - _COMMON - _OWN[protocol]):
        raise ValueError(f"has an unknown key {unknown[0]!r}; known are {', '.join(sorted(_COMMON | _OWN[protocol]))}")
    common = {
        "id": identifier,
        "protocol": protocol,
        "names": _names(entry.get("name")),
        "claims": _claims(entry.get("claims", {}), CLAIMS[protocol]),
        "vouches_for": _vouches_for(entry.get("vouches_for", False)),
        "roles": _roles(entry.get("roles", {})),
    }
    if protocol == SAML:
        _require_saml()
        key, certificate = _key(entry["key_file"]) if "key_file" in entry else ("", "")
        return IdentityProvider(
            **common,
            address=_metadata(entry.get("metadata")),
            entity_id=_words(entry["entity_id"], '"entity_id"') if "entity_id" in entry else "",
            certificate=certificate,
            key=key,
        )
    return IdentityProvider(
        **common,
        address=_address(entry.get("server_url"), '"server_url"'),
        client_id=_words(entry.get("client_id"), '"client_id"'),
        client_secret=_secret(entry),
        scopes=tuple(_texts(entry.get("scopes", ["openid", "profile", "email"]), '"scopes"')),
    )


def _require_saml() -> None:
    try:
        import onelogin.saml2.auth  # noqa: F401 - with xmlsec, which refuses another libxml2 than that of lxml
    except Exception as error:
        raise ValueError(
            f"needs packages that are not installed, or do not fit ({type(error).__name__}): install "
            "requirements-saml.txt; in a checkout, run bin/plenara once as the owner of its folder, with this setting"
        ) from None


def _metadata(value: object) -> str:
    """Return the address of metadata: a file has one too."""
    if isinstance(value, str) and value.startswith("/"):
        if not Path(value).is_file():
            raise ValueError('has "metadata" that names no file')
        return Path(value).as_uri()
    return _address(value, '"metadata", the path of a file that begins with / or')


def _key(path: object) -> tuple[str, str]:
    """Return the private key of a file and its certificate, each as PEM."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    pem = _text_of(_words(path, '"key_file"'), "has a key file that").encode()
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    try:
        key, certificate = serialization.load_pem_private_key(pem, None), x509.load_pem_x509_certificate(pem)
        if not isinstance(key, rsa.RSAPrivateKey) or certificate.public_key() != key.public_key():
            raise ValueError
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it needs a password
        raise ValueError('has a "key_file" without an RSA key and the certificate of that key, as PEM') from None
    return key.private_bytes(*plain).decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


def _names(name: object) -> dict[str, str]:
    names = {"en": name} if isinstance(name, str) else name
    if not isinstance(names, dict) or not names or set(names) - set(NAMES):
        raise ValueError('needs a "name": a text, or an object with texts by language (ar, en, es, fr, ru, zh)')
    if any(not isinstance(each, str) or not each.strip() or len(each) > 60 for each in names.values()):
        raise ValueError('has a "name" that is empty or longer than 60 characters')
    return {code: " ".join(each.split()) for code, each in names.items()}


def _address(address: object, key: str) -> str:
    parts = urlsplit(address) if isinstance(address, str) else None
    if (
        parts is None
        or not parts.hostname
        or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))
    ):
        raise ValueError(f"needs {key}, an address that begins with https://")
    return parts.geturl().rstrip("/")


def _claims(claims: object, defaults: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    if not isinstance(claims, dict) or set(claims) - set(defaults):
        raise ValueError(f'has "claims" that are no object with keys among {", ".join(defaults)}')
    return {**defaults, **{key: tuple(_texts(each, f'the claim "{key}"')) for key, each in claims.items()}}


def _vouches_for(value: object) -> bool | frozenset[str]:
    if isinstance(value, bool):
        return value
    domains = frozenset(each.lower().removeprefix("@") for each in _texts(value, '"vouches_for"'))
    if wrong := [each for each in domains if not re.fullmatch(r"[a-z0-9.-]+\.[a-z0-9-]+", each)]:
        raise ValueError(f'has "vouches_for" with {wrong[0]!r}, which is no domain such as example.org')
    return domains


def _roles(roles: object) -> dict[str, str]:
    if not isinstance(roles, dict) or any(each not in ROLES for each in roles.values()):
        raise ValueError(f'has "roles" that are no object of groups with {" or ".join(ROLES)}')
    return dict(roles)


def _secret(entry: Json) -> str:
    if "client_secret_file" in entry:
        return _text_of(_words(entry["client_secret_file"], '"client_secret_file"'), "has a secret file that").strip()
    return _words(entry.get("client_secret"), '"client_secret" or "client_secret_file"')


def _texts(value: object, key: str) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list) or any(not isinstance(each, str) or not each.strip() for each in texts):
        raise ValueError(f"has {key} that is neither a text nor a list of texts")
    return texts


def _words(value: object, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"needs {key}")
    return value.strip()


def _text_of(path: str, what: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ValueError(f"{what} cannot be read: {getattr(error, 'strerror', None) or type(error).__name__}") from None
