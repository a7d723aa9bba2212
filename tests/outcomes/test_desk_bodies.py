"""The desk's pages of bodies: created, edited by two at once, published; members and invitations; permissions."""

import pytest
from django.core import mail

from plenara.accounts.models import Invitation
from plenara.core.tasks import run_all
from plenara.documents import actions as document_actions
from plenara.outcomes import actions
from plenara.outcomes.models import Body, Member, Outcome
from tests import hostile, world
from tests.outcomes import making
from tests.outcomes.pages import at, errors, filled, home, of, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both


@pytest.fixture
def desk(sign_in, organizer):
    return sign_in(organizer)


@pytest.fixture
def seat(organizer, body):
    """A member without an account."""
    return actions.add_member(actor=organizer, body=body, part="member", name="Daniel Okafor", country="NG")


@pytest.mark.both
def test_a_body_is_made_and_a_second_click_makes_no_other(desk, consultation):
    assert "This consultation has no body yet" in text(desk.get(home(consultation)))
    form = filled(desk.get(home(consultation, "new/")), name_en="Working Group", name_ar="الفريق", slug="wgig")
    for _click in range(2):
        assert desk.post(home(consultation, "new/"), form)["Location"] == "/en/desk/outcomes/wgig/"
    assert Body.objects.get().name == {"ar": "الفريق", "en": "Working Group"}
    assert "Working Group" in text(desk.get(home(consultation)))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name_en": ""}, "at least one language"),
        ({"name_en": "x" * 201}, "The limit is 200"),
        ({"slug": ""}, "Enter the last part of the web address"),
        ({"slug": "Two words"}, "lower-case Latin letters"),
        ({"slug": "new"}, "lower-case Latin letters"),
        ({"begins_on": "tomorrow"}, "year-month-day"),
        ({"begins_on": "2027-01-02", "ends_on": "2027-01-01"}, "is not before"),
    ],
)
def test_a_wrong_body_is_refused_with_a_sentence_and_what_was_typed_is_kept(desk, consultation, data, sentence):
    form = {"name_en": "Working Group", "mandate_en": "To report.", "slug": "wgig", **data}
    response = desk.post(home(consultation, "new/"), form)
    assert response.status_code == 422 and any(sentence in each for each in errors(response))
    assert filled(response)["mandate_en"] == ["To report."]
    assert not Body.objects.exists()


def test_an_address_that_is_taken_is_refused_at_its_field(desk, consultation, body):
    response = desk.post(home(consultation, "new/"), {"name_en": "Another", "slug": "wgig"})
    assert response.status_code == 422 and "Another body has this web address" in errors(response)[0]


@pytest.mark.both
def test_of_two_who_edit_the_second_hears_it_and_both_words_are_kept(desk, organizer, body):
    opened = filled(desk.get(at(body, "edit/")), mandate_en="To listen.")
    actions.edit_body(
        actor=organizer, body=body, name={**body.name, "en": "Group"}, mandate={**body.mandate, "fr": "Écouter."},
        begins_on=None, ends_on=None,
    )  # fmt: skip
    response = desk.post(at(body, "edit/"), opened)
    assert response.status_code == 409 and "saved a change" in text(response)
    again = filled(response)
    assert (again["mandate_en"], again["name_en"], again["mandate_fr"]) == (["To listen."], ["Group"], ["Écouter."])
    assert desk.post(at(body, "edit/"), again).status_code == 302
    kept = making.fresh(body)
    assert (kept.name["en"], kept.mandate["en"], kept.mandate["fr"]) == ("Group", "To listen.", "Écouter.")


def test_where_both_changed_one_field_the_other_word_is_shown(desk, organizer, body):
    opened = filled(desk.get(at(body, "edit/")), name_en="Mine")
    actions.edit_body(
        actor=organizer, body=body, name={**body.name, "en": "Theirs"}, mandate=body.mandate, begins_on=None,
        ends_on=None,
    )  # fmt: skip
    response = desk.post(at(body, "edit/"), opened)
    assert response.status_code == 409 and "Theirs" in text(response) and "Name in English" in text(response)
    assert filled(response)["name_en"] == ["Mine"]


