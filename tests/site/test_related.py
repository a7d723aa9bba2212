"""Related contributions: what means nearly the same, in whatever language, on a contribution's page."""

import pytest

from plenara.contributions.actions import withdraw
from plenara.contributions.actions.search_index import CONTRIBUTION
from plenara.search.queries import similarity
from tests import world
from tests.consultations.pages import text

pytestmark = pytest.mark.django_db

PAGE = "/en/consultations/internet-governance/contributions/1/"


@pytest.fixture
def near(edition, elsewhere, author, moderator):
    """Three contributions that are near to the first: an answer to it, one in French and one in Arabic elsewhere."""
    there = world.grant(world.person("Kofi Mensah"), elsewhere, "moderator")
    answer = world.published(
        world.person("Ana"), moderator, edition.thread, "An answer to it.", in_reply_to=edition.contribution
    )
    french = world.published(world.person("Jean"), moderator, edition.thread, "Les documents arrivent tard.", "fr")
    arabic = world.published(world.person("Huda"), there, elsewhere.threads.get(number=1), "الوثائق تصل متأخرة", "ar")
    others = [(answer.pk, 390_000), (arabic.pk, 380_000), (french.pk, 370_000)]
    similarity.save_related(CONTRIBUTION.code, {edition.pk: others, **{pk: [] for pk, _product in others}})
    return {"answer": answer, "french": french, "arabic": arabic}


def test_the_page_names_what_is_near_the_nearest_first_and_why(client, near):
    page = text(client.get(PAGE))
    assert "Related contributions" in page
    assert page.index("similar in meaning, in Arabic") < page.index("similar in meaning, in French")


def test_an_answer_to_it_stands_on_the_page_already(client, near):
    page = client.get(PAGE).content.decode()
    assert page.count("An answer to it.") == 1


def test_words_are_in_their_own_language_and_direction(client, near):
    assert '<p class="words" lang="ar" dir="rtl">الوثائق تصل متأخرة</p>' in client.get(PAGE).content.decode()


def test_what_is_withdrawn_is_named_no_more_from_that_moment_on(client, near):
    withdraw(actor=near["french"].contribution.author, contribution=near["french"].contribution)
    page = client.get(PAGE).content.decode()
    assert "similar in meaning, in French" not in page and "similar in meaning, in Arabic" in page


def test_where_nothing_is_near_nothing_is_shown(client, edition):
    assert "Related contributions" not in client.get(PAGE).content.decode()
