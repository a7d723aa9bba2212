"""Which text is meant, and who may read or translate it: what is published is everybody's, what waits the desk's."""

from dataclasses import dataclass

from plenara.consultations.models import Consultation
from plenara.contributions.models import Edition, State, Text, Version
from plenara.core.languages import NAMES


@dataclass(frozen=True)
class Original:
    """A text that can be translated, where it stands."""

    consultation: Consultation
    text: Text
    title: str
    language: str  # as its author declared it: any tag
    number: int | None  # of a published contribution
    is_published: bool

    @property
    def source(self) -> str:
        """Which of the six languages it is in; blank if in none of them."""
        code = self.language.split("-")[0].lower()
        return code if code in NAMES else ""


def find(consultation: Consultation, text_id: int) -> Original | None:
    """Return a text of a consultation; nothing where it is gone or erased. Two queries at most."""
    published = Edition.objects.filter(consultation=consultation, text_id=text_id).select_related("text")
    edition = published.order_by("-revision").first()
    if edition:
        if edition.is_gone or edition.text is None or edition.text.erased_at:
            return None
        return Original(consultation, edition.text, edition.title, edition.language, edition.number, True)
    # Of what was withdrawn, removed or rejected nobody needs a translation any more.
    undecided = Version.objects.filter(state__in=[State.PENDING, State.RETURNED], text_id=text_id)
    waiting = undecided.filter(contribution__consultation=consultation).select_related("text").first()
    if waiting is None or waiting.text.erased_at:
        return None
    return Original(consultation, waiting.text, waiting.title, waiting.language, None, False)


def held(consultation: Consultation, text_id: int) -> Original | None:
    """Return a text as it stands now, held until the transaction ends: against publication, and against erasure.

    Whoever keeps a translation asks here: the text may have been published, withdrawn or erased since it was found.
    """
    # In the order in which publishing and erasing hold them.
    consultation = Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
    list(Text.objects.select_for_update().filter(pk=text_id).values_list("pk", flat=True))
    return find(consultation, text_id)
