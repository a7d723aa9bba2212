"""The desk's pages of one outcome: creating it, settings, sections, review, publication; e-mails; publication
checks.
"""

import pytest
from django.core import mail

from plenara.core.refusals import InvalidInput
from plenara.core.tasks import run_all
from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, ParagraphText
from plenara.documents.validation import publication
from plenara.outcomes import actions
from plenara.outcomes.models import Outcome, OutcomeEdition, Section
from tests import world
from tests.made_once import made_once
from tests.outcomes import making
from tests.outcomes.pages import at, errors, filled, of, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both


@pytest.fixture
def desk(sign_in, organizer):
    return sign_in(organizer)


@pytest.fixture
@made_once
def full(drafter, outcome, paragraph):
    """An outcome in which every section has something."""
    making.fill(drafter, outcome)
    return outcome


@pytest.fixture
@made_once
def approved(drafter, chair, full):
    document_actions.submit_for_review(actor=drafter, document=full.document)
    document_actions.approve(actor=chair, document=full.document)
    return making.fresh(full)


def act(client, outcome, act, **data):
    return client.post(of(outcome, "review/"), {"act": act, **data})


def test_an_outcome_is_begun_with_the_sections_of_a_report(desk, body, elsewhere):
    form = filled(desk.get(at(body, "new/")), title="Report", slug="report", consultations=[str(elsewhere.pk)])
    for _click in range(2):
        assert desk.post(at(body, "new/"), form)["Location"] == at(body, "report/")
    outcome = Outcome.objects.get()
    assert outcome.sections.count() == 4 and elsewhere in outcome.consultations.all()


def test_an_outcome_is_begun_with_nothing_in_another_language(desk, body):
    form = {"title": "Доклад", "slug": "report", "source_language": "ru", "template": ""}
    assert desk.post(at(body, "new/"), form).status_code == 302
    outcome = Outcome.objects.get()
    assert (outcome.sections.count(), outcome.document.title) == (0, {"ru": "Доклад"})


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"title": ""}, "Enter the title"),
        ({"slug": "meetings"}, "lower-case Latin letters"),
        ({"source_language": "de"}, "six languages"),
        ({"template": "novel"}, "Choose a template"),
        ({"consultations": ["9999"]}, "from the list"),
    ],
)
def test_a_wrong_outcome_is_refused_with_a_sentence_and_what_was_typed_is_kept(desk, body, elsewhere, data, sentence):
    form = {"title": "Report", "slug": "report", "source_language": "en", "template": "", **data}
    response = desk.post(at(body, "new/"), form)
    assert response.status_code == 422 and any(sentence in each for each in errors(response))
    assert filled(response)["title"] == [form["title"]] and not Outcome.objects.exists()


@pytest.mark.both
def test_settings_are_changed_and_the_second_of_two_hears_it(desk, organizer, outcome):
    opened = filled(desk.get(of(outcome, "settings/")), title="Mine")
    actions.edit_outcome(actor=organizer, outcome=outcome, title="Theirs", slug="report", consultations=[])
    response = desk.post(of(outcome, "settings/"), opened)
    assert response.status_code == 409 and "Theirs" in text(response)
    assert desk.post(of(outcome, "settings/"), filled(response, slug="final"))["Location"].endswith("/final/settings/")
    kept = Outcome.objects.get()
    assert (kept.slug, kept.document.title["en"]) == ("final", "Mine")


