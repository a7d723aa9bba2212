"""What is new for an author on their own page: replies, statements that cite them, outcomes that answer them."""

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.consultations import news
from plenara.consultations.models import Follow
from plenara.core import clock
from plenara.core.languages import current
from plenara.documents.kinds import kind_of
from plenara.documents.models import PublishedCitation
from plenara.summaries.kind import NAME as SUMMARY

#: Lines of each kind that are shown and counted.
MOST = news.MOST


@dataclass(frozen=True)
class New:
    """One thing that is new: what it is, and its page."""

    words: str
    url: str


def since(person: Person, moment: datetime.datetime) -> list[New]:
    """Return what was answered, cited and taken up of a person's contributions after a moment.

    Two queries, and four for each version of an outcome that has an answer to the person.
    """
    now = clock.now()
    found = _followed(person, Follow.What.REPLIES, moment, now)
    found += _cited(person, moment, now)
    found += _followed(person, Follow.What.TREATED, moment, now)
    return found


def _followed(person: Person, what: str, moment: datetime.datetime, now: datetime.datetime) -> list[New]:
    """Return what an e-mail about this would say, whether or not the person wants e-mails about it."""
    lines = news.of(Follow(person=person, what=what, told_until=moment), now)
    # The templates are those of e-mails: their text is escaped when the page is made.
    return [
        New(_first_line(render_to_string(each.template, {"line": each.context})), f"/{current()}/{each.path}")
        for each in lines[:MOST]
    ]


def _first_line(text: str) -> str:
    return "".join(text.strip().splitlines()[:1])


def _cited(person: Person, moment: datetime.datetime, now: datetime.datetime) -> list[New]:
    """Return the statements of summaries that cite a person. One that a correction repeats is not new."""
    before = PublishedCitation.objects.filter(
        edition=OuterRef("edition"),
        paragraph__edition__document=OuterRef("paragraph__edition__document"),
        paragraph__edition__minted_at__lte=moment,
    )
    rows = (
        PublishedCitation.objects.filter(
            edition__contribution__author=person,
            paragraph__edition__in_force=True,
            paragraph__edition__kind=SUMMARY,
            paragraph__edition__minted_at__gt=moment,
            paragraph__edition__minted_at__lte=now,
        )
        .exclude(Exists(before))
        .order_by("paragraph__edition__minted_at", "paragraph__number", "pk")
        .select_related("paragraph__edition__consultation", "edition")
    )
    kind, found = kind_of(SUMMARY), {}
    for each in rows[:MOST]:
        summary, number = each.paragraph.edition, each.paragraph.told_as
        place = {"place": kind.place(summary.number, number), "number": each.edition.number}
        url = f"{kind.url(summary.consultation.slug, summary.number, address=summary.address)}#s{number}"
        found[url, each.edition_id] = New(_("%(place)s: your contribution %(number)s") % place, url)
    return list(found.values())
