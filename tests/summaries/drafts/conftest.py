"""A period with two answered questions in two languages, and one that nobody answered."""

import pytest

from plenara.core.tasks import run_all
from plenara.summaries.drafts.actions import ask_draft
from plenara.summaries.models import Draft
from tests import world
from tests.made_once import made_once

LATE = "Documents should reach participants three weeks before each meeting begins."
LATE_TOO = "We ask that documents reach all participants three weeks before each meeting."
FRENCH = "Afficher la liste complète (documents doivent parvenir aux) trois semaines avant chaque réunion."
AGAINST = "Documents should not reach participants three weeks before each meeting begins."
COST = "Travel costs remain the main obstacle for delegations from small island states."


@pytest.fixture
@made_once
def consultation(db):
    """An open consultation with two questions."""
    return world.consultation()


@pytest.fixture
@made_once
def voices(moderator, consultation):
    """Contributions of four stakeholder groups: two agree on documents, one in French; one is about costs."""
    first, second = consultation.threads.order_by("number")[:2]
    made = []
    for group, thread, language, text in [
        ("civil_society", first, "en", f"{LATE} Nobody can read them overnight in a second language."),
        ("government", first, "en", LATE_TOO),
        ("private_sector", first, "fr", f"{FRENCH} Une traduction prend du temps."),
        ("technical_academic", second, "en", COST),
    ]:
        person = world.person(f"Person {len(made)}", stakeholder_group=group)
        made.append(world.published(person, moderator, thread, text, language))
    return made


@pytest.fixture
def drafted(rapporteur, summary):
    """A function that requests a draft, lets the worker make it, and returns it."""

    def make(most=12, **more):
        draft = ask_draft(actor=rapporteur, summary=summary, most=most, **more)
        run_all()
        return Draft.objects.get(pk=draft.pk)

    return make
