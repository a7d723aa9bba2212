"""What the details of a listing hold. Keys are absent where there is nothing; texts are {"fr": text}.

Organizations are named by their number in the directory, countries by ISO 3166-1 alpha-2, languages by their BCP 47
tags, themes by their codes, days as "2026-12-01", "2026-12" or "2026".
"""

from typing import TypedDict

from django.db import models
from django.utils.translation import pgettext_lazy


class OrganizationDetails(TypedDict, total=False):
    """An organization. `name` and `group` are always there."""

    name: dict[str, str]
    acronym: str
    group: str  # `core.vocabulary.StakeholderGroup`
    country: str
    site: str  # https://…
    ror: str  # "05a28rw58"
    themes: list[str]
    description: dict[str, str]


class PersonDetails(TypedDict, total=False):
    """A person who asked to be listed. Only `name` is always there, the rest is their choice. Never an address."""

    name: str
    affiliation: int  # number of an organization of the directory
    affiliation_name: str  # as written, where it is not in the directory
    group: str
    country: str
    languages: list[str]
    themes: list[str]
    orcid: str  # "0000-0002-1825-0097"
    site: str
    about: dict[str, str]


class Progress(models.TextChoices):
    """The progress of a project, as its owner reports it."""

    PLANNED = "planned", pgettext_lazy("project", "Planned")
    RUNNING = "running", pgettext_lazy("project", "Running")
    COMPLETED = "completed", pgettext_lazy("project", "Completed")
    STOPPED = "stopped", pgettext_lazy("project", "Stopped")


class ProjectDetails(TypedDict, total=False):
    """A project. `title` is always there."""

    title: dict[str, str]
    description: dict[str, str]
    starts: str
    ends: str
    progress: str
    organizations: list[int]
    countries: list[str]
    themes: list[str]
    link: str
    results: dict[str, str]
    results_link: str
