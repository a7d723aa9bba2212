"""Sharing a draft: a link that ends, remarks that the author alone reads, a file; only the author sends."""

import datetime

import pytest
from django.test import Client

from plenara.contributions import actions, validation
from plenara.contributions.actions.submission import delete_alone
from plenara.contributions.models import Draft, Remark, Share, Signatory
from plenara.contributions.queries.signatures import draft_digest, signatures_of, token_of
from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from tests import world
from tests.hostile import EVERYTHING

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(participant, thread):
    return actions.save_draft(
        actor=participant, thread=thread, key="k", text=world.WORDS, language="en", title="Three weeks"
    )


@pytest.fixture
def shared(participant, draft):
    return actions.share(actor=participant, draft=draft, days=7)


@pytest.fixture
def colleague():
    return Client()


def address(share, language="en"):
    return f"/{language}/shared/{token_of(share)}/"


def test_a_colleague_reads_the_newest_text_without_an_account(colleague, participant, thread, shared):
    assert world.WORDS in colleague.get(address(shared)).content.decode()
    actions.save_draft(actor=participant, thread=thread, key="k", text="Four weeks would be better.", language="en")
    page = colleague.get(address(shared)).content.decode()
    assert "Four weeks would be better." in page
    assert world.WORDS not in page
    assert "Saved by the author" in page


def test_the_page_of_a_draft_says_when_it_cannot_be_sent(participant, thread, draft, sign_in):
    closed, client, page = "This consultation has closed", sign_in(participant), f"/en/my/drafts/{draft.pk}/"
    assert closed not in client.get(page).content.decode()
    with clock.at(thread.consultation.closes_at + datetime.timedelta(hours=1)):
        text = client.get(page).content.decode()
    assert closed in text and world.WORDS in text


@pytest.mark.once
def test_no_page_behind_a_link_is_cached_indexed_or_named_to_another_site(colleague, shared):
    for path in (address(shared), f"{address(shared)}draft.txt"):
        answer = colleague.get(path)
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert "sessionid" not in answer.cookies


def test_the_table_keeps_a_digest_and_no_link(shared):
    assert len(shared.token_digest) == 64
    assert token_of(shared) not in repr(Share.objects.values())
    assert all(token_of(shared) not in str(act.details) for act in AuditEntry.objects.all())


def test_a_link_that_somebody_made_up_leads_nowhere(colleague, shared):
    token = token_of(shared)
    for wrong in (token[:-1], f"{token}x", "x", token.split(".")[0]):
        assert colleague.get(f"/en/shared/{wrong}/").status_code == 404


@pytest.mark.parametrize("days", [0, 31, -1])
def test_a_link_lives_between_a_day_and_a_month(participant, draft, days):
    with pytest.raises(InvalidInput):
        actions.share(actor=participant, draft=draft, days=days)


def test_a_link_ends_with_its_time(colleague, shared):
    with clock.at(shared.expires_at):
        answer = colleague.get(address(shared))
    assert answer.status_code == 410
    assert "noindex" in answer["X-Robots-Tag"]
    assert world.WORDS not in answer.content.decode()


def test_a_link_ends_when_its_author_ends_it(colleague, participant, shared):
    actions.revoke(actor=participant, share=shared)
    for path in (address(shared), f"{address(shared)}draft.txt"):
        assert colleague.get(path).status_code == 410
    assert colleague.post(address(shared), {"name": "Lena", "text": "Too late"}).status_code == 410
    assert not Remark.objects.exists()


@pytest.mark.parametrize("end", ["submit", "delete"])
def test_a_link_to_a_text_that_was_sent_or_deleted_says_so_calmly(colleague, participant, thread, draft, shared, end):
    path = address(shared)
    if end == "submit":
        world.submitted(participant, thread, key="k")
    else:
        actions.delete_draft(actor=participant, draft=draft)
    answer = colleague.get(path)
    assert answer.status_code == 410
    assert "has submitted the text or deleted it" in answer.content.decode()


def test_a_draft_is_deleted_after_a_question_that_shows_its_words(participant, draft, shared, sign_in):
    client, address = sign_in(participant), f"/en/my/drafts/{draft.pk}/delete/"
    for page in ("/en/my/", f"/en/my/drafts/{draft.pk}/"):
        assert f'<a href="{address}">Delete this draft</a>' in client.get(page).content.decode()
    asked = client.get(address).content.decode()
    assert world.WORDS in asked and "You cannot undo this." in asked
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert client.post(address).url == "/en/my/"
    assert not Draft.objects.filter(pk=draft.pk).exists()
    assert client.get(address).status_code == 404


def test_a_draft_of_a_person_who_is_suspended_is_not_shown(colleague, participant, shared):
    participant.suspended_at = clock.now()
    participant.save()
    assert colleague.get(address(shared)).status_code == 410


