"""The paragraph desk through its forms: the workbench, writing, placing, deleting; nothing typed is lost."""

import gzip

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.documents import actions as document_actions
from plenara.documents.models import Citation, Paragraph, ParagraphText, Response
from plenara.outcomes.models import OutcomeParagraph
from tests import world
from tests.hostile import EVERYTHING, one_line
from tests.outcomes import making
from tests.summaries.answers import body as page_of
from tests.summaries.answers import hidden, textarea, words
from tests.summaries.harmless import assert_is_harmless

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both

DESK = "/en/desk/outcomes/wgig/report/"


def paragraphs(outcome):
    return list(outcome.document.paragraphs.values_list("pk", flat=True))


def form_of(answer, **typed):
    return {name: hidden(answer, name) for name in ("was", "key")} | typed


def test_the_workbench_shows_where_everything_stands(sign_in, member, outcome, paragraph):
    from plenara.outcomes import actions

    actions.object_to(actor=member, paragraph=paragraph, reason="Too long.", was=making.source(paragraph).digest)
    page = page_of(sign_in(member).get(DESK))
    assert "1 in brackets" in page and "Yusuf Demir" in page
    assert "[The management of the Internet is a matter for all.]" in page
    assert "taken up: 1" in page
    assert "Working definition" in page and "This section has no text yet." in page
    assert f"{DESK}paragraphs/{paragraph.pk}/edit/" not in page  # a person who does not write changes nothing


def test_a_form_that_is_opened_in_review_says_so_before_anybody_writes(sign_in, drafter, outcome, paragraph):
    making.fill(drafter, outcome)
    client, edit, sentence = sign_in(drafter), f"{DESK}paragraphs/{paragraph.pk}/edit/", "Only a draft can be changed."
    assert sentence not in page_of(client.get(edit))
    document_actions.submit_for_review(actor=drafter, document=making.fresh(outcome.document))
    for page in (edit, f"{DESK}paragraphs/new/"):
        assert sentence in page_of(client.get(page))


@pytest.mark.both
@pytest.mark.parametrize(
    "show", ["open", "agreed", "bracketed", "undecided", "lapsed", "proposals", "comments", "uncited", "?"]
)
def test_the_workbench_is_filtered(show, sign_in, member, drafter, outcome, paragraph):
    other = making.paragraph(drafter, outcome, "It cites nothing.", section=2)
    found = {"open": {paragraph, other}, "undecided": {paragraph, other}, "uncited": {other}, "?": {paragraph, other}}
    page = page_of(sign_in(member).get(f"{DESK}?show={show}"))
    assert {each for each in (paragraph, other) if f'id="p{each.pk}"' in page} == found.get(show, set())


def test_the_workbench_takes_the_same_queries_at_any_size_and_goes_by_pages(sign_in, drafter, outcome, edition):
    client = sign_in(drafter)
    making.paragraph(drafter, outcome, cites=edition)

    def count(address=DESK):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        return len(queries), page_of(answer)

    few, _page = count()
    document, section = outcome.document, outcome.sections.get(number=2)
    many = Paragraph.objects.bulk_create(
        Paragraph(document=document, number=number, kind="finding") for number in range(2, 302)
    )
    ParagraphText.objects.bulk_create(
        ParagraphText(paragraph=each, language="en", text=f"Number {each.number}.") for each in many
    )
    OutcomeParagraph.objects.bulk_create(OutcomeParagraph(paragraph=each, section=section) for each in many)
    Citation.objects.bulk_create(
        Citation(
            paragraph=many[place % 300], edition=edition, position=place, response=Response.values[place // 300 % 4]
        )
        for place in range(5_000)
    )
    number, page = count()
    assert number == few
    assert page.count('class="statement"') == 40 and "301 paragraphs" in page
    assert "not taken up: 4" in page and len(gzip.compress(page.encode())) < 14_000
    number, page = count(f"{DESK}?page=8")
    assert number == few
    assert "Number 301." in page and "(continued)" in page
    assert "Roles and responsibilities" in page  # empty sections are on the last page


@pytest.mark.both
def test_a_paragraph_is_written_once_by_a_double_click_and_leads_to_what_it_cites(sign_in, drafter, outcome):
    client = sign_in(drafter)
    section = outcome.sections.get(number=2)
    opened = client.get(f"{DESK}paragraphs/new/?section={section.slug}")
    form = form_of(opened, section=section.pk, kind="finding", heading="Cost", text="Access is dear.")
    answers = [client.post(f"{DESK}paragraphs/new/", form) for _click in range(2)]
    made = Paragraph.objects.get()
    assert {answer.url for answer in answers} == {f"{DESK}paragraphs/{made.pk}/#cites"}
    assert made.outcome_paragraph.section == section
    page = page_of(client.get(answers[0].url))
    assert "Access is dear." in page and "There are no citations yet." in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": " "}, "text"),
        ({"kind": "concern"}, "kind"),
        ({"section": "999"}, "section"),
        ({"text": "x" * 4001}, "text"),
    ],
)
def test_a_wrong_paragraph_keeps_what_was_typed(wrong, field, sign_in, drafter, outcome):
    form = {"section": outcome.sections.first().pk, "kind": "finding", "heading": "Mine", "text": "Words.", **wrong}
    answer = sign_in(drafter).post(f"{DESK}paragraphs/new/", form)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in page_of(answer)
    assert 'value="Mine"' in page_of(answer) and textarea(answer, "text") == form["text"]
    assert not Paragraph.objects.exists()


