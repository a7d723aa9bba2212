"""Who takes part in the story of a report (`test_report.py`), the browser that each has, and what they press often."""

from django.core import mail

from plenara.core.tasks import run_all
from plenara.documents.models import Paragraph
from plenara.outcomes.models import Outcome, Trace
from tests import world
from tests.journeys.conftest import press
from tests.outcomes import making

OTHERS = ("ar", "es", "fr", "ru", "zh")
#: What is contributed: the question, the language, the words.
SAID = [
    (1, "en", "The management of the Internet concerns everybody who uses it."),
    (2, "fr", "Les noms de domaine doivent exister dans toutes les écritures."),
    (3, "en", "Governments should not decide alone."),
    (4, "fr", "Le rapport doit dire ce que chacun a demandé."),
    (1, "fr", "La définition doit nommer le secteur privé."),
]


class Story:
    """Who takes part, and the browser that each of them has."""

    def __init__(self, visitor):
        self.visitor = visitor
        self.consultation = world.consultation(threads=4)
        self.threads = list(self.consultation.threads.select_related("consultation").order_by("number"))
        self.organizer = self.works("Wei Zhang", "organizer", is_organizer=True)
        self.moderator = self.works("Ana Prieto", "moderator")
        self.rapporteur = self.works("Inés Calderón", "rapporteur", language="es")
        self.translators = {code: self.works(f"Into {code}", "translator", code, language=code) for code in OTHERS}
        self.chair, self.member = world.person("Nitin Rao", country="IN"), world.person("Yusuf Demir")
        self.authors = [world.person(f"Author {n}", language=code) for n, (_q, code, _text) in enumerate(SAID, 1)]
        self.participant = world.person("Salote Vakaloloma", country="FJ")
        self.editions, self.desks = [], {}

    def works(self, name, role, code="", **more):
        """Return somebody who has a role in the consultation."""
        return world.grant(world.person(name, **more), self.consultation, role, code)

    def at(self, person, path, **how):
        """Return the browser of a person, at a page; each has one for the whole story."""
        if person.pk not in self.desks:
            self.desks[person.pk] = self.visitor(**how).is_signed_in_as(person)
        return self.desks[person.pk].goes_to(path)

    @property
    def outcome(self):
        """The report, as it is now."""
        return Outcome.objects.select_related("document__consultation", "body__consultation").get()

    def paragraph(self, number):
        """Return a paragraph by its place."""
        return Paragraph.objects.select_related("document", "outcome_paragraph__section").get(
            document=self.outcome.document_id, number=number
        )

    def person(self, someone):
        """Return a person as they come with the next request."""
        return making.fresh(someone)


def main_of(page):
    return page.locator("main").inner_text()


def letters_to(person):
    """Return the e-mails to a person, the newest last, after the enqueued tasks were done."""
    run_all()
    return [f"{each.subject}\n{each.body}" for each in mail.outbox if person.email in each.to]


def respond(page, paragraph, response, reason):
    """Send the form that treats what was chosen."""
    page.locator("[name=paragraph]").select_option(str(paragraph.pk))
    page.locator(f"[name=response][value={response}]").check()
    page.locator("[name=reason]").fill(reason)
    press(page, page.get_by_role("button", name="Give this response to all chosen texts"))


def publish(page, stage):
    """Publish what is approved as a version of a stage."""
    page.locator(f"[name=stage][value={stage}]").check()
    press(page, page.get_by_role("button", name="Publish", exact=True))


def given_to(version, person):
    """Return the reasons that a version gives somebody, in their language."""
    traces = Trace.objects.filter(edition=version, contribution__author=person).select_related("reason__edition")
    return [each.reason.words().get(person.language, each.reason.text) for each in traces]
