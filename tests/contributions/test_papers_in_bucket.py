"""Papers in a bucket: any machine serves them, views decide as before, and nothing of theirs stays behind."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plenara.accounts.personal_data import erasure
from plenara.contributions.actions import attach, papers, save_draft, submit
from plenara.contributions.models import Draft, Extraction, Paper
from plenara.core import clock, store, tasks
from plenara.core.models import BackgroundTask
from tests import objects

pytestmark = pytest.mark.django_db
WORDS = b"Submarine cables need redundancy."


@pytest.fixture
def draft(author, thread):
    return save_draft(actor=author, thread=thread, key="k", text="See our paper.", language="en")


@pytest.fixture
def paper(shared, author, draft):
    return attach(actor=author, draft=draft, data=WORDS, name="cables.txt").paper


def away(settings, how="403"):
    trouble = objects.Trouble(how)
    trouble.__enter__()
    settings.STORAGES = objects.storages(trouble.url)
    return trouble


def test_another_machine_serves_a_paper_that_this_one_took(
    shared, paper, draft, author, participant, sign_in, settings
):
    assert list(settings.DATA.rglob("*")) == []
    shared("second")
    answer = sign_in(author).get(f"/en/my/drafts/{draft.pk}/paper/")
    assert b"".join(answer.streaming_content) == WORDS
    assert answer["Content-Length"] == str(len(WORDS))
    assert "Location" not in answer
    assert sign_in(participant).get(f"/en/my/drafts/{draft.pk}/paper/").status_code == 404


def test_nothing_in_the_bucket_can_be_had_without_a_key(paper, objects_server):
    acl = objects_server.client.get_object_acl(Bucket=objects.BUCKET, Key=objects_server.names()[0])
    assert [grant["Permission"] for grant in acl["Grants"] if grant["Grantee"]["Type"] == "Group"] == []


def test_another_machine_s_worker_draws_out_its_words(shared, paper):
    shared("second")
    tasks.run_all()
    paper.refresh_from_db()
    assert (paper.extraction, paper.text) == (Extraction.DONE, WORDS.decode())


def test_what_its_author_takes_back_goes_from_the_bucket(paper, author, draft, objects_server):
    assert objects_server.names()
    draft.paper = None
    draft.save()
    papers.delete_orphans([paper.pk])
    tasks.run_all()
    assert objects_server.names() == []


def test_a_file_that_no_row_names_goes_after_a_day_and_others_stay(paper, objects_server):
    store.document("ab" * 32).put(b"left by a kill")
    papers.delete_expired_orphans()
    assert len(objects_server.names()) == 2
    with clock.at(clock.now() + datetime.timedelta(days=2)):
        papers.delete_expired_orphans()
    assert [name.rpartition("/")[2] for name in objects_server.names()] == [paper.sha256]


def test_an_erased_account_leaves_no_paper_in_the_bucket(paper, author, objects_server):
    erasure.erase(actor=author, choice="tombstones")
    tasks.run_all()
    assert objects_server.names() == []


@pytest.mark.parametrize("how", ["403", "500"])
def test_a_paper_that_cannot_be_kept_is_refused_with_a_sentence_and_the_text_stays(
    shared, author, thread, sign_in, settings, how
):
    trouble = away(settings, how)
    address = f"/en/contribute/{thread.consultation.slug}/1/"
    sent = SimpleUploadedFile("view.txt", WORDS)
    answer = sign_in(author).post(
        address, {"text": "See our paper.", "language": "en", "title": "", "send": "", "paper": sent}
    )
    trouble.__exit__()
    page = answer.content.decode()
    assert "cannot reach the file storage at the moment" in page
    assert "See our paper." in page
    assert answer.status_code in {422, 503}
    assert Paper.objects.count() == 0
    assert Draft.objects.get().text == "See our paper."
    assert objects.SECRET not in page


def test_a_download_waits_with_a_sentence_where_the_storage_is_away(paper, draft, author, sign_in, settings):
    trouble = away(settings)
    answer = sign_in(author).get(f"/en/my/drafts/{draft.pk}/paper/")
    trouble.__exit__()
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "no-store" in answer["Cache-Control"]
    assert "cannot reach the file storage at the moment" in answer.content.decode()


def test_a_task_waits_for_the_storage_and_is_never_given_up(paper, settings, objects_server):
    trouble = away(settings)
    for minute in range(15):
        with clock.at(clock.now() + datetime.timedelta(minutes=2 * minute)):
            tasks.run_all()
    trouble.__exit__()
    waiting = BackgroundTask.objects.get(task="contributions.read_paper")
    assert (waiting.failed_at, waiting.attempts, waiting.last_error) == (None, 0, "Away")
    settings.STORAGES = objects.storages(objects_server.url)
    with clock.at(clock.now() + datetime.timedelta(hours=1)):
        tasks.run_all()
    paper.refresh_from_db()
    assert paper.extraction == Extraction.DONE


def test_a_text_that_has_its_paper_is_sent_while_the_storage_is_away(paper, author, thread, settings):
    trouble = away(settings)
    sent = submit(actor=author, thread=thread, text="See our paper.", language="en", key="k")
    trouble.__exit__()
    assert sent.versions.get().paper == paper


def test_bytes_that_came_before_the_act_are_not_sent_twice(shared, monkeypatch):
    papers.upload(WORDS)
    monkeypatch.setattr("plenara.core.store.bucket.InBucket.put", lambda *_: pytest.fail("sent twice"))
    assert papers.upload(WORDS) == "txt"
