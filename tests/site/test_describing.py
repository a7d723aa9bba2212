"""What pages say of themselves to machines: JSON-LD, Open Graph, Signposting."""

import gzip
import json
import re

import pytest
from django.utils import translation
from lxml import html

from plenara.contributions.models import Edition
from plenara.core.metadata import json_ld
from plenara.site.presenters.descriptions import describe_consultation, describe_contribution, describe_thread
from tests import world
from tests.answers import HERE, give_paper
from tests.hostile import EVERYTHING

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages; what they ask is asked on both by test_odd_requests.py
LINK = re.compile(r'<([^<>]+)>; rel="([a-z-]+)"(?:; type="([^"]+)")?')


def read(edition):
    found = Edition.objects.select_related("text", "byline", "paper", "thread", "contribution", "consultation")
    return found.get(pk=edition.pk)


def data_of(description):
    (script,) = html.fromstring(f"<html><head>{description.head_html}</head></html>").iter("script")
    assert script.get("type") == "application/ld+json"
    return json.loads(script.text)


def open_graph(description):
    head = html.fromstring(f"<html><head>{description.head_html}</head></html>")
    return {each.get("property"): each.get("content") for each in head.iter("meta")}


def links(description):
    header = description.link_header
    assert header.isascii()
    assert "\n" not in header
    found = LINK.findall(header)
    assert re.sub(LINK, "", header).strip(", ") == ""
    return {(rel, url) for url, rel, _type in found}


def test_a_contribution_is_a_posting_and_a_reply_a_comment(edition, reply, consultation):
    with translation.override("fr"):
        first = describe_contribution(read(edition), consultation)
        second = describe_contribution(read(reply), consultation)
    values = data_of(first)
    assert values["@type"] == "DiscussionForumPosting"
    assert values["@id"] == f"http://127.0.0.1:8000/c/{edition.contribution.public_id}"
    assert values["author"]["name"] == "Aminata Diallo"
    assert values["author"]["affiliation"]["name"] == "Réseau Sahel Numérique"
    assert values["inLanguage"] == "en"
    assert values["license"] == "https://creativecommons.org/licenses/by/4.0/"
    values = data_of(second)
    assert values["@type"] == "Comment"
    assert values["parentItem"]["@id"] == f"http://127.0.0.1:8000{HERE.replace('/en/', '/fr/')}contributions/1/"


def test_signposts_lead_to_what_is_there(client, edition, consultation):
    give_paper(edition)
    with translation.override("en"):
        found = links(describe_contribution(read(edition), consultation))
        found |= links(describe_thread(edition.thread, consultation)) | links(describe_consultation(consultation))
    assert {"cite-as", "describedby", "author", "collection", "license", "type", "item", "alternate"} == {
        rel for rel, _url in found
    }
    for _rel, url in found:
        if url.startswith("http://127.0.0.1:8000/"):
            # Files of a whole record are made by tasks, and until then their address says when.
            assert client.get(url).status_code in ({503} if "/exports/" in url else {200, 302}), url


def test_an_edition_for_good_names_itself(edition, consultation):
    with translation.override("en"):
        description = describe_contribution(read(edition), consultation, for_good=True)
    assert ("cite-as", f"http://127.0.0.1:8000/s/{edition.symbol}/Rev.0") in links(description)
    assert open_graph(description)["og:url"].endswith("/contributions/1/rev/0/")


def test_open_graph_has_the_pages_language_and_the_first_words(edition, consultation):
    with translation.override("zh-hans"):
        values = open_graph(describe_contribution(read(edition), consultation))
    assert values["og:locale"] == "zh_CN"
    assert values["og:description"] == world.WORDS
    assert values["og:url"].startswith("http://127.0.0.1:8000/zh/")


def test_a_consultation_is_a_set_of_data_that_can_be_had(consultation):
    values = data_of(describe_consultation(consultation))
    assert values["@type"] == "Dataset"
    assert [each["encodingFormat"] for each in values["distribution"]] == ["application/zip", "text/csv"]


def test_a_withheld_name_is_not_in_the_description(moderator, thread, consultation):
    edition = world.published(world.person("Secret Name", withholds_name=True), moderator, thread)
    description = describe_contribution(read(edition), consultation)
    assert "Secret" not in description.head_html
    assert data_of(description)["author"]["name"] == "Name withheld"


@pytest.mark.parametrize("text", EVERYTHING)
def test_no_text_ends_the_script_or_an_attribute(text):
    script = json_ld({"headline": text})
    assert script.count("<") == 2
    assert html.fromstring(f"<div>{script}</div>").find("script").getnext() is None
    assert (
        json.loads(script.removeprefix('<script type="application/ld+json">').removesuffix("</script>"))["headline"]
        == text
    )


def test_hostile_texts_stay_in_their_tags(hostile, consultation):
    for _text, name, edition in hostile:
        description = describe_contribution(read(edition), consultation)
        head = html.fromstring(f"<html><head>{description.head_html}</head></html>")
        assert {each.tag for each in head.iter()} <= {"html", "head", "meta", "script"}
        assert open_graph(description)["og:title"] == name
        assert data_of(description)["author"]["name"] == name


def test_a_description_is_light(edition, consultation):
    for description in (
        describe_contribution(read(edition), consultation),
        describe_thread(edition.thread, consultation),
        describe_consultation(consultation),
    ):
        assert len(gzip.compress(description.head_html.encode())) < 700
        assert len(description.link_header) < 1600
