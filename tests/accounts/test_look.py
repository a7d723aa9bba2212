"""The installation's colours and mark: who chooses them, what is refused, and how pages and caches get them."""

import re
import struct
import zlib
from base64 import b64decode
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from plenara.accounts import actions, validation
from plenara.accounts.queries import installation, installation_row
from plenara.core.cache_tags import revision
from plenara.core.models import AuditEntry
from plenara.core.refusals import InvalidInput, NotPermitted
from tests.accounts.test_svg import HOSTILE, REFUSED, svg

pytestmark = pytest.mark.django_db

ADDRESS = "/en/desk/installation/look/"
RED, ORANGE = "#8b0000", "#c86a00"


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width=2, height=2, pixels=None, extra=b"", colour=2):
    """Return a PNG picture."""
    raw = (b"\0" + b"\x10\x80\x60" * width) * height if pixels is None else pixels
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    )


def set_look(actor, **change):
    return actions.set_look(actor=actor, **{"accent": "", "header": "", **change})


def upload(data):
    return SimpleUploadedFile("logo.svg", data, "image/svg+xml")


def stylesheet(page):
    return re.findall(r'<link rel="stylesheet" href="(/look/[^"]*)">', page.content.decode())


# --- colours ----------------------------------------------------------------------------------------------------------


def test_every_page_has_the_chosen_colours_at_an_address_that_changes_with_them(client, organizer):
    assert stylesheet(client.get("/en/about/how/")) == []
    set_look(organizer, accent=RED, header=ORANGE)
    [address] = stylesheet(client.get("/en/about/how/"))
    sheet = client.get(address)
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in sheet["Cache-Control"] and not sheet.cookies
    assert f"--accent: {RED};" in sheet.content.decode() and f"--header: {ORANGE};" in sheet.content.decode()
    set_look(organizer, accent=RED)
    [other] = stylesheet(client.get("/ar/"))
    assert other != address
    assert client.get(address).content == sheet.content  # for pages in a cache that nobody can purge


def test_only_the_stylesheet_in_use_fills_the_page_cache(client, organizer):
    set_look(organizer, accent=RED)
    current, other = (installation().sheet_url, "/look/000000-000000.0.css")
    asked = {"HTTP_X_PLENARA_FRONT": "1"}
    assert client.get(current, **asked)["X-Plenara-Cache-Tags"] == "installation"
    set_look(organizer, accent="#0b3d2e")
    assert client.get(current, **asked)["X-Plenara-Cache-Tags"] == ""
    assert client.get(other, **asked).status_code == 404


def test_cached_pages_become_stale_and_the_change_is_recorded(organizer):
    before = revision("installation")
    it = set_look(organizer, accent=RED, header=ORANGE, mark=svg())
    assert revision("installation") == before + 1
    entry = AuditEntry.objects.get(verb="installation.set_look")
    assert entry.actor_id == organizer.pk
    assert entry.details == {"accent": RED, "header": ORANGE, "mark": it.mark}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"accent": "#ff8c00"},
            "Links in the colour #ff8c00 are hard to read on the background #f3f1ea. The contrast is 2.06:1, and WCAG "
            "level AA requires at least 4.5:1. The nearest colour with enough contrast is #a85a00.",
        ),
        (
            {"header": "#ff8c00"},
            "A header in the colour #ff8c00 is hard to see on the background #fdfcf9. The contrast is 2.27:1, and WCAG "
            "level AA requires at least 3:1. The nearest colour with enough contrast is #dc7804.",
        ),
    ],
)
def test_a_colour_with_too_little_contrast_is_refused_with_the_nearest_that_fits(organizer, change, sentence):
    with pytest.raises(InvalidInput) as refused:
        set_look(organizer, **change)
    assert str(refused.value.sentence) == sentence
    assert [refused.value.field] == list(change)
    assert not AuditEntry.objects.filter(verb="installation.set_look").exists()


def test_only_an_organizer_of_the_installation_may(client, participant, operator, sign_in):
    for other in (participant, operator):
        with pytest.raises(NotPermitted):
            set_look(other)
        sign_in(other)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, {"accent": RED, "save": "1"}).status_code == 403
        assert client.get(f"{ADDRESS}8b0000-c86a00.css").status_code == 403
    assert installation_row().accent == ""


# --- the form ---------------------------------------------------------------------------------------------------------


def test_a_preview_shows_both_modes_and_saves_nothing(client, organizer, sign_in):
    sign_in(organizer)
    assert 'name="save"' not in client.get(ADDRESS).content.decode()
    page = client.post(ADDRESS, {"accent": "8B0000", "header": ORANGE, "mark": upload(svg()), "mark_is_name": "on"})
    assert page.status_code == 200
    html = page.content.decode()
    assert 'aria-label="Light mode"' in html and 'aria-label="Dark mode"' in html
    assert html.count('<img src="data:image/svg+xml;base64,') == 2
    assert not installation_row().accent and not installation_row().mark
    [address] = re.findall(rf'href="({ADDRESS}[^"]+\.css)"', html)
    sheet = client.get(address)
    assert sheet["Content-Type"] == "text/css; charset=utf-8"
    assert f"--accent: {RED};" in sheet.content.decode() and ".in-dark" in sheet.content.decode()
    assert client.get(f"{ADDRESS}8b0000-x.css").status_code == 404


