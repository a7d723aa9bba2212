"""The first start asks little of the machine and says plainly what it lacks."""

import re
import shutil
import subprocess

import pytest

from tools.messages.source import ROOT


def shell(script, root=ROOT, **environment):
    # dash is the strictest shell at hand; sh where there is none.
    command = [shutil.which("dash") or "sh", "-c", f'. "$root/bin/_env"\n{script}']
    environment = {"root": str(root), "PATH": "/usr/bin:/bin", **environment}
    return subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, timeout=600)


@pytest.fixture
def checkout(tmp_path):
    """A checkout without an environment, in a folder with a space in its name."""
    folder = tmp_path / "a checkout"
    folder.mkdir()
    shutil.copytree(ROOT / "bin", folder / "bin")
    for lock in ROOT.glob("requirements*.txt"):
        shutil.copy(lock, folder)
    return folder


def python_that(tmp_path, says):
    """A command that, called as a Python, does what `says` does."""
    command = tmp_path / "python3"
    command.write_text(f"#!/bin/sh\n{says}\n")
    command.chmod(0o755)
    return command


@pytest.mark.parametrize("says", ["echo 'pyenv: python3: command not found' >&2; exit 127", "exit 1", "true"])
def test_a_python_that_does_not_run_or_is_too_old_is_passed_over(tmp_path, says):
    fake = python_that(tmp_path, says)
    assert shell(f"choose_fit '{fake}'").returncode != 0


def test_without_a_python_one_sentence_says_what_to_do(checkout):
    answer = shell("first_python() { return 1; }; choose_uv() { return 1; }; ready run", checkout)
    assert answer.returncode == 1
    said = answer.stderr.splitlines()[1:]  # after the one that says what is being done
    assert len(said) == 1
    assert re.match(r"Plenara needs Python 3\.12, .* install one .* then run this again\.$", said[0])
    assert not (checkout / ".venv").exists()


def test_a_python_without_its_venv_module_is_named(checkout, tmp_path):
    fake = python_that(tmp_path, "echo /opt/python3")
    machine = f"first_python() {{ \"$1\" '{fake}'; }}; choose_uv() {{ false; }}; can_make_environments() {{ false; }}"
    answer = shell(f"{machine}; ready run", checkout)
    assert answer.returncode == 1
    assert "found /opt/python3, but not the venv module" in answer.stderr


@pytest.mark.parametrize(
    ("listed", "is_brought"),
    [
        ("", True),
        ("global.cert=/etc/ssl/ca.crt", True),
        ("global.index-url=an address", False),
        ("install.no-index=true", False),
        (":env:.proxy=http://proxy.example", False),
    ],
)
def test_uv_is_brought_only_where_pip_has_no_way_of_its_own_to_an_index(tmp_path, listed, is_brought):
    fake = python_that(tmp_path, f"echo '{listed}'")
    answer = shell(f"bring_uv_with() {{ :; }}; bring_faster_uv_with '{fake}'")
    assert (answer.returncode == 0) is is_brought


def test_the_settings_of_a_machine_say_which_extras_are_installed():
    asked = {"PLENARA_SIGN_ON": '[{"protocol": "saml"}]', "OTEL_EXPORTER_OTLP_ENDPOINT": "http://a", "SENTRY_DSN": "x"}
    assert shell("extras run", **asked).stdout.split() == ["saml", "opentelemetry", "sentry"]
    assert shell("extras run").stdout == shell("extras dev", **asked).stdout == ""


def test_a_failed_installation_shows_the_reason_and_is_not_taken_for_done(checkout, tmp_path):
    fake = python_that(tmp_path, "echo 'No space left on device'; exit 2")
    broken = f"choose_uv() {{ uv='{fake}'; }}; ready run"
    for _time in range(2):
        answer = shell(broken, checkout)
        assert answer.returncode == 1
        assert "No space left on device" in answer.stderr
        assert "could not be installed" in answer.stderr


def test_a_second_start_writes_nothing():
    if shell("packages_fit dev && catalogues_fit").returncode:
        pytest.skip("the environment was not made by bin/_env, or catalogues were edited since")
    answer = shell("take_turn() { echo took a turn; }; ready dev && echo $python")
    assert answer.stdout == f"{ROOT}/.venv/bin/python\n"


def test_the_locks_name_no_address_and_agree():
    pinned = {}
    for lock in [*ROOT.glob("requirements*.txt"), ROOT / "tools" / "uv.txt"]:
        text = lock.read_text()
        assert "://" not in text
        assert not re.search(r"^-", text, re.M)
        for package, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M):
            assert pinned.setdefault(package, version) == version
    assert pinned["django"].startswith("6.1")