def test_what_was_typed_while_signed_out_is_there_again(client, sign_in, organizer, body):
    form = filled(sign_in(organizer).get(at(body, "edit/")), mandate_en="Half a thought.")
    client.logout()
    assert "/login/" in client.post(at(body, "edit/"), form)["Location"]
    sign_in(organizer)
    assert filled(client.get(at(body, "edit/")))["mandate_en"] == ["Half a thought."]
    assert making.fresh(body).mandate["en"] != "Half a thought."


@pytest.mark.both
def test_its_page_is_published_and_twice_is_harmless(desk, body):
    assert "Publish the page" in text(desk.get(at(body)))
    for _click in range(2):
        assert desk.post(at(body, "publish/")).status_code == 302
    assert making.fresh(body).is_public
    assert "Publish the page" not in text(desk.get(at(body)))


def test_the_page_of_a_body_shows_how_far_everything_is(desk, body, version, drafter, outcome):
    page = text(desk.get(at(body)))
    for words in (
        "Nitin Rao",
        "Chair",
        "Clara Nunes",
        "Report of the Working Group",
        "Zero draft",
        "4 not yet agreed",
        "0 of 5",
    ):
        assert words in page
    assert "1 answered, 0 not answered" in page


def test_the_page_takes_the_same_queries_whatever_stands_in_it(
    sign_in, organizer, body, drafter, django_assert_max_num_queries, thread, author, moderator
):
    client = sign_in(organizer)
    for number in range(3):
        it = making.outcome(organizer, body, f"report-{number}", title=f"Report {number}")
        for _each in range(3):
            making.paragraph(drafter, it)
    with django_assert_max_num_queries(40) as first:
        client.get(at(body))
    for number in range(3, 6):
        making.outcome(organizer, body, f"report-{number}", title=f"Report {number}")
        actions.add_member(actor=organizer, body=body, part="member", name=f"Member {number}")
    with django_assert_max_num_queries(len(first.captured_queries)):
        client.get(at(body))


# --- members ---


def add(client, body, **data):
    known = {"part": "member", "name": "Ada", "stakeholder_group": "", "organization": "", "country": "", "since": ""}
    return client.post(at(body, "members/new/"), {**known, **data})


def test_a_member_is_added_and_invited(desk, body):
    response = add(desk, body, name="Ada Okoye", country="NG", stakeholder_group="civil_society")
    member = Member.objects.get()
    assert response["Location"] == at(body, f"members/{member.pk}/#invite")
    invite = at(body, f"members/{member.pk}/invite/")
    response = desk.post(invite, {"address": "ada@people.example", "email_language": "ar"})
    assert response["Location"] == at(body, f"members/{member.pk}/")
    run_all()
    assert mail.outbox[0].to == ["ada@people.example"] and body.name["ar"] in mail.outbox[0].body
    page = text(desk.get(at(body, "members/")))
    assert "ada@people.example" in page and "sent" in page and "invited" in page


def test_known_and_unknown_addresses_get_the_same_answer(desk, body, seat, participant):
    answers = []
    for address in (participant.email, "nobody@people.example"):
        form = {"address": address, "email_language": "en"}
        response = desk.post(at(body, f"members/{seat.pk}/invite/"), form)
        answers.append(
            (response.status_code, response["Location"], "invitation has been sent" in text(desk.get(response.url)))
        )
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    "data", [{"address": "ada"}, {"address": ""}, {"email_language": "de"}, {"address": "a" * 5000 + "@x.example"}]
)
def test_a_wrong_invitation_is_refused_and_what_was_typed_is_kept(desk, body, seat, data):
    form = {"address": "ada@people.example", "email_language": "fr", **data}
    response = desk.post(at(body, f"members/{seat.pk}/invite/"), form)
    assert response.status_code == 422 and errors(response)
    assert filled(response)["address"] == [form["address"]]
    assert not Invitation.objects.exists()


