"""A version opened for comment: a child consultation whose questions are its sections, and "What is missing?"."""

import datetime

import pytest

from plenara.consultations.models import Consultation
from plenara.contributions.queries import submissions
from plenara.core import clock
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.outcomes import actions
from plenara.outcomes.models import Opening, Stage
from plenara.outcomes.queries.openings import suggested
from tests import world
from tests.outcomes import making

pytestmark = pytest.mark.django_db


def test_its_questions_are_the_sections_and_what_is_missing(version, chair, consultation):
    child = making.opened(chair, version).consultation
    assert child.parent == consultation and child.is_open and child.is_public
    assert child.symbol == f"{consultation.symbol}-C1" and child.slug == "wgig-report-zero-draft"
    assert set(child.title) == {"ar", "en", "es", "fr", "ru", "zh"}
    threads = list(child.threads.order_by("number"))
    assert [each.question["en"] for each in threads] == [
        "Working definition", "Public policy issues", "Roles and responsibilities", "Report and recommendations",
        "What is missing?",
    ]  # fmt: skip
    assert all(set(each.question) == {"ar", "en", "es", "fr", "ru", "zh"} for each in threads)
    assert [each.section_thread.section_id for each in threads] == [
        *version.sections.order_by("number").values_list("pk", flat=True), None,
    ]  # fmt: skip


def test_what_its_page_says_of_the_draft_is_still_so_when_it_has_closed(version, chair):
    child = making.opened(chair, version).consultation
    assert child.intro["en"] == (
        "Each question is a section of a draft. Comment on a paragraph or on the whole section. The writers answer "
        "each comment with a reason."
    )
    assert not any("open" in each for each in (child.title["en"], child.intro["en"]))


def test_who_organizes_and_moderates_the_home_does_so_there(version, chair, consultation, organizer, moderator):
    child = making.opened(chair, version).consultation
    assert set(child.roles.values_list("person", "name")) == {
        (organizer.pk, "organizer"),
        (moderator.pk, "moderator"),
    }


def test_opened_twice_it_is_opened_once(version, chair, organizer):
    first = making.opened(chair, version)
    assert making.opened(chair, version) == first
    assert making.opened(organizer, version, slug="another") == first
    assert Opening.objects.count() == 1 and Consultation.objects.filter(parent__isnull=False).count() == 1
    assert AuditEntry.objects.filter(verb="outcome.opened_for_comment").count() == 1


def test_a_later_version_is_opened_again_under_another_symbol(version, outcome, drafter, chair, consultation):
    making.opened(chair, version)
    draft = making.published(drafter, chair, outcome, Stage.DRAFT)
    with pytest.raises(InvalidInput, match="later version"):
        actions.open_for_comment(actor=chair, version=making.unopened(version), **making.terms(version))
    second = making.opened(chair, draft).consultation
    assert second.symbol == f"{consultation.symbol}-C2" and second.slug == "wgig-report-draft-1"


def test_a_final_text_is_not_opened(version, outcome, drafter, chair):
    final = making.published(drafter, chair, outcome, Stage.FINAL)
    with pytest.raises(InvalidInput, match="final text"):
        making.opened(chair, final)


def test_who_neither_leads_the_body_nor_organizes_its_home_opens_nothing(version, drafter, member, moderator, outsider):
    for actor in (drafter, member, moderator, outsider):
        with pytest.raises(NotPermitted):
            making.opened(actor, version)


def test_every_section_has_a_heading_where_people_may_comment(version, chair):
    section = version.sections.get(number=2)
    section.title = {"en": "Public policy issues"}
    section.save()
    with pytest.raises(InvalidInput, match="no heading in French") as refused:
        making.opened(chair, version)
    assert refused.value.field == "languages"
    assert making.opened(chair, version, languages=["en"]).consultation.languages == ["en"]


def test_its_closing_lies_ahead_and_its_opening_may_be_later(version, chair):
    now = clock.now()
    with pytest.raises(InvalidInput) as refused:
        making.opened(chair, version, closes_at=now - datetime.timedelta(hours=1))
    assert refused.value.field == "closes_at"
    with pytest.raises(InvalidInput) as refused:
        making.opened(chair, version, closes_at=None)
    assert refused.value.field == "closes_at"
    later = making.opened(chair, version, opens_at=now + datetime.timedelta(days=1)).consultation
    assert later.state == "announced"


def test_its_threads_are_about_the_paragraphs_of_their_sections(
    version, chair, paragraph, thread, django_assert_num_queries
):
    child = making.opened(chair, version).consultation
    first, *others = child.threads.select_related("consultation").order_by("number")
    with django_assert_num_queries(1):
        found = submissions.parts_of(first)
    assert [(each.number, each.label, each.language) for each in found] == [(1, "Paragraph 1", "en")]
    assert found[0].text.startswith("The management") and found[0].url == "/en/outcomes/wgig/report/rev/0/paragraphs/1/"
    assert all(each.number != 1 for other in others for each in submissions.parts_of(other))
    assert submissions.parts_of(others[-1]) == []  # "What is missing?" has no paragraph
    consultation = thread.consultation
    with django_assert_num_queries(0):
        assert submissions.parts_of(thread) == [] and submissions.draft_about(consultation) is None
    with django_assert_num_queries(1):
        about = submissions.draft_about(child)
    assert about.url == "/en/outcomes/wgig/report/rev/0/"


def test_what_is_suggested_is_free(version, consultation):
    world.consultation("wgig-report-zero-draft", symbol=f"{consultation.symbol}-C1")
    found = suggested(version)
    assert (found["slug"], found["symbol"]) == ("wgig-report-zero-draft-2", f"{consultation.symbol}-C2")
