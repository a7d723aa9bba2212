"""The licences of the packages that a release names, as SPDX expressions; those that do not fit ours are refused."""

from importlib.metadata import PackageNotFoundError, metadata

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

#: What may be distributed together with AGPL-3.0-or-later.
ACCEPTED = frozenset({
    "0BSD", "AGPL-3.0-or-later", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "GPL-3.0-or-later", "ISC",
    "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
})  # fmt: skip

#: Read in the licence files of packages whose metadata has no SPDX expression, or that only other systems install.
READ = {
    "brotlicffi": "MIT",
    "colorama": "BSD-3-Clause",
    "cssselect2": "BSD-3-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "isodate": "BSD-3-Clause",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "opencc": "Apache-2.0",
    "pydyf": "BSD-3-Clause",
    "pyphen": "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1",
    "pystemmer": "MIT AND BSD-3-Clause",
    "python-dateutil": "Apache-2.0 AND BSD-3-Clause",
    "python-stdnum": "LGPL-2.1-or-later",
    "qrcode": "BSD-3-Clause AND MIT",
    "s3transfer": "Apache-2.0",
    "sqlparse": "BSD-3-Clause",
    "tinycss2": "BSD-3-Clause",
    "tinyhtml5": "MIT",
    "uvloop": "MIT OR Apache-2.0",
    "weasyprint": "BSD-3-Clause",
    "webencodings": "BSD-3-Clause",
}


class Refused(Exception):
    """Why no release is made, in a sentence."""


def licence_of(package: str) -> str:
    """Return the SPDX expression of a package's licence. Raises `Refused` where it is unknown or does not fit ours."""
    said = _said_by(package) or READ.get(canonicalize_name(package), "")
    if not said:
        raise Refused(f"{package} has no licence as an SPDX expression. Read it, and add it to tools/licences.py.")
    if not is_accepted(said):
        raise Refused(f"{package} is under {said}, which is not accepted (tools/licences.py).")
    return said


def is_accepted(expression: str) -> bool:
    """Return whether one alternative of an expression has accepted licences only. One with parentheses has none."""
    return any(ACCEPTED.issuperset(each.split(" AND ")) for each in expression.split(" OR "))


def _said_by(package: str) -> str:
    """Return the expression in a package's own metadata; nothing where there is none, or only prose."""
    try:
        found = metadata(package)
        return canonicalize_license_expression(found.get("License-Expression") or found.get("License") or "")
    except (PackageNotFoundError, InvalidLicenseExpression):
        return ""