def test_a_remark_reaches_the_author_beside_the_form_and_nobody_else(colleague, participant, draft, shared, sign_in):
    answer = colleague.post(address(shared), {"name": "Lena  Brandt", "text": "Say\nwhy."}, follow=True)
    assert "Your remark was sent" in answer.content.decode()
    assert "Lena Brandt" not in answer.content.decode()
    client = sign_in(participant)
    for path in ("/en/contribute/internet-governance/1/", f"/en/my/drafts/{draft.pk}/"):
        page = client.get(path).content.decode()
        assert "Lena Brandt" in page
        assert "Say<br>why." in page


def test_a_double_click_leaves_one_remark(shared):
    first = actions.remark(share=shared, name="Lena", text="Say why.")
    assert actions.remark(share=shared, name="Lena", text="Say why.") == first


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "text"),
    [("", "Hm"), ("Lena", ""), ("Lena", "x" * 2001), ("see www.shop.example", "Hm"), ("a@b.example", "Hm")],
)
def test_a_remark_that_does_not_fit_is_refused_and_stays_in_the_form(colleague, shared, name, text):
    answer = colleague.post(address(shared), {"name": name, "text": text})
    assert answer.status_code == 422
    assert answer.context["form"]["text"].value() == text
    assert "There is a problem" in answer.content.decode()
    assert not Remark.objects.exists()


