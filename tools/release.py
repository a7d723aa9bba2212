"""bin/release VERSION: makes a release of what is committed.

Sets the version and dates the section "Unreleased" of CHANGELOG.md. Stores a backup of the demo, which a test upgrades
from then on. Writes to dist/ the wheel, the source distribution, the list of locked packages with their licences
(CycloneDX) and the checksums of these. Commits and tags, then begins the next development version with a second commit.
If git has a user.signingKey, the checksums and the tag are signed.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from packaging.version import Version

from tools.licences import Refused, licence_of
from tools.messages.source import ROOT

VERSION = re.compile(r'^__version__ = "(.+)"$', re.MULTILINE)
#: The heading of the entries that no release has, and those entries.
UNRELEASED = re.compile(r"^## \[Unreleased\]\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
#: Fills a folder with the demo's data.
BUILD_DEMO = """
import sys
from pathlib import Path
from plenara.operations import demo_folder
from plenara.operations.commands.demo_command import build
demo_folder.mark(Path(sys.argv[1]))
build()
"""


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/release", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("version", metavar="VERSION", help="such as 1.0.0")
    parser.add_argument(
        "--dry-run", action="store_true", help="only write to dist/: commit, tag and change nothing else"
    )
    options = parser.parse_args(arguments)
    repository = Repository(root)
    try:
        version = repository.next_version(options.version)
        with repository.restored(version, always=options.dry_run):
            repository.set_version(version)
            repository.date_changelog(version)
            repository.store_data(version)
            repository.build(version)
            if not options.dry_run:
                repository.sign()
                repository.commit_and_tag(version)
    except Refused as refused:
        print(f"bin/release: {refused}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"bin/release: {error} Nothing was committed.", file=sys.stderr)
        return 1
    print(f"Would be tagged: v{version}" if options.dry_run else f"Tagged v{version}. Push it: git push --follow-tags")
    return 0


class Repository:
    """The checkout that a release is made of."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.dist = root / "dist"
        self.version_file = root / "plenara" / "__init__.py"
        self.changelog = root / "CHANGELOG.md"

    def data_file(self, version: Version) -> Path:
        return self.root / "tests" / "operations" / "data" / "releases" / f"{version}.tar.gz"

    def next_version(self, wanted: str) -> Version:
        """Return the version of the release. Raises `Refused` where there may be none."""
        if not re.fullmatch(r"\d+\.\d+\.\d+", wanted):
            raise Refused(f"{wanted!r} is not a version such as 1.0.0.")
        version = Version(wanted)
        if self.git("status", "--porcelain"):
            raise Refused("There are changes that are not committed. Commit or remove them (git status lists them).")
        earlier = [Version(tag) for tag in self.git("tag", "--list", "v[0-9]*").split()]
        if version <= (newest := max([self.version(), *earlier])):
            raise Refused(f"{version} is not greater than {newest}.")
        entries = UNRELEASED.search(self.changelog.read_text("utf-8"))
        if not entries or not re.search(r"^- ", entries[1], re.MULTILINE):
            raise Refused('CHANGELOG.md has no entries below "## [Unreleased]". Add what users will notice.')
        return version

    def version(self) -> Version:
        found = VERSION.search(self.version_file.read_text("utf-8"))
        assert found
        return Version(found[1])

    @contextmanager
    def restored(self, version: Version, *, always: bool) -> Iterator[None]:
        """Undo what the block changes in the checkout unless it ends well; with `always` even then."""
        commit = self.git("rev-parse", "HEAD")
        is_undone = True
        try:
            yield
            is_undone = always
        finally:
            if is_undone:
                self.git("reset", "--quiet", commit)
                self.git("checkout", "--quiet", "--", str(self.version_file), str(self.changelog))
                self.data_file(version).unlink(missing_ok=True)

    def set_version(self, version: Version) -> None:
        text = self.version_file.read_text("utf-8")
        self.version_file.write_text(VERSION.sub(f'__version__ = "{version}"', text), "utf-8")

    def date_changelog(self, version: Version) -> None:
        heading = f"## [{version}] - {time.strftime('%Y-%m-%d', time.gmtime())}"
        text = self.changelog.read_text("utf-8")
        self.changelog.write_text(text.replace("## [Unreleased]", heading, 1), "utf-8")

    def store_data(self, version: Version) -> None:
        """Store a backup of this version's demo for `tests/operations/test_upgrade_of_data.py`."""
        file = self.data_file(version)
        file.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            demo = Path(folder) / "demo"
            self.python("-c", BUILD_DEMO, str(demo), PLENARA_DATA=folder)
            self.python("-m", "plenara.cli", "backup", str(file), PLENARA_DATA=str(demo))
            file.chmod(0o644)

    def build(self, version: Version) -> None:
        shutil.rmtree(self.dist, ignore_errors=True)
        self.python("-m", "hatchling", "build", "--directory", str(self.dist))
        self.list_packages(version)
        files = sorted(self.dist.iterdir())
        sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files]
        (self.dist / "SHA256SUMS").write_text("".join(sums), "utf-8")
        print("".join(f"{file.stat().st_size:>10,}  {file.relative_to(self.root)}\n" for file in files), end="")

    def list_packages(self, version: Version) -> None:
        """Write the packages of the locks, each with its licence; those that only an extra needs are optional."""
        needed, of_saml = (
            re.findall(r"^\w.*(?:\n +.*)*", (self.root / name).read_text("utf-8"), re.MULTILINE)
            for name in ("requirements.txt", "requirements-saml.txt")
        )
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as both:
            both.write("\n".join(dict.fromkeys([*needed, *of_saml])))
            both.flush()
            file = self.dist / f"plenara-{version}.cdx.json"
            sbom = ["requirements", both.name, "--pyproject", "pyproject.toml", "--output-reproducible"]
            self.python("-W", "ignore", "-m", "cyclonedx_py", *sbom, "--output-file", str(file))
        listed = json.loads(file.read_text("utf-8"))
        listed["metadata"]["component"] |= {"version": str(version), "purl": f"pkg:pypi/plenara@{version}"}
        names = {each.partition("==")[0] for each in needed}
        for each in listed["components"]:
            each["licenses"] = [{"expression": licence_of(each["name"])}]
            each["scope"] = "required" if each["name"] in names else "optional"
        file.write_text(json.dumps(listed, indent=2) + "\n", "utf-8")

    def sign(self) -> None:
        """Sign the checksums, and so every file of the release, with the key of the tag: OpenPGP or SSH."""
        if not (key := self.config("user.signingKey")):
            return
        sums = str(self.dist / "SHA256SUMS")
        if self.config("gpg.format") == "ssh":
            command = ["ssh-keygen", "-Y", "sign", "-n", "file", "-f", key, sums]
        else:
            program = self.config("gpg.program") or "gpg"
            command = [program, "--batch", "--yes", "--armor", "--local-user", key, "--detach-sign", sums]
        subprocess.run(command, cwd=self.root, check=True)

    def commit_and_tag(self, version: Version) -> None:
        self.git("add", str(self.version_file), str(self.changelog), str(self.data_file(version)))
        self.git("commit", "--quiet", "--message", f"release: {version}")
        major, minor, micro = version.release
        after = Version(f"{major}.{minor}.{micro + 1}.dev0")
        self.set_version(after)
        text = self.changelog.read_text("utf-8")
        self.changelog.write_text(text.replace("\n## [", "\n## [Unreleased]\n\n## [", 1), "utf-8")
        self.git("commit", "--quiet", "--all", "--message", f"release: begin {after}")
        # The tag comes last: where it cannot be signed, both commits are undone.
        sign = "--sign" if self.config("user.signingKey") else "--annotate"
        self.git("tag", sign, "--message", f"Plenara {version}", f"v{version}", "HEAD~1")

    def config(self, name: str) -> str:
        """Return what git is configured with; nothing where it is not."""
        return self.git("config", "--default", "", "--get", name)

    def git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=self.root, check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()

    def python(self, *arguments: str, **further: str) -> None:
        """Run Python with the modules of the checkout, and without an installation's settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLENARA_", "DJANGO_"))}
        environment = kept | {"PYTHONPATH": str(self.root)} | further
        subprocess.run([sys.executable, "-P", *arguments], cwd=self.root, env=environment, check=True)


if __name__ == "__main__":
    sys.exit(main())