def test_somebody_with_a_role_is_added_with_their_account_and_name(desk, body, rapporteur):
    assert "Inés Calderón" in text(desk.get(at(body, "members/new/")))
    response = add(desk, body, name="", person=rapporteur.pk, part="rapporteur")
    assert response["Location"] == at(body, "members/")
    member = Member.objects.get()
    assert (member.person, member.name) == (rapporteur, "Inés Calderón")
    assert f'value="{rapporteur.pk}"' not in desk.get(at(body, "members/new/")).content.decode()


def test_nobody_without_a_role_is_added_by_a_forged_number(desk, body, participant):
    response = add(desk, body, person=participant.pk)
    assert response.status_code == 422 and not Member.objects.exists()


def test_members_are_moved_edited_and_removed(desk, organizer, body, seat):
    other = actions.add_member(actor=organizer, body=body, part="chair", name="Chair")
    for _click in range(2):
        desk.post(at(body, "members/"), {"member": other.pk, "to": "1"})
    assert [each.pk for each in body.members.all()] == [other.pk, seat.pk]
    form = filled(desk.get(at(body, f"members/{seat.pk}/")), organization="University")
    form.pop("address")
    assert desk.post(at(body, f"members/{seat.pk}/"), form).status_code == 302
    assert making.fresh(seat).organization == "University"
    for _click in range(2):
        assert desk.post(at(body, f"members/{seat.pk}/remove/")).status_code == 302
    assert not Member.objects.filter(pk=seat.pk).exists()
    assert desk.post(at(body, "members/"), {"member": seat.pk, "to": "1"}).status_code == 302
    assert "member has been removed" in text(desk.get(at(body, "members/")))
    assert desk.get(at(body, f"members/{seat.pk}/")).status_code == 404


@pytest.mark.both
def test_of_two_who_edit_a_member_the_second_hears_it(desk, organizer, body, seat):
    form = filled(desk.get(at(body, f"members/{seat.pk}/")), name="Mine")
    actions.edit_member(
        actor=organizer, member=seat, part="chair", name="Theirs", stakeholder_group="", organization="", country="NG",
        since=None,
    )  # fmt: skip
    response = desk.post(at(body, f"members/{seat.pk}/"), form)
    assert response.status_code == 409 and "Theirs" in text(response)
    again = filled(response)
    assert (again["name"], again["part"]) == (["Mine"], ["chair"])


@pytest.mark.both
def test_a_withdrawn_invitation_is_withdrawn_twice_without_harm(desk, body, seat, organizer):
    actions.invite_member(actor=organizer, member=seat, address="ada@people.example")
    form = {"do": "withdraw", "invitation": Invitation.objects.get().pk}
    for _click in range(2):
        assert desk.post(at(body, "members/"), form).status_code == 302
    assert (
        "You cannot withdraw this invitation, because it has expired, or someone has accepted or withdrawn it."
        in text(desk.get(at(body, "members/")))
    )


def test_names_that_would_break_a_page_are_words_on_it(desk, organizer, body):
    for number, script in enumerate(hostile.SCRIPTS[:12]):
        member = actions.add_member(
            actor=organizer, body=body, part="member", name=script[:120], organization=script, since=None
        )
        assert number or member.position == 1
    actions.edit_body(
        actor=organizer, body=body, name={"en": hostile.SCRIPTS[0]}, mandate={"en": hostile.SCRIPTS[3]},
        begins_on=None, ends_on=None,
    )  # fmt: skip
    for tail in ("", "members/", "edit/", f"members/{member.pk}/"):
        page = desk.get(at(body, tail)).content.decode()
        assert "<script>owned" not in page and "<img src=x" not in page and "onload=owned()>" not in page


# --- permissions ---

KEEPS = {"organizer"}
SEES = {"organizer", "rapporteur", "translator", "chair", "drafter", "member", "observer"}
EVERYBODY = [*sorted(SEES), "moderator", "participant", "organizer_elsewhere", "outsider"]


