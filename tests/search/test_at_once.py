"""The index is compared and rebuilt while others publish, withdraw and erase: nothing deleted comes back."""

import pytest

from plenara.accounts.personal_data.erasure import ErasureChoice, erase
from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition
from plenara.search.actions import repair
from plenara.search.models import Entry
from tests import world
from tests.accounts.test_erase_at_once import at_once


@pytest.mark.django_db(transaction=True)
def test_a_comparison_at_the_same_moment_brings_back_no_name_and_no_words(moderator, thread):
    for number in range(4):
        leaver, other = world.person(f"Ultramarine {number}"), world.person("Daniel Okafor")
        world.published(leaver, moderator, thread, f"Words {number} that stay.")
        goes = world.published(other, moderator, thread, f"Vermilion {number}.")
        waits = world.submitted(other, thread, f"New words {number}.")
        Entry.objects.update(digest="of another analyser")

        raised = at_once(
            repair.repair_index,
            lambda leaver=leaver: erase(actor=leaver, choice=ErasureChoice.PARTICIPANT),
            lambda goes=goes, other=other: withdraw(actor=other, contribution=goes.contribution),
            repair.rebuild,
            lambda waits=waits: world.decided(waits, moderator),
            repair.repair_index,
        )

        assert raised == [None] * 6
        assert not Entry.objects.filter(filters__contains="ultramarine").exists()
        assert not Entry.objects.filter(words__contains="vermilion").exists()
        assert repair.errors() == []
    assert Entry.objects.count() == Edition.objects.filter(status="published").count() == 8
