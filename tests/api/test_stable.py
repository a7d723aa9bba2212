"""What the API has promised stays: nothing is taken away, nothing gets another type. Adding is free."""

import copy

import pytest

from tests.api.answers import DOCUMENT
from tests.api.stable import kept, said


def test_every_promise_is_kept():
    assert sorted(set(kept()) - said()) == []


def test_what_was_added_is_a_promise_from_then_on():
    """Where this fails, nothing is broken: `python -m tests.api.stable` writes down what is new."""
    assert sorted(said() - set(kept())) == []


def _schema(document, name):
    return document["components"]["schemas"][name]


BREAKS = {
    "a path is gone": lambda doc: doc["paths"].pop("/api/v1/consultations/{slug}/themes"),
    "a parameter is gone": lambda doc: doc["paths"]["/api/v1/consultations"]["get"]["parameters"].pop(),
    "a parameter is required now": lambda doc: doc["components"]["parameters"]["group"].update(required=True),
    "a parameter takes a value less": lambda doc: doc["components"]["parameters"]["group"]["schema"]["enum"].pop(),
    "a field is gone": lambda doc: _schema(doc, "Contribution")["properties"].pop("campaign"),
    "a field has another type": lambda doc: _schema(doc, "Contribution")["properties"].update(
        campaign={"type": "string"}
    ),
    "a field is not always there": lambda doc: _schema(doc, "Contribution")["required"].remove("status"),
    "an inner field is gone": lambda doc: _schema(doc, "Cite")["properties"].pop("words"),
    "a status is gone": lambda doc: doc["paths"]["/api/v1/consultations/{slug}/contributions/{number}"]["get"][
        "responses"
    ].pop("410"),
}


@pytest.mark.parametrize("what", BREAKS)
def test_a_document_that_breaks_a_promise_is_noticed(what):
    document = copy.deepcopy(DOCUMENT)
    BREAKS[what](document)
    assert set(kept()) - said(document)


def test_adding_breaks_nothing():
    document = copy.deepcopy(DOCUMENT)
    document["paths"]["/api/v1/new"] = {"get": {"responses": {"200": {"description": "It."}}}}
    document["components"]["schemas"]["Contribution"]["properties"]["new"] = {"type": "string"}
    document["components"]["parameters"]["group"]["schema"]["enum"].append("new")
    assert not set(kept()) - said(document)
