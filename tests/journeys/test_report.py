"""From contributions to a working group's report: what matters is done in a browser, what repeats by the actions."""

import datetime
import re

import pytest
from django.test import Client

from plenara.core import clock
from plenara.core.tasks import run_all
from plenara.documents.actions.renditions import TypedPhrase, review_rendition, save_phrases
from plenara.documents.models import Rendition
from plenara.documents.queries.drafts import phrases_of
from plenara.outcomes.models import Body, Opening, Stage, Trace
from plenara.outcomes.queries.contributions import unanswered_by, unanswered_now
from tests import world
from tests.documents.making import translated
from tests.events import entered
from tests.journeys.conftest import press
from tests.journeys.report import OTHERS, SAID, Story, given_to, letters_to, main_of, publish, respond
from tests.outcomes import making
from tests.summaries import making as summaries

# The acts behind it are tested on both databases.
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

HOME, BODY = "/en/consultations/internet-governance/", "/en/desk/outcomes/wgig/"
DESK, REPORT = f"{BODY}report/", "outcomes/wgig/report/"
DEFINED = "Internet governance is the application of shared principles by all."
NAMES = "Domain names should exist in every script."
REASON = "The group shares this concern."
SHORTER = "The definition names the principles, not the bodies."


@pytest.fixture(autouse=True)
def data(settings, tmp_path, monkeypatch):
    """A data folder of its own; PDFs can be made here, whatever this machine has."""
    from plenara.documents.presenters import pdf

    settings.DATA = tmp_path
    pdf.missing_packages.cache_clear()
    monkeypatch.setattr(pdf, "missing_packages", lambda: ())


def test_from_contributions_in_two_languages_to_a_report_in_six_and_its_notifications(visitor):
    story = Story(visitor)
    contributions_are_moderated_and_summarized(story)
    a_body_is_made_with_its_members(story)
    a_zero_draft_treats_what_was_said(story)
    members_hold_against_it_propose_and_agree(story)
    it_is_published(story, Stage.ZERO_DRAFT)
    everybody_is_notified(story, [*story.authors], Stage.ZERO_DRAFT)
    it_is_opened_and_commented_on(story)
    a_meeting_discusses_it(story)
    comments_are_answered(story)
    it_is_translated_and_published(story)
    everybody_is_notified(story, [story.participant, story.late], Stage.FINAL)
    a_reader_follows_a_contribution_forward_and_back(story)
    it_is_read_in_six_languages(story)


def contributions_are_moderated_and_summarized(story):
    for (number, code, text), author in zip(SAID, story.authors, strict=True):
        pending = world.submitted(author, story.threads[number - 1], text, code)
        if not story.editions:
            desk = story.at(story.moderator, "/en/desk/moderation/")
            desk.get_by_role("link", name="Author 1").first.click()
            desk.get_by_label("Approve and publish").check()
            press(desk, desk.get_by_role("button", name="Approve and publish"))
            press(desk, desk.get_by_role("button", name="Publish the text now"))
        else:
            world.decided(pending, story.moderator)
        story.editions.append(pending.editions.get(in_force=True))
    first, second = story.editions[:2], story.editions[2:4]
    story.statements = []
    for cited in (first, second):
        it = summaries.summary(story.rapporteur, story.consultation)
        for edition in cited:
            made = summaries.statement(story.rapporteur, it.document, f"It is said: {edition.text.content}")
            summaries.cited(story.rapporteur, made, edition, edition.text.content)
        for thread in story.threads:
            if thread.pk not in {each.thread_id for each in cited}:
                summaries.statement(story.rapporteur, it.document, "Elsewhere.", kind="frame", thread=thread)
        published = summaries.published(story.rapporteur, story.organizer, it)
        story.statements += list(published.paragraphs.exclude(kind="frame"))
    for each in story.authors:
        assert any("published" in letter or "publiée" in letter for letter in letters_to(each))


