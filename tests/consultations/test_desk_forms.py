"""The forms of the desk: what they refuse, what they keep, and what two people or two clicks do."""

import datetime

import pytest

from plenara.consultations import validation
from plenara.consultations.models import Consultation, Extension, State, Thread
from plenara.core.models import AuditEntry
from tests import world
from tests.consultations.conftest import days
from tests.consultations.pages import at, errors, filled, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the acts behind them are tested on both

XSS = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


@pytest.fixture
def desk(sign_in, founder, draft):
    """The browser of the draft's organizer."""
    return sign_in(founder)


def send(client, address, **changes):
    """Open a page, change some fields, send it."""
    return client.post(address, filled(client.get(address), **changes))


def local(moment, zone="Europe/Zurich"):
    return f"{validation.local_moment(moment, zone):%Y-%m-%dT%H:%M}"


# --- a new one ---


def test_a_new_consultation_begins_with_three_things(desk):
    response = desk.post("/en/desk/consultations/new/", {"title": "Names", "symbol": "NAMES/2027", "slug": ""})
    made = Consultation.objects.get(symbol="NAMES/2027")
    assert response["Location"].endswith(at(made))
    assert (made.slug, made.title, made.languages) == ("names", {"en": "Names"}, ["en"])


def test_in_arabic_the_address_must_be_written(desk):
    new = "/ar/desk/consultations/new/"
    response = desk.post(new, {"title": "الأسماء", "symbol": "NAMES/2027", "slug": ""})
    assert response.status_code == 422
    assert 'value="الأسماء"' in response.content.decode()
    assert desk.post(new, {"title": "الأسماء", "symbol": "NAMES/2027", "slug": "names"}).status_code == 302
    assert Consultation.objects.get(slug="names").title == {"ar": "الأسماء"}


def test_an_address_that_the_title_makes_is_not_missed_while_the_title_is(desk):
    missed = [errors(desk.post(f"/{code}/desk/consultations/new/", {"symbol": "NAMES/2027"})) for code in ("en", "ar")]
    assert [len(each) for each in missed] == [1, 2]


def test_all_errors_are_shown_at_once_and_the_values_stay(desk):
    response = desk.post("/en/desk/consultations/new/", {"title": XSS * 9, "symbol": "names", "slug": "New York"})
    assert response.status_code == 422
    assert len(errors(response)) == 3
    page = response.content.decode()
    assert "New York" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_a_double_click_on_a_new_one_makes_one(desk):
    for _click in range(2):
        response = desk.post("/en/desk/consultations/new/", {"title": "Names", "symbol": "NAMES/2027", "slug": ""})
        assert response.status_code == 302
    assert Consultation.objects.filter(symbol="NAMES/2027").count() == 1


# --- details ---


def test_saving_the_form_as_it_came_changes_nothing(desk, draft):
    before = Consultation.objects.values().get(pk=draft.pk)
    response = send(desk, at(draft, "edit/"))
    assert response.status_code == 302
    assert Consultation.objects.values().get(pk=draft.pk) == before
    assert not AuditEntry.objects.filter(verb="consultation.edited").exists()


def test_seconds_that_an_import_brought_are_not_cut_off(desk, draft):
    exact = draft.closes_at.replace(second=59, microsecond=0)
    Consultation.objects.filter(pk=draft.pk).update(closes_at=exact)
    send(desk, at(draft, "edit/"), word_limit="300")
    kept = Consultation.objects.get(pk=draft.pk)
    assert (kept.closes_at, kept.word_limit) == (exact, 300)


def test_every_detail_can_be_set(desk, draft):
    opens, closes = days(50), days(80)
    response = send(
        desk,
        at(draft, "edit/"),
        title_ru="Кабели",
        intro_ar="مقدمة",
        symbol="SEA/2027",
        slug="sea",
        timezone="Asia/Kathmandu",
        opens_at=local(opens, "Asia/Kathmandu"),
        closes_at=local(closes, "Asia/Kathmandu"),
        languages=["ar", "en"],
        word_limit="750",
        licence="CC0-1.0",
        moderation="after",
        promise_working_days="3",
    )
    assert response["Location"].endswith(at("sea"))
    kept = Consultation.objects.get(pk=draft.pk)
    assert (kept.title["ru"], kept.intro["ar"], kept.symbol, kept.timezone) == (
        "Кабели",
        "مقدمة",
        "SEA/2027",
        "Asia/Kathmandu",
    )
    assert kept.opens_at == opens.replace(second=0, microsecond=0)
    assert (kept.languages, kept.word_limit, kept.licence) == (["ar", "en"], 750, "CC0-1.0")
    assert (kept.moderation, kept.promise_working_days) == ("after", 3)


