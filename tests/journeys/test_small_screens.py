"""What a small screen asks for: navigation that leaves room for the page, and targets that a finger finds."""

from itertools import pairwise

import pytest

from tests import world
from tests.outcomes import making

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

DESK = "desk/consultations/internet-governance/"
#: What a link measures at least (WCAG 2.2, 2.5.8), and how high it is where a finger points.
LEAST, HIGH = 24, 44


def test_the_pages_of_a_desk_stand_in_one_line_with_the_present_one_in_sight(visitor, organizer):
    phone, errors = visitor(width="phone", scripts=False, touch=True).is_signed_in_as(organizer), []
    for language in ("en", "fr", "ar", "zh"):
        page = phone.goes_to(f"/{language}/{DESK}state/")
        line, here = (page.locator(each).bounding_box() for each in (".subnav", ".subnav [aria-current]"))
        if line["height"] >= 60:  # two lines would take 88
            errors.append(f"{language}: {line['height']} high")
        if here["x"] < line["x"] or here["x"] + here["width"] > line["x"] + line["width"]:
            errors.append(f"{language}: the present one is out of sight")
        if page.evaluate("scrollY"):
            errors.append(f"{language}: the page has moved")
    assert not errors


def test_headings_filters_counts_and_rules_begin_at_one_edge(visitor, thread):
    world.many(thread, 30, answers=False)
    desk, errors = visitor(scripts=False), []
    for language in ("en", "ar"):
        page = desk.goes_to(f"/{language}/consultations/internet-governance/threads/1/")
        side = "right" if language == "ar" else "left"
        edges = {
            each: page.locator(each).first.evaluate(f"it => Math.round(it.getBoundingClientRect().{side})")
            for each in ("h1", ".filters", ".list-head", ".entry .words", ".pages")
        }
        if len(set(edges.values())) > 1:
            errors.append((language, edges))
    assert not errors


def test_the_filters_of_a_search_leave_room_for_their_words(visitor, thread):
    page = visitor(scripts=False).goes_to("/en/search/?kind=contribution")
    widths = page.locator(".filters select").evaluate_all("them => them.map(it => it.offsetWidth)")
    assert min(widths) >= 11 * 16
    chips, results = (page.locator(each).bounding_box() for each in (".chips", ".chips + *"))
    assert results["y"] - chips["y"] - chips["height"] >= 16


def test_an_apostrophe_is_not_a_square_wide_on_a_chinese_page(visitor, thread):
    page = visitor(scripts=False).goes_to("/zh/")
    page.evaluate("document.fonts.ready")
    share = page.evaluate("""() => {
      const it = document.createElement("span");
      it.textContent = "\u2019";
      document.querySelector("main").append(it);
      return it.getBoundingClientRect().width / parseFloat(getComputedStyle(it).fontSize);
    }""")
    assert share < 0.6


def test_none_of_them_has_the_keyboard_out_of_sight(visitor, organizer):
    phone = visitor(width="phone", scripts=False, touch=True).is_signed_in_as(organizer)
    page = phone.goes_to(f"/en/{DESK}")
    line = page.locator(".subnav").bounding_box()
    links = page.locator(".subnav a")
    links.first.focus()
    for number in range(links.count()):
        box = links.nth(number).bounding_box()
        assert box["x"] < line["x"] + line["width"] and box["x"] + box["width"] > line["x"]
        page.keyboard.press("Tab")


def test_the_pages_of_a_long_thread_stand_in_one_line_and_apart(visitor, thread):
    world.many(thread, 100, answers=False)
    phone, errors = visitor(width="phone", scripts=False), []
    for language in ("ar", "zh"):
        page = phone.goes_to(f"/{language}/consultations/internet-governance/threads/1/from/41/")
        boxes = [each.bounding_box() for each in page.locator(".pages :is(a, [aria-current])").all()]
        if len(boxes) != 5:
            errors.append(f"{language}: {len(boxes)} of them")
        if max(box["y"] for box in boxes) - min(box["y"] for box in boxes) >= 3:
            errors.append(f"{language}: not in one line")
        ends = sorted((box["x"], box["x"] + box["width"]) for box in boxes)
        if not all(after[0] - before[1] >= 4 for before, after in pairwise(ends)):
            errors.append(f"{language}: not apart")
    assert not errors


