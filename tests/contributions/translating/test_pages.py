"""Reading across languages over HTTP: the reader's offer, the desk's forms."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.contributions.actions import translations
from plenara.contributions.models import Translation
from plenara.contributions.queries.translations import original_of
from tests import world
from tests.hostile import EVERYTHING
from tests.summaries.answers import body, hidden, textarea

pytestmark = pytest.mark.django_db

DESK = "/en/desk/consultations/internet-governance/texts/"
ARABIC = "ينبغي أن تصلنا الوثائق قبل الاجتماع بثلاثة أسابيع."


@pytest.fixture
def original(consultation, edition):
    return original_of(consultation, edition.text_id)


def saved(actor, original, content=ARABIC, language="ar"):
    return translations.save_translation(actor=actor, original=original, language=language, content=content, was="")


def test_a_reader_is_offered_the_translation_beside_the_original(client, translator, original, edition):
    saved(translator, original)
    page = body(client.get(f"/ar/consultations/internet-governance/contributions/{edition.number}/"))
    assert world.WORDS in page
    assert ARABIC in page
    assert page.index(world.WORDS) < page.index(ARABIC)
    assert "Huda Salem" in page
    thread = body(client.get("/ar/consultations/internet-governance/threads/1/"))
    assert f'contributions/{edition.number}/#translation"' in thread
    assert ARABIC not in body(client.get(f"/ru/consultations/internet-governance/contributions/{edition.number}/"))


def test_markup_in_a_translation_stays_text(client, translator, original, edition):
    saved(translator, original, "\n\n".join(each for each in EVERYTHING if "\0" not in each and each.strip())[:20_000])
    page = body(client.get(f"/ar/consultations/internet-governance/contributions/{edition.number}/"))
    assert "<script>alert" not in page
    assert "onerror=" not in page.replace("onerror=&", "").replace("&quot;", "") or "<img" not in page


def test_the_desk_lists_what_cannot_be_read_in_a_language(sign_in, translator, original, edition):
    client = sign_in(translator)
    listed = body(client.get(DESK))
    assert f'href="{DESK}{edition.text_id}/ar/"' in listed
    saved(translator, original)
    assert "Every published contribution can be read in this language." in body(client.get(DESK))
    assert f"{edition.text_id}/ru/" in body(client.get(f"{DESK}?language=ru&from=x"))


def test_a_form_keeps_what_was_typed_when_somebody_else_saved(sign_in, translator, moderator, original, edition):
    client = sign_in(translator)
    address = f"{DESK}{edition.text_id}/ar/"
    opened = client.get(address)
    saved(moderator, original, "كلمات أخرى.")
    sent = {"act": "save", "content": ARABIC, "was": hidden(opened, "was")}
    answer = client.post(address, sent)
    assert answer.status_code == 409
    assert textarea(answer, "content") == ARABIC
    assert "كلمات أخرى." in body(answer)
    assert client.post(address, sent | {"was": hidden(answer, "was")}).status_code == 302
    assert Translation.objects.get().content == ARABIC


def test_a_byte_that_no_database_keeps_is_left_out(sign_in, translator, original, edition):
    sent = {"act": "save", "content": f"{ARABIC}\0", "title": "\0", "was": ""}
    assert sign_in(translator).post(f"{DESK}{edition.text_id}/ar/", sent).status_code == 302
    assert Translation.objects.get().content == ARABIC


@pytest.mark.parametrize(("text", "language"), [(10**9, "ar"), (0, "ar"), (None, "de")])
def test_what_is_not_there_is_not_found(text, language, sign_in, translator, edition):
    address = f"{DESK}{edition.text_id if text is None else text}/{language}/"
    assert sign_in(translator).get(address).status_code == 404


def test_a_text_of_another_consultation_is_not_found_here(sign_in, translator, author, elsewhere):
    other = world.grant(world.person("M"), elsewhere, "moderator")
    foreign = world.published(author, other, elsewhere.threads.first())
    assert sign_in(translator).get(f"{DESK}{foreign.text_id}/ar/").status_code == 404


def test_what_is_pending_is_seen_by_who_moderates_alone(sign_in, translator, moderator, pending):
    address = f"{DESK}{pending.versions.get().text_id}/ar/"
    assert sign_in(translator).get(address).status_code == 403
    assert sign_in(moderator).get(address).status_code == 200


@pytest.mark.once
def test_the_offer_costs_one_query_whatever_the_size(client, consultation, thread, translator, edition, original):
    counts = set()
    saved(translator, original)
    for more in (1, 40):
        world.many(thread, more)
        with CaptureQueriesContext(connection) as queries:
            client.get("/ar/consultations/internet-governance/threads/1/")
        counts.add(sum("contributions_translation" in each["sql"] for each in queries))
    assert counts == {1}
