"""The glossary's actions: adding, changing, deleting a term; permissions; changes by two people at once."""

import pytest

from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from plenara.documents.actions import glossary
from plenara.documents.actions.glossary import MOST_TERMS, TermChanged, Words, words_of, words_typed
from plenara.documents.models import Term
from tests.documents.making import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def term(rapporteur, consultation):
    return glossary.add_term(
        actor=rapporteur,
        consultation=consultation,
        words={"en": Words("stakeholder", ("interested party",)), "ar": Words("صاحب مصلحة")},
        note="Anybody concerned.",
    )


def was(term):
    return {code: words_of(term, code).stamp for code in ("ar", "en", "es", "fr", "ru", "zh")}


def edited(actor, term, words, **more):
    return glossary.edit_term(actor=actor, term=term, words=words, **{"was": was(term), **more})


def test_a_term_is_added_with_its_words_in_several_languages(term, rapporteur):
    assert term.words == {"en": "stakeholder", "ar": "صاحب مصلحة"}
    assert term.also == {"en": ["interested party"]}
    assert (term.note, term.by) == ("Anybody concerned.", rapporteur)
    assert AuditEntry.objects.get(verb="glossary.term_added").about_id == str(term.pk)


def test_a_form_that_is_sent_twice_adds_once(organizer, consultation):
    for _ in range(2):
        glossary.add_term(actor=organizer, consultation=consultation, words={"en": Words("hub")}, key="a-form")
    assert Term.objects.count() == 1


def test_typed_words_are_cleaned_and_separated():
    assert words_typed("  hub \n site ", "node\n\nhub site|  node |\x00point") == Words("hub site", ("node", "point"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"en": Words("x" * 121)}, "too_long"),
        ({"en": Words("x", ("y" * 121,))}, "too_long"),
        ({"en": Words("x", tuple(map(str, range(11))))}, "too_many"),
        ({"en": Words("", ("y",))}, "no_word"),
        ({"en": Words("a|b")}, "bar"),
        ({"en": Words()}, "empty"),
    ],
)
def test_words_that_do_not_fit_are_refused_with_a_sentence(words, code, rapporteur, consultation):
    with pytest.raises(InvalidInput) as error:
        glossary.add_term(actor=rapporteur, consultation=consultation, words=words)
    assert error.value.code == code
    assert not Term.objects.exists()


def test_a_note_has_a_length_and_a_glossary_an_end(rapporteur, consultation):
    with pytest.raises(InvalidInput):
        glossary.add_term(actor=rapporteur, consultation=consultation, words={"en": Words("x")}, note="y" * 1_001)
    Term.objects.bulk_create(Term(consultation=consultation, words={"en": f"w{n}"}) for n in range(MOST_TERMS))
    with pytest.raises(InvalidInput) as error:
        glossary.add_term(actor=rapporteur, consultation=consultation, words={"en": Words("one more")})
    assert error.value.code == "too_many"


def test_a_translator_changes_the_words_of_their_own_language_alone(term, translator):
    edited(translator, term, {"ar": Words("ذو مصلحة")})
    assert fresh(term).words["ar"] == "ذو مصلحة"
    for words in ({"en": Words("party")}, {"fr": Words("partie prenante")}):
        with pytest.raises(NotPermitted):
            edited(translator, fresh(term), words)
    with pytest.raises(NotPermitted):
        edited(translator, fresh(term), {}, note="Mine", note_was=glossary.note_stamp(term))
    assert fresh(term).words == {"en": "stakeholder", "ar": "ذو مصلحة"}
    assert fresh(term).note == "Anybody concerned."


def test_a_translator_adds_and_deletes_no_term(term, translator, consultation):
    with pytest.raises(NotPermitted):
        glossary.add_term(actor=translator, consultation=consultation, words={"ar": Words("كلمة")})
    with pytest.raises(NotPermitted):
        glossary.delete_term(actor=translator, term=term, was=glossary.stamp(term))


def test_two_languages_at_once_are_both_saved(term, translator, organizer):
    opened = was(term)
    edited(translator, term, {"ar": Words("ذو مصلحة")})
    edited(organizer, term, {"ar": words_of(term, "ar"), "fr": Words("partie prenante")}, was=opened)
    assert fresh(term).words == {"en": "stakeholder", "ar": "ذو مصلحة", "fr": "partie prenante"}


def test_of_two_who_change_the_same_words_the_second_hears_it(term, translator, organizer):
    opened = was(term)
    edited(translator, term, {"ar": Words("ذو مصلحة")})
    with pytest.raises(TermChanged) as error:
        edited(organizer, term, {"ar": Words("طرف معني"), "fr": Words("partie prenante")}, was=opened)
    assert error.value.languages == ["ar"]
    assert fresh(term).words == {"en": "stakeholder", "ar": "ذو مصلحة"}
    edited(organizer, term, {"ar": Words("طرف معني")}, was=was(fresh(term)))
    assert fresh(term).words["ar"] == "طرف معني"


def test_the_last_word_of_a_term_cannot_be_taken_away(term, rapporteur):
    edited(rapporteur, term, {"ar": Words()})
    with pytest.raises(InvalidInput):
        edited(rapporteur, fresh(term), {"en": Words()})
    assert fresh(term).words == {"en": "stakeholder"}


def test_saving_what_was_there_records_nothing(term, rapporteur):
    before = AuditEntry.objects.count()
    edited(rapporteur, term, {"en": words_of(term, "en")}, note=term.note, note_was=glossary.note_stamp(term))
    assert AuditEntry.objects.count() == before


def test_a_term_is_deleted_as_it_was_shown_and_a_second_time_nothing_happens(term, rapporteur, organizer):
    seen = glossary.stamp(term)
    edited(organizer, term, {"fr": Words("partie prenante")})
    with pytest.raises(TermChanged):
        glossary.delete_term(actor=rapporteur, term=term, was=seen)
    glossary.delete_term(actor=rapporteur, term=term, was=glossary.stamp(fresh(term)))
    glossary.delete_term(actor=rapporteur, term=term, was=seen)
    assert not Term.objects.exists()
    assert AuditEntry.objects.filter(verb="glossary.term_deleted").count() == 1


def test_a_search_finds_words_of_any_language_and_notes(term, rapporteur, consultation):
    glossary.add_term(actor=rapporteur, consultation=consultation, words={"ru": Words("Узел")})
    everything = list(Term.objects.all())
    for query in ("STAKE", "interested", "مصلحة", "concerned"):
        assert glossary.found(everything, query) == [term]
    assert glossary.found(everything, "узел") == [everything[1]]
    assert glossary.found(everything, " ") == everything
    assert glossary.found(everything, "zebra") == []


def test_files_that_nobody_confirmed_go_after_seven_days(rapporteur, consultation):
    import datetime

    from plenara.core import clock
    from plenara.documents import personal_data
    from plenara.documents.exchange.actions import incoming_files
    from plenara.documents.models import IncomingFile

    incoming_files.store_file(actor=rapporteur, consultation=consultation, what="glossary", name="a.csv", rows=[])
    assert personal_data.delete_unconfirmed_files() == 0
    with clock.at(clock.now() + datetime.timedelta(days=8)):
        assert personal_data.delete_unconfirmed_files() == 1
    assert not IncomingFile.objects.exists()
