"""Downloading one's own data: complete, in one's own hands alone, and nothing of others."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.test import Client

from plenara.accounts.models import Person
from plenara.accounts.personal_data import export
from plenara.core import clock
from plenara.moderation.actions import undo
from plenara.moderation.models import UNDO_TIME, Decision
from tests import world
from tests.accounts.conftest import NAME
from tests.accounts.test_erase import full_life, paper  # noqa: F401 - the same life, to be taken along
from tests.accounts.test_erase_page import confirmed

pytestmark = pytest.mark.django_db

#: Columns that refer to a person and are not given out, and why.
EXEMPT = {
    "moderation.Item.entered_by": "the contribution's own column says it: `entered`",
}


def columns():
    """Return every column that refers to a person, by name."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model is Person and not field.many_to_many:
                found[f"{model._meta.label}.{field.name}"] = field
    return found


def test_every_column_that_refers_to_a_person_is_given_out_or_exempt():
    known = export.covered_columns() | EXEMPT.keys()
    assert sorted(columns().keys() - known) == [], "say in the package's kept.py what of it is given out"
    assert sorted(known - columns().keys()) == [], "these are no such columns"


def unzipped(answer):
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def download(client):
    answer = client.post("/en/my/data/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert "no-store" in answer["Cache-Control"]
    return unzipped(answer)


def test_all_that_a_person_wrote_and_received_is_in_it(client, leaver, full_life, sign_in):  # noqa: F811
    confirmed(sign_in(leaver), leaver)
    with clock.at(clock.now() + UNDO_TIME):
        files = download(client)
    text = b"\n".join(files.values()).decode()
    own = [
        NAME, leaver.email, "Society of Unlikely Words", "Words that were published first.", "Vermilion", "Marzipan",
        "Turquoise", "Magenta words that wait.", "sepia", "Ochre", "Indigo", "Saffron", "Cobalt", "Crimson", "Scarlet",
        "Beige",
    ]  # fmt: skip
    assert [word for word in own if word not in text] == []
    for name, data in files.items():
        if name.endswith(".json"):
            assert isinstance(json.loads(data), list), name
    verbs = {each["act"] for each in json.loads(files["acts.json"])}
    assert {"contribution.submitted", "invitation.sent"} <= verbs
    assert json.loads(files["roles.json"])[0]["role"] == "moderator"
    assert {each["what"] for each in json.loads(files["sign_in.json"])} == {"recovery_codes", "session"}


def test_what_is_others_is_not_in_it(client, leaver, author, moderator, full_life, sign_in):  # noqa: F811
    confirmed(sign_in(leaver), leaver)
    text = b"\n".join(download(client).values()).decode()
    others = ["colleague@people.example", "friend@people.example", "Amber note", "Ana Prieto", author.email, "seed"]
    assert [word for word in others if word in text] == []


def test_papers_are_in_it_under_names_that_lead_nowhere(client, leaver, moderator, thread, sign_in, settings, tmp_path):
    from plenara.contributions.models import Version

    settings.DOCUMENTS = tmp_path
    edition = world.published(leaver, moderator, thread)
    attached = paper("../../etc/passwd")
    Version.objects.filter(pk=edition.version_id).update(paper=attached)
    sign_in(leaver)
    files = download(client)
    name = f"papers/{attached.pk}-.._.._etc_passwd"
    assert files[name] == b"A paper."
    assert json.loads(files["contributions.json"])[0]["versions"][0]["paper"] == name.removeprefix("papers/")


def test_it_explains_itself_in_the_persons_language(client, sign_in):
    for code in ("en", "ar"):
        person = world.person("Noor", language=code)
        sign_in(person)
        readme = download(client)["README.txt"].decode()
        assert "contributions.json" in readme
        assert "&" not in readme
        assert "Noor" in readme


def test_a_decision_names_no_moderator_and_moderators_find_their_own(client, moderator, author, thread, sign_in):
    world.decided(world.submitted(author, thread), moderator, "REJECTED", reason="R3", sentence="In my own words.")
    sign_in(moderator)
    files = download(client)
    rows = json.loads(files["moderating.json"])
    assert [(each["what"], each["sentence"]) for each in rows] == [("decision", "In my own words.")]
    assert json.loads(files["contributions.json"]) == []


def test_a_decision_that_was_undone_or_can_be_undone_is_not_in_it(client, moderator, author, thread, sign_in):
    returned, rejected = world.submitted(author, thread, "One text."), world.submitted(author, thread, "Another.")
    world.decided(returned, moderator, "RETURNED_FOR_REVISION", reason="R3", sentence="Too hasty.")
    undo(actor=moderator, decision=Decision.objects.get())
    world.decided(rejected, moderator, "REJECTED", reason="R5", sentence="On reflection.")
    sign_in(author)
    assert json.loads(download(client)["decisions.json"]) == []
    with clock.at(clock.now() + UNDO_TIME):
        assert [each["sentence"] for each in json.loads(download(client)["decisions.json"])] == ["On reflection."]


def test_who_has_a_password_gives_it_first(leaver):
    leaver.set_password("a long enough password")
    leaver.save()
    browser = Client()
    browser.post("/en/account/login/", {"login": leaver.email, "password": "a long enough password"})
    assert browser.get("/en/my/data/").url == "/en/account/reauthenticate/?next=%2Fen%2Fmy%2Fdata%2F"
    # What was sent in the meantime is saved, and answered once the password was right.
    assert browser.post("/en/my/data/").url == "/en/account/reauthenticate/?next=%2Fen%2Fmy%2Fdata%2F"
    again = "/en/account/reauthenticate/?next=/en/my/data/"
    assert browser.post(again, {"password": "another long password"}).status_code == 422
    assert "profile.json" in unzipped(browser.post(again, {"password": "a long enough password"}))
    assert "Download my data" in browser.get("/en/my/data/").content.decode()


def test_settings_lead_to_it(client, participant, sign_in):
    sign_in(participant)
    page = client.get("/en/my/settings/").content.decode()
    assert 'href="/en/my/data/"' in page
    assert 'href="/en/my/data/erase/"' in page


def test_every_column_that_refers_to_a_person_lets_them_go():
    assert {each.remote_field.on_delete.__name__ for each in columns().values()} <= {"CASCADE", "SET_NULL"}
    # What would go with a person must be theirs alone.
    cascading = {name for name, each in columns().items() if each.remote_field.on_delete.__name__ == "CASCADE"}
    assert cascading == {
        "account.EmailAddress.user", "accounts.Session.person", "consultations.Follow.person",
        "consultations.Role.person",
        "contributions.Draft.person", "documents.Document_writers.person", "mfa.Authenticator.user",
        "moderation.Preference.person", "events.CalendarFile.uploaded_by", "directory.Proof.asked_by",
        "socialaccount.SocialAccount.user",
    }  # fmt: skip
