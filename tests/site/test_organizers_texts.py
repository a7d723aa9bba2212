"""What organizers write in Markdown: a page that shows a text whole renders it, an excerpt has its plain words."""

import pytest
from django.core import mail

from plenara.consultations import actions as consulting
from plenara.core import clock
from plenara.core.tasks import run_all
from plenara.mirror import rendering
from plenara.outcomes import actions as outcomes
from plenara.themes import actions as theming
from plenara.themes.models import Theme
from tests import answers, world
from tests.consultations.conftest import days
from tests.outcomes import making

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # pages; what they ask is asked on both by test_odd_requests.py

#: A text as an organizer types it, how a page renders it, and its words.
TYPED = "We ask **three** things:\n\n- the [agenda](https://example.org/agenda)\n- the *dates*"
RENDERED = (
    "<p>We ask <strong>three</strong> things:</p>",
    '<li>the <a href="https://example.org/agenda" rel="nofollow ugc noopener">agenda</a></li>',
)
WORDS = "We ask three things: the agenda the dates"
HERE = answers.HERE


@pytest.fixture
def written(consultation, thread):
    """A consultation whose texts are all in Markdown."""
    consultation.intro = {"en": TYPED}
    consultation.save()
    thread.guidance = {"en": TYPED}
    thread.save()
    theming.install_wsis()
    Theme.objects.filter(code="C7").update(definition={"en": TYPED})
    return consultation


def body(answer):
    assert answer.status_code == 200
    return answers.body(answer).decode()


def assert_rendered(page):
    for part in RENDERED:
        assert part in page
    assert "**three**" not in page
    assert "](https://example.org/agenda" not in page


@pytest.mark.parametrize(
    "path",
    [HERE, f"{HERE}threads/1/", "/en/themes/", "/en/themes/C7/"],
    ids=["consultation", "question", "themes", "theme"],
)
def test_public_pages_render_them(client, written, path):
    assert_rendered(body(client.get(path)))


@pytest.mark.parametrize("path", [HERE, f"{HERE}threads/1/", "/en/themes/C7/"])
def test_the_description_of_a_page_has_their_words(client, written, path):
    page = body(client.get(path))
    assert f'<meta name="description" content="{WORDS}">' in page
    assert page.count(WORDS) >= 2  # for those who read its data, too


def test_the_list_of_consultations_has_their_first_words(client, written):
    page = body(client.get("/en/consultations/"))
    assert WORDS in page
    assert "**" not in page


def test_a_text_in_another_language_says_so(client, written):
    page = body(client.get(HERE.replace("/en/", "/ar/")))
    assert '<div class="lede prose" lang="en" dir="ltr"><p>We ask <strong>three</strong>' in page
    assert '<div class="lede prose"><p>We ask <strong>three</strong>' in body(client.get(HERE))


def test_feeds_render_them_and_have_their_words(client, written):
    of_all, of_one = body(client.get("/en/feed.atom")), body(client.get(f"{HERE}feed.atom"))
    assert f"<subtitle>{WORDS}</subtitle>" in of_one
    assert "&lt;strong&gt;three&lt;/strong&gt;" in of_all
    assert "**" not in of_all + of_one


def test_a_static_copy_begins_with_the_rendered_introduction(written):
    context = {"consultation": written, "base": HERE, "made_at": clock.now()}
    assert_rendered(rendering.page("/en/", "mirror/front.html", context))


def test_who_contributes_and_who_moderates_reads_the_rendered_guidance(
    written, thread, author, participant, moderator, sign_in
):
    assert_rendered(body(sign_in(participant).get(f"/en/contribute/{written.slug}/1/")))
    pending = world.submitted(author, thread)
    assert_rendered(body(sign_in(moderator).get(f"/en/desk/moderation/contribution/{pending.pk}/")))


def test_members_read_what_belongs_into_a_section_rendered(organizer, consultation, sign_in):
    body_ = making.body(organizer, consultation)
    outcome = making.outcome(organizer, body_)
    section = outcome.sections.first()
    outcomes.edit_section(actor=organizer, section=section, title=section.title, guidance={"en": TYPED})
    writer = making.member(organizer, body_, world.person("Clara Nunes"), "rapporteur")
    assert_rendered(body(sign_in(writer).get(f"/en/desk/outcomes/{body_.slug}/report/")))


def test_the_reason_for_an_extension_is_rendered_and_its_words_are_mailed(client, organizer, participant, consultation):
    world.submitted(participant, consultation.threads.get(number=1))
    consulting.extend(actor=organizer, consultation=consultation, closes_at=days(40), reason={"en": TYPED})
    assert_rendered(body(client.get(HERE)))
    run_all()
    letter = next(each for each in mail.outbox if each.to == [participant.email] and "open until" in each.subject)
    assert "We ask three things:\nthe agenda\nthe dates" in letter.body
    assert "**" not in letter.body
