"""The page of figures, and its other forms."""

import csv
import datetime
import gzip
import io
import json

import pytest
from lxml import etree, html

from plenara.consultations.models import Consultation
from plenara.contributions.actions import withdraw
from plenara.contributions.models import DayTally, Tally
from plenara.core import clock
from plenara.core.vocabulary import country_name
from plenara.insights.queries.figures import page_figures
from tests import world
from tests.answers import HERE, get, queries

pytestmark = pytest.mark.django_db
PAGE = f"{HERE}figures/"


def page(client, language="en"):
    return html.fromstring(get(client, PAGE.replace("/en/", f"/{language}/")))


def table(root, name):
    found = root.xpath(f"//section[@aria-labelledby='{name}']//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row if cell.tag in {"th", "td"}] for row in found]


def rows(client, language="en"):
    content = get(client, f"{PAGE}figures.csv".replace("/en/", f"/{language}/")).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_the_page_counts_by_every_property_with_names_in_the_readers_language(
    client, author, participant, moderator, thread
):
    world.published(author, moderator, thread)
    world.published(participant, moderator, thread, "Moi aussi.", "fr")
    root = page(client, "fr")
    assert {row[0]: row[2] for row in table(root, "country")} == {"Mali": "1", "Nigeria": "1"}
    assert {row[0] for row in table(root, "language")} == {"Anglais", "Français"}
    assert table(root, "question")[0][2:] == ["2", "100\u202f%"] or table(root, "question")[0][2] == "2"
    assert len(table(root, "stakeholder_group")) == 6, "who is missing is seen"
    assert [row[-1] for row in table(root, "days")] == ["2"]


def test_an_arabic_page_names_countries_in_arabic_and_draws_from_the_right(client, edition):
    root = page(client, "ar")
    assert table(root, "country")[0][0] == country_name("ML", "ar")
    drawing = root.find(".//figure/svg")
    assert drawing.get("direction") == "rtl"
    assert drawing.find("text").get("x") == "100%"


def test_each_drawing_is_hidden_or_has_a_name_and_its_numbers_stand_in_a_table(client, edition):
    root = page(client)
    for drawing in root.iter("svg"):
        assert drawing.get("aria-hidden") == "true" or (drawing.get("role"), bool(drawing.get("aria-label"))) == (
            "img",
            True,
        )
    for each in root.xpath("//main//section[h2]"):
        assert each.xpath(".//table/caption"), each.get("aria-labelledby")


def test_a_consultation_without_contributions_says_so(client, consultation):
    assert "There are no contributions yet." in get(client, PAGE).decode()
    assert [row["contributions"] for row in rows(client) if row["by"] == "all"] == ["0"]
    etree.fromstring(get(client, f"{PAGE}days.svg"))


def test_what_is_gone_is_not_counted(client, author, edition):
    withdraw(actor=author, contribution=edition.contribution)
    assert "There are no contributions yet." in get(client, PAGE).decode()


def test_undated_contributions_are_counted_apart_and_not_drawn(client, thread, edition):
    DayTally.objects.create(thread=thread, day=None, count=4)
    assert "4 contributions have no date." in get(client, PAGE).decode()
    assert [(row["of"], row["contributions"]) for row in rows(client) if row["by"] == "day"] == [
        (clock.now().date().isoformat(), "1"),
        ("undated", "4"),
    ]


def test_a_draft_has_no_figures(client, consultation):
    Consultation.objects.update(stage="draft")
    for form in ("", "figures.csv", "figures.json", "days.svg"):
        get(client, f"{PAGE}{form}", 404)
    get(client, "/en/consultations/nothing/figures/", 404)


@pytest.mark.once
def test_the_page_takes_the_same_queries_and_stays_light_whatever_the_archive(client, thread):
    world.many(thread, 10)
    few = queries(client, PAGE)
    world.many(thread, 200)
    for n in range(250):
        Tally.objects.create(
            thread=thread, stakeholder_group="other", language=f"x{n}", country=f"{n:02}"[-2:], count=n
        )
    DayTally.objects.bulk_create(
        DayTally(thread=thread, day=datetime.date(1900 + n % 100, 1 + n % 12, 1), count=n) for n in range(1, 100)
    )
    assert queries(client, PAGE) == few
    assert len(gzip.compress(get(client, PAGE))) <= 14_336


def test_the_table_for_download_has_every_row_and_no_cell_that_a_spreadsheet_calculates_with(client, thread, edition):
    thread.question = {"en": "=HYPERLINK(1)?"}
    thread.save()
    found = rows(client)
    assert set(found[0]) == {"by", "of", "name", "contributions"}
    assert next(row["name"] for row in found if row["by"] == "question") == "'=HYPERLINK(1)?"
    for by in ("question", "stakeholder_group", "country", "language", "channel", "day"):
        assert sum(int(row["contributions"]) for row in found if row["by"] == by) == 1, by


def test_the_json_has_every_figure_that_the_pages_show(client, consultation, edition):
    answer = client.get(f"{PAGE}figures.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert json.loads(get(client, f"{PAGE}figures.json")) == json.loads(json.dumps(page_figures(consultation)))
    assert client.get(f"{PAGE}figures.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_drawing_stands_alone_and_has_no_style(client, consultation, edition):
    root = etree.fromstring(get(client, f"{PAGE}days.svg"))
    assert root.find("{*}title").text == "Contributions by day"
    assert not root.xpath("//@style")


def test_hostile_words_stay_words(client, thread, edition):
    thread.question = {"en": "<script>alert(1)</script>\r\nX: y"}
    thread.save()
    assert b"<script>alert" not in get(client, PAGE)
    etree.fromstring(get(client, f"{PAGE}days.svg"))


def test_the_consultations_page_leads_there(client, edition):
    assert html.fromstring(get(client, HERE)).xpath("//section[@aria-labelledby='sofar']//a/@href") == ["figures/"]


def test_this_week_is_the_last_seven_days(client, noon, author, moderator, thread):
    from plenara.insights.queries.figures import figures_of

    for back in (8, 7, 6, 0):
        with clock.at(noon - datetime.timedelta(days=back)):
            world.published(author, moderator, thread, f"Words of {back} days ago.")
    assert figures_of([thread.pk]).this_week[thread.pk] == 2
