"""A campaign in a bundle: which rows stand under which, there and back."""

import pytest

from plenara.contributions.models import Edition
from plenara.moderation.actions import decide_campaign
from plenara.moderation.models import Campaign
from tests.bundles.bundles import row, write
from tests.moderation.suggesting.test_notice import copies

pytestmark = pytest.mark.django_db


def test_a_campaign_of_ours_comes_back_the_same_bytes(thread, moderator, consultation, write_out, bring_in):
    copies(thread, 4)
    decide_campaign(actor=moderator, campaign=Campaign.objects.get(), code="APPROVED", until=10**9)
    first = write_out(consultation)
    under = [each.campaign_of for each in Edition.objects.order_by("number")]
    consultation.delete()
    second = write_out(bring_in(first))
    assert [each.campaign_of for each in Edition.objects.order_by("number")] == under == [None, 1, 1, 1]
    name = "contributions.jsonl"
    assert (first / name).read_bytes() == (second / name).read_bytes()


def test_a_notice_stands_under_the_lead_too(tmp_path, bring_in, write_out):
    stub = {"id": "a3", "thread": 1, "status": "withdrawn", "campaign": "a1", "number": 3}
    rows = [row("a1", number=1), row("a2", campaign="a1", number=2), stub]
    out = write_out(bring_in(write(tmp_path / "in", *rows)))
    assert list(Edition.objects.order_by("number").values_list("campaign_of", flat=True)) == [None, 1, 1]
    assert (out / "contributions.jsonl").read_text().count('"campaign": "a1"') == 2


@pytest.mark.once
@pytest.mark.parametrize(
    ("lead", "what"),
    [
        ({"campaign": "zz"}, "but this file has no such row"),
        ({"campaign": "b2"}, "is the contribution itself"),
        ({"campaign": "b1", "thread": 2}, "but this one is in thread 2"),
        ({"campaign": "b3"}, "which is itself listed under another contribution"),
        ({"campaign": "b4"}, "which was never published"),
    ],
)
def test_a_row_that_stands_under_nothing_right_is_named(lead, what, tmp_path, errors_of):
    rows = [
        row("b1"),
        row("b2", **lead),
        row("b3", campaign="b1"),
        {"id": "b4", "thread": 1, "status": "rejected", "reason": "R1"},
    ]
    errors = errors_of(write(tmp_path / "in", *rows))
    assert any("line 2, campaign" in error and what in error for error in errors)
