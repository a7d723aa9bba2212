"""The demo's consultations as bundles: what comes in elsewhere goes out the same, and the matrix is recalculated."""

import pytest

from plenara.bundles.actions.bundle import import_bundle
from plenara.bundles.queries.consultation import export
from plenara.bundles.targets import written
from plenara.bundles.validation.bundle import check
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.sources import opened
from plenara.consultations.models import Consultation
from plenara.outcomes.models import Trace
from plenara_sample import SLUGS
from tests.bundles.bundles import contents
from tests.bundles.test_outcomes import everything_goes


@pytest.fixture
def write_out(demo, tmp_path):
    """A function that exports a consultation of the demo and returns the path."""

    def ask(slug, name):
        with written(tmp_path / f"{name}-{slug}") as target:
            export(Consultation.objects.get(slug=slug), target)
        return tmp_path / f"{name}-{slug}"

    return ask


def test_what_goes_out_comes_in_elsewhere_and_goes_out_the_same_byte_for_byte(write_out):
    paths = [write_out(slug, "first") for slug in SLUGS]
    traces = Trace.objects.count()
    assert traces
    everything_goes()
    for path in paths:
        import_bundle(path)
    assert Trace.objects.count() == traces
    for slug, path in zip(SLUGS, paths, strict=True):
        assert contents(write_out(slug, "second")) == contents(path)


def test_every_line_of_the_matrix_is_recomputed(write_out):
    path = write_out(SLUGS[0], "first")
    errors = BundleErrors()
    with opened(path, errors) as source:
        checked = check(source, errors)
    assert (checked.matrix, checked.matrix_away) == (Trace.objects.filter(consultation__slug=SLUGS[0]).count(), 0)