@pytest.fixture
def organizer_elsewhere(elsewhere):
    return world.grant(world.person("Sofia Rossi"), elsewhere, "organizer")


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_gets_in(client, request, role, body, outcome, seat, consultation):
    person = request.getfixturevalue(role)
    if role != "outsider":
        client.force_login(person, backend="plenara.accounts.adapter.Backend")
    section = outcome.sections.first().pk
    arranges = {"organizer", "chair", "drafter"}
    pages = [
        (home(consultation), {"organizer", "rapporteur", "translator"}),
        (home(consultation, "new/"), KEEPS),
        ("/en/desk/outcomes/", SEES | {"moderator", "organizer_elsewhere"}),
        (at(body), SEES),
        (at(body, "edit/"), KEEPS),
        (at(body, "members/"), KEEPS),
        (at(body, "members/new/"), KEEPS),
        (at(body, f"members/{seat.pk}/"), KEEPS),
        (at(body, "new/"), KEEPS),
        (of(outcome, "settings/"), KEEPS),
        (of(outcome, "sections/"), arranges),
        (of(outcome, "sections/new/"), arranges),
        (of(outcome, f"sections/{section}/"), arranges),
        (of(outcome, "review/"), SEES),
    ]
    for address, welcome in pages:
        status = client.get(address).status_code
        assert status in ({302} if role == "outsider" else {200} if role in welcome else {403, 404}), address
    forms = [
        (home(consultation, "new/"), {"name_en": "Owned", "slug": "owned"}),
        (at(body, "edit/"), {"name_en": "Owned"}),
        (at(body, "publish/"), {}),
        (at(body, "members/"), {"member": seat.pk, "to": "1"}),
        (at(body, "members/new/"), {"name": "Owned", "part": "chair"}),
        (at(body, f"members/{seat.pk}/"), {"name": "Owned", "part": "chair"}),
        (at(body, f"members/{seat.pk}/invite/"), {"address": "x@people.example", "email_language": "en"}),
        (at(body, f"members/{seat.pk}/remove/"), {}),
        (at(body, "new/"), {"title": "Owned", "slug": "owned", "source_language": "en"}),
        (of(outcome, "settings/"), {"title": "Owned", "slug": "owned"}),
    ]
    if role not in KEEPS:
        for address, data in forms:
            assert client.post(address, data).status_code in {302, 403, 404}, address
        kept = making.fresh(body)
        assert (kept.name, kept.is_public) == (body.name, False)
        assert not Invitation.objects.exists() and not Member.objects.filter(name="Owned").exists()
        assert Member.objects.filter(pk=seat.pk).exists() and not Outcome.objects.filter(slug="owned").exists()


def test_a_member_without_a_role_comes_to_the_desk_and_finds_their_body(sign_in, member, body, outcome):
    client = sign_in(member)
    page = client.get("/en/desk/")
    assert page.status_code == 200 and at(body) in page.content.decode() and "Your working groups" in text(page)
    assert 'href="/en/desk/"' in client.get("/en/my/").content.decode()
    assert "Report of the Working Group" in text(client.get("/en/desk/outcomes/"))
    assert "Outcomes" in text(client.get(at(body)))


def test_what_waits_is_on_the_desk_of_those_who_can_do_it(
    sign_in, chair, drafter, member, organizer, outcome, paragraph, client
):
    making.proposed(member, paragraph)
    assert "1 proposal from a member is waiting" in text(sign_in(drafter).get("/en/desk/"))
    assert "1 proposal" not in text(sign_in(member).get("/en/desk/"))
    making.fill(drafter, outcome)
    document_actions.submit_for_review(actor=drafter, document=outcome.document)
    for who in (chair, organizer):
        assert "“Report of the Working Group” is waiting for approval" in text(sign_in(who).get("/en/desk/"))
    assert "is waiting for approval" not in text(sign_in(drafter).get("/en/desk/"))
    document_actions.send_back(actor=chair, document=outcome.document, note="Shorter.")
    assert "has been sent back to its writers" in text(sign_in(drafter).get("/en/desk/"))