def test_ten_thousand_words_are_kept_in_the_form_that_refuses_them(sign_in, drafter, outcome):
    text = "word " * 10_000
    form = {"section": outcome.sections.first().pk, "kind": "finding", "text": text}
    answer = sign_in(drafter).post(f"{DESK}paragraphs/new/", form)
    assert answer.status_code == 422
    assert textarea(answer, "text") == text


def test_a_stale_edit_sees_both_texts_and_loses_neither(sign_in, drafter, chair, outcome, paragraph):
    client, address = sign_in(drafter), f"{DESK}paragraphs/{paragraph.pk}/edit/"
    was = hidden(client.get(address), "was")
    making.edited(chair, paragraph, "The management of the Internet is a matter for everybody.")
    form = {"section": paragraph.outcome_paragraph.section_id, "kind": "finding", "text": "Mine.", "was": was}
    answer = client.post(address, form)
    assert answer.status_code == 409
    assert "Nitin Rao" in page_of(answer)
    assert "everybody" in words(answer, "ins") and textarea(answer, "text") == "Mine."
    assert client.post(address, form | {"was": hidden(answer, "was")}).status_code == 302
    assert making.source(paragraph).text == "Mine."


def test_what_was_deleted_meanwhile_is_offered_as_new(sign_in, drafter, outcome, paragraph):
    client, address = sign_in(drafter), f"{DESK}paragraphs/{paragraph.pk}/edit/"
    form = form_of(client.get(address), section=paragraph.outcome_paragraph.section_id, kind="finding", text="Mine.")
    making.actions.delete_paragraph(actor=drafter, paragraph=paragraph, was=making.stamp(paragraph), citations=1)
    answer = client.post(address, form)
    assert answer.status_code == 409 and textarea(answer, "text") == "Mine."
    assert client.post(f"{DESK}paragraphs/new/", form | {"key": hidden(answer, "key")}).status_code == 302
    assert making.source(Paragraph.objects.get()).text == "Mine."


def test_a_paragraph_goes_up_and_down_and_into_another_section(sign_in, drafter, outcome):
    first, second, third = (making.paragraph(drafter, outcome, f"Number {n}.", section=1) for n in (1, 2, 3))
    client, section = sign_in(drafter), outcome.sections.get(number=1)
    page = page_of(client.get(DESK))
    assert f'value="{second.pk}:{section.pk}:0"' in page and f'value="{third.pk}:{section.pk}:{first.pk}"' in page
    client.post(f"{DESK}move/", {"move": f"{third.pk}:{section.pk}:0"})
    assert paragraphs(outcome) == [third.pk, first.pk, second.pk]
    client.post(f"{DESK}move/", {"move": f"{third.pk}:{section.pk}:{first.pk}"})
    assert paragraphs(outcome) == [first.pk, third.pk, second.pk]
    other = outcome.sections.get(number=4)
    opened = client.get(f"{DESK}paragraphs/{first.pk}/place/")
    assert "Report and recommendations" in page_of(opened)
    answer = client.post(f"{DESK}paragraphs/{first.pk}/place/", {"place": f"{other.pk}:"})
    assert answer.url == f"{DESK}#p{first.pk}"
    assert paragraphs(outcome) == [third.pk, second.pk, first.pk]
    assert client.post(f"{DESK}paragraphs/{first.pk}/place/", {"place": "9:9"}).status_code == 422
    assert client.post(f"{DESK}move/", {"move": "x"}).status_code == 404


def test_a_paragraph_is_deleted_after_a_question(sign_in, drafter, chair, outcome, paragraph):
    client, address = sign_in(drafter), f"{DESK}paragraphs/{paragraph.pk}/delete/"
    opened = client.get(address)
    form = {name: hidden(opened, name) for name in ("was", "citations")}
    making.edited(chair, paragraph, "Other words.")
    answer = client.post(address, form)
    assert answer.status_code == 409 and "Nitin Rao" in page_of(answer)
    form = {name: hidden(answer, name) for name in ("was", "citations")}
    assert [client.post(address, form).status_code for _click in range(2)] == [302, 302]
    assert not Paragraph.objects.exists()
    history = page_of(client.get(f"{DESK}history/?statement={paragraph.pk}"))
    assert "Other words." in history


