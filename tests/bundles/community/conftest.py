"""Writing and reading community bundles in tests."""

import json

import pytest

from plenara.bundles.format import COMMUNITY_FORMAT, COMMUNITY_HEAD
from plenara.bundles.queries.community_bundle import export_community
from plenara.bundles.targets import written
from plenara.bundles.validation.community import check
from plenara.bundles.validation.errors import BadBundle, BundleErrors
from plenara.bundles.validation.sources import opened
from plenara.core import clock
from tests import world
from tests.bundles.bundles import lines
from tests.bundles.community.making import NOW, community


@pytest.fixture
def whole(db):
    """A community with everything, and the consultation that one of its events prepares."""
    with clock.at(NOW):
        consultation = world.consultation()
    community()
    return consultation


@pytest.fixture
def write_out(db, tmp_path):
    """A function that exports the community and returns the path."""
    count = iter(range(1000))

    def ask(ending=""):
        path = tmp_path / f"export-{next(count)}{ending}"
        with written(path) as target:
            export_community(target)
        return path

    return ask


@pytest.fixture
def bundle(tmp_path):
    """A function that writes a bundle of rows by file; what is a text stands as it is."""
    count = iter(range(1000))

    def make(head=None, **files):
        folder = tmp_path / f"bundle-{next(count)}"
        folder.mkdir()
        (folder / COMMUNITY_HEAD).write_text(json.dumps(head or {"format": COMMUNITY_FORMAT}))
        for name, rows in files.items():
            if name == "themes":
                (folder / "themes.json").write_text(rows if isinstance(rows, str) else json.dumps(rows, indent=1))
            else:
                (folder / f"{name}.jsonl").write_text(lines(*rows))
        return folder

    return make


@pytest.fixture
def errors_of():
    """A function that checks a bundle and returns its errors, a line each."""

    def ask(path):
        errors = BundleErrors()
        try:
            with opened(path, errors, (COMMUNITY_HEAD,)) as source:
                check(source, errors)
        except BadBundle as bad:
            return bad.lines()
        return []

    return ask
