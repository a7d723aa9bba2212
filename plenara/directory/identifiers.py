"""Identifiers of organizations and persons, and the addresses of their sites: what is one, and what is not."""

import ipaddress
import re
from urllib.parse import urlsplit

#: https://ror.readme.io/docs/identifier: 0, six characters of Crockford's base 32, two digits of a checksum.
_ROR = re.compile(r"0([a-hj-km-np-tv-z0-9]{6})(\d{2})")
_BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.ASCII)
#: Characters that the address of a site may have.
MOST_OF_AN_ADDRESS = 300


def bare_ror(written: str) -> str:
    """Return a ROR identifier without the address that it is often written with."""
    return re.sub(r"^(https?://)?(www\.)?ror\.org/", "", written.strip(), flags=re.IGNORECASE).strip("/").lower()


def is_ror(written: str) -> bool:
    """Say whether a ROR identifier is well formed and its checksum is right (ISO 7064, MOD 97-10)."""
    found = _ROR.fullmatch(written)
    if not found or not written.isascii():
        return False
    number = 0
    for character in found[1]:
        number = number * 32 + _BASE_32.index(character)
    return 98 - number * 100 % 97 == int(found[2])


def bare_orcid(written: str) -> str:
    """Return an ORCID identifier without its address, with its hyphens."""
    bare = re.sub(r"^(https?://)?(www\.)?orcid\.org/", "", written.strip(), flags=re.IGNORECASE).strip("/").upper()
    digits = bare.replace("-", "").replace(" ", "")
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4)) if len(digits) == 16 else bare


def is_orcid(written: str) -> bool:
    """Say whether an ORCID identifier is well formed and its checksum is right (ISO 7064, MOD 11-2)."""
    if not _ORCID.fullmatch(written):
        return False
    total = 0
    for digit in written.replace("-", "")[:15]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return written[-1] == ("X" if check == 10 else str(check))


def is_site(written: str) -> bool:
    """Say whether this is the https address of a page on a named host: no name and password in it, no number."""
    if len(written) > MOST_OF_AN_ADDRESS or re.search(r"[\s\x00-\x1f\x7f<>\"\\^`{|}]", written):
        return False
    try:
        parts = urlsplit(written)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or "@" in parts.netloc or port not in {None, 443}:
        return False
    return bool(host_of(written))


def host_of(site: str) -> str:
    """Return the name of a site's host in its ASCII form, without `www.`; nothing where it has none."""
    try:
        host = (urlsplit(site).hostname or "").rstrip(".")
        host = host.encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        return ""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        pass
    else:
        return ""
    host = host.removeprefix("www.")
    labels = host.split(".")
    sound = all(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", label) for label in labels)
    if len(labels) < 2 or len(host) > 253 or not sound or not re.search("[a-z]", labels[-1]):
        return ""
    return host
