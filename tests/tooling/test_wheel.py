"""The wheel has every file of the packages, and an empty environment into which it is installed runs Plenara."""

import os
import re
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
import uv

from plenara import __version__
from plenara.core.languages import CODES, html_code
from tests.installations import free_port, get, kill, wait_until
from tools.messages.catalogues import po_file
from tools.messages.languages import LANGUAGES
from tools.messages.source import ROOT

pytestmark = [pytest.mark.once, pytest.mark.real_clock]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built by the locked build backend."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (file,) = folder.iterdir()
    return file


@dataclass
class Installed:
    """An environment with nothing but the wheel, whose commands run in a folder elsewhere and with an empty home."""

    program: Path
    folder: Path

    def start(self, *arguments):
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        return subprocess.Popen(
            [self.program, *arguments], env={"PATH": "/usr/bin:/bin", "HOME": str(home)}, cwd=self.folder,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments):
        """Run a command to its end; return its exit code and everything that it printed."""
        with self.start(*arguments) as process:
            said, _ = process.communicate()
        return process.returncode, said


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The wheel in a new environment, with the packages of the lock. The way to it has a link, as homes may have."""
    folder = tmp_path_factory.mktemp("installed")
    (folder / "real").mkdir()
    (folder / "link").symlink_to("real")
    python = folder / "link" / "bin" / "python"
    install = ["pip", "install", "--quiet", "--python", python, "-c", ROOT / "requirements.txt", wheel]
    subprocess.run([uv.find_uv_bin(), "venv", "--quiet", "--python", sys.executable, folder / "link"], check=True)
    # uv brings certificates of its own; behind a proxy that signs again, only the system's will do.
    for further in ({}, {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}):
        ran = subprocess.run([uv.find_uv_bin(), *install], env=os.environ | further, capture_output=True, text=True)
        if ran.returncode == 0:
            return Installed(python.with_name("plenara"), folder)
    if "CI" not in os.environ and re.search(r"error sending request|Failed to fetch", ran.stderr):
        pytest.skip("LEFT OUT: no package index answers")
    raise AssertionError(ran.stderr)


def files_of_the_packages():
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "plenara", "plenara_sample"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return {name for name in names if (ROOT / name).is_file()}


def test_it_has_the_packages_the_catalogues_the_documentation_the_operators_files_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        there = {name for name in archive.namelist() if ".dist-info/" not in name}
    for_operators = {name for name in there if name.startswith(f"plenara-{__version__}.data/data/share/plenara/")}
    examples = {file.name for file in (ROOT / "docs" / "operating").iterdir()}
    locks = {file.name for file in ROOT.glob("requirements*.txt")} - {"requirements-dev.txt"}
    assert {name.rpartition("/")[2] for name in for_operators} == examples | locks
    compiled = {po_file(language).with_suffix(".mo").relative_to(ROOT).as_posix() for language in LANGUAGES.values()}
    assert len(compiled) == 6
    documentation = {name for name in there if name.startswith("plenara/docs/")}
    assert {f"plenara/docs/{name}" for name in ("index.html", "search.html", "searchindex.js")} <= documentation
    compiled_names = {f"plenara/{name}" for name in compiled}
    assert there - for_operators - documentation == files_of_the_packages() | compiled_names


def test_the_commands_work_from_it(installed):
    assert installed.run("--version") == (0, f"plenara {__version__}\n")
    code, said = installed.run("migrate")
    assert code == 0 and said.startswith("Migrated: "), said
    code, said = installed.run("check")
    assert re.findall(r"^WRONG +(\S+)", said, re.MULTILINE) == ["PLENARA_MAIL_URL"], said
    assert f"Plenara {__version__}, Django " in said
    assert installed.run("backup", "backup.tar.gz")[0] == 0
    # Everything that changes is in the data folder.
    assert {file.name for file in installed.folder.iterdir()} == {"real", "link", "home", "var", "backup.tar.gz"}
    assert list((installed.folder / "home").iterdir()) == []


def test_the_demo_serves_pages_in_six_languages_from_it(installed):
    port = free_port()
    demo = installed.start("demo", "--port", str(port))
    try:
        assert wait_until(lambda: demo.poll() is not None or get(port)[0] == 200)
        assert demo.poll() is None, demo.stdout.read()
        for path in ("", "about/rules/", "consultations/", "consultations/internet-governance/decisions/"):
            titles = set()
            for code in CODES:
                status, page = get(port, f"/{code}/{path}")
                assert status == 200 and f'<html lang="{html_code(code)}"' in page
                titles.add(re.search("<title>(.*?)</title>", page)[1])
                # The line breaks that only lay out templates are gone.
                assert ">\n  " not in page
            assert len(titles) == len(CODES)
        (style,) = set(re.findall(r'"(/static/plenara\.\w+\.css)"', page))
        assert get(port, style)[0] == 200
        assert ">plenara demo --reset</code>" in get(port, "/demo/")[1]
        assert 'href="/about/docs/"' in page
        assert "<h1>Operating an installation</h1>" in get(port, "/about/docs/operating.html")[1]
        demo.send_signal(signal.SIGINT)
        assert demo.wait(60) == 0, demo.stdout.read()
    finally:
        kill(demo)
