"""Addresses for the tests of the outcomes' desk. `tests.consultations.pages` reads pages."""

from tests.consultations.pages import errors, filled, text


def at(body, tail="", language="en"):
    """Return the address of a page of a body's desk."""
    return f"/{language}/desk/outcomes/{body.slug}/{tail}"


def of(outcome, tail="", language="en"):
    """Return the address of a page of an outcome's desk."""
    return at(outcome.body, f"{outcome.slug}/{tail}", language)


def home(consultation, tail="", language="en"):
    """Return the address of the bodies of a consultation."""
    return f"/{language}/desk/consultations/{consultation.slug}/outcomes/{tail}"


__all__ = ["at", "errors", "filled", "home", "of", "text"]
