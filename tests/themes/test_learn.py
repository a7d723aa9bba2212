"""What a consultation's bundle brings into the list and takes from it."""

import pytest

from plenara.bundles.queries.consultation import theme_rows
from plenara.consultations.actions import add_thread, edit_thread
from plenara.consultations.models import ThreadTheme
from plenara.core.models import BackgroundTask
from plenara.core.refusals import InvalidInput
from plenara.themes import actions
from plenara.themes.models import Theme
from tests import world

pytestmark = pytest.mark.django_db

CAME = [
    {"code": "C5", "label": {"en": "Another name for trust"}},
    {"code": "fire", "label": {"en": "Fire", "de": "Feuer"}, "exact_match": ["https://v.example/fire"]},
    {"code": "smoke", "label": {"fr": "Fumée"}, "broader": "fire"},
    {"code": "a/b", "label": {"en": "No address can have this"}},
    {"code": "c5", "label": {"en": "Too like C5"}},
    {"code": "below", "label": {"en": "Below"}, "broader": "a/b"},
]


def test_a_bundle_adds_what_the_list_does_not_know_and_changes_nothing_else(themes):
    before = Theme.objects.get(code="C5").labels
    assert actions.learn(themes=CAME, vocabulary="some-archive") == 3
    made = {each.code: each for each in Theme.objects.filter(vocabulary="some-archive").select_related("broader")}
    assert set(made) == {"fire", "smoke", "below"}
    assert made["fire"].labels == {"en": "Fire"} and made["fire"].exact_match == ["https://v.example/fire"]
    assert made["smoke"].broader.code == "fire" and made["below"].broader is None
    assert Theme.objects.get(code="C5").labels == before
    assert actions.learn(themes=CAME, vocabulary="some-archive") == 0


def test_a_circle_in_a_bundle_is_broken_and_not_refused(themes):
    rows = [{"code": one, "label": {"en": one}, "broader": up} for one, up in (("aa", "bb"), ("bb", "aa"))]
    assert actions.learn(themes=rows, vocabulary="some-archive") == 2
    assert Theme.objects.filter(code__in=["aa", "bb"], broader=None).exists()


def test_an_export_has_the_themes_of_its_questions_with_what_they_stand_below(themes, consultation, organizer, thread):
    assert theme_rows(consultation) == []
    edit_thread(actor=organizer, thread=thread, question=thread.question, guidance=thread.guidance,
                themes=["C7-e-health", "C2"])  # fmt: skip
    rows = theme_rows(consultation)
    assert [each["code"] for each in rows] == ["C2", "C7", "C7-e-health"]
    assert rows[2]["broader"] == "C7" and rows[0]["label"]["en"].startswith("Information and communication")


def test_imported_themes_are_exported_as_they_came_until_somebody_edits_the_questions(
    themes, consultation, organizer, thread
):
    consultation.imported_at, consultation.bundle = consultation.opens_at, {"themes": CAME[:1]}
    consultation.save()
    thread.themes = ["C5", "C2"]  # C2 was in no themes.json
    thread.save()
    assert theme_rows(consultation) == CAME[:1]
    edit_thread(actor=organizer, thread=thread, question=thread.question, guidance=thread.guidance, themes=["C5", "C9"])
    assert [each["code"] for each in theme_rows(consultation)] == ["C5", "C9"]
    assert theme_rows(consultation)[0] == CAME[0]


def test_a_question_takes_themes_that_are_offered_and_keeps_those_that_it_has(
    themes, consultation, organizer, thread, curator
):
    words = {"actor": organizer, "thread": thread, "question": thread.question, "guidance": thread.guidance}
    edit_thread(**words, themes=["C5", "C9", "C5"])
    thread.refresh_from_db()
    assert thread.themes == ["C5", "C9"]
    assert set(ThreadTheme.objects.filter(thread=thread).values_list("theme", flat=True)) == {"C5", "C9"}
    kinds = BackgroundTask.objects.filter(task__endswith="index_thread").values_list("task", flat=True)
    assert sorted(kinds) == ["contributions.index_thread", "documents.index_thread"]
    actions.retire(actor=curator, theme=Theme.objects.get(code="C9"))
    edit_thread(**words, themes=["C9", "C2"])
    for wrong in (["nowhere"], ["C9", "C10", "nowhere"], [f"C{n}" for n in range(1, 12)]):
        with pytest.raises(InvalidInput) as refused:
            edit_thread(**words, themes=wrong)
        assert refused.value.field == "themes"
    edit_thread(**words)  # a bundle without themes changes none
    thread.refresh_from_db()
    assert thread.themes == ["C9", "C2"]


def test_a_new_question_has_its_themes_at_once(themes, organizer):
    draft = world.consultation("a-draft", stage="draft", threads=0)
    someone = world.grant(world.person("Ines"), draft, "organizer")
    made = add_thread(actor=someone, consultation=draft, question=world.six("Why?"), themes=["C5"])
    assert made.themes == ["C5"] and ThreadTheme.objects.filter(thread=made, theme="C5").exists()
