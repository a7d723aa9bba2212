"""Several at once, in threads of their own: a file is taken once, and a form adds one term."""

import pytest

from plenara.accounts.models import Person
from plenara.core.models import AuditEntry
from plenara.core.refusals import AlreadyDone
from plenara.documents.actions import glossary
from plenara.documents.actions.glossary import TermChanged, Words
from plenara.documents.exchange.actions import incoming_files, translation_resources
from plenara.documents.models import IncomingFile, MemoryUnit, ParagraphText, Term
from tests.consultations.test_at_once import at_once, refused
from tests.documents.exchange import making

pytestmark = pytest.mark.django_db(transaction=True)


def again(person):
    return Person.objects.get(pk=person.pk)


def test_one_file_taken_by_five_clicks_is_taken_once(translator, document, statement):
    data = making.translated_xliff(making.away(document), {"*": "وصلت الوثائق متأخرة."})
    pk = making.kept(translator, document, data).pk
    click = lambda: incoming_files.take_rendition(actor=again(translator), file=IncomingFile.objects.get(pk=pk))  # noqa: E731
    results = at_once(*[click] * 5)
    assert [type(each) for each in refused(results)] == [AlreadyDone] * 4
    assert ParagraphText.objects.filter(language="ar").count() == 1
    assert AuditEntry.objects.filter(verb="document.rendition_returned").count() == 1


def test_two_files_of_the_same_pairs_bring_each_pair_once(rapporteur, consultation):
    rows = [("en", "fr", f"Source {number}", f"Cible {number}") for number in range(40)]
    known = {"actor": rapporteur, "consultation": consultation, "what": "memory", "name": "a.tmx", "rows": rows}
    files = [incoming_files.store_file(**known).pk for _ in range(3)]

    def take(pk):
        return lambda: translation_resources.take_memory(actor=again(rapporteur), file=IncomingFile.objects.get(pk=pk))

    results = at_once(*[take(pk) for pk in files])
    assert sorted(len(each.added) for each in results) == [0, 0, 40]
    assert MemoryUnit.objects.count() == 40


def test_a_form_that_is_sent_five_times_at_once_adds_one_term(rapporteur, consultation):
    def add():
        return glossary.add_term(
            actor=again(rapporteur), consultation=consultation, words={"en": Words("hub")}, key="one-form"
        )

    assert refused(at_once(*[add] * 5)) == []
    assert Term.objects.count() == 1


def test_of_many_who_change_one_word_one_is_first_and_the_others_hear_it(rapporteur, consultation):
    term = glossary.add_term(actor=rapporteur, consultation=consultation, words={"en": Words("hub")})
    was = {"en": Words("hub").stamp}

    def edit(word):
        return lambda: glossary.edit_term(
            actor=again(rapporteur), term=Term.objects.get(pk=term.pk), words={"en": Words(word)}, was=was
        )

    results = at_once(*[edit(f"word {number}") for number in range(5)])
    assert [type(each) for each in refused(results)] == [TermChanged] * 4
