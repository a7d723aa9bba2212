"""A consultation with something of everything, as it goes out as a bundle and comes back."""

import datetime

import pytest

from plenara.bundles.actions.bundle import import_bundle
from plenara.bundles.queries.consultation import export
from plenara.bundles.targets import written
from plenara.bundles.validation.bundle import check, figures_in
from plenara.bundles.validation.errors import BundleErrors
from plenara.bundles.validation.sources import opened
from plenara.consultations.models import Consultation
from plenara.contributions.actions import revise, withdraw
from plenara.contributions.models import Contribution, Edition, EditionSignatory
from plenara.core import clock
from plenara.moderation.actions import check as let_stand
from plenara.moderation.actions import decide_appeal, decide_campaign, remove, report, restore, undo
from plenara.moderation.models import Decision
from tests import databases, world
from tests.conftest import NOW
from tests.contributions.entered import STATEMENT, entered
from tests.documents import making as document_making
from tests.summaries import making
from tests.summaries.corrections import making as correcting


@pytest.fixture(autouse=True)
def own_data(settings, tmp_path):
    """Data and documents of one's own."""
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.DOCUMENTS = settings.DATA / "documents"


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """The id of a consultation with something of everything."""
    data = tmp_path_factory.mktemp("data")
    with databases.shared(django_db_blocker, data), clock.at(NOW):
        yield make_everything(NOW)


@pytest.fixture
def everything(made, noon, db):
    """That consultation. What a test changes is undone behind it."""
    return Consultation.objects.get(pk=made)


def make_everything(start):
    """Replies, revisions, what is gone, campaigns, appeals, checks, summaries with all their citations, corrections."""
    consultation = world.consultation()
    thread = consultation.threads.get(number=1)
    author = world.person("Aminata Diallo", language="fr", capacity="organization", organization="Réseau Sahel")
    participant = world.person("Daniel Okafor", country="NG")
    moderator = world.grant(world.person("Ana Prieto"), consultation, "moderator")
    rapporteur = world.grant(world.person("Inés Calderón", language="es"), consultation, "rapporteur")
    organizer = world.grant(world.person("Wei Zhang", language="zh", is_organizer=True), consultation, "organizer")
    second = consultation.threads.get(number=2)
    hours = iter(range(1, 10_000, 5))

    def later():
        return clock.at(start + datetime.timedelta(hours=next(hours)))

    with later():
        first = world.published(author, moderator, thread)
    with later():
        world.published(participant, moderator, thread, "I agree with it.", in_reply_to=first.contribution)
        french = world.published(participant, moderator, second, "Nos membres vivent loin.", "fr", title="Loin")
    with later():
        revised = world.published(author, moderator, second, "Before it was revised.").contribution
    with later():
        revise(actor=author, contribution=revised, text="After it was revised, in French.", language="fr")
        world.decided(revised, moderator)
    with later():
        world.decided(world.submitted(author, thread, "Sent back."), moderator, "RETURNED_FOR_REVISION", reason="R3")
        world.decided(undone := world.submitted(author, thread, "Not this."), moderator, "REJECTED", reason="R1")
        undo(actor=moderator, decision=Decision.objects.latest("pk"))
        world.decided(undone, moderator, "REJECTED", reason="R2")
        world.submitted(author, thread, "It waits.")
    with later():
        appeal = world.appealed(participant, moderator, thread)
        world.appealed(author, moderator, second, "Appealed, and nobody has decided.")
    with later():
        decide_appeal(actor=organizer, appeal_id=appeal.pk, outcome="upheld", answer="It is a quotation.")
    with later():
        report(actor=author, kind="contribution", pk=french.contribution_id, reason="R4", text="Look.")
        let_stand(actor=moderator, kind="contribution", pk=french.contribution_id, version_id=french.version_id)
        taken = world.published(author, moderator, second, "To be withdrawn.")
        withdraw(actor=author, contribution=taken.contribution)
        removed = world.published(author, moderator, second, "To be removed.")
        remove(actor=moderator, kind="contribution", pk=removed.contribution_id, reason="R4")
        back = world.published(author, moderator, second, "To be removed and restored.")
        remove(actor=moderator, kind="contribution", pk=back.contribution_id, reason="R4")
        restore(actor=moderator, kind="contribution", pk=back.contribution_id)
    with later():
        said = entered(moderator, consultation, "said", STATEMENT, date="2026-10-12")
        world.decided(said, organizer)
    with later():
        decide_campaign(actor=moderator, campaign=world.campaign(second, 4), code="APPROVED", until=10**9)
        lead = Edition.objects.filter(campaign_of__isnull=False).values_list("campaign_of", flat=True).first()
    signed = Edition.objects.get(pk=first.pk)
    EditionSignatory.objects.create(edition=signed, byline=signed.byline, place=1)
    with later():
        it = making.summary(rapporteur, consultation)
        making.statement(rapporteur, it.document, "What the period is.", kind="frame", heading="Scope")
        making.statement_of(rapporteur, it, first, thread=thread)
        document_making.disagreement(rapporteur, it.document, first, thread=thread)
        follower = Edition.objects.filter(campaign_of=lead).first()
        open_network = making.statement(rapporteur, it.document, "They ask for an open network.", thread=second)
        making.cited(rapporteur, open_network, follower, words="keep the network open to everyone")
        making.actions.set_aside(actor=rapporteur, summary=it, edition=french, reason="It is about something else.")
        edition = making.published(rapporteur, organizer, it)
    with later():
        request = correcting.published(author, moderator, edition)
        correcting.answered(organizer, request, "refused")
    with clock.at(start + datetime.timedelta(days=9)):
        world.published(participant, moderator, thread, "Said after the summary.")
    return consultation.pk


@pytest.fixture
def bundle_of(tmp_path):
    """A function that exports a consultation and returns the path."""
    count = iter(range(1000))

    def ask(consultation):
        path = tmp_path / f"bundle-{next(count)}"
        with written(path) as target:
            export(consultation, target)
        return path

    return ask


@pytest.fixture
def recomputed():
    """A function that returns the figures of a bundle, from its rows alone."""

    def ask(path):
        errors = BundleErrors()
        with opened(path, errors) as source:
            return figures_in(source, check(source, errors))

    return ask


@pytest.fixture
def moved_in():
    """A function that forgets everything that is here, imports a bundle, and returns the consultation."""

    def ask(path):
        Edition.objects.all().delete()
        Contribution.objects.update(in_reply_to=None)
        Consultation.objects.all().delete()
        with clock.at(clock.now() + datetime.timedelta(days=30)):
            checked, _outcome = import_bundle(path)
        return Consultation.objects.get(slug=checked.slug)

    return ask