@pytest.mark.once
def test_hostile_words_are_shown_harmless(colleague, participant, draft, shared, sign_in):
    client = sign_in(participant)
    for hostile in (each for each in EVERYTHING[::3] if "\ud800" not in each):
        answer = colleague.post(address(shared), {"name": hostile[:300] or "-", "text": hostile})
        assert answer.status_code in {302, 422}
        Remark.objects.get_or_create(draft=draft, name="x", text=hostile[:2000].replace("\x00", ""))
    page = client.get(f"/en/my/drafts/{draft.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src" not in page


def test_one_network_remarks_sixty_times_an_hour(colleague, shared, noon):
    from plenara.accounts import limits

    for _time in range(60):
        limits.spend("remark", ip="127.0.0.1")
    answer = colleague.post(address(shared), {"name": "Lena", "text": "Say why."})
    assert answer.status_code == 429
    assert answer.context["form"]["text"].value() == "Say why."


def test_a_draft_takes_so_many_remarks_and_links(participant, draft, shared, monkeypatch):
    monkeypatch.setattr(validation, "MOST_REMARKS", 1)
    monkeypatch.setattr(validation, "MOST_SHARES", 1)
    actions.remark(share=shared, name="Lena", text="One")
    with pytest.raises(InvalidInput):
        actions.remark(share=shared, name="Lena", text="Two")
    with pytest.raises(InvalidInput):
        actions.share(actor=participant, draft=draft, days=1)


def test_a_remark_does_not_come_after_the_end(participant, shared):
    actions.revoke(actor=participant, share=shared)
    with pytest.raises(AlreadyDone):
        actions.remark(share=shared, name="Lena", text="Late")


def test_the_download_is_plain_text_with_title_question_and_byline(colleague, shared):
    answer = colleague.get(f"{address(shared)}draft.txt")
    text = answer.content.decode("utf-8")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="draft.txt"'
    for part in ("Three weeks", "Question 1? (en)", "Daniel Okafor", world.WORDS):
        assert part in text


def test_a_withheld_name_is_withheld_from_colleagues_too(colleague, participant, shared):
    participant.withholds_name = True
    participant.save()
    for path in (address(shared), f"{address(shared)}draft.txt"):
        body = colleague.get(path).content.decode()
        assert "Name withheld" in body
        assert "Okafor" not in body


def test_only_the_author_shares_ends_and_deletes(author, draft, shared):
    remark = actions.remark(share=shared, name="Lena", text="Say why.")
    for act in (
        lambda: actions.share(actor=author, draft=draft, days=1),
        lambda: actions.revoke(actor=author, share=shared),
        lambda: actions.delete_remark(actor=author, remark=remark),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_the_draft_s_page_makes_links_ends_them_and_deletes_remarks(participant, draft, sign_in):
    client, path = sign_in(participant), f"/en/my/drafts/{draft.pk}/"
    assert client.post(path, {"share": "", "days": "40"}).status_code == 422
    assert client.post(path, {"share": "", "days": "soon"}).status_code == 422
    page = client.post(path, {"share": "", "days": "30"}, follow=True).content.decode()
    share = Share.objects.get()
    assert address(share) in page
    remark = actions.remark(share=share, name="Lena", text="Say why.")
    client.post(path, {"forget": remark.pk})
    assert not Remark.objects.exists()
    client.post(path, {"revoke": share.pk})
    assert not Share.objects.get().is_open
    assert client.post(path, {"revoke": "99"}).status_code == 404
    assert client.post(path, {"revoke": "9" * 5000}).status_code == 404
    assert client.post(path, {}).status_code == 400


def test_saving_for_clearance_leads_from_the_form_to_the_draft(participant, thread, sign_in):
    client = sign_in(participant)
    seal = client.get("/en/contribute/internet-governance/1/").context["form"]["seal"].value()
    answer = client.post("/en/contribute/internet-governance/1/", {"text": "A thought", "seal": seal, "clear": ""})
    assert answer.url == f"/en/my/drafts/{Draft.objects.get().pk}/"


def test_a_person_keeps_fifty_drafts_and_loses_no_word_of_the_next(participant, thread, sign_in, monkeypatch):
    monkeypatch.setattr(validation, "MOST_DRAFTS", 1)
    actions.save_draft(actor=participant, thread=thread.consultation.threads.get(number=2), key="a", text="One")
    client, path = sign_in(participant), "/en/contribute/internet-governance/1/"
    seal = client.get(path).context["form"]["seal"].value()
    answer = client.post(path, {"text": "Two", "language": "en", "seal": seal, "save": ""})
    assert answer.status_code == 422
    assert "which is the maximum" in answer.content.decode()
    assert answer.context["form"]["text"].value() == "Two"
    assert client.post(f"{path}draft/", {"text": "Two", "seal": seal}).status_code == 409
    sent = client.post(path, {"text": "Two", "language": "en", "seal": seal, "send": ""})
    assert "/my/contributions/" in sent.url


def test_a_link_is_shown_again_until_the_key_changes(participant, shared, draft, sign_in, settings):
    client = sign_in(participant)
    assert address(shared) in client.get(f"/en/my/drafts/{draft.pk}/").content.decode()
    Share.objects.update(created_at=shared.created_at + datetime.timedelta(seconds=1))
    assert "We cannot show this link again" in client.get(f"/en/my/drafts/{draft.pk}/").content.decode()


def test_the_paper_goes_with_the_draft_and_with_what_is_signed(
    colleague, participant, thread, draft, shared, settings, tmp_path
):
    settings.DOCUMENTS = tmp_path
    (asked,) = actions.ask_to_sign(actor=participant, draft=draft, addresses=["lena@x.example"], language="en")
    paths = [f"{address(shared)}document/", f"/en/sign/{token_of(asked)}/document/"]
    assert [colleague.get(path).status_code for path in paths] == [404, 404]
    actions.confirm(
        signatory=asked,
        sha256=draft_digest(draft),
        name="Lena Brandt",
        stakeholder_group="other",
        capacity="individual",
        country="DE",
    )
    actions.attach(actor=participant, draft=draft, data=b"Words of a paper.", name="paper.txt")
    draft.refresh_from_db()
    assert signatures_of(draft).outdated, "a paper is a part of what is signed"
    for path in paths:
        answer = colleague.get(path)
        assert b"".join(answer) == b"Words of a paper."
        assert answer["Content-Disposition"] == 'attachment; filename="paper.txt"'
        assert "no-store" in answer["Cache-Control"]
    actions.revoke(actor=participant, share=shared)
    assert colleague.get(paths[0]).status_code == 410
    again = {"stakeholder_group": "other", "capacity": "individual", "country": "DE", "name": "Lena Brandt"}
    actions.confirm(signatory=asked, sha256=draft_digest(draft), **again)
    contribution = world.submitted(participant, thread, draft.text, key="k", title="Three weeks")
    assert contribution.versions.get().signatories.count() == 1, "paper and all, it is what was signed"


def test_links_remarks_and_requests_to_sign_end_with_what_was_sent(participant, thread, draft, shared):
    actions.ask_to_sign(actor=participant, draft=draft, addresses=["lena@x.example"], language="en")
    actions.remark(share=shared, name="Lena", text="Say why.")
    world.submitted(participant, thread, draft.text, key="k", title="Three weeks")
    for kept in (Draft, Share, Remark, Signatory):
        assert not kept.objects.exists()


@pytest.mark.parametrize("hangs", ["a link", "a request to sign"])
def test_a_draft_that_somebody_else_reads_or_signs_is_not_deleted_by_itself(participant, draft, hangs):
    if hangs == "a link":
        actions.share(actor=participant, draft=draft, days=7)
    else:
        actions.ask_to_sign(actor=participant, draft=draft, addresses=["lena@x.example"], language="en")
    assert not delete_alone(draft)
    assert Draft.objects.exists()


def test_a_draft_on_which_nothing_hangs_ends_in_one_statement(draft, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert delete_alone(draft)
    assert not Draft.objects.exists()
