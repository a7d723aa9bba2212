"""Every type of page is HTML as the standard has it, by the checker that the W3C runs (vnu), in one run for all."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.journeys.pages import PAGES

pytestmark = pytest.mark.once


def checker() -> list[str] | None:
    """Return how the checker is started; nothing where there is none, and then it is left out aloud."""
    jar, java = os.environ.get("PLENARA_TEST_VNU", ""), shutil.which("java")
    # It guesses languages by the words of a page, most of which are other people's.
    return [java, "-Xss4m", "-jar", jar, "--no-langdetect"] if java and Path(jar).is_file() else None


def test_every_page_is_valid_html(client, request, tmp_path):
    command = checker()
    if command is None:
        pytest.skip("LEFT OUT: PLENARA_TEST_VNU names no vnu.jar, or there is no Java on this machine")
    place = request.getfixturevalue("place")
    wanted: dict[str, str] = {}
    for role, paths in PAGES.items():
        if role:
            client.force_login(place.people[role], backend="plenara.accounts.adapter.Backend")
        for path in paths:
            for language in (
                "en",
                "ar",
            ):  # from left to right and from right to left; other languages have the same marks
                address = f"/{language}/{path.format(**place.ids)}"
                answer = client.get(address)
                assert answer["Content-Type"].startswith("text/html"), address
                name = f"{len(wanted)}.html"
                (tmp_path / name).write_bytes(answer.content)
                wanted[name] = f"{role or 'reader'} {address}"
    found = subprocess.run(
        [*command, "--format", "json", "--stdout", str(tmp_path)], capture_output=True, text=True, timeout=300
    )
    messages = json.loads(found.stdout)["messages"]
    errors = [
        f"{wanted[each['url'].rsplit('/', 1)[1]]}:{each.get('lastLine')} {each['message']} {each.get('extract', '')!r}"
        for each in messages
        if (each["type"] == "error" or each.get("subType"))
    ]
    assert not errors, "\n".join(errors)
