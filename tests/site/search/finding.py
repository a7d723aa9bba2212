"""Asking the search page, and reading what it says."""

import re
from html import unescape

from plenara.contributions.actions import search_index
from plenara.contributions.models import Edition

PAGE = "/en/search/"


def indexed():
    """Let everything be found that was made past the actions."""
    search_index.index_editions(Edition.objects.filter(in_force=True).values_list("pk", flat=True))


def ask(client, query="", *, reader="en", **fields):
    """Return the page of a search, in a reader's language."""
    answer = client.get(f"/{reader}/search/", {"q": query, **fields} if query else fields)
    assert answer.status_code == 200
    return answer.content.decode()


def links(page):
    """Return where the results lead, in their order."""
    return [unescape(each) for each in re.findall(r'<h3><a href="([^"]*)"', page)]


def numbers(page):
    """Return the numbers of the contributions that were found, in their order."""
    return [int(re.search(r"/contributions/(\d+)/", each)[1]) for each in links(page)]


def words(page):
    """Return the text of a page as a reader sees it."""
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", main)).split())


def problem(page):
    """Return the sentence that says why a search was not asked."""
    found = re.search(r'id="problem"><p>(.*?)</p>', page)
    return unescape(found[1]) if found else ""
