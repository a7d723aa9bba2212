"""References that a reference manager reads, whatever people call themselves."""

import json
import re

import pytest

from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Edition
from plenara.documents.models import Document, DocumentEdition, PublishedRendition, Signature
from plenara.exports.presenters.references import Reference, as_bibtex, as_csl, as_ris
from plenara.moderation.actions import decide
from tests import world
from tests.answers import HERE, get
from tests.hostile import EVERYTHING, one_line

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms of references; test_forms_over_http.py has both
ONE = f"{HERE}contributions/1/"


def bibtex(text):
    """Return the kind, key and fields of the one entry, read as BibTeX reads it: by counting braces."""
    kind, key, rest = re.fullmatch(r"@(\w+)\{([^,\s{}]+),\n(.*)\}\n", text, re.DOTALL).groups()
    fields, at = {}, 0
    while match := re.compile(r"\s*(\w+) = \{").match(rest, at):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[end], 0)
            end += 1
        fields[match[1]] = rest[match.end() : end - 1]
        assert rest[end] == ","
        at = end + 1
    assert rest[at:].strip() == ""
    return kind, key, fields


def ris(text):
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert [line[:2] for line in lines[:-1]].count("ER") == [line[:2] for line in lines[:-1]].count("TY") == 1
    return [(line[:2], line[6:]) for line in lines[:-1]]


def test_a_contribution_has_author_title_symbol_date_and_permanent_address(client, edition):
    kind, key, fields = bibtex(get(client, f"{ONE}cite.bib").decode())
    assert (kind, key) == ("misc", edition.symbol.replace("/", ":"))
    assert fields["author"] == "{Aminata Diallo}"
    assert fields["number"] == edition.symbol
    assert fields["url"] == f"http://127.0.0.1:8000/s/{edition.symbol}/Rev.0", "this very edition, whatever follows"
    assert fields["date"] == f"{edition.published_at:%Y-%m-%d}"
    fields = dict(ris(get(client, f"{ONE}cite.ris").decode()))
    assert (fields["AU"], fields["M1"], fields["LA"]) == ("Aminata Diallo", edition.symbol, "en")
    (item,) = json.loads(get(client, f"{ONE}cite.json"))
    assert item["author"] == [{"literal": "Aminata Diallo"}]
    assert item["issued"]["date-parts"][0][0] == edition.published_at.year
    assert (item["type"], item["number"]) == ("post", edition.symbol)


def test_one_edition_is_cited_for_good(client, edition, author, moderator):
    version = revise(actor=author, contribution=edition.contribution, text="Four weeks.", language="en")
    decide(actor=moderator, kind="contribution", pk=edition.contribution_id, version_id=version.pk, code="APPROVED")
    addresses = {
        f"{ONE}cite.json": f"/s/{edition.symbol}/Rev.1",
        f"{ONE}rev/1/cite.json": f"/s/{edition.symbol}/Rev.1",
        f"{ONE}rev/0/cite.json": f"/s/{edition.symbol}/Rev.0",
    }
    for path, address in addresses.items():
        (item,) = json.loads(get(client, path))
        assert item["URL"] == f"http://127.0.0.1:8000{address}"
        assert client.get(address).status_code == 302
    assert client.get(f"{ONE}rev/2/cite.json").status_code == 404


def test_media_types_are_those_of_the_formats(client, edition):
    types = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems"}
    types["json"] = "application/vnd.citationstyles.csl+json"
    for ending, media_type in types.items():
        answer = client.get(f"{ONE}cite.{ending}")
        assert answer["Content-Type"].split(";")[0] == media_type
        assert answer["Content-Disposition"].endswith(f'.{ending}"')
    assert client.get(f"{ONE}cite.doc").status_code == 404


def test_a_withheld_name_and_an_undated_text_are_cited_as_such(client, moderator, thread):
    world.published(world.person("Secret Name", withholds_name=True), moderator, thread)
    Edition.objects.update(submitted_at=None, published_at=None)
    _kind, _key, fields = bibtex(get(client, f"{ONE}cite.bib").decode())
    assert fields["author"] == "{Name withheld}"
    assert not {"year", "month", "date"} & set(fields)
    assert "issued" not in json.loads(get(client, f"{ONE}cite.json"))[0]


