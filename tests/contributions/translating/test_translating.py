"""A contribution in another language, beside the original: by a person, or by a machine that says so."""

import pytest

from plenara.accounts.actions import erase as erase_account
from plenara.accounts.models import Person
from plenara.accounts.personal_data.erasure import ErasureChoice
from plenara.contributions.actions import revise, translations, withdraw
from plenara.contributions.models import Translation
from plenara.contributions.queries.translations import offered_translation, original_of
from plenara.core.models import BackgroundTask
from plenara.core.refusals import ActionRefused, InvalidInput, NotPermitted
from plenara.core.tasks import run_all
from plenara.moderation.actions import remove, restore
from tests import machines, world

pytestmark = pytest.mark.django_db

ARABIC = "ينبغي أن تصلنا الوثائق قبل الاجتماع بثلاثة أسابيع."


@pytest.fixture
def machine(settings):
    with machines.server() as it:
        settings.TRANSLATION = it.translator()
        yield it


@pytest.fixture
def original(consultation, edition):
    return original_of(consultation, edition.text_id)


def saved(actor, original, content=ARABIC, language="ar", was=""):
    return translations.save_translation(actor=actor, original=original, language=language, content=content, was=was)


def in_arabic(edition):
    return offered_translation(edition, list(edition.contribution.editions.order_by("revision")), "ar")


def test_a_translator_translates_what_is_published_and_readers_see_it(translator, original, edition):
    saved(translator, original)
    found = in_arabic(edition)
    assert (found.translation.content, found.is_outdated) == (ARABIC, False)
    assert (found.translation.maker, found.translation.is_machine) == ("Huda Salem", False)


def test_only_a_person_who_works_in_the_language_translates(translator, rapporteur, moderator, participant, original):
    for person in (rapporteur, moderator):
        saved(person, original, f"{ARABIC} {person.pk}", was=translations.stamp(Translation.objects.first()))
    with pytest.raises(NotPermitted):
        saved(participant, original)
    with pytest.raises(NotPermitted):
        saved(translator, original, "En français.", language="fr")
    with pytest.raises(NotPermitted):
        saved(moderator, original, "In English.", language="en")  # its own language


def test_what_is_pending_is_translated_by_who_moderates_and_shown_once_published(
    moderator, translator, pending, consultation
):
    waiting = original_of(consultation, pending.versions.get().text_id)
    with pytest.raises(NotPermitted):
        saved(translator, waiting)
    assert saved(moderator, waiting).is_public is False
    edition = world.decided(pending, moderator).editions.get()
    assert in_arabic(edition).translation.content == ARABIC


def test_of_two_who_translate_at_once_the_second_hears_it(translator, moderator, original):
    first = saved(translator, original)
    with pytest.raises(ActionRefused) as refused:
        saved(moderator, original, "Other words.")
    assert refused.value.code == "changed"
    saved(moderator, original, "Other words.", was=translations.stamp(first))
    assert Translation.objects.get().content == "Other words."


@pytest.mark.parametrize("content", ["", " \n", "x" * 200_001])
def test_a_translation_says_something_of_bounded_length(content, translator, original):
    with pytest.raises(InvalidInput):
        saved(translator, original, content)


def test_a_revision_leaves_the_translation_of_the_earlier_text_marked(translator, original, edition, author, moderator):
    saved(translator, original)
    version = revise(actor=author, contribution=edition.contribution, text="Other words.", language="en")
    world.decided(version.contribution, moderator)
    now = edition.contribution.editions.get(in_force=True)
    assert in_arabic(now).is_outdated
    assert not in_arabic(edition.contribution.editions.get(revision=0)).is_outdated
    saved(translator, original_of(edition.consultation, now.text_id), "كلمات أخرى.")
    assert not in_arabic(now).is_outdated


def test_the_machine_is_asked_by_a_task_and_says_what_it_is(moderator, original, edition, machine):
    for _click in range(2):
        translations.ask_machine(actor=moderator, original=original, language="ar")
    assert BackgroundTask.objects.filter(task="contributions.translate").count() == 1
    assert not machine.requests
    run_all()
    made = Translation.objects.get()
    assert made.is_machine
    assert made.maker
    assert made.content.startswith("[ar] Documents should reach us")
    assert in_arabic(edition) is None  # no organizer has let readers see it


def test_readers_see_machine_translations_once_an_organizer_says_so(
    organizer, moderator, consultation, original, edition, machine
):
    translations.ask_machine(actor=moderator, original=original, language="ar")
    run_all()
    with pytest.raises(NotPermitted):
        translations.show_machine_translations(actor=moderator, consultation=consultation, shows=True)
    translations.show_machine_translations(actor=organizer, consultation=consultation, shows=True)
    assert in_arabic(edition).translation.is_machine
    run_all()
    assert set(Translation.objects.values_list("language", flat=True)) == {"ar", "es", "fr", "ru", "zh"}
    translations.show_machine_translations(actor=organizer, consultation=consultation, shows=False)
    assert in_arabic(edition) is None


