"""The demo, built once for all of these tests: in one transaction that is rolled back behind the last of them."""

import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings


@dataclass(frozen=True)
class Demo:
    """The demo that was built: its data folder, and how many seconds of our own work it took."""

    folder: Path
    seconds: float


@pytest.fixture(scope="package")
def as_a_demo(tmp_path_factory):
    """The settings of a demo, and a data folder of its own."""
    import plenara.config.urls  # noqa: F401 - loaded while this is no demo yet, as every other test wants it

    folder = tmp_path_factory.mktemp("demo")
    with override_settings(
        DEMO=True,
        DATA=folder,
        MAILERS={"default": {"BACKEND": "plenara.demo.postbox.Postbox"}},
        ROOT_URLCONF="tests.demo.urls",
    ):
        yield folder


@pytest.fixture(scope="package")
def built(as_a_demo, django_db_setup, django_db_blocker):
    from plenara_sample.installation import build

    with django_db_blocker.unblock(), transaction.atomic():
        began = time.process_time()
        build()
        yield Demo(as_a_demo, time.process_time() - began)
        transaction.set_rollback(True)


@pytest.fixture
def demo(built, db):
    """The demo; what a test changes in it is undone behind the test."""
    return built


@pytest.fixture(scope="package")
def answers(built):
    """What readers were answered so far, by address."""
    return {}


@pytest.fixture
def read(demo, answers, client):
    """A function that returns what a reader is answered, and asks each address once for all tests that only read."""

    def answer(path):
        if path not in answers:
            answers[path] = client.get(path)
        return answers[path]

    return answer
