"""A thread and a consultation as data and as plain text."""

import csv
import io
import json
import re

import pytest

from plenara.contributions.actions import withdraw
from plenara.core import snapshots
from plenara.core.text import clean
from plenara.exports.presenters.dictionary import NAMES as COLUMNS
from plenara.exports.presenters.tables import safe_cell
from plenara.exports.views.public import contributions
from plenara.moderation.actions import remove
from tests import world
from tests.answers import HERE, THREAD, body, get, give_paper
from tests.hostile import FORMULAS

pytestmark = pytest.mark.django_db


def table(client, path):
    """Return the rows of a CSV, by the names in its header."""
    content = get(client, path)
    assert content.startswith(b"\xef\xbb\xbf")
    assert not re.search(rb"[^\r]\n\w+/", content)  # a row ends with CRLF
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    assert tuple(rows[0]) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def data(client, path):
    return json.loads(get(client, path))


@pytest.mark.parametrize("base", [HERE, THREAD])
def test_a_table_and_the_data_have_a_row_for_each_contribution(base, client, edition, reply):
    first, second = table(client, f"{base}data.csv")
    assert first["symbol"] == edition.symbol
    assert first["text"] == world.WORDS
    assert (first["name"], first["name_withheld"]) == ("Aminata Diallo", "false")
    assert (first["capacity"], first["organization"]) == ("organization", "Réseau Sahel Numérique")
    assert first["address"] == f"http://127.0.0.1:8000/c/{edition.contribution.public_id}"
    assert (second["in_reply_to"], second["language"], second["question"]) == ("1", "fr", "1")
    answer = data(client, f"{base}data.json")
    assert answer["format"] == "plenara-data/1"
    assert answer["licence"] == "CC-BY-4.0"
    assert [each["symbol"] for each in answer["contributions"]] == [edition.symbol, reply.symbol]
    assert answer["contributions"][1]["text"] == reply.text.content
    assert set(answer["contributions"][1]) <= set(COLUMNS)
    assert "filters" not in answer


def test_the_filters_of_the_page_filter_the_data_and_others_are_ignored(client, edition, reply):
    answer = data(client, f"{THREAD}data.json?language=fr&group=civil_society&order=newest&x=1")
    assert answer["filters"] == {"group": "civil_society", "language": "fr"}
    assert [each["number"] for each in answer["contributions"]] == [2]
    assert [row["number"] for row in table(client, f"{HERE}data.csv?group=government")] == []
    assert [row["number"] for row in table(client, f"{HERE}data.csv?group=none&language=%00")] == ["1", "2"]


@pytest.fixture
def long(monkeypatch):
    """Let whatever has more than one contribution be long."""
    monkeypatch.setattr(contributions, "LONG", 1)
    monkeypatch.setattr(snapshots, "PATIENCE", 0.05)


WHOLE = [f"{HERE}data.csv", f"{HERE}data.json", f"{THREAD}data.csv", f"{THREAD}raw.txt", f"{THREAD}mbox.gz"]


@pytest.mark.parametrize("path", WHOLE)
def test_what_is_long_is_sent_while_it_is_made_and_is_the_same(path, client, edition, reply, monkeypatch, long):
    sent = client.get(path)
    assert not sent.has_header("Content-Length")
    made = body(sent)
    behind_front = client.get(path, headers={"x-plenara-front": "1"})
    assert body(behind_front) == made
    assert "X-Plenara-Cache-Tags" not in behind_front  # it is too long to be kept
    monkeypatch.setattr(contributions, "LONG", 1_000)
    whole = client.get(path)
    assert whole["ETag"] == sent["ETag"]
    assert body(whole) == made


def test_one_long_file_is_made_at_a_time_and_a_person_who_comes_second_hears_when_to_ask_again(
    client, edition, reply, long
):
    first = client.get(f"{HERE}data.csv")
    second = client.get(f"{HERE}data.json")
    assert (second.status_code, second["Retry-After"], second["Cache-Control"]) == (503, "60", "no-store")
    assert body(second) == b"Another long file is being created. Try again in a minute.\n"
    assert client.get(f"{HERE}").status_code == 200  # a page waits for neither
    assert body(first)  # to its end
    assert data(client, f"{HERE}data.json")["contributions"]


@pytest.mark.parametrize("begun", [False, True])
def test_the_turn_of_a_reader_who_goes_away_is_over(begun, long):
    left = snapshots.Streamed(["a" * snapshots.PIECE, "b"])
    if begun:
        next(left)
    left.close()
    left.close()
    again = snapshots.Streamed(["whole"])
    assert b"".join(again) == b"whole"
    again.close()


