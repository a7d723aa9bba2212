"""The groups at the desk: what their pages show, and their forms, in which nothing typed is lost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.documents import actions as document_actions
from plenara.documents.validation.words import sentences
from plenara.summaries.groups.actions import editing as actions
from plenara.summaries.models import Group, Grouping, Member
from tests import world
from tests.hostile import EVERYTHING
from tests.summaries import making
from tests.summaries.answers import body, hidden
from tests.summaries.groups.conftest import run_all
from tests.summaries.harmless import assert_is_harmless

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # forms; the actions behind them are tested on both


@pytest.fixture
def here(desk):
    return f"{desk}groups/"


@pytest.fixture
def client_of(sign_in, rapporteur):
    return sign_in(rapporteur)


def page_of(here, group):
    return f"{here}{group.pk}/"


def rest_of(group):
    return Group.objects.get(grouping=group.grouping_id, is_rest=True)


def test_before_they_are_asked_for_the_page_says_what_to_do(client_of, here, edition):
    page = body(client_of.get(here))
    assert "1 contribution was published in the period." in page
    assert "With fewer than nine contributions, no groups are formed" in page
    assert "Group the sentences" in page


def test_a_period_without_contributions_offers_nothing(client_of, here):
    page = body(client_of.get(here))
    assert "No contribution was first published in this period." in page
    assert 'value="ask"' not in page


def test_groups_are_asked_for_with_a_button_and_progress_is_shown_without_scripts(client_of, here, contributed):
    assert client_of.post(f"{here}making/", {"act": "ask"}).url == here
    assert "The machine will start soon." in body(client_of.get(here))
    Grouping.objects.update(done=5, wanted=12)
    page = body(client_of.get(here))
    assert "The machine has read 5 of 12 texts." in page
    assert '<progress max="12" value="5"' in page
    client_of.post(f"{here}making/", {"act": "pause"})
    page = body(client_of.get(here))
    assert "The machine is paused." in page
    assert "Continue" in page
    client_of.post(f"{here}making/", {"act": "resume"})
    assert 'value="pause"' in body(client_of.get(here))
    client_of.post(f"{here}making/", {"act": "anything"})
    Grouping.objects.update(done=12)
    assert "The machine has read everything" in body(client_of.get(here))


def test_the_page_says_that_the_machine_gave_up(client_of, here, contributed):
    from plenara.core.models import BackgroundTask

    client_of.post(f"{here}making/", {"act": "ask"})
    BackgroundTask.objects.filter(task="summaries.read_period").update(failed_at="2026-01-01T00:00Z")
    page = body(client_of.get(here))
    assert "The machine stopped." in page
    assert "Group the sentences again" in page


def test_the_list_tells_who_holds_a_group_and_how_much_of_it_is_cited(
    client_of, here, groups, summary, rapporteur, contributed
):
    statement = making.statement(rapporteur, summary.document)
    member = groups[0].members.select_related("edition__text").first()
    document_actions.cite(actor=rapporteur, paragraph=statement, edition=member.edition, words=member.words)
    page = body(client_of.get(here))
    assert "3 groups" in page
    assert page.count("by a machine") >= 3
    assert "1 already cited" in page
    assert "4 contributions" in page
    assert "Government" in page
    assert f"contributions/{member.edition.number}/?sentence=0" in page


def test_a_group_shows_its_sentences_with_bylines_and_leads_to_citing_them(client_of, here, groups):
    page = body(client_of.get(page_of(here, groups[0])))
    for member in groups[0].members.select_related("edition__byline"):
        assert member.words in page
        assert member.edition.byline.name in page
    cite = client_of.get(
        page_of(here, groups[0]).split("groups/")[0] + f"contributions/{member.edition.number}/?sentence=0"
    )
    assert 'value="0" class="sentence" id="id_sentences_0" checked' in body(cite)


def test_a_name_is_saved_and_shown(client_of, here, groups):
    opened = client_of.get(page_of(here, groups[0]))
    form = {"name": "Cost & <b>access</b>", "was": hidden(opened, "was")}
    assert client_of.post(f"{page_of(here, groups[0])}name/", form).url == page_of(here, groups[0])
    page = body(client_of.get(here))
    assert "Cost &amp; &lt;b&gt;access&lt;/b&gt;" in page
    assert "changed by a person" in page


def test_of_two_names_the_second_is_kept_in_the_form_and_can_be_saved_again(client_of, here, groups, other_rapporteur):
    address = f"{page_of(here, groups[0])}name/"
    actions.rename_group(actor=other_rapporteur, group=groups[0], name="Prices", was="")
    answer = client_of.post(address, {"name": "Cost", "was": ""})
    assert answer.status_code == 409
    assert "Prices" in body(answer)
    assert 'value="Cost"' in body(answer)
    assert client_of.post(address, {"name": "Cost", "was": hidden(answer, "was")}).status_code == 302
    assert Group.objects.get(pk=groups[0].pk).name == "Cost"


def test_sentences_are_chosen_and_put_into_a_new_group(client_of, here, groups):
    chosen = [str(pk) for pk in groups[0].members.values_list("pk", flat=True)[:2]]
    form = {"member": chosen, "put-to": "new", "put-new_name": "Villages"}
    for _click in range(2):
        assert client_of.post(f"{page_of(here, groups[0])}sentences/", form).status_code == 302
    assert Group.objects.get(name="Villages").members.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"member": []},
        {"put-to": ""},
        {"put-to": "999999"},
        {"put-to": "x:y"},
        {"member": ["999999"]},
        {"member": ["x"]},
    ],
)
def test_a_wrong_choice_is_refused_and_what_was_chosen_stays(wrong, client_of, here, groups):
    chosen = [str(pk) for pk in groups[0].members.values_list("pk", flat=True)[:2]]
    form = {"member": chosen, "put-to": "new", "put-new_name": "Villages", **wrong}
    answer = client_of.post(f"{page_of(here, groups[0])}sentences/", form)
    assert answer.status_code in {409, 422}
    assert 'class="errors"' in body(answer)
    assert "Villages" in body(answer)
    if "member" not in wrong:
        assert body(answer).count("checked") == 2
    assert not Group.objects.filter(by_person=True).exists()


def test_a_sentence_is_moved_to_another_group_and_to_none(client_of, here, groups):
    first, second = groups[0].members.all()[:2]
    for member, to in ((first, groups[1]), (second, rest_of(groups[0]))):
        form = {"member": [str(member.pk)], "put-to": str(to.pk)}
        assert client_of.post(f"{page_of(here, groups[0])}sentences/", form).status_code == 302
        assert Member.objects.get(pk=member.pk).group_id == to.pk
    assert "moved to this group by a person" in body(client_of.get(page_of(here, groups[1])))


@pytest.mark.both
def test_groups_are_merged_from_the_page_and_a_second_click_does_no_harm(client_of, here, groups):
    opened = client_of.get(page_of(here, groups[0]))
    form = {"merge-to": f"{groups[1].pk}:0", "merge-stamp": hidden(opened, "merge-stamp")}
    address = f"{page_of(here, groups[0])}merge/"
    assert client_of.post(address, form).url == page_of(here, groups[1])
    assert client_of.post(address, form).url == here
    assert Group.objects.get(pk=groups[1].pk).members.count() == 8
    assert "This group no longer exists" in body(client_of.get(here))


def test_groups_that_changed_since_the_page_was_opened_are_not_merged(client_of, here, groups, other_rapporteur):
    opened = client_of.get(page_of(here, groups[0]))
    form = {"merge-to": f"{groups[1].pk}:0", "merge-stamp": hidden(opened, "merge-stamp")}
    actions.rename_group(actor=other_rapporteur, group=groups[1], name="Prices", was="")
    answer = client_of.post(f"{page_of(here, groups[0])}merge/", form)
    assert answer.status_code == 409
    assert "Someone else has changed these groups" in body(answer)


def test_a_group_that_is_not_there_leads_to_those_that_are(client_of, here, groups):
    assert client_of.get(f"{here}999999/").url == here
    assert client_of.post(f"{here}999999/name/", {"name": "x"}).url == here


def test_a_group_of_another_summary_is_not_there(client_of, here, groups, rapporteur, consultation):
    other = making.summary(rapporteur, consultation)
    elsewhere = here.replace(f"/{groups[0].grouping.summary_id}/", f"/{other.pk}/")
    assert client_of.get(page_of(elsewhere, groups[0])).status_code == 302
    assert client_of.post(f"{page_of(elsewhere, groups[0])}aside/").status_code == 302
    assert not Group.objects.get(pk=groups[0].pk).is_set_aside


def test_a_group_is_set_aside_and_taken_up_from_its_page(client_of, here, groups):
    client_of.post(f"{page_of(here, groups[0])}aside/")
    page = body(client_of.get(here))
    assert "set aside" in page
    assert page.index(f'id="g{groups[0].pk}"') > page.index(f'id="g{groups[2].pk}"')
    client_of.post(f"{page_of(here, groups[0])}aside/", {"take_up": ""})
    assert not Group.objects.get(pk=groups[0].pk).is_set_aside


def test_the_page_counts_contributions_that_came_since(client_of, here, groups, thread, participant, moderator):
    world.published(participant, moderator, thread, "Something new is said here about turnips and carrots.")
    page = body(client_of.get(here))
    assert "1 contribution was published after the groups were created." in page
    client_of.post(f"{here}making/", {"act": "ask"})
    run_all()
    assert "was published after the groups" not in body(client_of.get(here))


def test_a_page_asks_the_database_as_often_for_twenty_as_for_many(client_of, here, summary, thread, consultation):
    counts = {}
    world.many(thread, 30, answers=False)
    for size in (20, 600):
        Grouping.objects.all().delete()
        if size > 30:
            world.many(thread, size, answers=False)
        editions = list(consultation.editions.select_related("text").order_by("number")[:size])
        for at in range(3):
            group = making.group_of(summary, editions[at * size // 3 : (at + 1) * size // 3])
        for address in (here, page_of(here, group)):
            client_of.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client_of.get(address).status_code == 200
            counts.setdefault(address.replace(str(group.pk), ""), set()).add(len(queries))
    assert all(len(each) == 1 for each in counts.values()), counts
    assert max(max(each) for each in counts.values()) <= 30, counts


def test_a_large_group_is_shown_page_by_page(client_of, here, summary, thread, consultation):
    world.many(thread, 90, answers=False)
    group = making.group_of(summary, list(consultation.editions.select_related("text")))
    assert body(client_of.get(page_of(here, group))).count('name="member"') == 40
    assert body(client_of.get(f"{page_of(here, group)}?page=3")).count('name="member"') == 10
    assert "This group now contains no sentences." in body(client_of.get(f"{page_of(here, group)}?page=99"))
    for odd in ("-1", "x", "9" * 30, "٣"):
        assert client_of.get(f"{page_of(here, group)}?page={odd}").status_code == 200


def test_hostile_words_stay_text(client_of, here, summary, moderator, thread):
    texts = [
        each
        for each in EVERYTHING
        if each.strip() and "\0" not in each and each.encode(errors="ignore").decode() == each
    ]
    editions = []
    for text in texts:
        edition = world.published(world.person(), moderator, thread, f"Documents come late. {text}"[:1000])
        if len(sentences(edition.text.content)) > 1:
            editions.append(edition)
    group = making.group_of(summary, editions)
    for member in group.members.select_related("edition__text"):
        member.words = sentences(member.edition.text.content)[1]
        member.save()
    for text in texts:
        form = {"name": text[:150], "was": Group.objects.get(pk=group.pk).name}
        assert client_of.post(f"{page_of(here, group)}name/", form).status_code in {302, 422}
        assert_is_harmless(body(client_of.get(here)))
    assert_is_harmless(body(client_of.get(page_of(here, group))))
