"""The store in a folder and in a bucket: what holds for one holds for the other."""

import pytest

from tests import objects


@pytest.fixture(params=["folder", "bucket"])
def room(request, settings, tmp_path):
    """The room of exports, empty."""
    from plenara.core import store

    settings.DATA, settings.DOCUMENTS = tmp_path, tmp_path / "documents"
    if request.param == "bucket":
        server = request.getfixturevalue("objects_server")
        server.clear()
        settings.STORAGES = objects.storages(server.url)
    return store.exports()