def test_what_is_published_afterwards_is_translated_into_the_other_five(
    organizer, consultation, author, moderator, thread, machine
):
    translations.show_machine_translations(actor=organizer, consultation=consultation, shows=True)
    edition = world.published(author, moderator, thread, "Quelque chose de nouveau.", "fr")
    run_all()
    made = Translation.objects.filter(text=edition.text, is_public=True)
    assert set(made.values_list("language", flat=True)) == {"ar", "en", "es", "ru", "zh"}


def test_a_persons_translation_is_never_replaced_by_a_machines(organizer, translator, consultation, original, machine):
    saved(translator, original)
    translations.ask_machine(actor=translator, original=original, language="ar")
    translations.show_machine_translations(actor=organizer, consultation=consultation, shows=True)
    run_all()
    assert Translation.objects.get(language="ar").content == ARABIC


def test_what_was_withdrawn_while_the_machine_worked_is_not_kept(author, moderator, original, edition, machine):
    translations.ask_machine(actor=moderator, original=original, language="ar")
    withdraw(actor=author, contribution=edition.contribution)
    run_all()
    assert not Translation.objects.exists()


@pytest.mark.parametrize("way", ["denied", "html", "list"])
def test_a_translation_that_failed_is_marked_and_can_be_asked_for_again(way, moderator, original, machine):
    machine.way = way
    translations.ask_machine(actor=moderator, original=original, language="ar")
    run_all()
    assert BackgroundTask.objects.get(task="contributions.translate").failed_at
    assert not Translation.objects.exists()
    machine.way = ""
    translations.ask_machine(actor=moderator, original=original, language="ar")
    run_all()
    assert Translation.objects.get().is_machine


def test_without_a_machine_nothing_promises_one(moderator, organizer, original, consultation):
    with pytest.raises(InvalidInput):
        translations.ask_machine(actor=moderator, original=original, language="ar")
    with pytest.raises(InvalidInput):
        translations.show_machine_translations(actor=organizer, consultation=consultation, shows=True)


def test_a_text_in_none_of_the_six_languages_is_for_persons(moderator, consultation, edition, machine):
    type(edition).objects.update(language="pt")
    original = original_of(consultation, edition.text_id)
    with pytest.raises(InvalidInput):
        translations.ask_machine(actor=moderator, original=original, language="ar")
    assert saved(moderator, original).is_public


def test_what_is_erased_is_erased_in_every_language(author, translator, original):
    saved(translator, original)
    erase_account(actor=Person.objects.get(pk=author.pk), choice=ErasureChoice.TOMBSTONES)
    assert not Translation.objects.exists()


def test_a_translator_who_leaves_takes_the_name_along_and_leaves_the_words(translator, original, edition):
    saved(translator, original)
    erase_account(actor=Person.objects.get(pk=translator.pk), choice=ErasureChoice.PARTICIPANT)
    assert in_arabic(edition).translation.maker == ""
    assert in_arabic(edition).translation.content == ARABIC


def test_what_was_withdrawn_since_a_page_was_opened_is_no_longer_translated(author, translator, original, edition):
    withdraw(actor=author, contribution=edition.contribution)
    with pytest.raises(InvalidInput):
        saved(translator, original)
    assert not Translation.objects.exists()


def test_what_was_published_since_a_page_was_opened_is_read_at_once(moderator, pending, consultation):
    opened = original_of(consultation, pending.versions.get().text_id)
    edition = world.decided(pending, moderator).editions.get()
    saved(moderator, opened)
    assert in_arabic(edition).translation.content == ARABIC


def test_what_comes_back_after_a_removal_comes_without_what_a_machine_made_if_that_is_hidden(
    organizer, moderator, consultation, original, edition, machine
):
    translations.ask_machine(actor=moderator, original=original, language="ar")
    translations.show_machine_translations(actor=organizer, consultation=consultation, shows=True)
    run_all()
    about = {"kind": "contribution", "pk": edition.contribution_id}
    remove(actor=moderator, **about, reason="R4")
    translations.show_machine_translations(actor=organizer, consultation=consultation, shows=False)
    restore(actor=moderator, **about)
    edition.refresh_from_db()
    assert edition.text_id
    assert in_arabic(edition) is None


def test_a_translation_is_taken_away(translator, original, edition):
    saved(translator, original)
    for _click in range(2):
        translations.take_translation_away(actor=translator, original=original, language="ar")
    assert in_arabic(edition) is None
