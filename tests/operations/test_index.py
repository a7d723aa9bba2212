"""`plenara index` puts right what can be found and the figures; `plenara check` says when it should be run."""

import pytest

from plenara.contributions.models import Tally
from plenara.core import tasks
from plenara.core.models import BackgroundTask
from plenara.operations import health
from plenara.operations.actions.tasks import enqueue_index
from plenara.search.models import Entry
from tests.bundles.bundles import row, write


@pytest.fixture
def filled(installation, tmp_path):
    """An installation with a consultation, whose index lacks it."""
    bundle = write(tmp_path / "bundle", row("a"), row("b", document="documents/b.txt"), documents__b_txt="A paper.")
    assert installation.run("import", bundle).returncode == 0
    return installation


def test_what_differs_is_put_right_and_a_second_run_finds_nothing(filled):
    forget = "import django; django.setup(); from plenara.search.models import Entry; Entry.objects.all().delete()"
    ran = filled.run(code=f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'plenara.config.settings'; {forget}")
    assert ran.returncode == 0, ran.stderr

    checked, corrected, again, rebuilt, after = filled.run_all(
        ["check"], ["index"], ["index"], ["index", "--rebuild"], ["check"], forks=False
    )

    assert "search index lacks or differs in 2 of 2 entries of the kind 'contribution'." in checked.out
    assert "2 items compared, 2 corrected, 0 removed." in corrected.out
    assert "2 items compared, 0 corrected, 0 removed." in again.out
    assert "contribution   2 items indexed." in rebuilt.out
    assert "search index" not in after.out
    assert {ran.code for ran in (corrected, again, rebuilt)} == {0}


@pytest.mark.django_db
def test_check_says_what_the_index_lacks(edition):
    assert list(health._index()) == []
    Entry.objects.all().delete()

    (finding,) = health._index()

    assert finding.is_wrong
    assert "`plenara index`" in finding.sentence


@pytest.mark.django_db
def test_a_worker_enqueues_a_comparison_once_and_again_where_there_is_no_index(edition):
    enqueue_index()
    enqueue_index()
    assert BackgroundTask.objects.filter(task="operations.index").count() == 1
    tasks.run_all()

    Entry.objects.all().delete()
    enqueue_index()
    enqueue_index()
    assert BackgroundTask.objects.filter(task="operations.index").count() == 2
    tasks.run_all()

    assert Entry.objects.count() == 1
    assert Tally.objects.exists()


def test_a_restored_backup_of_either_database_is_found_again(filled, new_folder, tmp_path):
    backup = tmp_path / "backup.tar.gz"
    (made,) = filled.run_all(["backup", backup])
    assert made.code == 0, made.errors

    restored, checked = new_folder.run_all(["restore", backup], ["check"])

    assert restored.code == 0, restored.errors
    assert "search index" not in checked.out