def test_sections_are_added_worded_moved_and_deleted(sign_in, drafter, outcome):
    client = sign_in(drafter)
    new = of(outcome, "sections/new/")
    form = filled(client.get(new), title_en="Annex", title_ar="ملحق", slug="annex")
    for _click in range(2):
        assert client.post(new, form).status_code == 302
    annex = outcome.sections.get(slug="annex")
    assert annex.number == 5 and annex.title == {"ar": "ملحق", "en": "Annex"}
    page = of(outcome, f"sections/{annex.pk}/")
    opened = filled(client.get(page), title_en="Mine")
    actions.edit_section(actor=drafter, section=annex, title={"en": "Theirs", "ar": "ملحق"}, guidance={"en": "Tables."})
    response = client.post(page, opened)
    assert response.status_code == 409 and "Theirs" in text(response)
    assert filled(response)["guidance_en"] == ["Tables."]
    client.post(of(outcome, "sections/"), {"section": annex.pk, "to": "1"})
    assert making.fresh(annex).number == 1
    for _click in range(2):
        client.post(of(outcome, "sections/"), {"section": annex.pk, "do": "delete"})
    assert not Section.objects.filter(pk=annex.pk).exists()
    assert "section has been deleted" in text(client.get(of(outcome, "sections/")))
    assert client.post(page, opened).status_code == 409


def test_a_wrong_section_is_refused_and_what_was_typed_is_kept(sign_in, drafter, outcome):
    client = sign_in(drafter)
    data = {"title_en": "", "title_ar": "", "guidance_en": "Tables.", "slug": "definition"}
    response = client.post(of(outcome, "sections/new/"), data)
    assert response.status_code == 422 and filled(response)["guidance_en"] == ["Tables."]
    response = client.post(of(outcome, "sections/new/"), {**data, "title_en": "Annex"})
    assert response.status_code == 422 and "Another section has this web address" in errors(response)[0]


# --- publication checks ---


def test_an_empty_section_and_a_citation_without_a_reason_are_errors(outcome, paragraph):
    codes = [each.code for each in publication.errors_of(outcome.document)]
    assert codes == ["empty_section"] * 3
    Citation.objects.update(reason=None)
    assert publication.errors_of(outcome.document)[0].code == "no_reason"
    Citation.objects.update(response="")
    assert publication.errors_of(outcome.document)[0].code == "no_response"


def test_an_outcome_without_sections_says_so(organizer, body):
    bare = making.outcome(organizer, body, "bare", template="")
    assert [each.code for each in publication.errors_of(bare.document)] == ["empty"]


def test_objections_and_what_was_revised_or_has_gone_are_warned_of(
    full, paragraph, member, edition, author, moderator, drafter
):
    digest = making.source(paragraph).digest
    actions.object_to(actor=member, paragraph=paragraph, was=digest, reason="The statement is too long.")
    (warning,) = [each for each in publication.findings_of(full.document).warnings if each.code == "bracketed"]
    assert "Yusuf Demir" in warning.sentence and warning.paragraph == paragraph.number
    assert not publication.errors_of(full.document)


def test_a_refusal_names_the_paragraph(drafter, chair, full):
    document_actions.submit_for_review(actor=drafter, document=full.document)
    Citation.objects.update(reason=None)
    with pytest.raises(InvalidInput, match="Paragraph 1: The response to"):
        document_actions.approve(actor=chair, document=full.document)


# --- review ---


def test_it_goes_to_review_is_sent_back_approved_and_published(sign_in, drafter, chair, organizer, full):
    client = sign_in(drafter)
    for _click in range(2):
        assert act(client, full, "submit_for_review").status_code == 302
    client = sign_in(chair)
    assert act(client, full, "send_back", note="Shorter, please.").status_code == 302
    page = text(client.get(of(full, "review/")))
    assert "Shorter, please." in page
    document_actions.submit_for_review(actor=drafter, document=full.document)
    for _click in range(2):
        assert act(client, full, "approve").status_code == 302
    for _click in range(2):
        assert act(client, full, "publish", stage="zero_draft").status_code == 302
    assert OutcomeEdition.objects.get().stage == "zero_draft"
    for _click in range(2):
        assert act(client, full, "reopen").status_code == 302
    assert making.fresh(full.document).state == "draft"
    assert "Zero draft" in text(client.get(of(full, "review/")))


