"""What the tests of the archive share."""

import pytest

from tests.made_once import made_once


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path_factory):
    """A data folder of one's own: exports of another test are none of this one's."""
    settings.DATA = tmp_path_factory.mktemp("data")
    settings.DOCUMENTS = settings.DATA / "documents"


@pytest.fixture
def exported():
    """The files of the record as it is, made as the task makes them. Ask for it after what is to be in them."""
    from tests.archive.answers import make_exports

    make_exports()
    return make_exports


@pytest.fixture
def hostile(thread):
    """Every hostile text in the record, by somebody of that name: the text as kept, the name, the edition."""
    from plenara.contributions.models import Byline, Edition, Text
    from plenara.core.text import clean, clean_line
    from tests import world
    from tests.hostile import EVERYTHING

    world.many(thread, len(EVERYTHING), answers=False)
    made = []
    for sent, edition in zip(EVERYTHING, Edition.objects.order_by("number"), strict=True):
        text, name = clean(f"Word.\n\nFrom here on\n>From there\n{sent}"), clean_line(sent)[:110].strip() or "x"
        edition.title, edition.text = name, Text.of(text)
        edition.byline = Byline.objects.create(
            name=name, stakeholder_group="civil_society", capacity="organization", organization=name
        )
        edition.save()
        made.append((text, name, edition))
    return made


@pytest.fixture
@made_once
def reply(edition, participant, moderator, thread):
    """A published reply to the contribution, in French, with a title."""
    from tests import world

    return world.published(
        participant,
        moderator,
        thread,
        "D’accord avec *cela*.\n\n- un délai de trois semaines\n- une langue que nous lisons",
        "fr",
        in_reply_to=edition.contribution,
        title="Un délai",
    )


@pytest.fixture
@made_once
def summary(rapporteur, organizer, translator, edition, thread, participant, moderator):
    """A published summary in English and Arabic."""
    from tests import world
    from tests.archive.harvesting import in_another_language
    from tests.summaries import making

    world.published(participant, moderator, thread.consultation.threads.get(number=2), "No question is left empty.")
    it = making.summary(rapporteur, edition.consultation)
    making.statement_of(rapporteur, it, edition)
    published = making.published(rapporteur, organizer, it)
    in_another_language(translator, published, rapporteur, "ar")
    return published
