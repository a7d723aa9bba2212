"""A bundle with any error is refused as a whole, and each error is named with file, line and field."""

import pytest

from tests.bundles.community.making import DAYS, EVENT, ORGANIZATION, PERSON, PROJECT

AT = "2026-10-14T12:00:00Z"


def row(number=1, details=ORGANIZATION, **changes):
    """Return a published row, with changes; `None` takes a key away."""
    made = {"number": number, "status": "published", "published_at": AT, **details, "themes": None, **changes}
    return {key: value for key, value in made.items() if value is not None}


def date(**changes):
    return [{"number": 1, "start": "2026-12-01T09:00", "end": "2026-12-01T10:00", **changes}]


ERRORS = [
    ("organizations", row(number=None), "line 1, number: is missing"),
    ("organizations", row(number=0), "line 1, number: is 0; it must be from 1"),
    ("organizations", row(status="pending"), "line 1, status: is"),
    ("organizations", row(status="returned"), "line 1, status: is"),
    ("organizations", row(published_at="2026-10-14T12:00:00"), "published_at: is \"2026-10-14T12:00:00\", a date"),
    ("organizations", row(name=None), "line 1, name: is missing"),
    ("organizations", row(name={"de": "Forum"}), "line 1, name.de: is not one of the languages"),
    ("organizations", row(group="army"), "line 1, group: is"),
    ("organizations", row(country="XX"), "line 1, country: is"),
    ("organizations", row(site="javascript:alert(1)"), "line 1, site: is not a web address"),
    ("organizations", row(site="https://a b"), "line 1, site: is not a web address"),
    ("organizations", row(ror="12345"), "line 1, ror: is"),
    ("organizations", row(email="a@b.example"), "line 1, email: is not a key of this format"),
    ("organizations", row(owner=3), "line 1, owner: is not a key of this format"),
    ("organizations", row(verification={"method": "friend", "at": AT}), "line 1, verification.method: is"),
    ("organizations", row(verification={"method": "mail"}), "line 1, verification.at: is missing"),
    ("organizations", row(verification={"method": "mail", "at": AT, "note": "x"}), "verification.note: is not a key"),
    ("organizations", row(status="merged"), "line 1, merged_into: is missing"),
    ("organizations", row(status="merged", merged_into=7), "line 1, merged_into: is 7, but this file has no"),
    ("organizations", row(status="merged", merged_into=1), "line 1, merged_into: is 1, which was itself merged"),
    ("organizations", row(status="removed"), "line 1, gone_at: is missing"),
    ("people", row(details=PERSON, affiliation=7), "affiliation: names 7, but organizations.jsonl has no"),
    ("people", row(details=PERSON, affiliation=None, orcid="1"), "line 1, orcid: is"),
    ("people", row(details=PERSON, affiliation=None, languages=["zz"]), "line 1, languages[0]: is"),
    ("projects", row(details=PROJECT, organizations=[7]), "organizations: names 7, but organizations.jsonl has no"),
    ("projects", row(details=PROJECT, organizations=None, starts="2026-13"), "line 1, starts: is"),
    ("projects", row(details=PROJECT, organizations=None, countries=["ML", "XX"]), "line 1, countries: names XX"),
    ("projects", row(details=PROJECT, organizations=None, progress="stuck"), "line 1, progress: is"),
    ("events", row(details=EVENT, organizer=7), "line 1, organizer: names 7, but organizations.jsonl has no"),
    ("events", row(details=DAYS, timezone="Mars/Olympus"), "line 1, timezone: is 'Mars/Olympus', which is not an IANA"),
    ("events", row(details=DAYS, dates=[]), "line 1, dates: is empty; an event needs at least one date"),
    ("events", row(details=DAYS, dates=date(end="2026-12-01T08:00")), "line 1, dates[0].end: is before start"),
    ("events", row(details=DAYS, dates=date(end="2026-12-01")), "dates[0].end: must be a day if start is a day"),
    ("events", row(details=DAYS, dates=date(start="2026-02-30T09:00")), "dates[0].start: is '2026-02-30T09:00'"),
    ("events", row(details=DAYS, dates=date(start="2026-12-01T09:00Z")), "line 1, dates[0].start: "),
    ("events", row(details=DAYS, dates=date(start="0001-01-01T00:00")), "line 1, dates[0].start: is"),
    ("events", row(details=DAYS, dates=date(end="9999-12-31T23:59")), "line 1, dates[0].end: is"),
    ("events", row(details=DAYS, dates=date() * 2), "line 1, dates[1].number: 1 appears twice"),
    ("events", row(details=DAYS, dates=date(left_out=True)), "line 1, dates: are all left out"),
    ("events", row(details=DAYS, dates=date(timezone="Asia/Tokyo")), "dates[0].timezone: belongs to the whole event"),
    ("events", row(details=DAYS, dates=date() * 501), "line 1, dates: has 501 dates"),
    ("events", row(details=DAYS, status="merged"), "line 1, status: is merged, but events cannot be merged"),
    ("events", row(details=DAYS, documents=[{"title": "A", "url": "data:text/html,x"}]), "documents[0].url: is not a"),
    ("events", row(details=DAYS, report={"url": "http://"}), "line 1, report.url: is not a web address"),
    ("events", row(details=DAYS, prepares="a b"), "line 1, prepares: is"),
    ("events", row(details=DAYS, imported_from="a@b.example"), "imported_from: is not a key of this format"),
    ("events", "{", "line 1: is not JSON"),
    ("events", '{"number": 1, "number": 2}', "line 1: has the key 'number' twice"),
    ("events", "[]", "line 1: is not a JSON object"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "line", "error"), ERRORS, ids=range(len(ERRORS)))