def test_who_approves_a_text_sees_every_character_that_is_published(sign_in, chair, drafter, full, paragraph):
    typed = "See [the *list*](https://link.example/hidden).\n> Or not."
    ParagraphText.objects.filter(paragraph=paragraph, language="en").update(text=typed)
    page = sign_in(chair).get(of(full, "review/")).content.decode()
    assert "See [the *list*](https://link.example/hidden).<br>&gt; Or not.</p>" in page


def test_emails_go_to_those_who_come_next(sign_in, drafter, chair, organizer, translator, full):
    run_all()  # new members get an e-mail
    mail.outbox.clear()
    document_actions.submit_for_review(actor=drafter, document=full.document)
    run_all()
    assert {each.to[0] for each in mail.outbox} == {chair.email, organizer.email}
    assert all("/review/" in each.body for each in mail.outbox)
    mail.outbox.clear()
    document_actions.send_back(actor=chair, document=full.document, note="Shorter, please.")
    run_all()
    (email,) = mail.outbox
    assert email.to == [drafter.email] and "Shorter, please." in email.body
    mail.outbox.clear()
    document_actions.submit_for_review(actor=drafter, document=full.document)
    document_actions.approve(actor=chair, document=full.document)
    run_all()
    assert {each.to[0] for each in mail.outbox[2:]} == {translator.email}
    assert "renditions/ar/" in mail.outbox[-1].body


def test_a_final_text_that_leaves_somebody_asks_why(sign_in, chair, drafter, full, author, moderator, thread):
    making.published(drafter, chair, full)
    world.published(author, moderator, thread, "Another thing.")
    making.reopened(drafter, full)
    document_actions.submit_for_review(actor=drafter, document=full.document)
    document_actions.approve(actor=chair, document=full.document)
    client = sign_in(chair)
    page = client.get(of(full, "review/"))
    assert "1 contribution has no response with a reason" in text(page)
    response = act(client, full, "publish", stage="final", why_left_ar="جاء متأخرا" * 100)
    assert response.status_code == 422 and filled(response)["why_left_ar"] == ["جاء متأخرا" * 100]
    response = act(client, full, "publish", stage="final")
    assert response.status_code == 422 and "Answer it, or explain" in errors(response)[0]
    assert act(client, full, "publish", stage="final", why_left_en="It came too late.").status_code == 302
    assert OutcomeEdition.objects.get(stage="final").why_left == {"en": "It came too late."}


def test_a_round_of_comments_that_is_open_is_warned_of_and_can_be_closed(sign_in, chair, organizer, drafter, full):
    version = making.published(drafter, chair, full)
    child = making.opened(chair, version).consultation
    making.reopened(drafter, full)
    document_actions.submit_for_review(actor=drafter, document=full.document)
    document_actions.approve(actor=chair, document=full.document)
    close = f"/en/desk/consultations/{child.slug}/close/"
    led = sign_in(chair).get(of(full, "review/"))  # leads the body, has no role in the round
    assert "A round of comments has not closed yet: Zero draft." in text(led)
    assert f"/en/consultations/{child.slug}/" in led.content.decode() and close not in led.content.decode()
    organizer = making.fresh(organizer)
    client = sign_in(organizer)
    assert close in client.get(of(full, "review/")).content.decode()
    assert client.post(close, {"reason_en": "The final text is agreed."}).status_code == 302
    assert "has not closed yet" not in text(client.get(of(full, "review/")))
    for page in (f"/en/consultations/{child.slug}/", "/en/outcomes/wgig/report/comments/"):
        assert "Closed early" in text(client.get(page)) and "The final text is agreed." in text(client.get(page))