def test_what_is_gone_is_not_cited(client, edition, author):
    withdraw(actor=author, contribution=edition.contribution)
    for path in (f"{ONE}cite.bib", f"{ONE}rev/0/cite.json"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert world.WORDS not in answer.content.decode()
    assert client.get(f"{HERE}contributions/2/cite.bib").status_code == 404


@pytest.mark.parametrize("text", [*EVERYTHING, "a } b", "a { b", "{}}{", "\\", "a \\} b", '"', "and and and"])
def test_no_name_or_title_ends_a_field(text):
    reference = Reference(
        symbol="WGIG/2004/Q3/17",
        title=one_line(text),
        container=text,
        publisher=text,
        url="https://consult.example.org/s/WGIG/2004/Q3/17",
        language="en",
        authors=[text, "Second Author"],
        note=text,
        licence=text,
    )
    kind, _key, fields = bibtex(as_bibtex(reference))
    assert kind == "misc"
    assert set(fields) <= {
        "author",
        "title",
        "howpublished",
        "publisher",
        "number",
        "url",
        "language",
        "note",
        "copyright",
    }
    assert fields["author"].endswith(" and {Second Author}")
    fields = ris(as_ris(reference))
    assert [value for tag, value in fields if tag == "AU"] == [" ".join(text.split()), "Second Author"]
    (item,) = json.loads(as_csl(reference))
    assert item["author"] == [{"literal": text}, {"literal": "Second Author"}]


def test_a_summary_is_a_report_by_the_person_who_wrote_it_in_the_readers_language(client, consultation):
    symbol = f"{consultation.symbol}/SUM/1"
    document = Document.objects.create(
        kind="summary", consultation=consultation, source_language="en", number=1, symbol=symbol
    )
    edition = DocumentEdition.objects.create(
        document=document, consultation=consultation, kind="summary", number=1, symbol=symbol, source_language="en"
    )
    for language, title in (("en", "What was said"), ("fr", "Ce qui a été dit")):
        PublishedRendition.objects.create(edition=edition, language=language, title=title)
    Signature.objects.create(edition=edition, part="wrote", name="Inés Calderón")
    Signature.objects.create(edition=edition, part="wrote", name="")
    Signature.objects.create(edition=edition, part="approved", name="Wei Zhang")
    here = f"{HERE}summaries/1/"
    kind, _key, fields = bibtex(get(client, f"{here}cite.bib").decode())
    assert (kind, fields["author"], fields["number"]) == ("techreport", "{Inés Calderón}", symbol.replace("_", r"\_"))
    assert fields["title"] == "{Summary 1: What was said}"
    (item,) = json.loads(get(client, here.replace("/en/", "/fr/") + "cite.json"))
    assert item["title"].endswith(": Ce qui a été dit")
    assert item["language"] == "fr"
    assert item["URL"] == f"http://127.0.0.1:8000/s/{symbol}/Rev.0"
    (item,) = json.loads(get(client, here.replace("/en/", "/ru/") + "cite.json"))
    assert (item["language"], item["type"]) == ("en", "report")
    assert client.get(f"{HERE}summaries/2/cite.bib").status_code == 404


def test_a_consultation_and_a_question_are_cited_as_sets_of_data(client, edition, consultation):
    kind, _key, fields = bibtex(get(client, f"{HERE}cite.bib").decode())
    assert (kind, fields["type"]) == ("misc", "Dataset")
    assert fields["url"] == f"http://127.0.0.1:8000/s/{consultation.symbol}"
    assert fields["author"] == "{Plenara}"
    assert dict(ris(get(client, f"{HERE}threads/2/cite.ris").decode()))["TY"] == "DATA"
    (item,) = json.loads(get(client, f"{HERE}threads/2/cite.json"))
    assert (item["type"], item["number"]) == ("dataset", f"{consultation.symbol}/Q2")
    assert item["title"] == "Question 2: Question 2? (en)"
    assert client.get(f"{HERE}threads/3/cite.bib").status_code == 404
    consultation.stage = "draft"
    consultation.save()
    assert client.get(f"{HERE}cite.bib").status_code == 404


def test_an_earlier_edition_of_a_summary_is_cited_for_good(client, consultation):
    document = Document.objects.create(
        kind="summary", consultation=consultation, source_language="en", number=1, symbol=f"{consultation.symbol}/SUM/1"
    )
    for revision, ending in ((0, ""), (1, "/Rev.1")):
        edition = DocumentEdition.objects.create(
            document=document,
            consultation=consultation,
            kind="summary",
            number=1,
            revision=revision,
            symbol=f"{document.symbol}{ending}",
            source_language="en",
            in_force=bool(revision),
        )
        PublishedRendition.objects.create(edition=edition, language="en", title=f"Title {revision}")
    urls = {}
    for below in ("", "rev/0/", "rev/1/"):
        (item,) = json.loads(get(client, f"{HERE}summaries/1/{below}cite.json"))
        urls[below] = item["URL"].removeprefix(f"http://127.0.0.1:8000/s/{document.symbol}")
    assert urls == {"": "/Rev.1", "rev/0/": "/Rev.0", "rev/1/": "/Rev.1"}
    answer = client.get(f"/s/{document.symbol}/Rev.0", headers={"accept-language": "en"})
    assert answer.url == f"{HERE}summaries/1/rev/0/"
    assert client.get(f"{HERE}summaries/1/rev/2/cite.bib").status_code == 404
