"""Schemathesis asks every address what the document allows, and what it does not: every answer is as described."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from schemathesis import engine
from schemathesis.config import SchemathesisConfig

from tests.api.answers import DOCUMENT, ROOT
from tests.api.conftest import make_whole

#: Few examples, the same ones at each run, with every check there is.
CONFIGURED = {
    "seed": 5,
    "workers": 1,
    "headers": {"Accept-Encoding": "identity"},
    "generation": {"max-examples": 8, "deterministic": True, "database": "none", "mode": "all"},
    "phases": {"stateful": {"enabled": False}},
    # A tombstone is a good answer too.
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "410"]}},
    # Not everything that can be typed can be searched for.
    "operations": [{"include-path": f"{ROOT}search", "checks": {"positive_data_acceptance": {"enabled": False}}}],
}


@pytest.fixture
def kept_connections():
    """Let the database in memory outlive a request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def asked_and_failed(schema):
    """Return (path, status) of everything that was asked, and what was found to be wrong."""
    asked, failures = set(), []
    for event in engine.from_schema(schema).execute():
        if type(event).__name__ in {"NonFatalError", "FatalError"}:
            failures.append(repr(event))
        if (recorder := getattr(event, "recorder", None)) is None:
            continue
        for key, interaction in recorder.interactions.items():
            case = recorder.cases[key].value
            if interaction.response:
                asked.add((case.operation.path, interaction.response.status_code))
            for check in recorder.checks.get(key, []):
                if check.failure_info:
                    failures.append(f"{case.as_curl_command()}: {check.name}, {check.failure_info.failure.message}")
    return asked, failures


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_no_answer_differs_from_what_the_document_says(kept_connections):
    make_whole()
    config = SchemathesisConfig.from_dict(CONFIGURED)
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}openapi.json", get_wsgi_application(), config=config)
    asked, failures = asked_and_failed(schema)
    assert failures == []
    # Every address but the document's own was asked, answered with what it has, and tried with what it has not.
    for path in DOCUMENT["paths"].keys() - {f"{ROOT}openapi.json"}:
        promised = {int(status) for status in DOCUMENT["paths"][path]["get"]["responses"]} - {
            304,
            410,
            414,
            503,
        }  # 414: said by the front; 503: the database away
        assert {status for asked_of, status in asked if asked_of == path} >= promised, path
    assert 410 in {status for _path, status in asked}
