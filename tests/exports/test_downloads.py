"""Papers that go with contributions: kept as files, for good, and gone with them."""

from pathlib import Path

import pytest
from django.conf import settings

from plenara.contributions.actions import withdraw
from plenara.contributions.models import Edition
from tests.answers import HERE, body, give_paper

pytestmark = pytest.mark.django_db

PAPER = f"{HERE}contributions/1/document.txt"


def test_a_paper_is_a_download_and_can_do_nothing(client, edition):
    paper = give_paper(edition, b"<script>owned()</script>", name="My paper.txt")
    for path in (PAPER, f"{HERE}contributions/1/rev/0/document.txt"):
        answer = client.get(path)
        assert body(answer) == b"<script>owned()</script>"
        assert answer["Content-Disposition"] == 'attachment; filename="My paper.txt"'
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["ETag"] == f'"{paper.sha256}"'
        assert answer["Content-Language"] == "en"
        assert client.get(path, headers={"range": "bytes=0-3"}).status_code == 206


@pytest.mark.once
@pytest.mark.parametrize(
    ("media_type", "ending", "sent"),
    [
        ("application/pdf", "pdf", "application/pdf"),
        ("text/plain; charset=utf-8", "txt", "text/plain; charset=utf-8"),
        ("text/html", "bin", "text/html"),
        ("no type\r\nX: y", "bin", "application/octet-stream"),
    ],
)
def test_the_address_ends_by_the_kind_of_paper(media_type, ending, sent, client, edition):
    give_paper(edition, media_type=media_type)
    answer = client.get(f"{HERE}contributions/1/document.{ending}")
    assert answer["Content-Type"] == sent
    assert client.get(f"{HERE}contributions/1/document.odt").status_code == 404


@pytest.mark.once
@pytest.mark.parametrize("name", ['a"b.txt', "Реферат.txt", "../../etc/passwd", "line\r\nX-Evil: 1", "💥;.txt"])
def test_a_papers_name_breaks_no_header(name, client, edition):
    give_paper(edition, name=name)
    answer = client.get(PAPER)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert "X-Evil" not in answer


def test_a_paper_goes_with_its_contribution(client, edition, author):
    give_paper(edition)
    withdraw(actor=author, contribution=edition.contribution)
    assert client.get(PAPER).status_code == 410
    assert client.get(f"{HERE}contributions/2/document.txt").status_code == 404


def test_a_contribution_without_a_paper_or_with_a_lost_one_has_no_file(client, edition):
    assert client.get(PAPER).status_code == 404
    paper = give_paper(edition)
    (Path(settings.DOCUMENTS) / paper.sha256[:2] / paper.sha256).unlink()
    assert client.get(PAPER).status_code == 404
    assert Edition.objects.filter(paper=paper).exists()