def test_comments_of_members_arrive_at_the_paragraph(sign_in, observer, drafter, outcome, paragraph):
    client = sign_in(observer)
    opened = client.get(f"{DESK}comments/new/?statement={paragraph.pk}")
    form = {"comment": "Says who?", "key": hidden(opened, "key")}
    answers = [client.post(f"{DESK}comments/new/?statement={paragraph.pk}", form) for _click in range(2)]
    assert {answer.url for answer in answers} == {f"{DESK}paragraphs/{paragraph.pk}/#comments"}
    comment = outcome.document.comments.get()
    writer = sign_in(drafter)
    for address in (f"{DESK}comments/", f"{DESK}paragraphs/{paragraph.pk}/"):
        assert "Says who?" in page_of(writer.get(address))
    assert writer.post(f"{DESK}comments/{comment.pk}/", {"answer": "Paragraph 3."}).status_code == 302
    assert making.fresh(comment).answer == "Paragraph 3."


def test_who_may_not_resolve_a_comment_is_offered_no_way_to_it(sign_in, observer, drafter, outcome, paragraph):
    document_actions.comment(actor=drafter, document=outcome.document, paragraph=paragraph, text="Says who?")
    way = f"comments/{outcome.document.comments.get().pk}/"
    for address in (f"{DESK}comments/", f"{DESK}paragraphs/{paragraph.pk}/"):
        assert way in page_of(sign_in(drafter).get(address))
        page = page_of(sign_in(observer).get(address))
        assert "Says who?" in page and way not in page


def test_comments_of_the_public_are_counted_at_the_workbench(
    sign_in, participant, moderator, drafter, chair, outcome, paragraph, version
):
    child = making.opened(chair, version).consultation
    where = child.threads.select_related("consultation").get(number=1)
    world.published(participant, making.fresh(moderator), where, "Say who manages it.", part=1)
    page = page_of(sign_in(drafter).get(f"{DESK}?show=public"))
    assert "1 public comment" in page and f'id="p{paragraph.pk}"' in page


def test_words_in_another_direction_stand_in_their_own(sign_in, organizer, body, drafter):
    outcome = making.outcome(organizer, body, "taqrir", source_language="ar", title="تقرير")
    made = making.paragraph(drafter, outcome, "إدارة الإنترنت شأن للجميع.")
    page = page_of(sign_in(drafter).get(f"/en/desk/outcomes/wgig/taqrir/paragraphs/{made.pk}/"))
    assert '<p class="words" lang="ar" dir="rtl">إدارة' in page


def test_hostile_words_stay_words(sign_in, drafter, member, outcome):
    made = []
    for text in EVERYTHING:
        clean = f"x {text}".encode("utf-8", "ignore").decode()
        made.append(making.paragraph(drafter, outcome, clean, heading=one_line(clean)))
        making.proposed(member, made[-1], f"{clean} y", note=clean)
        was = making.source(made[-1]).digest
        making.actions.object_to(actor=member, paragraph=made[-1], reason=clean[:500], was=was)
        document_actions.comment(actor=member, document=outcome.document, paragraph=made[-1], text=clean)
    client = sign_in(drafter)
    pages = [DESK, f"{DESK}?page=2", f"{DESK}comments/", f"{DESK}contributions/"]
    for address in (*pages, *(f"{DESK}paragraphs/{each.pk}/" for each in made)):
        assert_is_harmless(page_of(client.get(address)))
    assert_is_harmless(page_of(client.get(f"{DESK}paragraphs/{made[0].pk}/edit/")))


def test_who_reviews_reads_a_paragraph_as_it_will_be_published(client, sign_in, chair, drafter, outcome, edition):
    making.paragraph(drafter, outcome, "Stars *and* 1. figures are plain.", cites=edition)
    shown = 'dir="ltr">Stars *and* 1. figures are plain.</p>'
    assert shown in page_of(sign_in(chair).get(f"{DESK}review/"))
    making.published(drafter, chair, outcome)
    assert shown in page_of(client.get("/en/outcomes/wgig/report/"))


@pytest.mark.parametrize(
    "who", ["chair", "drafter", "secretary", "member", "observer", "organizer", "translator", "participant"]
)
def test_who_opens_which_page(who, request, sign_in, outcome, paragraph, member, drafter):
    proposal = making.proposed(member, paragraph)
    person = request.getfixturevalue(who)
    client = sign_in(person)
    writes, sees = who in {"chair", "drafter", "secretary"}, who != "participant"
    one = f"{DESK}paragraphs/{paragraph.pk}/"
    citation = paragraph.citations.get()
    pages = {
        DESK: sees, one: sees, f"{DESK}comments/": sees, f"{DESK}comments/new/?statement={paragraph.pk}": sees,
        f"{DESK}history/": sees, f"{DESK}proposals/{proposal.pk}/": sees, f"{one}edit/": writes, f"{one}place/": writes,
        f"{one}delete/": writes, f"{one}propose/": writes or who == "member", f"{DESK}paragraphs/new/": writes,
        f"{DESK}contributions/": writes, f"{DESK}contributions/{citation.edition_id}/": writes,
        f"{DESK}statements/": writes, f"{DESK}citations/{citation.pk}/": writes,
    }  # fmt: skip
    for address, may in pages.items():
        assert (client.get(address).status_code == 200) == may, address
