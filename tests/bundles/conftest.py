"""Importing, exporting and checking bundles, with folders of each test's own."""

import pytest

from plenara.bundles.actions.bundle import import_bundle
from plenara.bundles.queries.consultation import export
from plenara.bundles.targets import written
from plenara.bundles.validation.bundle import check
from plenara.bundles.validation.errors import BadBundle, BundleErrors
from plenara.bundles.validation.sources import opened
from plenara.consultations.models import Consultation


@pytest.fixture(autouse=True)
def documents(own_data, settings, tmp_path):
    """The folder of the documents, beside a data folder of the test's own."""
    settings.DOCUMENTS = tmp_path / "kept-documents"
    return settings.DOCUMENTS


@pytest.fixture
def errors_of():
    """A function that checks a bundle and returns its errors, a line each."""

    def ask(path):
        errors = BundleErrors()
        try:
            with opened(path, errors) as source:
                check(source, errors)
        except BadBundle as bad:
            return bad.lines()
        return []

    return ask


@pytest.fixture
def bring_in(db):
    """A function that imports a bundle and returns the consultation."""

    def ask(path):
        checked, _outcome = import_bundle(path)
        return Consultation.objects.get(slug=checked.slug)

    return ask


@pytest.fixture
def write_out(db, tmp_path):
    """A function that exports a consultation and returns the path."""
    count = iter(range(1000))

    def ask(consultation, ending=""):
        path = tmp_path / f"export-{next(count)}{ending}"
        with written(path) as target:
            export(consultation, target)
        return path

    return ask