def a_body_is_made_with_its_members(story):
    page = story.at(story.organizer, "/en/desk/consultations/internet-governance/outcomes/")
    page.get_by_role("link", name="Create a body").first.click()
    page.locator("[name=name_en]").fill("Working Group on Internet Governance")
    page.locator("[name=slug]").fill("wgig")
    press(page, page.get_by_role("button", name="Create the body"))

    # The rapporteur of the consultation has an account to choose; the chair gets a link by mail.
    page.goto(f"{BODY}members/new/")
    page.locator("[name=person]").select_option(label="Inés Calderón")
    page.locator("[name=part][value=rapporteur]").check()
    press(page, page.get_by_role("button", name="Add"))
    page.goto(f"{BODY}members/new/")
    page.locator("[name=name]").fill("Nitin Rao")
    page.locator("[name=part][value=chair]").check()
    press(page, page.get_by_role("button", name="Add"))
    page.locator("[name=address]").fill(story.chair.email)
    press(page, page.get_by_role("button", name="Send the invitation"))
    link = re.search(r"/en/account/invitations/[\w-]+/", letters_to(story.chair)[-1])[0]
    accepts = story.at(story.chair, link)
    press(accepts, accepts.locator("main form button").first)
    assert accepts.url.endswith(BODY)
    story.body = Body.objects.get()
    making.member(story.organizer, story.body, story.member)

    page.goto(BODY)
    page.get_by_role("link", name="Start an outcome").click()
    page.locator("[name=title]").fill("Report of the Working Group")
    page.locator("[name=slug]").fill("report")
    press(page, page.get_by_role("button", name="Start an outcome"))
    assert page.url.endswith(DESK)


def a_zero_draft_treats_what_was_said(story):
    # The rapporteur writes a paragraph, and treats two contributions at once; then a statement.
    page = story.at(story.rapporteur, f"{DESK}paragraphs/new/?section=definition")
    page.locator("[name=kind]").select_option("definition")
    page.locator("[name=text]").fill(DEFINED)
    press(page, page.get_by_role("button", name="Add the paragraph"))
    page.get_by_role("link", name="Answer contributions").click()
    for edition in (story.editions[0], story.editions[4]):
        page.locator(f"[name=chosen][value='{edition.pk}']").check()
    respond(page, story.paragraph(1), "taken_up", REASON)
    assert Trace.objects.count() == 0
    page.goto(f"{DESK}paragraphs/new/?section=policy-issues")
    page.locator("[name=kind]").select_option("recommendation")
    page.locator("[name=text]").fill(NAMES)
    press(page, page.get_by_role("button", name="Add the paragraph"))
    page.get_by_role("link", name="Cite statements").click()
    page.locator(f"[name=chosen][value='{story.statements[1].pk}']").check()
    respond(page, story.paragraph(2), "taken_up_in_part", "It is a matter of years.")

    # What repeats: a paragraph in each of the other sections.
    writer = story.person(story.rapporteur)
    for section, edition, response in ((3, story.editions[2], "noted"), (4, story.editions[3], "not_taken_up")):
        making.paragraph(
            writer, story.outcome, f"Of what was said: {section}.", section=section, cites=edition,
            response=response, reason=f"Reason {section}.",
        )  # fmt: skip
    assert not unanswered_now(story.outcome).exists()
    page.goto(DESK)
    assert "in brackets" in main_of(page) and DEFINED in main_of(page)


def members_hold_against_it_propose_and_agree(story):
    path = f"{DESK}paragraphs/{story.paragraph(1).pk}/"
    page = story.at(story.member, path)
    page.locator("summary", has_text="Object to this wording").click()
    page.locator("[name=reason]").fill("It names no principle.")
    press(page, page.get_by_role("button", name="Object"))
    assert "in brackets" in main_of(page)
    page.get_by_role("link", name="Propose other wording").first.click()
    page.locator("[name=text]").fill(DEFINED.replace("principles", "principles, norms and rules"))
    page.locator("[name=note]").fill("So it was said in the first meeting.")
    press(page, page.get_by_role("button", name="Send the proposal"))

    # The rapporteur takes them: what was held of the words before has lapsed. The member agrees, the chair declares.
    writer = story.at(story.rapporteur, path)
    writer.get_by_role("link", name="Accept or decline the proposal").click()
    press(writer, writer.get_by_role("button", name="Accept this wording"))
    assert "norms and rules" in making.source(story.paragraph(1)).text
    page.goto(path)
    assert "your objection no longer counts" in main_of(page)
    press(page, page.get_by_role("button", name="Agree"))
    chair = story.at(story.chair, path)
    press(chair, chair.get_by_role("button", name="Declare this wording agreed"))
    assert "Nitin Rao declared this wording agreed" in main_of(chair)


def it_is_published(story, stage):
    page = story.at(story.rapporteur, f"{DESK}review/")
    press(page, page.get_by_role("button", name="Send for review"))
    page = story.at(story.chair, f"{DESK}review/")
    press(page, page.get_by_role("button", name="Approve", exact=True))
    publish(page, stage)