def test_a_finger_finds_the_shortest_link(visitor, edition, participant):
    phone = visitor(width="phone", touch=True).is_signed_in_as(participant)
    page = phone.goes_to("/en/consultations/internet-governance/contributions/1/")
    box = page.get_by_role("link", name="RIS", exact=True).bounding_box()
    assert box["width"] >= LEAST and box["height"] >= HIGH


def test_the_numbers_of_a_row_stand_in_one_line_with_those_above(visitor, organizer, consultation):
    making.outcome(organizer, making.body(organizer, consultation))
    desk, errors = visitor(scripts=False).is_signed_in_as(organizer), []  # a phone has a list instead
    for language in ("en", "ru"):
        table = desk.goes_to(f"/{language}/desk/outcomes/wgig/report/review/").locator("table.bars")
        heads, numbers = (
            [each.bounding_box() for each in table.locator(f"{part} tr").first.locator(".num").all()]
            for part in ("thead", "tbody")
        )
        if len({round(each["y"]) for each in numbers}) != 1:
            errors.append(f"{language}: the numbers are not in one line")
        for head, number in zip(heads, numbers, strict=True):
            if abs(head["x"] - number["x"]) >= 2:
                errors.append(f"{language}: a number at {number['x']}, its head at {head['x']}")
    assert not errors


def test_a_phone_has_one_bar_with_a_menu_of_all_that_the_header_has(visitor, edition, organizer):
    desk = visitor(scripts=False).is_signed_in_as(organizer).goes_to("/en/")
    links = desk.locator("header.site a")
    shown = [each.inner_text() for each in links.all() if each.is_visible()]
    assert len(shown) == links.count()
    assert not desk.locator(".menu > summary").is_visible()
    phone, errors = visitor(width="phone", scripts=False, touch=True).is_signed_in_as(organizer), []
    for language in ("en", "ru", "ar", "zh"):
        page = phone.goes_to(f"/{language}/")
        if page.locator("header.site").bounding_box()["height"] > 80:
            errors.append(f"{language}: more than one bar")
        page.locator(".menu > summary").click()
        boxes = [each.bounding_box() for each in page.locator("header.site a").all()]
        if len(boxes) != links.count() or not all(boxes):
            errors.append(f"{language}: not all that the header has")
        elif any(box["x"] < 0 or box["x"] + box["width"] > 360 or box["height"] < HIGH for box in boxes):
            errors.append(f"{language}: a link that is cut off or low")
    assert not errors


def test_all_links_of_the_header_are_in_its_menu(client, edition):
    html = client.get("/en/").content.decode()
    menu = html.partition('<details class="menu">')[2].partition("</details>")[0]
    for part in ("Menu</summary>", "Search", "Sign in", "Consultations", "Themes", "Français"):
        assert part in menu


def test_the_first_line_of_a_text_of_another_direction_begins_where_its_row_does(visitor, moderator, author, thread):
    """In its own order, at the edge of the page: on a wide screen it would be far from what it belongs to."""
    world.submitted(author, thread, "Short words.")
    page = visitor(scripts=False, language="ar").is_signed_in_as(moderator).goes_to("/ar/desk/moderation/")
    edge = """it => {
      const words = document.createRange();
      words.selectNodeContents(it);
      return words.getBoundingClientRect().right;
    }"""
    edges = {page.locator(f".queue {each}").first.evaluate(edge) for each in (".about", ".dots")}
    assert max(edges) - min(edges) < 2
