"""Who signed a text, as the record says it: its pages, its other forms, a bundle."""

import gzip

import pytest

from plenara.contributions.models import Signatory
from plenara.moderation.actions import remove, restore
from tests import world
from tests.contributions.test_sign import LENA, SAMIR, published_with

pytestmark = pytest.mark.django_db


@pytest.mark.once
def test_the_public_page_folds_more_than_five_signatures(participant, thread, moderator, client):
    people = [{**LENA, "name": f"Person {n}"} for n in range(7)]
    edition = published_with(participant, thread, moderator, *people)
    for path in (f"contributions/{edition.number}/", "threads/1/"):
        page = client.get(f"/en/consultations/internet-governance/{path}").content.decode()
        assert "Also signed by 7 people" in page
        assert page.index("Person 4") < page.index("All signatories") < page.index("Person 5")


@pytest.mark.once
def test_a_thread_takes_the_same_queries_however_many_signed(
    participant, author, thread, moderator, client, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    path = "/en/consultations/internet-governance/threads/1/"
    world.published(author, moderator, thread)
    client.get(path)
    with CaptureQueriesContext(connection) as before:
        client.get(path)
    published_with(participant, thread, moderator, LENA, SAMIR)
    with django_assert_num_queries(len(before)):
        client.get(path)


LISTS = "/en/consultations/internet-governance/threads/1/"


@pytest.mark.once
def test_every_other_form_of_the_record_names_who_signed(participant, thread, moderator, client):
    published_with(participant, thread, moderator, LENA, {**SAMIR, "name": "=cmd|x <b>"})
    for form in ("raw.txt", "data.json", "data.csv", "feed.atom", "mbox.gz"):
        body = b"".join(client.get(f"{LISTS}{form}"))
        body = (gzip.decompress(body) if form.endswith(".gz") else body).decode()
        assert "Lena Brandt" in body, form
        assert "Ministry of Water" in body, form
    data = b"".join(client.get(f"{LISTS}data.json")).decode()
    assert '"stakeholder_group":"government"' in data
    assert "<b>" not in b"".join(client.get(f"{LISTS}feed.atom")).decode()


def test_signatures_survive_a_bundle_a_removal_and_a_restoration_brought_back(
    participant, thread, moderator, tmp_path, settings
):
    from plenara.bundles.actions.bundle import import_bundle
    from plenara.bundles.queries.consultation import export
    from plenara.bundles.targets import written
    from plenara.consultations.models import Consultation
    from plenara.contributions.models import Edition
    from tests.bundles.bundles import contents

    settings.DOCUMENTS = tmp_path / "documents"
    edition = published_with(participant, thread, moderator, LENA, SAMIR)
    where = edition.consultation

    def out(consultation, name):
        with written(tmp_path / name) as target:
            export(consultation, target)
        return tmp_path / name

    first = out(where, "first")
    Signatory.objects.all().delete()
    Edition.objects.all().delete()
    where.delete()
    import_bundle(first)
    again = Consultation.objects.get(slug="internet-governance")
    assert contents(out(again, "second")) == contents(first)
    there = world.grant(moderator, again, "moderator")
    pk = again.contributions.get().pk
    remove(actor=there, kind="contribution", pk=pk, reason="R3")
    assert b"Lena" not in b"".join(contents(out(again, "gone")).values())
    restore(actor=there, kind="contribution", pk=pk)
    assert b"Lena Brandt" in b"".join(contents(out(again, "back")).values())
