"""Keeping the list: adding, editing and retiring themes, what is refused, and what the first list has."""

import threading

import pytest
from django.db import connection

from plenara.consultations.community import community
from plenara.core.cache_tags import revision
from plenara.core.languages import CODES
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone, InvalidInput, NotPermitted
from plenara.themes import actions, queries
from plenara.themes.models import CACHE_TAG, Theme
from tests import world

pytestmark = pytest.mark.django_db


def theme(code):
    return Theme.objects.get(code=code)


def test_the_first_list_has_the_action_lines_with_the_parts_of_c7_in_six_languages(themes):
    codes = [each.code for each in queries.offered()]
    parts = ["government", "business", "learning", "health", "employment", "environment", "agriculture", "science"]
    assert codes == [
        *(f"C{n}" for n in range(1, 8)), *(f"C7-e-{part}" for part in parts), *(f"C{n}" for n in range(8, 12))
    ]  # fmt: skip
    for each in Theme.objects.all():
        assert sorted(each.labels) == sorted(each.definition) == list(CODES), each.code
        assert "en" not in each.own_labels  # the English wording is the Summit's own
        assert set(each.own_labels) <= set(CODES)


def test_it_is_put_in_once_and_never_over_what_was_changed_since(themes, curator):
    actions.edit(actor=curator, theme=theme("C9"), labels={"en": "The press"})
    actions.retire(actor=curator, theme=theme("C10"))
    before = revision(CACHE_TAG)
    assert actions.install_wsis() == 0
    assert theme("C9").labels == {"en": "The press"} and theme("C10").is_retired
    assert revision(CACHE_TAG) == before


def test_a_theme_is_added_at_the_end_of_those_beside_it_and_pages_become_stale(themes, curator):
    before = revision(CACHE_TAG)
    made = actions.add(actor=curator, code="C7-e-sport", labels={"en": "E-sport"}, broader="C7")
    assert [each.code for each in queries.offered()][15] == "C7-e-sport"
    assert (made.vocabulary, revision(CACHE_TAG)) == ("own", before + 1)
    assert AuditEntry.objects.filter(verb="theme.added", actor_id=curator.pk).count() == 1


def test_a_double_click_adds_one(themes, curator):
    for _ in range(2):
        actions.add(actor=curator, code="X1", labels={"en": "Space"})
    assert Theme.objects.filter(code="X1").count() == 1
    assert AuditEntry.objects.filter(verb="theme.added").count() == 1


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "a b"}, "code"),
        ({"code": "é"}, "code"),
        ({"code": "a/b"}, "code"),
        ({"code": "-a"}, "code"),
        ({"code": "x" * 101}, "code"),
        ({"code": "a.ttl"}, "code"),
        ({"code": "import"}, "code"),
        ({"code": "C7"}, "code"),
        ({"code": "c7"}, "code"),  # to the search index the same
        ({"code": "C7.e.health"}, "code"),
        ({"labels": {}}, "label_en"),
        ({"labels": {"en": "  "}}, "label_en"),
        ({"labels": {"en": "…"}}, "label_en"),
        ({"labels": {"de": "Raum"}}, "label_de"),
        ({"labels": {"en": "x" * 201}}, "label_en"),
        ({"definition": {"fr": "x" * 2001}}, "definition_fr"),
        ({"alternatives": {"fr": [f"x{n}" for n in range(21)]}}, "alternatives_fr"),
        ({"broader": "nowhere"}, "broader"),
        ({"broader": "X1"}, "broader"),
        ({"related": ["nowhere"]}, "related"),
        ({"related": ["X1"]}, "related"),
        ({"broader": "C7-e-health", "related": ["C7"]}, "related"),
        ({"exact_match": ["javascript:alert(1)"]}, "exact_match"),
        ({"exact_match": ["https://"]}, "exact_match"),
        ({"exact_match": ["https://x.example/> <b"]}, "exact_match"),
        ({"vocabulary": "Größe"}, "vocabulary"),
    ],
)
def test_what_cannot_be_a_theme_is_refused_at_its_field(themes, curator, words, field):
    count = Theme.objects.count()
    with pytest.raises(InvalidInput) as refused:
        actions.add(actor=curator, **{"code": "X1", "labels": {"en": "Space"}, **words})
    assert refused.value.field == field and str(refused.value)
    assert Theme.objects.count() == count


def test_a_theme_never_stands_below_itself(themes, curator):
    actions.edit(actor=curator, theme=theme("C7"), broader="C4")
    for code in ("C7", "C7-e-health", "C4"):
        with pytest.raises(InvalidInput):
            actions.edit(actor=curator, theme=theme("C4"), broader=code)
    assert queries.with_narrower("C4")[:2] == ["C4", "C7"]