def test_a_round_that_is_open_after_the_final_text_can_still_be_found_and_closed(
    sign_in, chair, organizer, drafter, full
):
    child = making.opened(chair, making.published(drafter, chair, full)).consultation
    making.reopened(drafter, full)
    document_actions.submit_for_review(actor=drafter, document=full.document)
    document_actions.approve(actor=chair, document=full.document)
    actions.publish(actor=chair, outcome=full, stage="final", why_left={"en": "They came too late."})
    client = sign_in(making.fresh(organizer))
    page = client.get(of(full, "review/"))
    assert "A round of comments has not closed yet: Zero draft." in text(page)
    assert "only a correction can still answer these comments" in text(page)
    assert "Before you publish a final text" not in text(page)
    close = f"/en/desk/consultations/{child.slug}/close/"
    assert close in page.content.decode()
    assert client.post(close, {"reason_en": "The final text is published."}).status_code == 302
    assert "has not closed yet" not in text(client.get(of(full, "review/")))


def test_only_a_stage_that_may_follow_is_offered(sign_in, chair, approved):
    client = sign_in(chair)
    page = client.get(of(approved, "review/")).content.decode()
    assert 'value="zero_draft" ' in page and 'value="final"' not in page
    assert act(client, approved, "publish", stage="final").status_code == 422
    assert act(client, approved, "publish").status_code == 422
    assert act(client, approved, "crown").status_code == 404
    assert not OutcomeEdition.objects.exists()


def test_a_person_who_may_not_is_refused_and_the_state_stays(sign_in, member, observer, drafter, chair, full):
    document_actions.submit_for_review(actor=drafter, document=full.document)
    for who in (member, observer):
        client = sign_in(who)
        for wanted in ("approve", "submit_for_review", "publish", "reopen"):
            assert act(client, full, wanted, stage="zero_draft").status_code in {403, 409, 422}
        response = act(client, full, "send_back", note="Mine.")
        assert response.status_code == 403
    assert making.fresh(full.document).state == "in_review"


def test_who_wrote_it_does_not_approve_it_while_another_can(sign_in, chair, organizer, full, paragraph, edition):
    making.answered(chair, paragraph, edition)
    document_actions.submit_for_review(actor=chair, document=full.document)
    response = act(sign_in(chair), full, "approve")
    assert response.status_code == 403 and "You wrote part of this text" in text(response)
    assert act(sign_in(organizer), full, "approve").status_code == 302


def test_open_comments_hold_the_approval_back_and_are_named(sign_in, chair, drafter, member, full, paragraph):
    document_actions.comment(actor=member, document=full.document, paragraph=paragraph, text="Who says so?")
    document_actions.submit_for_review(actor=drafter, document=full.document)
    client = sign_in(chair)
    page = client.get(of(full, "review/"))
    assert "1 comment is not resolved yet" in text(page) and "Nothing prevents publication" not in text(page)
    assert "You cannot approve the text while a comment is not resolved." in text(page)
    assert act(client, full, "approve").status_code == 422


def test_whoever_may_resolve_a_comment_finds_where_on_the_review_page(
    sign_in, chair, drafter, member, observer, full, paragraph
):
    made = document_actions.comment(actor=member, document=full.document, paragraph=paragraph, text="Who says so?")
    document_actions.submit_for_review(actor=drafter, document=full.document)
    where = of(full, f"comments/{made.pk}/")
    for who, may in ((chair, True), (drafter, True), (member, True), (observer, False)):
        page = sign_in(who).get(of(full, "review/"))
        assert (f'href="{where}"' in page.content.decode()) is may
        assert "The people who write this text, the people who approve it" in text(page)
    client = sign_in(chair)
    client.post(where, {"answer": ""})
    assert act(client, full, "approve").status_code == 302


def test_the_review_takes_the_same_queries_whatever_stands_in_it(
    sign_in, organizer, drafter, full, edition, django_assert_max_num_queries
):
    client = sign_in(organizer)
    with django_assert_max_num_queries(70) as first:
        client.get(of(full, "review/"))
    for _each in range(8):
        making.paragraph(drafter, full, "Another.", cites=edition)
    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get(of(full, "review/"))
