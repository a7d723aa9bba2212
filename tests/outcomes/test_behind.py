"""Pages and files of an outcome never quote contributions withdrawn in another consultation."""

import io
import zipfile

import pytest

from plenara.contributions.actions import withdraw
from plenara.core.tasks import run_all
from plenara.documents.presenters import pdf
from plenara.exports.actions import enqueue_exports
from plenara.mirror.actions import basis_of
from plenara.outcomes import actions
from plenara.outcomes.actions.outcomes import stamp_of
from plenara.outcomes.models import Outcome
from plenara.outcomes.presenters.paper import PRINTER
from plenara.outcomes.queries.consultations import behind, quoted_elsewhere
from tests import world
from tests.made_once import made_once
from tests.outcomes import making

pytestmark = pytest.mark.django_db

WORDS = "Words that somebody of another consultation withdraws."
REPORT = "/en/outcomes/wgig/report/"


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    """A data folder of its own; PDFs can be made here, whatever this machine has."""
    settings.DATA = tmp_path
    pdf.missing_packages.cache_clear()
    monkeypatch.setattr(pdf, "missing_packages", lambda: ())


@pytest.fixture
@made_once
def quoted(elsewhere, moderator_elsewhere):
    return world.published(world.person("Ilse Afar"), moderator_elsewhere, elsewhere.threads.get(number=1), WORDS)


@pytest.fixture
@made_once
def wide(organizer, body, elsewhere, drafter, chair, quoted):
    """A report that quotes a contribution to another consultation, published."""
    it = making.outcome(organizer, body, consultations=[elsewhere])
    made = making.paragraph(drafter, it)
    actions.respond(actor=drafter, paragraph=made, edition=quoted, words=WORDS, response="noted", reason=making.REASON)
    making.published(drafter, chair, it)
    return it


@pytest.fixture
@made_once
def narrowed(wide, organizer, drafter):
    """The same, which no longer answers the other consultation; its version still quotes it."""
    making.reopened(drafter, wide)
    it = Outcome.objects.get(pk=wide.pk)
    actions.edit_outcome(
        actor=organizer, outcome=it, title="Report of the Working Group", slug=it.slug, consultations=[],
        stamp=stamp_of(it),
    )  # fmt: skip
    return it


def gone(edition):
    """Withdraw a contribution as its author."""
    withdraw(actor=edition.contribution.author, contribution=edition.contribution)


def test_what_a_version_rests_on_is_behind_it_whatever_it_answers_now(narrowed, consultation, elsewhere):
    assert set(behind([narrowed.pk])) == {consultation, elsewhere}
    assert quoted_elsewhere([consultation.pk]) == quoted_elsewhere() == {consultation.pk: [elsewhere.pk]}


def test_a_paragraph_of_another_outcome_leads_to_what_that_one_rests_on(
    wide, organizer, chair, drafter, consultation, elsewhere
):
    statement = wide.document.editions.get(in_force=True).paragraphs.order_by("number").first()
    other = making.outcome(organizer, wide.body, "second")
    made = making.paragraph(drafter, other)
    actions.refer(actor=drafter, paragraph=made, statement=statement, response="noted", reason=making.REASON)
    making.published(drafter, chair, other)
    assert set(behind([other.pk])) == {consultation, elsewhere}


def test_its_file_is_served_no_more(narrowed, quoted, client):
    PRINTER.enqueue_prints()
    run_all()
    assert client.get(f"{REPORT}outcome.docx").status_code == 200
    gone(quoted)
    assert client.get(f"{REPORT}outcome.docx").status_code == 503


@pytest.mark.parametrize(
    ("address", "words"), [(f"{REPORT}matrix.csv", "Ilse Afar"), ("/api/v1/outcomes/wgig/report", WORDS)]
)
def test_its_other_forms_are_another_answer(narrowed, quoted, client, address, words):
    def asked(**headers):
        answer = client.get(address, headers=headers)
        return answer, b"".join(answer).decode()

    before, page = asked()
    assert words in page
    gone(quoted)
    after, page = asked(**{"if-none-match": before["ETag"]})
    assert after.status_code == 200 and words not in page


def test_the_bundle_of_its_home_is_served_no_more_until_it_is_made_anew(wide, consultation, quoted, client):
    def words():
        answer = client.get(f"/exports/{consultation.slug}/bundle.zip")
        if answer.status_code != 200:
            return None
        with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as found:
            return found.read(next(name for name in found.namelist() if name.endswith("paragraphs.jsonl"))).decode()

    enqueue_exports()
    run_all()
    assert WORDS in words()
    gone(quoted)
    assert words() is None
    enqueue_exports()
    run_all()
    assert making.REASON in words() and WORDS not in words()


def test_a_copy_of_its_home_is_renewed(wide, consultation, quoted):
    before = basis_of(consultation)
    gone(quoted)
    assert basis_of(consultation) != before


def test_who_asked_for_a_comment_hears_of_its_response(outcome, paragraph, version, drafter, chair, moderator, client):
    child = making.opened(chair, version).consultation
    mod = making.fresh(moderator)
    comment = world.published(world.person("Rosa Lind"), mod, child.threads.get(number=1), "Say who decides.")
    address = f"/api/v1/consultations/{child.slug}/contributions/{comment.number}"
    known = client.get(address)["ETag"]
    making.reopened(drafter, outcome)
    making.answered(drafter, paragraph, comment)
    making.published(drafter, chair, outcome, "draft")
    answer = client.get(address, headers={"if-none-match": known})
    assert answer.status_code == 200 and answer.json()["treated_in"][0]["treatment"] == "noted"