def test_related_themes_are_related_both_ways(themes, curator):
    actions.edit(actor=curator, theme=theme("C5"), related=["C10", "C6"])
    assert [each.code for each in theme("C10").related.all()] == ["C5"]
    actions.edit(actor=curator, theme=theme("C10"), related=[])
    assert [each.code for each in theme("C5").related.all()] == ["C6"]


def test_an_edit_that_changes_nothing_writes_nothing_and_the_code_stays(themes, curator):
    before = revision(CACHE_TAG)
    actions.edit(actor=curator, theme=theme("C5"), labels=theme("C5").labels, code="Z")
    assert revision(CACHE_TAG) == before and not AuditEntry.objects.filter(verb="theme.edited").exists()
    assert theme("C5").code == "C5"


def test_of_two_who_edit_at_once_the_second_hears_of_it(themes, curator):
    stamp = theme("C5").stamp
    actions.edit(actor=curator, theme=theme("C5"), stamp=stamp, labels={"en": "Trust"})
    with pytest.raises(InvalidInput) as refused:
        actions.edit(actor=curator, theme=theme("C5"), stamp=stamp, labels={"en": "Security"})
    assert refused.value.code == "stale" and theme("C5").labels == {"en": "Trust"}


def test_a_retired_theme_leads_on_however_often(themes, curator):
    actions.retire(actor=curator, theme=theme("C1"), replaced_by=theme("C2"))
    actions.retire(actor=curator, theme=theme("C2"), replaced_by=theme("C3"))
    assert (queries.successor("C1"), queries.successor("C2"), queries.successor("C3")) == ("C3", "C3", None)
    assert queries.with_narrower("C3") == ["C3", "C2", "C1"]
    assert "C1" not in [code for code, _ in queries.choices("en")]
    assert queries.known(["C1", "C3", "nowhere"]) == {"C1", "C3"}
    assert str(queries.labels(["C1"], "en")["C1"]).startswith("The role of governments")


def test_no_theme_takes_the_place_of_another_that_is_retired_or_of_itself(themes, curator):
    actions.retire(actor=curator, theme=theme("C1"), replaced_by=theme("C2"))
    for one, other in (("C3", "C1"), ("C2", "C1"), ("C4", "C4")):
        with pytest.raises(InvalidInput):
            actions.retire(actor=curator, theme=theme(one), replaced_by=theme(other))


def test_what_stands_below_a_retired_theme_is_offered_in_its_place(themes, curator):
    actions.retire(actor=curator, theme=theme("C7"))
    depths = {each.theme.code: each.depth for each in queries.tree()}
    assert depths["C7-e-health"] == 0 and "C7" not in depths


def test_a_retired_theme_can_be_offered_again_once(themes, curator):
    actions.retire(actor=curator, theme=theme("C1"), replaced_by=theme("C2"))
    actions.offer_again(actor=curator, theme=theme("C1"))
    assert not theme("C1").is_retired and theme("C1").replaced_by is None
    with pytest.raises(AlreadyDone):
        actions.offer_again(actor=curator, theme=theme("C1"))


def test_the_secretariat_alone_keeps_the_list(themes, participant, moderator, operator, outsider):
    own = world.grant(world.person("Sofia Rossi"), community(), "organizer")
    for person in (participant, moderator, operator, outsider):
        for act in (
            lambda person=person: actions.add(actor=person, code="X1", labels={"en": "Space"}),
            lambda person=person: actions.edit(actor=person, theme=theme("C1"), labels={"en": "Space"}),
            lambda person=person: actions.retire(actor=person, theme=theme("C1")),
            lambda person=person: actions.import_file(actor=person, file_id=1, digest=""),
        ):
            with pytest.raises(NotPermitted):
                act()
    actions.add(actor=own, code="X1", labels={"en": "Space"})


def test_a_form_of_a_long_list_offers_the_levels_that_fit(themes):
    assert len(queries.choices("en")) == len(queries.choices("en", most=19)) == 19
    assert len(queries.choices("en", most=18)) == 11
    assert ("C7-e-health", "\u2003E-health") in queries.choices("en")


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_make_no_circle(curator):
    actions.install_wsis()
    refused, ready = [], threading.Barrier(2)

    def edit(one, other):
        try:
            ready.wait()
            actions.edit(actor=curator, theme=theme(one), broader=other)
        except InvalidInput as no:
            refused.append(no.field)
        finally:
            connection.close()

    both = [threading.Thread(target=edit, args=pair) for pair in (("C1", "C2"), ("C2", "C1"))]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert refused == ["broader"]
