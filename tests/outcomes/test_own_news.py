"""An outcome that takes a contribution up is new on its author's page."""

import datetime

import pytest

from plenara.core.tasks import run_all
from plenara.site.queries import overviews

pytestmark = pytest.mark.django_db


def test_a_version_that_takes_a_contribution_up_is_new_since_a_visit_before_it(version, edition, client):
    run_all()  # the traces of a version are written after it is published
    minted = version.edition.minted_at
    (new,) = overviews.news_after(edition.contribution.author, minted - datetime.timedelta(minutes=1))
    assert new.words.startswith(f"Your contribution {edition.number} (")
    assert client.get(new.url, follow=True).status_code == 200
    assert overviews.news_after(edition.contribution.author, minted) == []
