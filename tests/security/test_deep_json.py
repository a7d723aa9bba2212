"""JSON that nests without end is refused where a stranger may send some; no answer is a failure of the server."""

import pytest

from plenara.mirror import validation

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DEEP = ["[" * 100_000, '{"a":' * 100_000, "[" * 50_000 + "]" * 50_000, '{"id":' + "[" * 100_000]


@pytest.mark.parametrize("credential", DEEP)
def test_a_passkey_that_nests_without_end_signs_nobody_in(client, credential):
    client.get("/en/account/2fa/passkeys/login/", headers={"Accept": "application/json"})
    answer = client.post("/en/account/2fa/passkeys/login/", {"credential": credential})
    assert (answer.status_code, answer.url) == (302, "/en/account/login/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", DEEP)
def test_a_passkey_that_nests_without_end_is_not_added(participant, sign_in, credential):
    client = sign_in(participant)
    client.get("/en/account/2fa/passkeys/add/")
    answer = client.post("/en/account/2fa/passkeys/add/", {"name": "Phone", "credential": credential})
    assert answer.status_code in {302, 422}
    assert not participant.authenticator_set.exists()


@pytest.mark.parametrize("seen", DEEP)
def test_what_a_form_was_shown_with_may_nest_as_it_likes(organizer, consultation, sign_in, seen):
    address = f"/en/desk/consultations/{consultation.slug}/edit/"
    answer = sign_in(organizer).post(address, {"stamp": "x", "seen": seen, "title_en": "A"})
    assert answer.status_code in {409, 422}


@pytest.mark.parametrize("said", DEEP)
def test_figures_of_a_copy_that_nest_without_end_are_reported_as_no_json(said, tmp_path, monkeypatch):
    pages = {"figures/": [("figures.json", said)], "": []}
    monkeypatch.setattr(validation, "_pages", lambda _path, below, *_more: pages[below])
    found = validation.Verified({})
    validation._figures(tmp_path, {"contributions": 0}, found)
    assert [each.message for each in found.differences.first] == ["is not JSON"]
