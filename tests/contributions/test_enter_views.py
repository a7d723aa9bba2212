"""The secretariat's pages: a form, a spreadsheet, what came back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plenara.contributions.models import Contribution, Edition, Sheet
from plenara.moderation.models import Code, Item
from tests import world
from tests.contributions.entered import LETTER, STATEMENT, csv_of, entered

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HERE = "/en/desk/consultations/internet-governance/letters/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _noon(noon):
    """Letters have dates: the day stands still."""


@pytest.fixture
def desk(sign_in, moderator):
    return sign_in(moderator)


def upload(client, data, name="letters.csv"):
    return client.post(f"{HERE}sheet/", {"file": SimpleUploadedFile(name, data)})


def test_a_letter_is_entered_with_its_original_which_moderators_alone_see(
    desk, moderator, participant, client, settings, tmp_path
):
    settings.DOCUMENTS = tmp_path
    form = {**LETTER, "key": "k" * 32, "original": SimpleUploadedFile("Lettre de M. X.pdf", PDF)}
    form.pop("name_withheld")
    answer = desk.post(f"{HERE}new/", form, follow=True)
    text = answer.content.decode()
    assert "Another moderator must approve" in text
    it = Contribution.objects.get()
    assert (it.original.name, it.versions.get().paper) == ("Lettre de M. X.pdf", None)
    assert "By letter of 5 October 2026." in text
    file = desk.get(f"{HERE}{it.pk}/original/")
    assert b"".join(file.streaming_content) == PDF
    assert file["Content-Disposition"].startswith("attachment")
    client.force_login(participant, backend="plenara.accounts.adapter.Backend")
    assert client.get(f"{HERE}{it.pk}/original/").status_code == 403


def test_the_original_is_published_where_the_form_says_so(desk, consultation, other_moderator, settings, tmp_path):
    settings.DOCUMENTS = tmp_path
    form = {**LETTER, "publishes_original": "on", "original": SimpleUploadedFile("a.pdf", PDF)}
    desk.post(f"{HERE}new/", form | {"name_withheld": ""})
    world.decided(Contribution.objects.get(), other_moderator)
    assert Edition.objects.get().paper.name == "a.pdf"


def test_everything_that_is_wrong_is_reported_at_once_and_what_was_typed_stays(desk):
    wrong = {**LETTER, "name_withheld": "", "date": "2027-01-01", "consent": "", "question": "7"}
    answer = desk.post(f"{HERE}new/", wrong | {"original": SimpleUploadedFile("a.pdf", PDF)})
    text = answer.content.decode()
    assert answer.status_code == 422
    for sentence in (
        "This date is in the future",
        "Say how and when the author agreed",
        "no question “7”",
        "file again",
    ):
        assert sentence in text
    assert "Nos membres vivent loin" in text and "Awa Traoré" in text
    assert not Contribution.objects.exists()


def test_an_original_of_another_kind_is_refused_at_its_field(desk):
    answer = desk.post(
        f"{HERE}new/", {**LETTER, "name_withheld": "", "original": SimpleUploadedFile("a.pdf", b"MZ\x00")}
    )
    assert answer.status_code == 422
    assert 'href="#id_original"' in answer.content.decode()
    assert not Contribution.objects.exists()


def test_a_double_click_enters_once(desk):
    form = {**LETTER, "name_withheld": "", "key": "k" * 32}
    first, second = (desk.post(f"{HERE}new/", form) for _time in range(2))
    assert first.url == second.url
    assert Contribution.objects.count() == 1


def test_a_long_letter_is_entered_with_a_word_about_it(desk):
    answer = desk.post(f"{HERE}new/", {**LETTER, "name_withheld": "", "text": "mot " * 300}, follow=True)
    assert "This text has 300 words" in answer.content.decode()


def test_a_column_that_is_missing_is_reported_once_and_not_for_every_row(desk):
    answer = upload(desk, b"question,channel,occasion,date,language,text,stakeholder_group,capacity\n"
                          + b"1,letter,,2026-03-02,en,Words,other,individual\n" * 3)  # fmt: skip
    places = [(each.row, each.column) for each in answer.context["errors"]]
    assert places[0] == (1, "consent") and "consent" not in [column for _row, column in places[1:]]


def test_a_sheet_is_uploaded_looked_at_and_confirmed(desk, consultation):
    page = upload(desk, csv_of(LETTER, STATEMENT)).url
    text = desk.get(page).content.decode()
    assert "Enter all 2 rows" in text and "Open Consultation, Bamako" in text
    assert not Contribution.objects.exists()
    assert "letters.csv" in desk.get(HERE).content.decode()
    assert "2 rows were entered" in desk.post(page, follow=True).content.decode()
    assert "cannot enter it a second time" in desk.post(page, follow=True).content.decode()
    assert Contribution.objects.count() == Item.objects.count() == 2
    again = upload(desk, csv_of(LETTER, STATEMENT))
    assert again.status_code == 422 and Sheet.objects.count() == 1


def test_errors_are_on_the_page_with_row_and_column(desk):
    answer = upload(desk, csv_of(LETTER, STATEMENT | {"channel": "<b>fax</b>", "date": ""}))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "There are 2 errors" in text and "&lt;b&gt;fax" in text and "<b>fax" not in text
    assert not Sheet.objects.exists()


def test_a_file_that_is_none_is_refused_in_a_sentence(desk):
    assert upload(desk, b"").status_code == 422
    assert desk.post(f"{HERE}sheet/", {}).status_code == 422
    assert "cannot be read" in upload(desk, b"PK\x03\x04" + b"\xff" * 90, "x.xlsx").content.decode()


def test_the_templates_are_downloads(desk):
    for ending in ("csv", "xlsx"):
        answer = desk.get(f"{HERE}sheet/template.{ending}")
        assert answer["Content-Disposition"].endswith(f'-letters.{ending}"')
        assert len(answer.content) > 100


def test_what_was_returned_is_a_task_and_is_corrected(desk, consultation, moderator, other_moderator):
    letter = entered(moderator, consultation)
    world.decided(letter, other_moderator, Code.RETURNED, reason="R1", sentence="Which river?")
    assert "1 text that you entered was returned" in desk.get("/en/desk/").content.decode()
    page = f"{HERE}{letter.pk}/correct/"
    text = desk.get(page).content.decode()
    assert "Nos membres vivent loin" in text and 'name="question"' not in text
    assert "Which river?" in text and "Returned" in text, "nobody writes a letter to who entered it"
    form = {name: LETTER[name] for name in LETTER.keys() - {"question", "in_reply_to", "name_withheld"}}
    answer = desk.post(page, form | {"text": "Corrigé."}, follow=True)
    assert "Another moderator must approve" in answer.content.decode()
    assert letter.versions.count() == 2
    again = desk.post(page, form | {"text": "Corrigé."})
    assert again.status_code == 302 and letter.versions.count() == 2, "a double click"


def test_the_second_person_sees_what_it_rests_on(sign_in, consultation, moderator, other_moderator):
    letter = entered(moderator, consultation)
    text = sign_in(other_moderator).get(f"/en/desk/moderation/contribution/{letter.pk}/").content.decode()
    assert "By letter of 5 October 2026." in text and "Ana Prieto" in text and "by web form" not in text


def test_it_says_when_nobody_else_could_approve(desk, moderator):
    assert "No one else moderates" in desk.get(HERE).content.decode()


def test_the_list_takes_as_many_queries_for_many_as_for_one(desk, consultation, moderator, django_assert_num_queries):
    entered(moderator, consultation)
    desk.get(HERE)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as one:
        desk.get(HERE)
    for index in range(60):
        entered(moderator, consultation, f"key {index}", name=f"Person {index}")
    with django_assert_num_queries(len(one)):
        text = desk.get(HERE).content.decode()
    assert "Older" in text and "?before=" in text


def test_readers_see_that_the_secretariat_entered_it(client, consultation, moderator, other_moderator):
    world.decided(entered(moderator, consultation), other_moderator)
    world.decided(entered(moderator, consultation, "another", STATEMENT), other_moderator)
    text = client.get("/en/consultations/internet-governance/threads/1/").content.decode()
    assert "Letter, <bdi>Ref. A/12</bdi>" in text and "Said at <bdi>Open Consultation, Bamako</bdi>" in text
    assert text.count("entered by the secretariat") == 2
    page = client.get("/en/consultations/internet-governance/contributions/1/").content.decode()
    assert "entered by the secretariat" in page and "Received on 5 October 2026." in page
    for secret in ("By letter of 5 October", "Ana Prieto"):
        assert secret not in text + page
