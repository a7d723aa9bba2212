"""Addresses that stay: to the page in the reader's language; 410 where something was, 404 where nothing ever was."""

import pytest

from plenara.contributions.actions import revise, withdraw
from plenara.documents.models import Document, DocumentEdition
from plenara.moderation.actions import decide, remove
from tests import world

pytestmark = pytest.mark.django_db
PAGE = "/consultations/internet-governance/"


def lead(client, path, language="fr"):
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 302
    assert "Accept-Language" in answer["Vary"]
    return answer["Location"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("asked", "given"),
    [("fr", "fr"), ("zh-CN,zh;q=0.9", "zh"), ("ar-EG", "ar"), ("de, ru;q=0.5", "ru"), ("de", "en"), ("", "en")],
)
def test_the_root_and_a_permalink_lead_to_the_readers_language(asked, given, client, edition):
    assert lead(client, "/", asked) == f"/{given}/"
    assert lead(client, f"/c/{edition.contribution.public_id}", asked) == f"/{given}{PAGE}contributions/1/"


def test_a_redirect_leads_to_a_page_that_is_there(client, edition):
    assert client.get(lead(client, f"/c/{edition.contribution.public_id}")).status_code == 200


def test_symbols_lead_to_what_they_name_with_a_slash_at_the_end_or_without(client, edition, consultation):
    symbol = consultation.symbol
    for slash in ("", "/"):
        assert lead(client, f"/s/{symbol}{slash}") == f"/fr{PAGE}"
        assert lead(client, f"/s/{symbol}/Q2{slash}") == f"/fr{PAGE}threads/2/"
        assert lead(client, f"/s/{symbol}/Q1/1{slash}") == f"/fr{PAGE}contributions/1/"


def test_the_symbol_of_an_edition_leads_to_that_edition(client, edition, author, moderator):
    contribution = edition.contribution
    version = revise(actor=author, contribution=contribution, text="Four weeks before.", language="en")
    decide(actor=moderator, kind="contribution", pk=contribution.pk, version_id=version.pk, code="APPROVED")
    assert lead(client, f"/s/{contribution.symbol}") == f"/fr{PAGE}contributions/1/"
    assert lead(client, f"/s/{contribution.symbol}/Rev.1/") == f"/fr{PAGE}contributions/1/rev/1/"
    assert lead(client, f"/s/{contribution.symbol}/Rev.0") == f"/fr{PAGE}contributions/1/rev/0/"
    assert client.get(f"/s/{contribution.symbol}/Rev.2").status_code == 404


def test_the_symbol_of_a_summary_leads_to_it_or_to_one_edition_of_it(client, consultation):
    symbol = f"{consultation.symbol}/SUM/1"
    document = Document.objects.create(
        kind="summary", consultation=consultation, source_language="en", number=1, symbol=symbol
    )
    for revision, own in enumerate([symbol, f"{symbol}/Rev.1"]):
        DocumentEdition.objects.create(
            document=document,
            consultation=consultation,
            kind="summary",
            number=1,
            revision=revision,
            symbol=own,
            source_language="en",
            in_force=bool(revision),
        )
    assert lead(client, f"/s/{symbol}") == f"/fr{PAGE}summaries/1/"
    assert lead(client, f"/s/{symbol}/Rev.1") == f"/fr{PAGE}summaries/1/rev/1/"


def test_a_withdrawn_contribution_leaves_a_tombstone_without_its_words(client, edition, author):
    contribution = edition.contribution
    withdraw(actor=author, contribution=contribution)
    for path in (f"/c/{contribution.public_id}", f"/s/{contribution.symbol}", f"/s/{contribution.symbol}/Rev.0"):
        answer = client.get(path, headers={"accept-language": "en"})
        assert answer.status_code == 410
        assert "Accept-Language" in answer["Vary"]
        page = answer.content.decode()
        assert contribution.symbol in page
        assert "withdrawn by its author on" in page
        assert world.WORDS not in page
        assert author.name not in page


@pytest.mark.parametrize("code", ["R2", "R4"])
def test_a_removed_contribution_leaves_a_tombstone_with_the_reason_in_words(code, client, edition, moderator):
    from plenara.moderation.kinds import reason_label

    remove(actor=moderator, kind="contribution", pk=edition.contribution_id, reason=code)
    answer = client.get(f"/c/{edition.contribution.public_id}", headers={"accept-language": "en"})
    assert answer.status_code == 410
    page = answer.content.decode()
    assert "removed by a moderator on" in page
    assert reason_label(code, "en") in page
    assert f"{code} " not in page and f">{code}<" not in page
    assert world.WORDS not in page


def test_what_never_was_public_is_not_there(client, pending, moderator, author, thread):
    rejected = world.decided(world.submitted(author, thread, "Buy this."), moderator, "REJECTED", reason="R2")
    assert rejected.public_id
    for path in (
        "/c/nosuchid23",
        f"/c/{rejected.public_id}",
        "/s/NO/2004/Q1/1",
        "/s/x",
        "/s/",
        "/c/",
        "/c/%00",
        "/s/%00",
    ):
        assert client.get(path).status_code == 404, path


def test_a_draft_consultation_has_no_address(client, consultation, edition):
    consultation.stage = "draft"
    consultation.save()
    for path in (f"/c/{edition.contribution.public_id}", f"/s/{edition.symbol}", f"/s/{consultation.symbol}"):
        assert client.get(path).status_code == 404, path
    for path in (f"/s/{consultation.symbol}/Q1", f"/en{PAGE}feed.atom", f"/exports/{consultation.slug}/bundle.zip"):
        assert client.get(path).status_code == 404, path


def test_permalinks_take_few_queries_and_set_no_cookie(client, edition, django_assert_max_num_queries):
    permalink = f"/c/{edition.contribution.public_id}"
    with django_assert_max_num_queries(7):
        assert not client.get(f"/s/{edition.symbol}").cookies
    with django_assert_max_num_queries(1):
        assert not client.get(permalink).cookies
    assert client.head(permalink).status_code == 302
    assert client.post(permalink).status_code == 405