def test_a_row_that_does_not_fit_is_named_with_its_place(file, line, error, bundle, errors_of):
    found = errors_of(bundle(**{file: [line]}))
    assert any(each.startswith(f"{file}.jsonl, ") and error in each for each in found), found


THEME = {"code": "C1", "label": {"en": "Governments"}}
THEME_ERRORS = [
    ([THEME, THEME], "code: 'C1' appears twice"),
    ([{**THEME, "label": None}], "label: is missing"),
    ([{**THEME, "code": "a b"}], "code: is"),
    ([{**THEME, "code": "../x"}], "code: is"),
    ([{**THEME, "code": "new"}], "code: is 'new', which cannot be part of an address"),
    ([{**THEME, "code": "C1.ttl"}], "code: is 'C1.ttl', which cannot be part of an address"),
    ([{**THEME, "code": "C1-"}], "code: is 'C1-', which cannot be part of an address"),
    ([THEME, {**THEME, "code": "c1"}], "code: is 'c1', which differs from 'C1' only in punctuation or capitals"),
    ([{**THEME, "broader": "C9"}], "broader: is 'C9', but this file has no such theme"),
    ([{**THEME, "broader": "C1"}], "broader: leads back to itself"),
    ([{**THEME, "broader": "C2"}, {**THEME, "code": "C2", "broader": "C1"}], "broader: leads back to itself"),
    (
        [{**THEME, "related": ["C2"]}, {**THEME, "code": "C2"}],
        "related: names 'C2', but that theme does not name this one",
    ),
    ([{**THEME, "related": ["C1"]}], "related: names 'C1'"),
    ([{**THEME, "replaced_by": "C2"}, {**THEME, "code": "C2"}], "replaced_by: is only for retired themes"),
    ([{**THEME, "own_labels": ["de"]}], "own_labels[0]: is"),
    ([{**THEME, "alternatives": {"de": ["x"]}}], "alternatives.de: is not a key"),
    ([{**THEME, "stamp": 3}], "stamp: is not a key of this format"),
    ("{", "is not JSON"),
]


@pytest.mark.parametrize(("themes", "error"), THEME_ERRORS, ids=range(len(THEME_ERRORS)))
def test_a_theme_that_does_not_fit_is_named_with_its_place(themes, error, bundle, errors_of):
    found = errors_of(bundle(themes=themes))
    assert any(each.startswith("themes.json, line ") and error in each for each in found), found


def test_a_theme_that_is_not_in_the_list_is_a_error_where_there_is_a_list(bundle, errors_of):
    named = row(themes=["C9"])
    assert errors_of(bundle(organizations=[named])) == []
    found = errors_of(bundle(organizations=[named], themes=[THEME]))
    assert found == ["organizations.jsonl, line 1, themes: names 'C9', which is not in themes.json"]


def test_a_number_stands_once(bundle, errors_of):
    found = errors_of(bundle(organizations=[row(), row(2), row()]))
    assert found == ["organizations.jsonl, line 3, number: 1 is already on line 1"]


def test_what_was_merged_leads_in_one_step_to_where_it_is(bundle, errors_of):
    rows = [row(1, status="merged", merged_into=3), row(2, status="merged", merged_into=3), row(3)]
    assert errors_of(bundle(organizations=rows)) == []
    rows[0] = row(1, status="merged", merged_into=2)
    error = "is 2, which was itself merged; give the number of the entry that it was merged into"
    assert errors_of(bundle(organizations=rows)) == [f"organizations.jsonl, line 1, merged_into: {error}"]


def test_what_is_gone_may_have_words_that_an_import_drops(bundle, errors_of):
    gone = row(status="removed", gone_at=AT, reason="R2")
    assert errors_of(bundle(organizations=[gone])) == []


def test_the_head_says_the_format_and_which_numbers_were_given_out(bundle, errors_of):
    assert errors_of(bundle({"format": "plenara-bundle/1"}))[0].startswith("community.json, line 1, format: is")
    assert "format: is missing" in errors_of(bundle({"last": {}}))[0]
    found = errors_of(bundle({"format": "plenara-community/1", "last": {"organization": 1}}, organizations=[row(2)]))
    assert found == ["community.json, last.organization: is 1, but organizations.jsonl has the number 2"]
    assert "last.army" in errors_of(bundle({"format": "plenara-community/1", "last": {"army": 1}}))[0]


def test_a_wrong_checksum_and_a_file_that_is_not_listed_are_errors(bundle, errors_of):
    path = bundle(organizations=[row()])
    (path / "manifest-sha256.txt").write_text(f"{'0' * 64}  community.json\n")
    found = errors_of(path)
    assert any(each.startswith("community.json: does not match its checksum") for each in found)
    assert "organizations.jsonl: is not in manifest-sha256.txt" in found


def test_a_link_is_not_followed(bundle, errors_of, tmp_path):
    path = bundle()
    (tmp_path / "elsewhere").write_text("")
    (path / "events.jsonl").symlink_to(tmp_path / "elsewhere")
    assert errors_of(path) == ["events.jsonl: is a link; links in a bundle are not followed"]


def test_the_first_twenty_errors_are_named_and_the_others_counted(bundle, errors_of):
    found = errors_of(bundle(organizations=[row(number, group="army") for number in range(1, 31)]))
    assert (len(found), found[-1]) == (21, "and 10 more")


def test_no_consultation_is_called_community(tmp_path, errors_of):
    from plenara.bundles.validation.bundle import check
    from plenara.bundles.validation.errors import BadBundle, BundleErrors
    from plenara.bundles.validation.sources import opened
    from tests.bundles import bundles

    path = bundles.write(tmp_path / "b", about=bundles.consultation(slug="community"))
    errors = BundleErrors()
    with opened(path, errors) as source, pytest.raises(BadBundle, match="which is reserved for the calendar"):
        check(source, errors)