def test_the_closing_is_shown_in_its_zone_and_in_utc(desk, draft):
    page = text(desk.get(at(draft, "edit/")))
    zone = draft.closes_at.astimezone(draft.zone)
    assert f"{zone:%H:%M} in Zurich ({draft.closes_at:%H:%M} UTC)" in page


#: A field, what is wrong in it, and what is said of it.
WRONG = [
    ("timezone", "Europe/Atlantis", "Choose a time zone from the list"),
    ("closes_at", "tomorrow", "Enter the day and time, for example 2027-04-30 23:59."),
    ("closes_at", "0001-01-01T00:00", "Enter a year between"),
    ("closes_at", "2020-01-01T00:00", "Enter a closing date after the opening date."),
    ("word_limit", "many", "Enter a whole number."),
    ("word_limit", "9" * 400, "Enter a"),
    ("word_limit", "0", "between 1 and"),
    ("languages", ["en", "tlh"], "Choose from the six languages."),
    ("languages", [], "Choose at least one language"),
    ("licence", "WTFPL", "Choose a licence"),
    ("moderation", "never", "Choose whether"),
    ("promise_working_days", "", "between 1 and"),
    ("slug", "New York", "lower-case Latin letters"),
    ("symbol", "sea/2027", "capital Latin letters"),
    ("title_en", "x" * 201, "The limit is 200:"),
    ("intro_fr", "mot " * 10_000, "The limit is 10000:"),
    ("title_ar", "…", "this text contains no words."),
]


def test_a_wrong_detail_is_named_and_nothing_typed_is_lost(desk, draft):
    for field, value, sentence in WRONG:
        response = send(desk, at(draft, "edit/"), **{field: value, "title_es": "Cables bajo el mar"})
        assert response.status_code == 422, (field, value)
        assert any(sentence in each for each in errors(response)), (field, value, errors(response))
        again = filled(response)
        assert again["title_es"] == ["Cables bajo el mar"], (field, value)
        if field in again and isinstance(value, str) and field not in {"timezone", "licence", "moderation"}:
            assert again[field][0].strip() == value.strip(), (field, value)
        assert Consultation.objects.get(pk=draft.pk).stamp == 0, (field, value)


def test_several_errors_are_shown_together(desk, draft):
    response = send(desk, at(draft, "edit/"), word_limit="0", slug="X", title_en="", title_fr="", closes_at="x")
    assert len(errors(response)) == 4


def test_a_time_that_the_clock_skips_is_refused_with_the_next_one(desk, draft):
    response = send(desk, at(draft, "edit/"), opens_at="2027-03-28T02:30", closes_at="2027-06-01T12:00")
    assert response.status_code == 422
    assert any("03:30" in each for each in errors(response))
    assert filled(response)["opens_at"] == ["2027-03-28T02:30"]


def test_a_time_that_comes_twice_is_stored_and_its_meaning_shown(desk, draft):
    response = send(desk, at(draft, "edit/"), opens_at="2027-09-01T12:00", closes_at="2027-10-31T02:30")
    kept = Consultation.objects.get(pk=draft.pk).closes_at
    assert kept == datetime.datetime(2027, 10, 31, 1, 30, tzinfo=datetime.UTC)
    assert "occurs twice on that day, because clocks go back. We use the second of the two" in text(
        desk.get(response["Location"])
    )
    send(desk, at(draft, "edit/"))  # what is not touched stays the second
    assert Consultation.objects.get(pk=draft.pk).closes_at == kept


