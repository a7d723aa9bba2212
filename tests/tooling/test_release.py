"""`bin/release` sets the version, dates the changelog, builds, commits and tags; after a failure nothing is changed."""

import json
import shutil
import subprocess
import tarfile
import zipfile

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools import release
from tools.messages.source import ROOT

pytestmark = pytest.mark.once

CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-11-25\n\n- Another.\n"


def git(folder, *arguments):
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def committed(folder, version="98.0.0"):
    """Make a repository of a folder, at a version and with an entry in its changelog."""
    (folder / "plenara").mkdir(exist_ok=True)
    (folder / "plenara" / "__init__.py").write_text(f'"""Plenara."""\n\n__version__ = "{version}.dev0"\n')
    (folder / "CHANGELOG.md").write_text(CHANGELOG)
    git(folder, "init", "--quiet")
    identity = {"user.name": "Somebody", "user.email": "somebody@example.org"}
    for name, value in {**identity, "commit.gpgSign": "false", "tag.gpgSign": "false", "gpg.format": "openpgp"}.items():
        git(folder, "config", name, value)
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "All of it")
    return folder


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with a version and a changelog, of which nothing is built."""
    monkeypatch.setattr(release.Repository, "store_data", store_little)
    monkeypatch.setattr(release.Repository, "build", lambda self, version: None)
    return committed(tmp_path)


def store_little(self, version):
    """Do what `store_data` does with the demo, in no time."""
    self.data_file(version).parent.mkdir(parents=True, exist_ok=True)
    self.data_file(version).write_bytes(b"data")


def state(folder):
    """Return the present commit, the tags and everything that is not committed."""
    return git(folder, "rev-parse", "HEAD"), git(folder, "tag"), git(folder, "status", "--porcelain")


def test_it_sets_the_version_dates_the_changelog_stores_the_data_commits_and_tags(repository, capsys):
    assert release.main(["98.0.0"], repository) == 0
    assert "Tagged v98.0.0." in capsys.readouterr().out
    assert git(repository, "cat-file", "-t", "v98.0.0") == "tag"
    assert '__version__ = "98.0.0"' in git(repository, "show", "v98.0.0:plenara/__init__.py")
    assert "\n\n## [98.0.0] - 2026-10-14\n\n### Added\n\n- A thing.\n\n## [0.1.0]" in git(
        repository, "show", "v98.0.0:CHANGELOG.md"
    )
    assert git(repository, "show", "v98.0.0:tests/operations/data/releases/98.0.0.tar.gz") == "data"
    # What follows is a version of its own, with a place for its entries.
    assert '__version__ = "98.0.1.dev0"' in (repository / "plenara/__init__.py").read_text()
    assert "## [Unreleased]\n\n## [98.0.0] - 2026-10-14\n" in (repository / "CHANGELOG.md").read_text()
    assert git(repository, "log", "--format=%s").splitlines()[:2] == ["release: begin 98.0.1.dev0", "release: 98.0.0"]
    assert git(repository, "status", "--porcelain") == ""


def test_a_dry_run_commits_nothing_and_leaves_every_file_as_it_was(repository):
    before = state(repository)
    assert release.main(["--dry-run", "98.0.0"], repository) == 0
    assert state(repository) == before


@pytest.mark.parametrize("wanted", ["98", "98.0", "98.0.0.dev0", "98.0.0rc1", "v98.0.0", "later"])
def test_what_is_not_a_version_is_refused(repository, capsys, wanted):
    before = state(repository)
    assert release.main([wanted], repository) == 1
    assert "is not a version such as 1.0.0." in capsys.readouterr().err
    assert state(repository) == before


def test_a_version_that_is_not_greater_than_this_one_and_every_tag_is_refused(repository, capsys):
    assert release.main(["97.9.9"], repository) == 1
    assert "97.9.9 is not greater than 98.0.0.dev0." in capsys.readouterr().err
    git(repository, "tag", "v98.1.0")
    for wanted in ("98.0.0", "98.1.0"):
        assert release.main([wanted], repository) == 1
        assert f"{wanted} is not greater than 98.1.0." in capsys.readouterr().err
    assert release.main(["98.1.1"], repository) == 0


@pytest.mark.parametrize("name", ["CHANGELOG.md", "new"])
def test_changes_that_are_not_committed_are_refused(repository, capsys, name):
    (repository / name).write_text(f"{CHANGELOG}- More.\n")
    before = state(repository)
    assert release.main(["98.0.0"], repository) == 1
    assert "There are changes that are not committed." in capsys.readouterr().err
    assert state(repository) == before


@pytest.mark.parametrize("changelog", [CHANGELOG.replace("- A thing.\n", ""), CHANGELOG.replace("[Unreleased]", "x")])
def test_a_changelog_without_entries_is_refused(repository, capsys, changelog):
    (repository / "CHANGELOG.md").write_text(changelog)
    git(repository, "commit", "--quiet", "--all", "--message", "No entries")
    assert release.main(["98.0.0"], repository) == 1
    assert "CHANGELOG.md has no entries" in capsys.readouterr().err


@pytest.mark.parametrize("failing", ["build", "sign", "tag"])
def test_after_a_failure_everything_is_as_it_was(repository, monkeypatch, capsys, failing):
    if failing in {"sign", "tag"}:
        git(repository, "config", "user.signingKey", "a key that is not here")
        git(repository, "config", "gpg.program", "false")
        if failing == "tag":
            monkeypatch.setattr(release.Repository, "sign", lambda self: None)
    else:
        monkeypatch.setattr(release.Repository, "build", lambda self, version: self.python("-c", "exit(1)"))
    before = state(repository)
    assert release.main(["98.0.0"], repository) == 1
    assert "Nothing was committed." in capsys.readouterr().err
    assert state(repository) == before


def test_a_package_whose_licence_is_not_accepted_prevents_the_release(repository, monkeypatch, capsys):
    monkeypatch.setattr(release.Repository, "build", release.Repository.list_packages)
    for name, package in (("requirements.txt", "django==6.1.3\n"), ("requirements-saml.txt", "no-such-package==1.0\n")):
        (repository / name).write_text(package)
    (repository / "dist").mkdir()
    shutil.copy(ROOT / "pyproject.toml", repository)
    git(repository, "add", "requirements.txt", "requirements-saml.txt", "pyproject.toml")
    git(repository, "commit", "--quiet", "--message", "Locks")
    (repository / ".git" / "info" / "exclude").write_text("dist/\n")
    before = state(repository)
    assert release.main(["98.0.0"], repository) == 1
    assert "no-such-package has no licence as an SPDX expression." in capsys.readouterr().err
    assert state(repository) == before


@pytest.mark.parametrize("kind", ["openpgp", "ssh"])
def test_with_a_key_the_tag_and_the_checksums_are_signed(repository, tmp_path_factory, monkeypatch, kind):
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    monkeypatch.setenv("GNUPGHOME", str(home))
    signature = {"openpgp": "SHA256SUMS.asc", "ssh": "SHA256SUMS.sig"}[kind]
    if kind == "openpgp":
        if not shutil.which("gpg"):
            pytest.skip("needs gpg")
        new = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "somebody@example.org", "ed25519", "sign"]
        verify = ["gpg", "--verify", signature, "SHA256SUMS"]
        key = "somebody@example.org"
    else:
        if not shutil.which("ssh-keygen"):
            pytest.skip("needs ssh-keygen")
        key = str(home / "key")
        new = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key]
        verify = ["ssh-keygen", "-Y", "check-novalidate", "-n", "file", "-s", signature]
    subprocess.run(new, check=True, capture_output=True)
    git(repository, "config", "gpg.format", kind)
    git(repository, "config", "user.signingKey", key)
    if kind == "ssh":
        signers = home / "signers"
        signers.write_text(f"somebody@example.org {(home / 'key.pub').read_text()}")
        git(repository, "config", "gpg.ssh.allowedSignersFile", str(signers))
    (repository / ".git" / "info" / "exclude").write_text("dist/\n")
    sums = repository / "dist" / "SHA256SUMS"
    sums.parent.mkdir()
    sums.write_text("0  a file\n")
    assert release.main(["98.0.0"], repository) == 0
    git(repository, "verify-tag", "v98.0.0")
    with sums.open("rb") as text:
        subprocess.run(verify, cwd=sums.parent, stdin=text, check=True, capture_output=True)
    sums.write_text("1  a file\n")
    with sums.open("rb") as text:
        assert subprocess.run(verify, cwd=sums.parent, stdin=text, check=False, capture_output=True).returncode
    if kind == "openpgp":
        subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=True)


def test_it_builds_wheel_and_source_with_the_packages_of_the_lock_and_checksums(tmp_path, monkeypatch):
    listed = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    for name in (name for name in listed if (ROOT / name).is_file()):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(release.Repository, "store_data", store_little)
    assert release.main(["98.0.0"], committed(tmp_path)) == 0
    names = ["plenara-98.0.0-py3-none-any.whl", "plenara-98.0.0.cdx.json", "plenara-98.0.0.tar.gz"]
    dist = tmp_path / "dist"
    assert sorted(file.name for file in dist.iterdir()) == ["SHA256SUMS", *names]
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=dist, check=True, capture_output=True)
    with zipfile.ZipFile(dist / names[0]) as wheel:
        assert "Version: 98.0.0\n" in wheel.read("plenara-98.0.0.dist-info/METADATA").decode()
    packages = json.loads((dist / names[1]).read_text())
    assert packages["metadata"]["component"]["purl"] == "pkg:pypi/plenara@98.0.0"
    locks = {name: (ROOT / name).read_text() for name in ("requirements.txt", "requirements-saml.txt")}
    locked = {
        name: {line.split()[0] for line in text.splitlines() if line[0].isalnum()} for name, text in locks.items()
    }
    listed = {f"{each['name']}=={each['version']}": each for each in packages["components"]}
    assert len(listed) == len(packages["components"]) and set(listed) == set.union(*locked.values())
    assert {name for name, each in listed.items() if each["scope"] == "required"} == locked["requirements.txt"]
    assert all(each["licenses"][0]["expression"] for each in listed.values())
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(packages)) is None
    # From the source, the wheel can be built again, and all of it tested.
    with tarfile.open(dist / names[2]) as source:
        there = {name.removeprefix("plenara-98.0.0/") for name in source.getnames()}
    assert set(git(tmp_path, "ls-tree", "-r", "--name-only", "v98.0.0").splitlines()) <= there
