"""A record of hostile words, and every file that is made of it: found by walking the addresses, read as its kind is.

A new address stands in `authorization.txt`, or another test fails; so it is tried here by itself, in each of its forms.
"""

import re

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.urls.converters import get_converters

from plenara.consultations.models import Consultation
from plenara.core.tasks import run_all
from plenara.exports import actions as community_exports
from plenara.outcomes.actions.meetings import ask_files
from plenara.outcomes.models import Dossier
from plenara.outcomes.presenters.paper import PRINTER as OUTCOMES
from plenara.summaries.printing.actions import ask_pack
from plenara.summaries.printing.presenters.summaries import PRINTER as SUMMARIES
from tests.answers import make_exports
from tests.outcomes.making import fresh
from tests.security.authorization import ROLES, lines
from tests.security.poison import BEGINNINGS, poison
from tests.security.served import errors_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LINK = re.compile(r'(?:href|src)="(/[^"#]+)"')
#: What a stranger may write into the address of a file: what it quotes must break it no more than what it holds.
QUERY = (
    "q=%3D1%2B1%22%3Cscript%3Eowned()%3C/script%3E]]%3E%00%0d%0aX:%20y%ed%a0%80%ff&group=%22%3E&language=%00&order=%0a"
    "&to=%e2%80%ae&verb=%3Cx%3E&metadataPrefix=]]%3E&resumptionToken=%00&identifier=%26amp;%3C"
)


@pytest.fixture
def hostile_house(house, organizer, rapporteur, consultation):
    """The house, with hostile words in every field, and every file of it made again."""
    assert poison(BEGINNINGS[0]) > 100
    make_exports()
    community_exports.make_community()
    for place in Consultation.objects.all():
        for printer in (SUMMARIES, OUTCOMES):
            printer.make_changed(place.pk, float("inf"))
    for language in ("en", "ar"):
        ask_files(actor=fresh(rapporteur), dossier=Dossier.objects.get(body__slug="wgig"), language=language)
    pack = ask_pack(actor=organizer, consultation=consultation, edition=None)
    run_all()
    return {**house, "pack": pack.pk}


@pytest.fixture
def ask(request):
    """A function that asks for an address as a role does."""
    clients = {}

    def asks(role, address):
        if role not in clients:
            clients[role] = Client(raise_request_exception=False)
            if role not in {"outsider", "unverified"}:
                person = request.getfixturevalue(role)
                clients[role].force_login(person, backend="plenara.accounts.adapter.Backend")
        return clients[role].get(address)

    return asks


def every_form(address):
    """Yield an address with each ending that its route takes."""
    path, mark, query = address.partition("?")
    found = resolve(path)
    yield address
    for name in re.findall(r"<(\w+):ending>", found.route):
        for ending in get_converters()[name].regex.split("|"):
            if ending.isalnum():
                yield f"{path.rpartition('.')[0]}.{ending}{mark}{query}"


def walk(ask, ids):
    """Yield (role, address, answer) of every address, of each of its forms, and of the files that its page links to."""
    seen = set()
    for each in lines():
        role = next((role for role in ROLES if role in (each.reads or ())), None)
        if role is None:
            continue
        waiting = list(every_form(each.address.format(**ids)))
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            seen.add(address)
            answer = ask(role, address)
            yield role, address, answer
            if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming:
                waiting += [link for link in LINK.findall(answer.content.decode()) if is_new_file(link, seen)]


def is_new_file(link, seen):
    """Say whether a link leads to a file of a kind of address and ending that was not asked for yet."""
    path = link.partition("?")[0]
    try:
        route = resolve(path).route
    except Resolver404:
        return False
    kind = (route, path.rpartition(".")[2])
    if "." not in path.rpartition("/")[2] or kind in seen:
        return False
    seen.add(kind)
    return True


def test_no_file_of_hostile_words_has_a_formula_breaks_its_form_or_a_header(hostile_house, ask):
    kinds, files, errors = set(), {}, []
    for role, address, answer in walk(ask, hostile_house):
        if answer.status_code >= 500 and answer.status_code != 503:
            errors.append((address, answer.status_code))
        kind = answer.get("Content-Type", "").partition(";")[0]
        kinds.add((kind, answer.status_code))
        if answer.status_code == 200 and kind != "text/html":
            files[address] = (role, kind)
        errors += [(address, each) for each in errors_of(answer)]
    asked_for = {kind for kind, status in kinds if status == 200}
    assert errors == []
    assert {
        "text/csv", "application/json", "application/ld+json", "application/atom+xml", "text/calendar", "text/turtle",
        "application/zip", "image/svg+xml", "application/x-bibtex", "application/xml", "application/pdf",
    } <= asked_for  # fmt: skip
    again = [
        (address, error)
        for address, (role, _kind) in files.items()
        for error in errors_of(ask(role, f"{address}{'&' if '?' in address else '?'}{QUERY}"))
    ]
    assert again == []
    tables = [(address, role) for address, (role, kind) in files.items() if kind == "text/csv"]
    assert len(tables) > 10
    for beginning in BEGINNINGS[1:]:
        poison(beginning)
        found = [(address, error) for address, role in tables for error in errors_of(ask(role, address))]
        assert found == [], repr(beginning)