def test_what_was_uploaded_and_typed_stays_from_preview_to_preview_until_it_is_saved(client, organizer, sign_in):
    sign_in(organizer)
    page = client.post(ADDRESS, {"accent": "#ff8c00", "header": "red", "mark": upload(svg("<g/>" + HOSTILE["script"]))})
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"accent", "header"}
    html = page.content.decode()
    assert 'value="#ff8c00"' in html and 'value="red"' in html
    [picture] = re.findall(r'name="picture" value="([^"]+)"', html)
    page = client.post(ADDRESS, {"accent": RED, "picture": picture, "mark": upload(b"GIF89a")})
    assert list(page.context["form"].errors) == ["mark"]
    assert picture in page.content.decode()  # what was good stays
    page = client.post(ADDRESS, {"accent": RED, "header": "", "picture": picture, "save": "1"})
    assert page.url == ADDRESS
    it = installation_row()
    assert (it.accent, it.header, it.mark_type, it.mark_is_name) == (RED, "", "svg", False)
    assert client.get(f"/mark/{it.mark}.svg").content == b64decode(picture)


def test_a_preview_names_what_was_removed_from_a_drawing(client, organizer, sign_in):
    sign_in(organizer)
    page = client.post(ADDRESS, {"mark": upload(svg(f"<image/>{HOSTILE['script']}"))}).content.decode()
    assert "<code>image</code>" in page and "<code>script</code>" in page


def test_the_mark_can_be_dropped_and_stays_where_none_is_chosen(client, organizer, sign_in):
    set_look(organizer, mark=svg())
    sign_in(organizer)
    client.post(ADDRESS, {"save": "1"})
    assert installation_row().mark
    client.post(ADDRESS, {"save": "1", "drop_mark": "on"})
    assert installation_row().mark == ""


@pytest.mark.once
@pytest.mark.parametrize("picture", ["x", "é", "R0lGODlh", "PHN2Zy8+"])
def test_a_hidden_field_that_was_changed_is_checked_as_a_file_is(client, organizer, sign_in, picture):
    sign_in(organizer)
    page = client.post(ADDRESS, {"picture": picture, "save": "1"})
    assert list(page.context["form"].errors) == ["mark"]


# --- the mark ---------------------------------------------------------------------------------------------------------


def test_a_drawing_is_served_clean_and_where_it_cannot_act(client, organizer):
    it = set_look(organizer, mark=svg(HOSTILE["script"]))
    answer = client.get(f"/mark/{it.mark}.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"script" not in answer.content
    assert client.get(f"/mark/{it.mark}.png").status_code == 404
    assert client.get(f"/mark/{it.mark}.html").status_code == 404


def test_the_mark_is_beside_the_name_or_is_the_name(client, organizer):
    it = set_look(organizer, mark=svg())
    page = client.get("/en/about/how/").content.decode()
    assert f'<img src="/mark/{it.mark}.svg" alt=""><span><bdi>Plenara</bdi></span>' in page
    assert f'<link rel="icon" href="/mark/{it.mark}.svg">' in page
    set_look(organizer, mark_is_name=True)
    page = client.get("/en/about/how/").content.decode()
    assert f'<img src="/mark/{it.mark}.svg" alt="Plenara"></a>' in page
    set_look(organizer, mark_is_name=True, drop_mark=True)
    assert "<span><bdi>Plenara</bdi></span>" in client.get("/en/about/how/").content.decode()


def test_the_mark_is_served_under_its_hash_for_good_and_to_everybody(client, organizer):
    it = set_look(organizer, mark=png())
    answer = client.get(f"/mark/{it.mark}.png")
    assert answer.content == png()
    assert answer["Content-Type"] == "image/png"
    assert "immutable" in answer["Cache-Control"]
    assert not answer.cookies
    assert f'src="/mark/{it.mark}.png"' in client.get("/en/about/how/").content.decode()


@pytest.mark.once
def test_no_other_document_is_served_as_a_mark(client, organizer):
    secret = "ab" * 32
    file = Path(settings.DOCUMENTS) / "ab" / secret
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"a paper that is not published")
    assert client.get(f"/mark/{secret}.png").status_code == 404
    for wrong in ("../secret-key", "x" * 64, "AB" * 32):
        assert client.get(f"/mark/{wrong}.png").status_code == 404


def test_what_a_picture_says_besides_the_picture_is_left_out(organizer):
    it = set_look(organizer, mark=png(extra=chunk(b"tEXt", b"Author\0Noor Haddad") + chunk(b"eXIf", b"GPS")))
    kept = (Path(settings.DOCUMENTS) / it.mark[:2] / it.mark).read_bytes()
    assert kept == png()


BOMB = png(1024, 1024, pixels=b"\0" * 60_000_000)


@pytest.mark.once
@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n",
        png()[:-1],
        png()[:-12],
        png() + b"<script>",
        png().replace(b"IDAT", b"IDAX"),
        png(2, 2, pixels=b"\0" * 5),
        png(0, 2),
        png(2, 2, colour=5),
        png(1025, 1),
        png(1, 1025),
        BOMB,
        png(100, 100, pixels=bytes(range(256)) * 1200),
        png(extra=chunk(b"tEXt", b"k\0" + bytes(200 * 1024))),
        svg("<g/>" * 60_000),
        *(each if isinstance(each, bytes) else each.encode() for each in REFUSED if each),
    ],
    ids=lambda data: f"{len(data)} bytes",
)
def test_what_is_no_small_picture_is_refused(organizer, data):
    with pytest.raises(InvalidInput) as refused:
        set_look(organizer, mark=data)
    assert refused.value.field == "mark"
    assert not installation_row().mark


@pytest.mark.once
@pytest.mark.parametrize(("colour", "samples"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_every_kind_of_png_is_taken(colour, samples):
    assert validation.read_mark(png(3, 2, pixels=(b"\0" + bytes(3 * samples)) * 2, colour=colour)).type == "png"
