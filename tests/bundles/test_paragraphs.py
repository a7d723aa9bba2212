"""Comments on a draft in a bundle: which paragraph each speaks to comes out as it went in."""

import pytest

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition
from tests.bundles.bundles import contents, row, write

pytestmark = pytest.mark.django_db

EARLIER = {"number": 0, "text": "Earlier wording.", "language": "en", "paragraph": 0}
LATER = {"number": 1, "text": "The words of a2.", "language": "en"}


def test_it_comes_out_as_it_went_in(tmp_path, bring_in, write_out):
    gone = {"id": "a3", "thread": 1, "status": "withdrawn", "number": 3, "paragraph": 4}
    rows = [
        row("a1", number=1, paragraph=12), row("a2", number=2, paragraph=13, revisions=[EARLIER, LATER]), gone,
        row("a4", number=4),
    ]  # fmt: skip
    first = write_out(bring_in(write(tmp_path / "bundle", *rows)))
    parts = Edition.objects.order_by("number", "revision").values_list("number", "revision", "part")
    assert list(parts) == [(1, 0, 12), (2, 0, None), (2, 1, 13), (3, 0, 4), (4, 0, None)]
    exported = contents(first)["contributions.jsonl"].splitlines()
    assert ['"paragraph"' in str(line) for line in exported] == [True, True, True, False]
    Edition.objects.all().delete()
    Consultation.objects.all().delete()
    assert contents(write_out(bring_in(first))) == contents(first)


@pytest.mark.parametrize("paragraph", [0, -1, "12", 1.5, 10**10])
def test_it_is_a_whole_number_from_one(paragraph, tmp_path, errors_of):
    (error,) = errors_of(write(tmp_path / "bundle", row("a1", paragraph=paragraph)))
    assert "paragraph" in error
