"""An action invalidates several cache tags in one order, so that two writers never wait for each other."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plenara.accounts.personal_data.erasure import ErasureChoice, erase
from plenara.contributions.models import OrganizationMark
from plenara.contributions.organizations.actions import dispute
from plenara.directory import actions
from tests import world
from tests.directory import making
from tests.directory.test_represent import named
from tests.events import making as events

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CACHE_TAG = re.compile(r"UPDATE \"core_revision\" .*\"cache_tag\" = '([^']+)'")


def cache_tags_of(act):
    """Return the cache tags that an action invalidates, in the order of their locks."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return list(
        dict.fromkeys(found[1] for each in queries.captured_queries if (found := CACHE_TAG.search(each["sql"])))
    )


@pytest.mark.parametrize("choice", ErasureChoice.values)
def test_an_erasure_takes_consultations_then_the_directory_then_the_calendar(choice, thread, elsewhere, moderator):
    world.grant(moderator, elsewhere, "moderator")
    curator, leaver = making.curator(), world.person("Noor Haddad")
    making.published(leaver, curator, "person")
    organization = making.verified(leaver, curator)
    events.published(leaver, curator)
    speaker = world.person("Speaker", capacity="organization", organization="Sahel Digital Network")
    named(leaver, organization, speaker)
    for where in (elsewhere.threads.get(number=1), thread):
        world.published(leaver, moderator, where)
        world.published(speaker, moderator, where)
    assert OrganizationMark.objects.count() == 2
    for person in (leaver, speaker):
        found = cache_tags_of(lambda person=person: erase(actor=person, choice=choice))
        assert found == sorted(found)
        assert "directory" in found
        assert ("events" in found) is (person == leaver)


def test_a_merger_takes_consultations_then_the_directory_then_the_calendar(thread, elsewhere, moderator):
    world.grant(moderator, elsewhere, "moderator")
    curator = making.curator()
    entries = [
        making.verified(world.person(f"Owner of {name}"), curator, name={"en": name}, acronym="")
        for name in ("Quartz Observatory", "Kestrel Society")
    ]
    # The source has representatives where the numbers are higher, the target where they are lower.
    for entry, where in zip(entries, (elsewhere.threads.get(number=1), thread), strict=True):
        speaker = world.person("Speaker", capacity="organization", organization=entry.details["name"]["en"])
        named(entry.owner, entry, speaker)
        edition = world.published(speaker, moderator, where)
        dispute(actor=entry.owner, edition=edition, organization=entry, text="It is not ours.", language="en")
    found = cache_tags_of(lambda: actions.merge(actor=curator, source=entries[0], target=entries[1]))
    assert found == sorted(found)
    assert [each for each in found if " gone" not in each] == [
        *sorted(f"consultation:{each.pk}" for each in (thread.consultation, elsewhere)), "directory", "events",
    ]  # fmt: skip