def everybody_is_notified(story, people, stage):
    version = story.outcome.editions.get(edition__in_force=True)
    assert (version.stage, unanswered_by(version).count()) == (stage, 0)
    run_all()
    for each in people:
        letter = [one for one in letters_to(each) if f"/{each.language}/{REPORT}paragraphs/" in one][-1]
        assert any(reason in letter for reason in given_to(version, each)), letter
    desk = story.at(people[0], f"/en/my/contributions/{people[0].contributions.latest('pk').pk}/")
    assert "Report of the Working Group, paragraph" in main_of(desk)


def it_is_opened_and_commented_on(story):
    page = story.at(story.organizer, f"{DESK}opening/")
    closing = clock.now() + datetime.timedelta(days=40)
    page.locator("[name=closes_at]").fill(closing.strftime("%Y-%m-%dT%H:%M"))
    press(page, page.get_by_role("button", name="Open for comment"))
    opening = Opening.objects.select_related("consultation").get()

    # From the paragraph in the draft to the form, which knows what is spoken to.
    page = story.at(story.participant, f"/en/{REPORT}", scripts=False, width="phone")
    page.locator("#s2").get_by_role("link", name="Comment on this paragraph").click()
    assert page.locator("[name=part]").input_value() == "2"
    page.locator("[name=text]").fill("Say which scripts come first.")
    press(page, page.get_by_role("button", name="Preview"))
    press(page, page.get_by_role("button", name="Submit to the moderators"))
    moderator = story.person(story.moderator)
    world.decided(story.participant.contributions.get(), moderator)
    story.comment = story.participant.contributions.get().editions.get()
    assert story.comment.part == 2
    story.late = world.person("Late Comer", language="fr")
    missing = opening.consultation.threads.select_related("consultation").get(number=5)
    story.missing = world.published(story.late, moderator, missing, "Rien n'est dit des coûts.", "fr")
    reader = story.visitor(scripts=False).goes_to(f"/en/consultations/{opening.consultation.slug}/threads/2/")
    reader.get_by_role("link", name="On paragraph 2").first.click()
    assert f"/{REPORT}" in reader.url and NAMES in main_of(reader)


def a_meeting_discusses_it(story):
    dates = [{"number": 1, "start": "2020-01-15T09:00", "end": "2020-01-15T17:00"}]
    event = entered.event({"en": "Third meeting"}, prepares=story.consultation.slug, dates=dates)
    page = story.at(story.rapporteur, f"{BODY}meetings/")
    page.locator("[name=event]").select_option(label=page.locator("[name=event] option").last.inner_text())
    press(page, page.get_by_role("button", name="Create the dossier"))
    page.get_by_role("link", name="Add an item").click()
    page.locator("[name=title_en]").fill("Names and scripts")
    press(page, page.get_by_role("button", name="Add"))
    page.goto(f"{BODY}meetings/{event.number}/")
    page.get_by_role("link", name="Names and scripts").click()
    page.locator("[name=q]").fill("2")
    press(page, page.get_by_role("button", name="Find"))
    for each in page.locator("[name=chosen]").all():
        each.check()
    press(page, page.get_by_role("button", name="Add to the item"))
    page.goto(f"{BODY}meetings/{event.number}/")
    press(page, page.get_by_role("button", name="Publish the agenda"))
    page.locator("button[name=language][value=en]").click()
    page.get_by_text("The files are being created in the background.").wait_for()
    run_all()
    page.reload()
    assert page.locator("a[href*='/dossier-en.']").count() == 3

    # Afterwards: what was decided, and the paragraph that it changed.
    page.get_by_role("link", name="Add a decision").click()
    page.locator("[name=text_en]").fill("The scripts in use come first.")
    page.locator(f"[name=paragraphs_{story.outcome.pk}]").fill("2")
    press(page, page.get_by_role("button", name="Add the decision"))
    page.get_by_role("link", name="Write the meeting report").click()
    page.locator("[name=report_en]").fill("Forty members met, and agreed on names.")
    page.locator("[name=is_shown]").check()
    press(page, page.get_by_role("button", name="Save"))
    reader = story.visitor(scripts=False).goes_to(f"/en/events/{event.number}/dossier/")
    assert "The scripts in use come first." in main_of(reader) and "Forty members met" in main_of(reader)
    for ending in ("pdf", "docx", "zip"):
        assert Client().get(f"/en/events/{event.number}/dossier/dossier.{ending}").status_code == 200
    story.event = event