def test_a_tombstone_is_a_row_without_words(client, edition, reply, author, moderator):
    withdraw(actor=author, contribution=edition.contribution)
    remove(actor=moderator, kind="contribution", pk=reply.contribution_id, reason="R2")
    first, second = table(client, f"{THREAD}data.csv")
    assert (first["status"], first["text"], first["name"], first["country"]) == ("withdrawn", "", "", "")
    assert (second["status"], second["reason"]) == ("removed", "R2")
    assert all(row["gone_at"] and row["symbol"] and row["address"] for row in (first, second))


def test_a_table_of_one_thread_has_nothing_of_another(client, edition, consultation):
    assert table(client, f"{HERE}threads/2/data.csv") == []
    assert data(client, f"{HERE}threads/2/data.json")["contributions"] == []


@pytest.mark.once
@pytest.mark.parametrize("formula", [*FORMULAS, "＝1+1", "＠x", " =1", "ok\n=1+1", "ok;=1+1", "ok\r\n  @x", "- a list"])
def test_no_cell_is_a_formula_whatever_the_spreadsheet_takes_for_a_separator(formula):
    cell = safe_cell(formula)
    assert not re.search(r"(?:\A|[\r\n;])\s*[=+\-@＝＋－＠]", cell)
    assert cell.replace("'", "") == formula.replace("'", "")


def test_hostile_texts_come_through_data_as_they_were_kept(client, hostile):
    rows, entries = table(client, f"{THREAD}data.csv"), data(client, f"{THREAD}data.json")["contributions"]
    for (text, name, _edition), row, one in zip(hostile, rows, entries, strict=True):
        assert (row["text"], row["name"]) == (safe_cell(clean(text)), safe_cell(name))
        assert (one["text"], one["name"], one["title"], one["organization"]) == (clean(text), name, name, name)


def test_a_thread_as_text_has_heads_at_the_edge_and_words_set_in(client, edition, reply, author):
    text = get(client, f"{THREAD}raw.txt").decode()
    assert "\nQuestion 1: Question 1? (en)\n" in text
    assert f"\n{edition.symbol}\n" in text
    assert "Civil society · for Réseau Sahel Numérique (not verified) · Mali\n" in text
    assert f"In reply to {edition.symbol}\n" in text
    assert f"\n    {world.WORDS}\n" in text
    withdraw(actor=author, contribution=edition.contribution)
    text = get(client, f"{THREAD}raw.txt").decode()
    assert world.WORDS not in text
    assert "This contribution was withdrawn by its author on" in text


def test_nobodys_words_can_pass_for_the_head_of_another_text(client, thread, participant, moderator):
    forged = f"Yes.\n\n{'-' * 72}\nWGIG/2004/Q1/99\n\nSomebody Else\n\n    Forged words."
    world.published(participant, moderator, thread, forged)
    lines = get(client, f"{THREAD}raw.txt").decode().splitlines()
    assert sum(line.startswith("-" * 72) for line in lines) == 1
    assert "WGIG/2004/Q1/99" not in lines


def test_the_answers_name_their_files_and_the_page_that_they_are_of(client, edition):
    answer = client.get(f"{THREAD}data.csv")
    name = edition.consultation.symbol.replace("/", "-")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}-Q1.csv"'
    assert answer["Link"] == f'<http://127.0.0.1:8000{THREAD}>; rel="canonical"'


def test_a_paper_has_its_address_in_the_data(client, edition):
    give_paper(edition)
    (row,) = table(client, f"{THREAD}data.csv")
    assert get(client, row["document"]) == b"A long paper."


def test_channel_and_byline_status_are_in_the_last_columns(client, edition, reply):
    contribution = edition.contribution
    contribution.bundle = {"stance": "for", "tallies": {"agree": 3, "pass": 0}}
    contribution.save()
    first, second = table(client, f"{THREAD}data.csv")
    assert (first["channel"], first["stance"], first["votes_agree"], first["votes_disagree"], first["votes_pass"]) == (
        "web", "for", "3", "", "0",
    )  # fmt: skip
    assert (second["channel"], second["stance"], second["votes_agree"]) == ("web", "", "")
    entries = data(client, f"{THREAD}data.json")["contributions"]
    assert (entries[0]["stance"], entries[0]["votes_agree"], entries[0]["votes_pass"]) == ("for", 3, 0)
    assert "stance" not in entries[1] and "votes_agree" not in entries[1]


def test_replies_are_below_what_they_answer_in_the_text(client, edition, reply, thread, participant, moderator):
    world.published(participant, moderator, thread, "Something else.")
    world.published(participant, moderator, thread, "A second reply.", in_reply_to=edition.contribution)
    text = get(client, f"{THREAD}raw.txt").decode()
    order = [int(number) for number in re.findall(rf"^{edition.consultation.symbol}/Q1/(\d+)$", text, re.MULTILINE)]
    assert order == [1, 2, 4, 3]