def test_null_bytes_and_other_controls_vanish(desk, draft):
    send(desk, at(draft, "edit/"), title_en="Ca\x00bles\x07", intro_en="One\x00\r\n\r\nTwo\u202e")
    kept = Consultation.objects.get(pk=draft.pk)
    assert (kept.title["en"], kept.intro["en"]) == ("Cables", "One\n\nTwo")


def test_hostile_words_are_shown_as_words_on_every_page(desk, draft):
    send(desk, at(draft, "edit/"), title_en=XSS, intro_en=XSS)
    thread = draft.threads.get(number=1)
    Thread.objects.filter(pk=thread.pk).update(question={"en": XSS, "fr": XSS}, guidance={"en": XSS})
    for tail in ["", "edit/", "threads/", "threads/1/", "roles/", "state/"]:
        page = desk.get(at(draft, tail)).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert "<script>alert" not in desk.get("/en/desk/").content.decode()


def test_a_form_without_its_hidden_fields_is_no_error_of_the_server(desk, draft):
    assert desk.post(at(draft, "edit/"), {}).status_code == 422
    assert desk.post(at(draft, "edit/"), {"stamp": "x", "seen": "{", "title_en": "A"}).status_code in {409, 422}
    assert desk.post(at(draft, "threads/1/"), {"thread": "x" * 99}).status_code == 409


def test_what_the_state_fixes_is_shown_with_its_reason_and_not_asked(sign_in, organizer, consultation):
    client = sign_in(organizer)
    response = client.get(at(consultation, "edit/"))
    assert not {"slug", "symbol", "licence", "opens_at", "closes_at", "timezone"} & set(filled(response))
    assert "because links and citations use them." in text(response)
    send(client, at(consultation, "edit/"), slug="other", opens_at="2020-01-01T00:00", title_en="Renamed")
    kept = Consultation.objects.get(pk=consultation.pk)
    assert (kept.slug, kept.opens_at, kept.title["en"]) == (consultation.slug, consultation.opens_at, "Renamed")


# --- questions ---


def test_a_question_is_added_in_six_languages(desk, draft):
    response = send(
        desk, at(draft, "threads/new/"), question_en="Who pays?", question_zh="谁付钱?", guidance_en="Name sums."
    )
    assert response.status_code == 302
    thread = draft.threads.get(number=3)
    assert (thread.question, thread.guidance) == ({"zh": "谁付钱?", "en": "Who pays?"}, {"en": "Name sums."})
    assert "谁付钱?" in text(desk.get(response["Location"].replace("/en/", "/zh/")))


def test_an_empty_question_is_refused_with_a_sentence(desk, draft):
    response = send(desk, at(draft, "threads/new/"), guidance_en="Kept.")
    assert errors(response) == ["Enter the question in at least one language."]
    assert filled(response)["guidance_en"] == ["Kept."]


def test_questions_are_moved_and_removed(desk, draft):
    second = draft.threads.get(number=2)
    desk.post(at(draft, "threads/"), {"thread": second.pk, "to": "1"})
    assert draft.threads.get(number=1) == second
    desk.post(at(draft, "threads/"), {"thread": second.pk, "do": "remove"})
    assert list(draft.threads.values_list("number", flat=True)) == [1]
    for data in [{"thread": second.pk, "to": "1"}, {"thread": "9" * 30, "to": "1"}, {"thread": "x"}, {}]:
        assert desk.post(at(draft, "threads/"), data).status_code == 302


def test_a_question_of_another_consultation_is_out_of_reach(desk, draft, consultation):
    thread = consultation.threads.get(number=1)
    desk.post(at(draft, "threads/"), {"thread": thread.pk, "do": "remove"})
    data = filled(desk.get(at(draft, "threads/1/")), thread=thread.pk, question_en="Stolen?")
    assert desk.post(at(draft, "threads/1/"), data).status_code == 409
    assert Thread.objects.get(pk=thread.pk).question["en"] == "Question 1? (en)"


def test_published_words_are_confirmed_before_they_change(sign_in, organizer, consultation):
    client, address = sign_in(organizer), at(consultation, "threads/1/")
    assert "confirmed" not in client.get(address).content.decode()
    response = send(client, address, question_fr="Question une ?")
    assert response.status_code == 422
    assert any("confirm" in each for each in errors(response))
    assert client.post(address, filled(response, confirmed="on")).status_code == 302
    assert "Question 1? (fr)" in text(client.get(address))  # the earlier words stay