def comments_are_answered(story):
    page = story.at(story.rapporteur, f"{DESK}review/")
    press(page, page.get_by_role("button", name="Reopen"))
    page.goto(f"{DESK}public-comments/")
    page.get_by_role("link", name="Paragraph 2").click()
    page.locator(f"[name=chosen][value='{story.comment.pk}']").check()
    respond(page, story.paragraph(2), "taken_up", "The scripts in use come first now.")
    assert "answered" in main_of(page)
    writer = story.person(story.rapporteur)
    changed = f"{NAMES[:-1]}, those in use first."
    making.edited(writer, story.paragraph(2), changed)
    making.answered(writer, story.paragraph(4), story.missing, "noted", "Costs are for another paper.")
    making.answered(writer, story.paragraph(1), story.editions[4], "taken_up", SHORTER)
    assert not unanswered_now(story.outcome).exists()


def it_is_translated_and_published(story):
    page = story.at(story.rapporteur, f"{DESK}review/")
    press(page, page.get_by_role("button", name="Send for review"))
    page = story.at(story.chair, f"{DESK}review/")
    press(page, page.get_by_role("button", name="Approve", exact=True))
    assert "/ar/desk/outcomes/wgig/report/renditions/ar/" in letters_to(story.translators["ar"])[-1]

    # A paragraph and the reasons into Arabic in the browser; the rest, and the other languages, by the actions.
    path = f"{DESK}renditions/ar/"
    page = story.at(story.translators["ar"], path)
    page.locator(f"#s{story.paragraph(1).pk} textarea").first.fill("حوكمة الإنترنت شأن الجميع.")
    press(page, page.get_by_role("button", name="Save").last)
    assert "حوكمة الإنترنت شأن الجميع." in page.locator(f"#s{story.paragraph(1).pk} textarea").first.input_value()
    page.goto(f"{path}reasons/")
    for each in page.locator("textarea[name^=reason-]").all():
        each.fill("لأن المجموعة ترى ذلك.")
    press(page, page.get_by_role("button", name="Save").last)
    for code, translator in story.translators.items():
        document = making.fresh(story.outcome.document)
        translated(translator, document, code)
        missing = [each for each in phrases_of(document, code) if not each.text]
        typed = {each.key: TypedPhrase(f"[{code}] {each.source}", each.was) for each in missing}
        save_phrases(actor=translator, document=document, language=code, typed=typed)
        rendition = Rendition.objects.get(document=document, language=code)
        review_rendition(actor=story.person(story.rapporteur), rendition=rendition)
    publish(story.at(story.chair, f"{DESK}review/"), Stage.FINAL)


def a_reader_follows_a_contribution_forward_and_back(story):
    """Go from a contribution to the paragraph, its reason, the matrix and the answers, without a script."""
    someone = story.visitor(scripts=False)
    page = someone.goes_to(f"{HOME}contributions/{story.editions[4].number}/")
    assert "taken up" in main_of(page) and SHORTER in main_of(page)
    page.get_by_role("link", name="Report of the Working Group, paragraph 1").first.click()
    assert page.url.endswith(f"/en/{REPORT}paragraphs/1/")
    assert SHORTER in main_of(page) and "norms and rules" in main_of(page)
    page.get_by_role(
        "link", name="All contributions on which this paragraph is based, with responses and reasons"
    ).click()
    assert SHORTER in main_of(page)
    page.get_by_role("link", name="We asked, you said, we did").first.click()
    assert page.url.endswith(f"/en/{REPORT}answers/")
    assert "Question 1?" in main_of(page) and "norms and rules" in main_of(page)
    page.goto(f"{HOME}contributions/{story.editions[1].number}/")
    for place in ("Summary 1", "On the agenda of a meeting", "Report of the Working Group, paragraph 2"):
        assert place in main_of(page), place
    page.goto(f"/en/{REPORT}paragraphs/2/")
    assert "The scripts in use come first." in main_of(page)
    assert someone.context.cookies() == []
    rows = b"".join(Client().get(f"/en/{REPORT}matrix.csv").streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + Trace.objects.filter(edition__edition__in_force=True).count() >= 1 + 7


def it_is_read_in_six_languages(story):
    reader = story.visitor(scripts=False, width="phone")
    for code in ("en", *OTHERS):
        page = reader.goes_to(f"/{code}/{REPORT}")
        shown = page.locator("#s1 .words").first
        assert shown.inner_text().startswith("Internet" if code == "en" else f"[{code}] ")
        assert page.locator("html").get_attribute("dir") == ("rtl" if code == "ar" else "ltr")
