"""What comes in a bundle is found with the import, and what fails to come in is not."""

import pytest

from plenara.bundles.actions.bundle import import_bundle
from plenara.contributions.models import Edition, Paper
from plenara.core.tasks import run_all
from plenara.search.actions import repair
from plenara.search.models import Entry
from plenara.search.queries.results import Asked, newest
from plenara.search.query import parse
from tests.bundles.bundles import AUTHOR, row, write

pytestmark = pytest.mark.django_db


def found(text, kind="contribution", **filters):
    """Return the symbols of what is found."""
    assert repair.errors() == []
    asked = {"kind": [kind], **{name: [value] for name, value in filters.items()}}
    ids = [hit.object_id for hit in newest(Asked(parse(text), asked)).hits]
    return [Edition.objects.get(pk=pk).symbol for pk in ids]


def test_everything_that_a_bundle_has_is_found(bring_in, tmp_path):
    bring_in(
        write(
            tmp_path / "bundle",
            row(
                "a",
                text="Wells near the school.",
                themes=["C2"],
                channel="letter",
                published_at="2026-01-02T00:00:00Z",
            ),
            row("b", text="Puits près de l’école.", language="fr", in_reply_to="a", document="documents/b.txt"),
            row("c", status="rejected", text=None, author=None, language=None),
            row("d", author={**AUTHOR, "name": None, "withheld": True}, text="Shy words."),
            row("e", signatories=[{**AUTHOR, "name": "Kwame Mensah"}], text="Signed by two."),
            documents__b_txt="The paper speaks of aquifers.",
        )
    )
    assert found("wells") == ["WATER/2026/Q1/1"]
    assert found("school", theme="C2") == found("school", channel="letter") == ["WATER/2026/Q1/1"]
    assert found("ecole") == ["WATER/2026/Q1/2"]
    assert found("author:Kwame") == ["WATER/2026/Q1/4"]
    assert len(found("author:Boateng")) == 3
    assert len(found("WATER/2026")) == 4
    assert found("aquifers", kind="paper") == []

    run_all()

    assert found("aquifers", kind="paper") == ["WATER/2026/Q1/2"]
    assert Paper.objects.get().extraction == "done"


def test_a_revised_one_is_found_by_the_words_in_force(bring_in, tmp_path):
    revisions = [
        {"number": 0, "text": "Earlier wording.", "language": "en"},
        {"number": 1, "text": "Later words.", "language": "en"},
    ]
    bring_in(write(tmp_path / "bundle", row("a", text="Later words.", revisions=revisions)))

    assert found("earlier") == []
    assert found("later") == ["WATER/2026/Q1/1/Rev.1"]


def test_an_import_that_fails_leaves_nothing_in_the_index(tmp_path, monkeypatch):
    def fail(*_arguments):
        raise ZeroDivisionError

    monkeypatch.setattr("plenara.bundles.actions.bundle.bring_in", fail)
    with pytest.raises(ZeroDivisionError):
        import_bundle(write(tmp_path / "bundle", row("a", text="Wells.")))

    assert not Entry.objects.exists()


def test_texts_of_odd_letters_and_dates_come_in(bring_in, tmp_path):
    many = " ".join(f"{n}w{'x' * 50}" for n in range(17_000))
    odd = ["😀", "…", "word-" * 5000, "网" * 20_000, "a" * 100_000, "\u202eevil\u202c", many]
    dates = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"]
    rows = [row(f"t{n}", text=text) for n, text in enumerate(odd)]
    rows += [row(f"d{n}", published_at=at) for n, at in enumerate(dates)]
    bring_in(write(tmp_path / "bundle", *rows))

    assert len(found("")) == len(rows)


def test_a_campaign_is_found_by_the_names_of_all_wherever_they_are_in_the_file(bring_in, tmp_path):
    named = {name: {**AUTHOR, "name": name, "organization": None} for name in ("Ines Prado", "Olu Bello", "Lam Wei")}
    bring_in(
        write(
            tmp_path / "bundle",
            row("a", campaign="b", author=named["Ines Prado"], text="The same words."),
            row("b", author=named["Olu Bello"], text="The same words."),
            row("c", campaign="b", author=named["Lam Wei"], text="The same words."),
        )
    )
    lead = Edition.objects.get(campaign_of=None).symbol
    for name in named:
        assert found(name) == [lead], name
