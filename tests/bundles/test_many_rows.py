"""Bundles of more rows than one batch: as they came, whatever stands before what, and in the memory of a few."""

import json
import tracemalloc

import pytest

from plenara.bundles.actions import bundle as importing
from plenara.bundles.actions.bundle import import_bundle
from plenara.bundles.actions.contributions import BATCH
from plenara.bundles.queries.consultation import digests
from plenara.bundles.validation.errors import BadBundle
from plenara.bundles.validation.index import IndexedRow, Rows
from plenara.consultations.models import Consultation
from plenara.contributions.models import Contribution, Edition, Tally
from plenara.search.actions import repair
from tests.bundles.bundles import row, write

MANY = 2 * BATCH + 7


@pytest.mark.django_db
def test_replies_find_what_they_answer_before_or_after_them_and_in_other_batches(tmp_path):
    def answers(number):
        if number == 1:
            return f"r{MANY}"  # the last row of the file
        if number == BATCH:
            return f"r{BATCH + 1}"  # the first row of the next batch
        return f"r{number - 1}" if number % 5 == 0 and number != MANY else None

    rows = [row(f"r{n}", in_reply_to=answers(n), thread=1, text=f"Words number {n}.") for n in range(1, MANY + 1)]
    import_bundle(write(tmp_path / "bundle", *rows))

    keys = dict(Contribution.objects.values_list("bundle_id", "pk"))
    kept = dict(Contribution.objects.values_list("bundle_id", "in_reply_to_id"))
    parents = {f"r{n}": answers(n) for n in range(1, MANY + 1)}
    assert kept == {name: keys.get(parent) for name, parent in parents.items()}

    def top(name):
        return top(parents[name]) if parents[name] else int(name[1:])

    roots = dict(Edition.objects.values_list("contribution__bundle_id", "root"))
    assert roots == {name: top(name) for name in parents}
    assert sum(Tally.objects.values_list("count", flat=True)) == MANY
    assert repair.errors() == []


@pytest.mark.django_db
def test_rows_as_we_write_them_come_in_as_any_others_do(tmp_path):
    rows = [row(f"r{n}", text=f"Words number {n}.", title="é" if n % 2 else None) for n in range(1, 8)]
    spelt = write(tmp_path / "spelt", *rows)
    checked, _made = import_bundle(spelt)
    assert not checked.is_as_written("contributions.jsonl")
    first = digests(Consultation.objects.get())
    Consultation.objects.get().delete()

    file = spelt / "contributions.jsonl"
    said = [json.loads(line) for line in file.read_text().splitlines()]
    file.write_text("".join(json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n" for each in said))
    checked, _made = import_bundle(spelt)
    assert checked.is_as_written("contributions.jsonl")
    assert digests(Consultation.objects.get()) == first


@pytest.mark.django_db
def test_rows_as_we_write_them_are_refused_where_they_change_between_the_readings(tmp_path, monkeypatch):
    rows = [row(f"r{n}", text=f"Words number {n}.") for n in range(1, 8)]
    written = [json.dumps(each, sort_keys=True) for each in rows]
    folder = write(tmp_path / "bundle", *written)
    make = importing.make_consultation

    def change(checked):
        assert checked.is_as_written("contributions.jsonl")
        file = folder / "contributions.jsonl"
        file.write_text(file.read_text().replace("number 4", "number 9"))
        return make(checked)

    monkeypatch.setattr(importing, "make_consultation", change)
    with pytest.raises(BadBundle, match="changed while it was read"):
        import_bundle(folder)
    assert not Contribution.objects.exists()


def test_what_is_kept_of_rows_takes_no_memory_of_ours():
    rows = Rows()
    tracemalloc.start()
    try:
        for number in range(30_000):
            rows.add(f"row-{number}", IndexedRow(number, 1, "published", None, None, None))
        assert tracemalloc.get_traced_memory()[1] < 500_000
    finally:
        tracemalloc.stop()
    assert len(rows) == 30_000 and rows["row-29999"].line == 29_999


def test_an_id_is_kept_once_and_the_first_row_has_it():
    rows = Rows()
    assert rows.add("a", IndexedRow(1, 1, "published", None, None, None), (0, 2))
    assert not rows.add("a", IndexedRow(2, 1, "published", None, None, None))
    assert rows["a"].line == 1 and "b" not in rows
    assert [rows.has_revision("a", each) for each in (0, 1, 2, None)] == [True, False, True, False]