# --- state, extension ---


def test_a_draft_says_what_is_missing_and_where_it_is_written(desk, draft):
    Consultation.objects.filter(pk=draft.pk).update(closes_at=None, title={"en": "Cables"})
    page = desk.get(at(draft)).content.decode()
    assert "edit/#id_closes_at" in page
    assert "edit/#id_title_fr" in page
    response = desk.post(at(draft, "state/"), {"do": "announce"})
    assert response.status_code == 409
    assert Consultation.objects.get(pk=draft.pk).stage == State.DRAFT


def test_announcing_takes_one_button_and_a_second_click_does_no_harm(desk, draft):
    assert "Announce the consultation" in text(desk.get(at(draft, "state/")))
    for _click in range(2):
        assert desk.post(at(draft, "state/"), {"do": "announce"}).status_code == 302
    assert Consultation.objects.get(pk=draft.pk).state == State.ANNOUNCED
    assert "The consultation opens automatically on " in text(desk.get(at(draft)))


@pytest.mark.parametrize("do", ["", "extend", "archive", "report", "edit", "x" * 5000])
def test_a_step_that_is_not_next_is_refused_with_a_sentence(desk, draft, do):
    assert desk.post(at(draft, "state/"), {"do": do}).status_code == 409


def test_an_extension_is_made_announced_and_listed(sign_in, organizer, consultation):
    client, until = sign_in(organizer), days(40)
    data = {"closes_at": local(until), "reason_en": "Two holidays."}
    response = send(client, at(consultation, "extend/"), **data)
    assert response.status_code == 302
    assert Extension.objects.get().reason == {"en": "Two holidays."}
    assert "We will notify the participants by e-mail." in text(client.get(response["Location"]))
    assert client.post(at(consultation, "extend/"), data).status_code == 302  # the second click
    assert Extension.objects.count() == 1
    assert "Two holidays." in text(client.get(at(consultation, "extend/", "fr")))


def test_an_extension_without_date_or_reason_is_refused_and_kept(sign_in, organizer, consultation):
    client = sign_in(organizer)
    assert len(errors(send(client, at(consultation, "extend/")))) == 2
    response = send(client, at(consultation, "extend/"), reason_ru="Праздники.", closes_at=local(days(1)))
    assert errors(response)[0] == "Enter a closing date in the future that is later than the current closing date."
    assert filled(response)["reason_ru"] == ["Праздники."]


def test_a_draft_cannot_be_extended_and_says_so(desk, draft):
    assert "Announce the consultation first" in text(desk.get(at(draft, "extend/")))
    response = desk.post(at(draft, "extend/"), {"closes_at": local(days(90)), "reason_en": "Why not."})
    assert response.status_code == 409


# --- signed out in the meantime ---


def test_what_was_typed_while_signed_out_is_there_after_signing_in(desk, draft, founder, sign_in):
    data = filled(desk.get(at(draft, "edit/")), title_fr="Écrit longtemps")
    desk.logout()
    assert desk.post(at(draft, "edit/"), data).status_code == 302
    page = sign_in(founder).get(at(draft, "edit/"))
    assert filled(page)["title_fr"] == ["Écrit longtemps"]
    assert "You were signed out. What you typed is below and has not been saved yet." in text(page)
    assert Consultation.objects.get(pk=draft.pk).title["fr"] != "Écrit longtemps"
    assert filled(desk.get(at(draft, "edit/")))["title_fr"] != ["Écrit longtemps"]  # once


def test_what_another_typed_is_shown_to_nobody_else(desk, draft, sign_in):
    second = world.grant(world.person("Wei Zhang"), draft, "organizer")
    data = filled(desk.get(at(draft, "edit/")), title_fr="Secret")
    desk.logout()
    desk.post(at(draft, "edit/"), data)
    assert "Secret" not in sign_in(second).get(at(draft, "edit/")).content.decode()


def test_a_form_that_was_never_shown_to_anybody_is_not_kept(client, draft):
    client.post(at(draft, "edit/"), {"writer": "forged", "title_en": "x" * 1000})
    assert not client.session.keys()
