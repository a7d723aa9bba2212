"""A pack that one machine begins and another goes on with, and that a third one serves."""

import io
import zipfile

import pytest

from plenara.core import tasks
from plenara.core.models import BackgroundTask
from plenara.documents.actions import paper_sets, printed_files
from plenara.documents.presenters import pdf
from plenara.summaries.models import Pack
from plenara.summaries.printing import actions

pytestmark = pytest.mark.django_db


def test_machines_make_a_pack_in_turns_and_any_of_them_serves_it(shared, published, organizer, sign_in, monkeypatch):
    monkeypatch.setattr(pdf, "missing_packages", lambda: ())
    monkeypatch.setattr(actions, "NAMES", {"en": "English"})
    monkeypatch.setattr(printed_files, "ENOUGH", -1.0)
    pack = actions.ask_pack(actor=organizer, consultation=published.consultation, edition=published)
    machines = 0
    while BackgroundTask.objects.filter(task="summaries.make_pack", done_at=None).exists() and machines < 20:
        machines += 1
        shared(f"machine {machines}")
        for each in tasks.take(50):
            tasks.run(each)
    pack = Pack.objects.get(pk=pack.pk)
    assert (pack.state, machines > 3) == (Pack.State.DONE, True)
    shared("another")
    answer = sign_in(organizer).get(f"/en/desk/consultations/{published.consultation.slug}/packs/{pack.pk}/pack.zip")
    content = b"".join(answer.streaming_content)
    assert len(content) == pack.size == int(answer["Content-Length"])
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        assert found.testzip() is None
        assert "en/1-summary.docx" in found.namelist()
    actions.folder_of(pack).forget_all()
    assert paper_sets.folders_in(actions.FOLDER) == set()
