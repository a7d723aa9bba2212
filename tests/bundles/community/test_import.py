"""An import adds entries under their numbers and never changes one; what cannot come in leaves no trace."""

import pytest

from plenara.bundles.actions import community
from plenara.bundles.actions.bundle import import_bundle
from plenara.bundles.actions.community import import_community
from plenara.bundles.validation.errors import BadBundle
from plenara.core.cache_tags import revision, withdrawn_from
from plenara.core.models import AuditEntry
from plenara.directory.actions.entries import cache_tag_of
from plenara.directory.models import Counter, Listing
from plenara.events.models import Event, EventMark, Occurrence
from plenara.themes.models import Theme
from tests.bundles import bundles
from tests.bundles.community.making import DAYS, ORGANIZATION, published
from tests.bundles.community.test_checking import THEME, row

pytestmark = pytest.mark.django_db


def test_another_entry_under_a_number_is_said_and_nothing_comes_in(bundle):
    published("organization", {**ORGANIZATION, "themes": []})
    path = bundle(organizations=[row(), row(2)], events=[row(details=DAYS)])
    with pytest.raises(BadBundle) as refused:
        import_community(path)
    (error,) = refused.value.lines()
    assert error.startswith("organizations.jsonl, line 1, number: 1 is already the number of another")
    assert (Listing.objects.count(), Event.objects.count()) == (1, 0)


def test_what_is_here_stays_and_what_is_new_comes_in_beside_it(bundle, write_out):
    published("organization", {**ORGANIZATION, "themes": []})
    path = write_out()
    with (path / "organizations.jsonl").open("a") as file:
        file.write('{"number": 9, "status": "published", "published_at": "2026-01-01T00:00:00Z", "group": "other",')
        file.write('"name": {"en": "Nine"}}\n')
    (path / "manifest-sha256.txt").unlink()
    (path / "community.json").write_text('{"format": "plenara-community/1"}')
    _checked, outcome = import_community(path)
    assert outcome.made["organization"] == 1
    assert list(Listing.objects.order_by("number").values_list("number", flat=True)) == [1, 9]
    assert Counter.objects.get(kind="organization").last == 9


def test_rows_stand_in_any_order(bundle):
    import_community(bundle(organizations=[row(3), row(2, status="merged", merged_into=3), row(1)]))
    assert Listing.objects.get(number=2).merged_into.number == 3


def test_an_interruption_leaves_nothing(bundle, monkeypatch):
    def stop(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(community, "show_new", stop)
    path = bundle(organizations=[row()], events=[row(details=DAYS)], themes=[THEME])
    with pytest.raises(KeyboardInterrupt):
        import_community(path)
    for model in (Listing, Event, Theme, Counter):
        assert not model.objects.exists(), model
    assert not AuditEntry.objects.filter(verb="community.imported").exists()
    monkeypatch.undo()
    import_community(path)
    assert Event.objects.get().number == 1


def test_a_file_that_changes_while_it_is_read_is_refused(bundle, monkeypatch):
    path = bundle(organizations=[row()])

    def change(*_arguments):
        (path / "organizations.jsonl").write_text((path / "organizations.jsonl").read_text() + "\n")
        return {"organization": set(), "person": set(), "project": set(), "event": set()}

    monkeypatch.setattr(community, "_existing_numbers", change)
    with pytest.raises(BadBundle, match="changed while it was read"):
        import_community(path)
    assert not Listing.objects.exists()


def test_pages_become_stale_and_nothing_is_withheld(bundle):
    import_community(bundle(organizations=[row()], events=[row(details=DAYS)], themes=[THEME]))
    for cache_tag in ("directory", "events", "themes"):
        assert (revision(cache_tag), revision(withdrawn_from(cache_tag))) == (1, 0), cache_tag
    assert cache_tag_of("event") == "events"


def test_a_theme_that_nobody_edited_here_takes_the_words_of_the_bundle(bundle):
    Theme.objects.create(code="C1", labels={"en": "As installed"}, stamp=1)
    _checked, outcome = import_community(bundle(themes=[THEME]))
    assert (outcome.themes, outcome.kept) == (1, [])
    assert Theme.objects.get().labels == THEME["label"]


def test_a_theme_that_was_edited_here_stays_and_is_named(bundle):
    Theme.objects.create(code="C1", labels={"en": "As we say it"}, stamp=2)
    path = bundle(themes=[THEME, {**THEME, "code": "C2", "broader": "C1"}])
    _checked, outcome = import_community(path)
    assert (outcome.themes, outcome.kept) == (1, ["C1"])
    assert Theme.objects.get(code="C1").labels == {"en": "As we say it"}
    assert Theme.objects.get(code="C2").broader.code == "C1"


def test_words_of_a_bundle_are_not_changed_by_another_one(bundle):
    import_community(bundle(themes=[THEME]))
    _checked, outcome = import_community(bundle(themes=[{**THEME, "label": {"en": "Other"}}]))
    assert outcome.kept == ["C1"]


def test_texts_are_cleaned_as_any_that_is_sent_here(bundle):
    import_community(bundle(organizations=[row(name={"en": " Forum\u202e of  wells "})]))
    assert Listing.objects.get().details["name"] == {"en": "Forum of wells"}


def test_markup_in_a_row_is_words(bundle, client):
    import_community(bundle(organizations=[row(name={"en": "<script>alert(1)</script>"}, description=None)]))
    assert Listing.objects.get().details["name"]["en"] == "<script>alert(1)</script>"


def test_a_date_that_is_cancelled_is_cancelled_whatever_else_is_said_of_it(bundle):
    week = {**DAYS, "dates": [{**DAYS["dates"][0], "cancelled": True}]}
    path = bundle(events=[row(details=week), row(2, details=DAYS, cancelled=True), row(3, details=DAYS)])
    import_community(path)
    cancelled = Occurrence.objects.filter(cancelled_at__isnull=False)
    assert list(cancelled.order_by("event__number").values_list("event__number", flat=True)) == [1, 2]
    _checked, outcome = import_community(path)
    assert outcome.is_nothing


def test_an_event_is_shown_with_the_consultation_that_comes_after_it(bundle, tmp_path):
    import_community(bundle(events=[row(details=DAYS, prepares="village-water")]))
    assert Event.objects.get().prepares is None
    import_bundle(bundles.write(tmp_path / "consultation"))
    assert Event.objects.get().prepares.slug == "village-water"
    assert EventMark.objects.filter(what="consultation", value="village-water").exists()
