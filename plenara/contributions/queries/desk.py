"""Tasks at the desk: returned entries of the secretariat, disputed bylines. And the participants."""

from collections.abc import Sequence

from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from plenara.accounts.models import Person
from plenara.consultations.models import Consultation
from plenara.consultations.permissions import may_moderate
from plenara.consultations.presenters import desk
from plenara.consultations.presenters.desk import ToDo, task_provider
from plenara.consultations.queries import participant_provider
from plenara.contributions.models import ENTERED, Contribution, Dispute
from plenara.core.life_cycle import State

desk.add_section(pgettext_lazy("label", "Letters and meetings"), "contributions:entered", may_moderate)
desk.add_section(pgettext_lazy("label", "Disputed bylines"), "contributions:disputes", may_moderate)


@participant_provider
def authors(consultation: Consultation) -> QuerySet:
    """Return the ids of a consultation's contributors, in any state: the recipients of e-mails."""
    return Contribution.objects.filter(consultation=consultation, author__isnull=False).values("author_id")


@task_provider
def entered_returned(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for each consultation, the number of returned entries of a person. One query."""
    where = {each.pk: each for each in consultations if may_moderate(person, each)}
    if not where:
        return []
    found = Contribution.objects.filter(
        consultation__in=where, entered_by=person, state=State.RETURNED, channel__in=ENTERED
    )
    tasks = []
    for row in found.order_by().values("consultation_id").annotate(count=Count("pk"), since=Min("state_at")):
        it = where[row["consultation_id"]]
        sentence = ngettext(
            "%(count)d text that you entered was returned. Correct or withdraw it.",
            "%(count)d texts that you entered were returned. Correct or withdraw them.",
            row["count"],
        ) % {"count": row["count"]}
        address = reverse("contributions:entered", args=[it.slug])
        tasks.append(
            ToDo(sentence, address, pgettext("label", "Letters and meetings"), consultation=it, since=row["since"])
        )
    return tasks


@task_provider
def disputed(person: Person, consultations: Sequence[Consultation]) -> list[ToDo]:
    """Return, for each consultation that a person moderates, the number of disputed bylines. One query."""
    where = {each.pk: each for each in consultations if may_moderate(person, each)}
    if not where:
        return []
    found = Dispute.objects.filter(status=Dispute.Status.PENDING, edition__consultation__in=where)
    found = found.exclude(person=person).exclude(edition__contribution__author=person)
    tasks = []
    for row in found.order_by().values("edition__consultation").annotate(count=Count("pk"), since=Min("at")):
        it = where[row["edition__consultation"]]
        sentence = ngettext(
            "An organization disputes %(count)d byline.",
            "Organizations dispute %(count)d bylines.",
            row["count"],
        ) % {"count": row["count"]}
        address = reverse("contributions:disputes", args=[it.slug])
        tasks.append(ToDo(sentence, address, pgettext("label", "Decide"), consultation=it, since=row["since"]))
    return tasks
