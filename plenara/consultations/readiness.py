"""What a draft lacks, each with the page on which it is written: what is required, and what is better complete."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from plenara.accounts.installation import row
from plenara.accounts.rules import may_set_up
from plenara.consultations import guide, shown
from plenara.consultations.models import Consultation
from plenara.core.refusals import No
from plenara.mail import letters


@dataclass(frozen=True)
class Gap:
    """One thing that is missing, in words, and where it is written; no address where the reader cannot write it."""

    text: str
    url: str = ""


def required(consultation: Consultation) -> list[Gap]:
    """Return what must be there before it can be announced. `threads` may be prefetched."""
    return [Gap(str(answer.sentence), _place(answer, consultation)) for answer in guide.missing(consultation)]


def _place(answer: No, consultation: Consultation) -> str:
    field = answer.field or ""
    if field.startswith(("question_", "threads")):
        return reverse("desk_threads", args=[consultation.slug])
    return f"{reverse('desk_edit', args=[consultation.slug])}#id_{field}" + ("_0" if field == "languages" else "")


def advised(person: Any, consultation: Consultation) -> list[Gap]:
    """Return what does not prevent the announcement. `threads` and `roles` may be prefetched."""
    return [
        *_texts(consultation),
        *(Gap(task.sentence, task.url) for task in guide.missing_people(consultation)),
        *_of_site(person),
    ]


def _texts(consultation: Consultation) -> list[Gap]:
    edit, threads = (reverse(name, args=[consultation.slug]) for name in ("desk_edit", "desk_threads"))
    gaps = []
    if not consultation.intro:
        gaps.append(Gap(_("The introduction is empty."), f"{edit}#id_intro_en"))
    for each in shown.languages(consultation, list(consultation.threads.all())):
        # What the languages of contributions need most is required, and is named there.
        if each.state == "open" or (each.is_accepted and not each.can_be_read):
            continue
        sentence = _("%(language)s: %(what)s.") % {"language": shown.isolated(each.name), "what": each.word}
        if not each.has_title:
            url = f"{edit}#id_title_{each.code}"
        else:
            url = f"{edit}#id_intro_{each.code}" if each.lacks_intro else threads
        gaps.append(Gap(sentence, url))
    if not consultation.moderation_guide:
        sentence = _("The guide for moderators is empty.")
        gaps.append(Gap(sentence, reverse("moderation:settings", args=[consultation.slug])))
    return gaps


def _of_site(person: Any) -> list[Gap]:
    site = row()
    setup = reverse("installation") if may_set_up(person) else ""
    gaps = []
    if not site.is_set_up:
        gaps.append(Gap(_("The site has no name of its own."), setup))
    if not site.contact:
        gaps.append(Gap(_("The site has no contact address."), setup))
    if not site.pages.get("rules"):
        rules = reverse("installation_page", args=["rules"]) if setup else ""
        gaps.append(Gap(_("The rules of the site are the default text: check that they fit."), rules))
    if not letters.is_possible():
        gaps.append(Gap(_("No mail server is set up: nobody can register or receive a confirmation.")))
    return gaps
