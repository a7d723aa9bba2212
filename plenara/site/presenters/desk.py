"""What the desk's home shows beside the tasks: panels, in the order of `PANELS`.

Tasks come from `task_provider` (`consultations.presenters.desk`). Here are moderation's provider, and the
sections that packages above consultations add to a consultation's desk.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from plenara.accounts.models import Person
from plenara.accounts.permissions import may_see_installation, may_set_up
from plenara.accounts.queries import installation_row
from plenara.consultations import community
from plenara.consultations.models import Consultation, Role, RoleName, State
from plenara.consultations.permissions import may_create_consultation, may_organize, may_work_in, roles_of
from plenara.consultations.presenters import desk, wording
from plenara.consultations.presenters.desk import ToDo, Urgency, task_provider
from plenara.consultations.queries import remaining_texts
from plenara.core.languages import current
from plenara.core.life_cycle import State as ItemState
from plenara.directory.models import Kind, Listing
from plenara.directory.permissions import may_look_after
from plenara.documents.permissions import may_see_glossary, may_see_translations
from plenara.documents.queries.translations import pending_translations
from plenara.email import delivery
from plenara.moderation.models import Item
from plenara.moderation.queries.queue import age_since, pending_counts
from plenara.outcomes.permissions import may_see_bodies, memberships_of
from plenara.outcomes.queries.desk import bodies_of, body_rows
from plenara.site.queries import background_tasks
from plenara.summaries.permissions import may_download_packs, may_see_summaries
from plenara.themes.models import Theme, ThemeFile
from plenara.themes.permissions import may_manage_list

#: The most translations, and bodies, that the desk's home names.
MOST_TRANSLATIONS = 5
MOST_BODIES = 8

desk.add_section(pgettext_lazy("label", "Moderation"), "moderation:settings", may_organize)
desk.add_section(pgettext_lazy("label", "Translations of contributions"), "contributions:untranslated", may_work_in)
desk.add_section(pgettext_lazy("label", "Summaries"), "summaries:desk", may_see_summaries)
desk.add_section(pgettext_lazy("label", "Outcomes"), "outcomes:desk", may_see_bodies)
desk.add_section(pgettext_lazy("label", "Conference pack"), "summaries:packs", may_download_packs)
desk.add_section(pgettext_lazy("label", "Glossary"), "summaries:glossary", may_see_glossary)


@dataclass(frozen=True)
class Panel:
    """One part of the desk's home."""

    name: str
    title: str
    template: str
    context: Mapping[str, object] = field(default_factory=dict)


def own_consultations(person: Person) -> list[Consultation]:
    """Return the consultations in which a person has a role: active ones first, archived ones last."""
    order = [
        State.OPEN,
        State.ANNOUNCED,
        State.DRAFT,
        State.CLOSED,
        State.IN_SYNTHESIS,
        State.REPORTED,
        State.ARCHIVED,
    ]
    found = Consultation.objects.filter(pk__in={where for where, _name, _language in roles_of(person)})
    return sorted(found.order_by("-pk"), key=lambda one: order.index(State(one.state)))


