"""Every package that a release names has a licence that may be distributed with ours."""

import re

import pytest

from tools.licences import ACCEPTED, READ, Refused, _said_by, is_accepted, licence_of
from tools.messages.source import ROOT

pytestmark = pytest.mark.once

LOCKED = sorted({
    name
    for lock in ("requirements.txt", "requirements-saml.txt")
    for name in re.findall(r"^([\w.-]+)==", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
})  # fmt: skip


@pytest.mark.parametrize("package", LOCKED)
def test_a_locked_package_has_an_accepted_licence(package):
    assert is_accepted(licence_of(package))


def test_licences_that_were_read_are_those_of_locked_packages_without_an_expression_of_their_own():
    assert not set(READ) - set(LOCKED)
    assert not [package for package in READ if _said_by(package)]


def test_our_own_licence_is_accepted():
    said = re.search(r'^license = "(.+)"$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert said and said[1] in ACCEPTED


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("MIT", True),
        ("MIT AND Zlib", True),
        ("GPL-2.0-only OR MIT", True),
        ("GPL-2.0-only", False),
        ("MIT AND SSPL-1.0", False),
        ("LicenseRef-Proprietary", False),
    ],
)
def test_an_expression_is_accepted_if_one_alternative_is_whole(expression, expected):
    assert is_accepted(expression) == expected


def test_a_package_with_no_licence_or_another_is_refused(monkeypatch):
    with pytest.raises(Refused, match="no-such-package has no licence as an SPDX expression"):
        licence_of("no-such-package")
    monkeypatch.setitem(READ, "no-such-package", "SSPL-1.0")
    with pytest.raises(Refused, match=r"is under SSPL-1\.0, which is not accepted"):
        licence_of("no-such-package")
