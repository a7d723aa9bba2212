"""The e-mails of the demo: every one that was sent, newest first, and nothing active in any of them."""

import datetime

import pytest
from django.core.mail import EmailMultiAlternatives

from plenara.core import clock
from plenara.demo import postbox

NOON = datetime.datetime(2026, 10, 14, 12, 0, tzinfo=datetime.UTC)
ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture
def empty_postbox(as_a_demo, settings, tmp_path, db):
    """A demo's settings with a postbox that has no e-mail yet."""
    settings.DATA = tmp_path


def send(
    subject="A letter", *, at=NOON, to="grace@people.example", language="en", body="Hello.\n", html="<p>Hello.</p>"
):
    """Send an e-mail as the product does, and return its name."""
    letter = EmailMultiAlternatives(subject, body, "noreply@site.example", [to], headers={"Content-Language": language})
    letter.attach_alternative(html, "text/html")
    with clock.at(at):
        letter.send()
    return postbox.names()[0]


def test_an_e_mail_is_one_file_with_the_date_of_the_clock(empty_postbox):
    name = send()
    assert [file.name for file in postbox.folder().iterdir()] == [f"{name}.eml"]
    letter = postbox.find(name)
    assert letter.message["Date"] == "Wed, 14 Oct 2026 12:00:00 +0000"
    assert letter.part("plain") == "Hello.\n"
    assert letter.part("html").strip() == "<p>Hello.</p>"


def test_e_mails_are_in_the_order_of_their_dates_and_those_of_one_moment_as_they_were_sent(empty_postbox):
    late = send(at=NOON)
    early = send(at=NOON - datetime.timedelta(days=1))
    assert early == late  # the newest e-mail is still the first that was sent
    send("second", at=NOON)
    assert [postbox.headers(name).message["Subject"] for name in postbox.names()] == ["second", "A letter", "A letter"]


def test_an_empty_postbox_says_so(empty_postbox, client):
    answer = client.get("/demo/mail/", {"lang": "en"})
    assert answer.status_code == 200
    assert "No e-mail has been sent yet." in answer.content.decode()


def test_half_written_and_foreign_files_are_no_e_mails(empty_postbox, client):
    name = send()
    (postbox.folder() / f"{name}.123").write_bytes(b"half")
    (postbox.folder() / "notes.eml").write_bytes(b"Subject: no\n\n")
    assert postbox.names() == [name]
    assert client.get("/demo/mail/notes/").status_code == 404
    assert client.get("/demo/mail/..%2f..%2fsecret-key/").status_code == 404
    postbox.empty()
    assert list(postbox.folder().iterdir()) == []


def test_an_e_mail_is_shown_with_its_headers_in_its_own_language_and_direction(empty_postbox, client):
    name = send("نُشرت مساهمتكم", language="ar", body="انظروا http://127.0.0.1:8000/ar/my/\n", html="<p>مرحبا</p>")
    html = client.get(f"/demo/mail/{name}/", {"lang": "en"}).content.decode()
    assert '<h1 lang="ar" dir="rtl">نُشرت مساهمتكم</h1>' in html
    assert '<div class="email-preview" lang="ar" dir="rtl">' in html
    assert 'href="http://127.0.0.1:8000/ar/my/"' in html
    assert "grace@people.example" in html and "Content-Language" in html
    assert "&lt;p&gt;مرحبا&lt;/p&gt;" in html


def test_nothing_in_an_e_mail_is_active_on_our_pages(empty_postbox, client):
    name = send(f"Subject {ATTACK}", to='"<b>x</b>" <x@people.example>', body=f"{ATTACK}\n", html=ATTACK)
    for path in ("/demo/mail/", f"/demo/mail/{name}/"):
        answer = client.get(path, {"lang": "en"})
        html = answer.content.decode()
        assert answer.status_code == 200
        assert "<script>" not in html and "<img src=x" not in html and "<b>x</b>" not in html
        assert "script-src 'self'" in answer["Content-Security-Policy"]
    alone = client.get(f"/demo/mail/{name}/html/")
    assert alone["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert alone["X-Frame-Options"] == "DENY"


def test_the_list_shows_fifty_a_page_and_those_of_one_reader(empty_postbox, client):
    for minute in range(55):
        send(f"Letter {minute}", at=NOON + datetime.timedelta(minutes=minute))
    send("Another reader", to="ana@people.example")
    first = client.get("/demo/mail/", {"lang": "en"}).content.decode()
    assert first.count('<th scope="row">') == 50
    assert first.index("Letter 54") < first.index("Letter 53")
    assert client.get("/demo/mail/", {"lang": "en", "page": "2"}).content.decode().count('<th scope="row">') == 6
    assert client.get("/demo/mail/", {"page": "99"}).status_code == 200
    for wrong in ("x", "9" * 5000):
        assert client.get("/demo/mail/", {"page": wrong}).status_code == 200
    one_reader = client.get("/demo/mail/", {"lang": "en", "to": "Ana@people.example"}).content.decode()
    assert "Another reader" in one_reader and "Letter 54" not in one_reader


def test_the_demo_has_an_e_mail_for_all_that_happened(demo):
    letters = [postbox.headers(name).message for name in postbox.names()]
    assert len(letters) > 300
    assert {letter["Content-Language"] for letter in letters} == {"ar", "en", "es", "fr", "ru", "zh-Hans"}
    dates = [letter["Date"].datetime for letter in letters]
    assert dates == sorted(dates, reverse=True)
    assert all(dates[-1] <= date <= clock.now() for date in dates)
    assert len({letter["Message-ID"] for letter in letters}) == len(letters)


def test_an_author_finds_the_reason_and_the_moderators_words(demo):
    to_bjarni = [
        postbox.find(name) for name in postbox.names() if "bjarni@" in str(postbox.headers(name).message["To"])
    ]
    to_bjarni = [each for each in to_bjarni if not each.message["List-Id"]]  # he also follows a question
    assert len(to_bjarni) == 3  # a receipt, the decision, another receipt
    assert "The fee of a town library" in to_bjarni[1].part("plain")
