"""The header of public pages in a browser: it names whoever is signed in, and asks for nobody else."""

import pytest

from tests import world

pytestmark = [pytest.mark.browser, pytest.mark.once]


def asked(page):
    """Return the list into which the addresses go that the page asks the header for."""
    found = []
    page.on("request", lambda request: found.append(request.url) if request.url.endswith("header.json") else None)
    return found


def test_a_reader_who_never_signed_in_causes_no_request(visitor):
    page = visitor().goes_to("/en/about/how/")
    requests = asked(page)
    page.reload(wait_until="networkidle")
    assert requests == [] and page.locator(".me").inner_text().split() == ["Search", "Sign", "in"]


def test_signed_in_the_header_says_so_until_one_signs_out(visitor):
    moderator = world.grant(world.person("Wei Zhang"), world.consultation(), "moderator")
    page = visitor().is_signed_in_as(moderator).goes_to("/en/my/")
    requests = asked(page)
    page.goto("/en/about/how/")
    page.wait_for_selector(".me .whose")
    assert page.locator(".me .whose").inner_text() == "Wei Zhang"
    assert page.locator(".nav a").all_inner_texts()[:3] == ["My page", "Desk", "Consultations"]
    assert page.locator('.me a[href="/en/account/logout/"]').count() == 1
    assert len(requests) == 1
    page.goto("/en/account/logout/")
    page.click("main form button")
    page.wait_for_url("**/en/")
    page.goto("/en/about/how/", wait_until="networkidle")
    assert len(requests) == 1 and page.locator(".me .whose").count() == 0


def test_a_session_that_has_ended_is_noticed_once(visitor):
    someone = visitor().is_signed_in_as(world.person("Ana Prieto"))
    page = someone.goes_to("/en/my/")
    someone.context.clear_cookies()
    requests = asked(page)
    for _time in range(2):
        page.goto("/en/about/how/", wait_until="networkidle")
    assert len(requests) == 1 and page.locator(".me .whose").count() == 0