@task_provider
def deciding(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for each consultation that a person moderates, how many contributions are pending and for how long."""
    by_id = {one.pk: one for one in consultations}
    tasks = []
    counts = pending_counts(person)
    for pk, (count, oldest) in counts.items():
        if pk not in by_id:
            continue
        wait = age_since(oldest, by_id[pk])
        sentence = (
            ngettext(
                "%(count)d calendar or directory entry is waiting for a decision.",
                "%(count)d calendar or directory entries are waiting for a decision.",
                count,
            )
            if by_id[pk].is_community
            else ngettext(
                "%(count)d contribution is waiting for a decision.",
                "%(count)d contributions are waiting for a decision.",
                count,
            )
        ) % {"count": count}
        # In Chinese there is no space between sentences.
        sentence = f"{sentence}{'' if current() == 'zh' else ' '}{wait.against_promise}"
        urgency = Urgency.NOW if wait.is_late else Urgency.SOON
        queue = reverse("moderation:queue") + (f"?consultation={by_id[pk].slug}" if len(counts) > 1 else "")
        tasks.append(ToDo(sentence, queue, pgettext("label", "Open the queue"), urgency, by_id[pk], oldest))
    return tasks


def consultations_panel(person: Person, consultations: Sequence[Consultation]) -> Panel | None:
    """Show a person's consultations, and what happens there next."""
    may_create = bool(may_create_consultation(person))
    if not consultations and not may_create:
        return None
    labels: dict[int, list[str]] = {}
    for where, name, _language in sorted(roles_of(person)):
        label = str(RoleName(name).label)
        if label not in labels.setdefault(where, []):
            labels[where].append(label)
    rows = [
        {
            "consultation": one,
            "mark": wording.mark(one),
            "state": "" if one.is_community else one.state_label,
            "outlook": desk.outlook(one),
            "time_left": wording.time_left(one),
            "roles": labels.get(one.pk, []),
        }
        for one in consultations
    ]
    title = _("Your consultations")
    return Panel("consultations", title, "site/desk_consultations.html", {"rows": rows, "may_create": may_create})


def bodies_panel(person: Person, consultations: Sequence[Consultation]) -> Panel | None:
    """Show the bodies in which a person works, their own first, and the state of their documents."""
    found = bodies_of(person)
    if not found:
        return None
    memberships = memberships_of(person)
    rows = [{**row, "member": memberships.get(row["body"].pk)} for row in body_rows(found[:MOST_BODIES])]
    context = {"rows": rows, "count": len(found), "more": len(found) > MOST_BODIES}
    return Panel("bodies", _("Your working groups"), "outcomes/desk/panel.html", context)


def community_panel(person: Person, consultations: Sequence[Consultation]) -> Panel | None:
    """Show an organizer of the installation that calendar and directory have no moderators, and what is pending."""
    if not may_set_up(person):
        return None
    where = community.existing()
    acting = Role.objects.filter(
        consultation=where, name__in=community.ROLES, person__suspended_at=None, person__is_active=True
    )
    if where and acting.exists():
        return None
    pending = Item.objects.filter(consultation=where).count() if where else 0
    return Panel(
        "community", pgettext("label", "Calendar and directory"), "site/desk_community.html", {"waits": pending}
    )


def translations_panel(person: Person, consultations: Sequence[Consultation]) -> Panel | None:
    """Show the most urgent translations, with a link to all."""
    if not may_see_translations(person):
        return None
    waiting = pending_translations(person)
    found = [each for each in waiting if each.is_settled]
    rows = sorted(found, key=lambda each: not each.is_own)[:MOST_TRANSLATIONS]
    context = {"rows": rows, "count": len(found), "is_more": len(waiting) > len(found)}
    context["texts"] = remaining_texts(person, consultations)[:MOST_TRANSLATIONS]
    return Panel("translations", pgettext("label", "Translations"), "documents/desk/translations_panel.html", context)


def headless_panel(person: Person, consultations: Sequence[Consultation]) -> Panel | None:
    """Show an organizer of the installation consultations without an organizer: mostly imports."""
    if not may_set_up(person):
        return None
    organized = Role.objects.filter(name=RoleName.ORGANIZER, person__suspended_at=None, person__is_active=True)
    found = Consultation.objects.exclude(pk__in=organized.values("consultation_id")).exclude(is_community=True)
    found = found.order_by("slug")[:50]
    if not found:
        return None
    return Panel("headless", _("Consultations without an organizer"), "site/desk_headless.html", {"found": list(found)})


def themes_panel(person: Person, consultations: Sequence[Consultation]) -> Panel | None:
    """Show managers of the list of themes its size, and files to confirm."""
    if not may_manage_list(person):
        return None
    context = {"count": Theme.objects.filter(retired_at=None).count(), "waiting": ThemeFile.objects.count()}
    return Panel("themes", pgettext("label", "Themes"), "themes/desk/panel.html", context)


def directory_panel(person: Person, consultations: Sequence[Consultation]) -> Panel | None:
    """Show managers of the directory a link to it, and the number of entries without an owner."""
    if not may_look_after(person):
        return None
    nobodys = Listing.objects.filter(owner=None, state=ItemState.PUBLISHED, merged_into=None).exclude(of=Kind.PERSON)
    return Panel("directory", pgettext("label", "Directory"), "directory/panel.html", {"nobodys": nobodys.count()})


def calendar_panel(person: Person, consultations: Sequence[Consultation]) -> Panel | None:
    """Show managers of the calendar a link to it."""
    if not may_look_after(person):
        return None
    return Panel("calendar", pgettext("label", "Calendar"), "events/desk_panel.html")


def installation_panel(person: Person, consultations: Sequence[Consultation]) -> Panel | None:
    """Show operators and organizers of the installation the state of e-mail, tasks and its name."""
    if not may_see_installation(person):
        return None
    queued = background_tasks.together(background_tasks.tasks())
    mail_is_possible = delivery.is_possible()
    context = {
        "failed": queued.failed,
        "again": queued.again,
        "late": queued.late,
        "mail_is_possible": mail_is_possible,
        # E-mails that wait for a mail server are late for a reason that is shown already.
        "is_late": queued.late > 0 and mail_is_possible,
        "may_set_up": bool(may_set_up(person)),
        "is_set_up": installation_row().is_set_up,
    }
    return Panel("installation", _("This site"), "site/desk_installation.html", context)


type Function = Callable[[Person, Sequence[Consultation]], Panel | None]
PANELS: list[Function] = [
    consultations_panel,
    bodies_panel,
    translations_panel,
    community_panel,
    headless_panel,
    calendar_panel,
    directory_panel,
    themes_panel,
    installation_panel,
]


def panels(person: Person, consultations: Sequence[Consultation]) -> list[Panel]:
    """Return the panels that a person's desk has, in order."""
    return [panel for function in PANELS if (panel := function(person, consultations))]
