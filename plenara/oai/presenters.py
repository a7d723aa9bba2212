"""Responses as XML, in the order of elements that OAI-PMH.xsd and oai_dc.xsd prescribe."""

import datetime
from collections.abc import Iterable
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from plenara.accounts.queries import LocalizedInstallation
from plenara.core.atom import xml_attribute, xml_text
from plenara.core.metadata import oai_identifier, site_host
from plenara.core.templatetags.plenara import iso
from plenara.exports.addresses import site
from plenara.oai.queries import DOMAIN, Page, Record, Set
from plenara.oai.validation import PREFIX, OaiError, OaiRequest

MEDIA_TYPE = "text/xml; charset=utf-8"
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_OAI = "http://www.openarchives.org/OAI/2.0/"
_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"


def answer(wanted: OaiRequest, at: datetime.datetime, body: str) -> str:
    """Return a whole response: its time, the request, and the content."""
    echoed = {"verb": wanted.verb, **wanted.arguments} if wanted.verb else {}
    request = "".join(f" {name}={xml_attribute(value)}" for name, value in echoed.items())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<OAI-PMH xmlns="{_OAI}" {_XSI} xsi:schemaLocation="{_OAI} {_OAI}OAI-PMH.xsd">\n'
        f"{_element('responseDate', iso(at))}<request{request}>{xml_text(site('/oai'))}</request>\n{body}</OAI-PMH>\n"
    )


def error(wrong: OaiError) -> str:
    """Return one of the protocol's errors."""
    return f"<error code={xml_attribute(wrong.code)}>{xml_text(str(wrong))}</error>\n"


def identify(installation: LocalizedInstallation, earliest: datetime.datetime) -> str:
    """Return the description of the repository."""
    elements = [
        ("repositoryName", installation.name),
        ("baseURL", site("/oai")),
        ("protocolVersion", "2.0"),
        ("adminEmail", _address(installation.contact)),
        ("earliestDatestamp", iso(earliest)),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ("compression", "gzip"),
    ]
    return _within("Identify", "".join(_element(*each) for each in elements) + _scheme())


def _address(contact: str) -> str:
    """Return the contact address. The protocol requires one, even if the installation has none."""
    for address in (contact, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]):
        try:
            validate_email(address)
        except ValidationError:
            continue
        return address
    return f"postmaster@{urlsplit(settings.SITE_URL).hostname}.invalid"


def _scheme() -> str:
    """Return the scheme of identifiers (oai-identifier), if the host is a name, not a number."""
    if not DOMAIN.fullmatch(site_host()):
        return ""
    elements = [
        ("scheme", "oai"),
        ("repositoryIdentifier", site_host()),
        ("delimiter", ":"),
        ("sampleIdentifier", oai_identifier("7c4kq9xw2m")),
    ]
    inner = "".join(_element(*each) for each in elements)
    schema = f'xmlns="{_IDENTIFIER}" {_XSI} xsi:schemaLocation="{_IDENTIFIER} {_IDENTIFIER}.xsd"'
    return _within("description", f"<oai-identifier {schema}>\n{inner}</oai-identifier>\n")


def formats() -> str:
    """Return the only metadata format."""
    elements = [("metadataPrefix", PREFIX), ("schema", f"{_OAI}oai_dc.xsd"), ("metadataNamespace", _DC)]
    return _within("ListMetadataFormats", _within("metadataFormat", "".join(_element(*each) for each in elements)))


def list_of_sets(page: Page[Set]) -> str:
    """Return a page of the sets."""
    inner = "".join(_within("set", _element("setSpec", spec) + _element("setName", name)) for spec, name in page.items)
    return _within("ListSets", inner + _resumption(page))


def list_of(verb: str, page: Page[Record]) -> str:
    """Return a page of records, or of headers."""
    write = record if verb == "ListRecords" else header
    return _within(verb, "".join(map(write, page.items)) + _resumption(page))


def one(found: Record) -> str:
    """Return one record."""
    return _within("GetRecord", record(found))


def record(of: Record) -> str:
    """Return a record; only the header of a deleted one."""
    if of.is_deleted:
        return _within("record", header(of))
    elements = "".join(
        f"<dc:{name}{f' xml:lang={xml_attribute(tongue)}' if tongue else ''}>{xml_text(value)}</dc:{name}>\n"
        for name, value, tongue in of.elements
        if value
    )
    head = (
        f'<oai_dc:dc xmlns:oai_dc="{_DC}" xmlns:dc="http://purl.org/dc/elements/1.1/" {_XSI}'
        f' xsi:schemaLocation="{_DC} {_OAI}oai_dc.xsd">\n'
    )
    return _within("record", header(of) + _within("metadata", f"{head}{elements}</oai_dc:dc>\n"))


def header(of: Record) -> str:
    """Return a record's identifier, its last change, and its sets."""
    inner = _element("identifier", of.identifier) + _element("datestamp", iso(of.changed_at))
    inner += "".join(_element("setSpec", each) for each in of.sets)
    return f"<header{' status="deleted"' if of.is_deleted else ''}>\n{inner}</header>\n"


def _resumption(page: Page[Set] | Page[Record]) -> str:
    if page.is_whole:
        return ""
    return f'<resumptionToken cursor="{page.before}">{xml_text(page.token)}</resumptionToken>\n'


def _within(name: str, inner: Iterable[str] | str) -> str:
    return f"<{name}>\n{''.join(inner)}</{name}>\n"


def _element(name: str, value: str) -> str:
    return f"<{name}>{xml_text(value)}</{name}>\n"
