"""Bodies: whom a consultation was held for. A working group, a committee, a conference's bureau."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from plenara.consultations.models import Consultation
from plenara.core import clock
from plenara.core.vocabulary import StakeholderGroup


class Body(models.Model):
    """A group of people who write outcomes of consultations. Its home is one consultation, whose organizers keep it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="bodies")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.JSONField(default=dict)  # {lang: text}, as the next
    mandate = models.JSONField(default=dict)  # in Markdown
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    #: When its page was first shown; nothing: it is being prepared.
    published_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    stamp = models.PositiveIntegerField(default=0)  # grows at each edit

    class Meta:
        verbose_name_plural = "bodies"

    def __str__(self) -> str:
        return self.slug

    @property
    def is_public(self) -> bool:
        return self.published_at is not None


class Member(models.Model):
    """Somebody in a body, by the name, country and organization that its page shows. Not everybody has an account."""

    class Part(models.TextChoices):
        CHAIR = "chair", pgettext_lazy("member of a body", "Chair")
        VICE_CHAIR = "vice_chair", pgettext_lazy("member of a body", "Vice-chair")
        RAPPORTEUR = "rapporteur", pgettext_lazy("member of a body", "Rapporteur")
        MEMBER = "member", pgettext_lazy("member of a body", "Member")
        OBSERVER = "observer", pgettext_lazy("member of a body", "Observer")
        SECRETARIAT = "secretariat", pgettext_lazy("member of a body", "Secretariat")

    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="memberships"
    )
    part = models.CharField(max_length=12, choices=Part, default=Part.MEMBER)
    name = models.CharField(max_length=120)
    stakeholder_group = models.CharField(max_length=20, choices=StakeholderGroup, blank=True)
    organization = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)  # after it, the member acts no more and is shown as a former one
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "person"], name="member_once", condition=Q(person__isnull=False, until__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.pk} of {self.body_id}"
