"""What a stranger writes into an address breaks no header of the answer, sets no cookie and leads nowhere else."""

import pytest
from django.test import Client

from tests.security.authorization import lines

pytestmark = [pytest.mark.django_db, pytest.mark.once]

QUERIES = ["x=%0d%0aSet-Cookie:%20a=b", "%0d%0aX-A:%20b=c", "order=%0d%0aLocation:%20//evil.example/"]


def test_what_stands_in_an_address_breaks_no_header(house):
    client = Client(raise_request_exception=False)
    for each in lines():
        if "outsider" not in (each.reads or ()):
            continue
        address = each.address.format(**house)
        for query in QUERIES:
            answer = client.get(f"{address}{'&' if '?' in address else '?'}{query}")
            assert answer.status_code < 500 or answer.status_code == 503, address
            assert not [value for value in answer.headers.values() if "\r" in value or "\n" in value]
            assert "a" not in answer.cookies and not answer.headers.get("Location", "").startswith("//")
