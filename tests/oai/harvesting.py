"""Requests as by harvesters, each response checked by the schema of the protocol."""

from pathlib import Path
from urllib.parse import urlencode

from lxml import etree

from plenara.documents.actions.publication import publish_rendition
from tests.answers import body
from tests.summaries import making

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parent / "oai.rng"))
NS = {
    "o": "http://www.openarchives.org/OAI/2.0/",
    "d": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SITE = "http://127.0.0.1:8000"
FORM = "application/x-www-form-urlencoded"
RECORDS = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}


def ask(client, method="get", **arguments):
    """Return the root of an answer, after the rules of the schema."""
    arguments = {name.rstrip("_"): value for name, value in arguments.items()}
    answer = (
        client.get("/oai", arguments)
        if method == "get"
        else client.post("/oai", urlencode(arguments), content_type=FORM)
    )
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    return valid(body(answer))


def valid(content):
    root = etree.fromstring(content)
    SCHEMA.assertValid(root)
    return root


def code(client, **arguments):
    """Return the code of an error."""
    root = ask(client, **arguments)
    return root.find("o:error", NS).get("code")


def listed(client, **arguments):
    """Return all records of a list, page by page: by identifier, whether it is deleted and when it changed."""
    arguments = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc", **arguments}
    found, pages = {}, 0
    while True:
        root = ask(client, **arguments)
        if (error := root.find("o:error", NS)) is not None:
            assert error.get("code") == "noRecordsMatch"
            return {}
        headers = root.findall(".//o:header", NS)
        token = root.find(".//o:resumptionToken", NS)
        if token is not None:
            assert int(token.get("cursor")) == len(found)
        for each in headers:
            name = each.findtext("o:identifier", namespaces=NS)
            assert name not in found
            found[name] = (each.get("status") == "deleted", each.findtext("o:datestamp", namespaces=NS))
        pages += 1
        if token is None or not token.text:
            assert pages == 1 or token is not None
            return found
        arguments = {"verb": arguments["verb"], "resumptionToken": token.text}


def record_of(client, identifier):
    """Return the content of a record: the values by name; and its sets."""
    root = ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier)
    found = {}
    for each in root.findall(".//d:dc/*", NS):
        found.setdefault(etree.QName(each).localname, []).append(each.text)
    return found, [each.text for each in root.findall(".//o:setSpec", NS)]


def named(edition):
    return f"oai:127.0.0.1:{edition.contribution.public_id}"


def in_another_language(translator, edition, reviewer, language):
    """Publish a summary in another language."""
    rendition = making.reviewed(translator, reviewer, edition.document, language)
    publish_rendition(actor=reviewer, rendition=rendition)
