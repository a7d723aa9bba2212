"""The secretariat's desk: the list, a theme, its retirement, and a file that is looked at before it is brought in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from plenara.core import clock
from plenara.core.languages import in_language
from plenara.core.models import AuditEntry, BackgroundTask
from plenara.events.forms import AboutForm
from plenara.themes import actions
from plenara.themes.actions import forget_file
from plenara.themes.models import Theme, ThemeFile
from tests import world

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DESK = "/en/desk/themes/"
FILE = b"code,label_en,label_fr,broader\nX1,Space,Espace,\nX2,Moon,Lune,X1\nC9,The press,,\n"


@pytest.fixture
def keeping(sign_in, curator, themes):
    return sign_in(curator)


def page(answer):
    return answer.content.decode()


def fields(client, path, **typed):
    """Return what a form sends: what it was shown with, and what was typed into it."""
    form = client.get(path).context["form"]
    shown = {each.html_name: each.value() for each in form if each.value() not in (None, "")}
    return {**shown, **typed}


def sent(client, data=FILE, name="themes.csv", vocabulary="wsis"):
    return client.post(f"{DESK}import/", {"file": SimpleUploadedFile(name, data), "vocabulary": vocabulary})


def test_the_desk_leads_to_the_list_which_shows_each_theme_with_its_state(keeping, curator):
    assert 'href="/en/desk/themes/"' in page(keeping.get("/en/desk/"))
    c1, c2 = Theme.objects.get(code="C1"), Theme.objects.get(code="C2")
    actions.retire(actor=curator, theme=c1, replaced_by=c2)
    shown = page(keeping.get(DESK))
    assert shown.count("offered</span>") == 18 and "retired</span>" in shown and "replaced by <bdi>C2</bdi>" in shown


def test_forms_call_a_retired_theme_that_stays_chosen_by_its_words(curator, themes):
    actions.retire(actor=curator, theme=Theme.objects.get(code="C9"))
    form = AboutForm(kept={"themes": ["C9"]})
    assert form.fields["themes"].choices[-1] == ("C9", in_language(Theme.objects.get(code="C9").labels).text)


def test_a_theme_is_added_by_its_form_and_nothing_typed_is_lost_where_it_is_refused(keeping):
    wrong = keeping.post(f"{DESK}new/", {"code": "a b", "label_en": "Space", "definition_ar": "فضاء"})
    assert wrong.status_code == 422
    assert 'value="a b"' in page(wrong) and 'value="Space"' in page(wrong) and "فضاء" in page(wrong)
    done = keeping.post(f"{DESK}new/", {"code": "X1", "label_en": "Space", "alternatives_en": "Cosmos\nSky\n",
                                       "broader": "C7", "related": "C2", "own_labels": ["en"]})  # fmt: skip
    assert done.status_code == 302
    made = Theme.objects.get(code="X1")
    assert (made.labels, made.alternatives) == ({"en": "Space"}, {"en": ["Cosmos", "Sky"]})
    assert (made.broader.code, made.own_labels) == ("C7", ["en"])


def test_a_theme_is_edited_and_saving_it_as_it_was_shown_changes_nothing(keeping):
    path = f"{DESK}C7-e-health/"
    assert keeping.post(path, fields(keeping, path)).status_code == 302
    assert not AuditEntry.objects.filter(verb="theme.edited").exists()
    assert keeping.post(path, fields(keeping, path, label_en="Health online")).status_code == 302
    theme = Theme.objects.get(code="C7-e-health")
    assert theme.labels["en"] == "Health online" and len(theme.labels) == 6 and theme.broader.code == "C7"


def test_who_saves_second_is_shown_what_was_saved_and_can_replace_it(keeping, curator):
    path = f"{DESK}C9/"
    typed = fields(keeping, path, label_en="Mine")
    actions.edit(actor=curator, theme=Theme.objects.get(code="C9"), labels={"en": "Theirs"})
    answer = keeping.post(path, typed)
    assert answer.status_code == 409 and "Theirs" in page(answer) and 'value="Mine"' in page(answer)
    again = {**typed, "stamp": answer.context["form"]["stamp"].value()}
    assert keeping.post(path, again).status_code == 302
    assert Theme.objects.get(code="C9").labels["en"] == "Mine"


def test_retiring_asks_first_and_can_be_taken_back(keeping):
    assert "Retire this theme?" in page(keeping.get(f"{DESK}C9/retire/"))
    for other in ("C9", "nowhere"):
        assert keeping.post(f"{DESK}C9/retire/", {"replaced_by": other}).status_code == 422
    assert keeping.post(f"{DESK}C9/retire/", {"replaced_by": "C8"}).status_code == 302
    assert Theme.objects.get(code="C9").replaced_by.code == "C8"
    for _ in range(2):
        assert keeping.post(f"{DESK}C9/", {"do": "offer"}).status_code == 302
    assert not Theme.objects.get(code="C9").is_retired


def test_what_a_file_would_change_is_shown_before_it_does(keeping):
    kept = sent(keeping)
    assert kept.status_code == 302 and not Theme.objects.filter(code="X1").exists()
    shown = keeping.get(kept["Location"])
    text = page(shown)
    for said in ("<b>2</b> themes are new", "<b>1</b> theme changes", "Space", "Media", "The press",
                 '<th scope="row"><bdi>C9</bdi></th>'):  # fmt: skip
        assert said in text, said
    done = keeping.post(kept["Location"], {"do": "bring", "digest": shown.context["plan"].digest})
    assert done.status_code == 302
    assert Theme.objects.get(code="X2").broader.code == "X1" and not ThemeFile.objects.exists()
    assert Theme.objects.get(code="C9").labels["en"] == "The press"
    again = keeping.post(kept["Location"], {"do": "bring", "digest": shown.context["plan"].digest}, follow=True)
    assert "already been imported or discarded" in page(again)


def test_a_list_that_changed_in_the_meantime_is_shown_again(keeping, curator):
    kept = sent(keeping)["Location"]
    digest = keeping.get(kept).context["plan"].digest
    actions.edit(actor=curator, theme=Theme.objects.get(code="C9"), labels={"en": "Press and radio"})
    answer = keeping.post(kept, {"do": "bring", "digest": digest})
    assert answer.status_code == 409 and "Press and radio" in page(answer)
    assert not Theme.objects.filter(code="X1").exists()


def test_a_file_can_be_dropped_and_is_forgotten_after_a_week(keeping):
    kept = sent(keeping)["Location"]
    for _ in range(2):
        assert keeping.post(kept, {"do": "drop"}).status_code == 302
    assert not ThemeFile.objects.exists() and not Theme.objects.filter(code="X1").exists()
    sent(keeping)
    queued = BackgroundTask.objects.filter(task="themes.forget_file").order_by("-pk").first()
    assert (queued.due_at - clock.now()).days in {6, 7}
    forget_file(**queued.arguments)
    forget_file(**queued.arguments)
    assert not ThemeFile.objects.exists()


def test_the_same_file_twice_waits_once(keeping):
    assert sent(keeping)["Location"] == sent(keeping)["Location"]
    assert ThemeFile.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"code,label_en\nX1,Space\nX1,Sky\n", "The file contains this theme twice. Delete one of the two."),
        (b"code,label_en,broader\nX1,Space,nowhere\n", "The list has no theme with the code nowhere. Check the code."),
        (b"code,label_en\n<script>,Space\n", "Enter the code in Latin letters"),
        (b"code,label_en\n,Space\n", "Line 2 has no code. Enter a code."),
        (b"", "The submitted file is empty."),
        (b"\xff\xfe\xff", "The file is not in UTF-8."),
        (b"x" * (4 * 1024 * 1024 + 1), "The file is larger than 4 MB."),
    ],
)
def test_a_file_that_cannot_be_brought_in_says_why_and_is_not_kept(keeping, data, said):
    answer = sent(keeping, data)
    assert answer.status_code == 422 and "<script>," not in page(answer)
    assert said in page(answer) or "The file is empty. Choose another file." in page(answer)
    assert not ThemeFile.objects.exists()


def test_others_are_refused(sign_in, themes, moderator, client):
    for path in (DESK, f"{DESK}new/", f"{DESK}C9/", f"{DESK}C9/retire/", f"{DESK}import/", f"{DESK}import/1/"):
        assert client.get(path).status_code == 302, path
    signed = sign_in(moderator)
    for path in (DESK, f"{DESK}new/", f"{DESK}C9/", f"{DESK}C9/retire/", f"{DESK}import/", f"{DESK}import/1/"):
        assert signed.get(path).status_code == 403, path
        assert signed.post(path, {"do": "bring"}).status_code == 403, path
    assert DESK not in page(signed.get("/en/desk/"))


def test_an_organizer_of_the_community_keeps_the_list_too(sign_in, themes):
    from plenara.consultations.community import community

    own = world.grant(world.person("Sofia Rossi"), community(), "organizer")
    assert sign_in(own).get(DESK).status_code == 200


def test_the_form_of_a_question_offers_the_themes(sign_in, themes, organizer, consultation, thread):
    signed = sign_in(organizer)
    path = f"/en/desk/consultations/{consultation.slug}/threads/1/"
    form = signed.get(path).context["form"]
    typed = {each.html_name: each.value() for each in form if each.value() or each.value() == 0}
    wrong = signed.post(path, {**typed, "thread": thread.pk, "themes": ["nowhere"]})
    assert wrong.status_code == 422 and "Choose from the themes in the list." in page(wrong)
    done = signed.post(path, {**typed, "thread": thread.pk, "themes": ["C5", "C7-e-health"]})
    assert done.status_code == 302, page(done)
    thread.refresh_from_db()
    assert thread.themes == ["C5", "C7-e-health"]
    for public in (f"/en/consultations/{consultation.slug}/", f"/en/consultations/{consultation.slug}/threads/1/"):
        assert '<a href="/en/themes/C7-e-health/">E-health</a>' in page(signed.get(public)), public
