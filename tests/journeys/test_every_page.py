"""Every type of page, in three languages, on a phone and at a desk: accessible, and nothing scrolls sideways."""

import pytest

from plenara.common import clock
from plenara.contributions.actions import ask_to_sign, confirm, keep_sheet, remark, save_draft, share, withdraw
from plenara.contributions.clearance import draft_digest, token_of
from plenara.contributions.models import Contribution, Edition
from plenara.documents import actions as document_actions
from plenara.moderation.actions import decide_campaign, remove, report
from plenara.moderation.models import Item
from plenara.themes.models import Theme
from tests import world
from tests.contributions.entered import STATEMENT, entered
from tests.directory import listed
from tests.documents import making as document_making
from tests.documents.exchange.making import waiting
from tests.events import entered as making_events
from tests.journeys.conftest import WIDTHS, axe_script
from tests.outcomes import bodies_everywhere as bodies
from tests.outcomes import comments_everywhere as comments
from tests.outcomes import everywhere as outcomes
from tests.outcomes import meetings_everywhere as meetings
from tests.outcomes import public_everywhere as public_outcomes
from tests.summaries import making
from tests.summaries.correcting import making as correcting
from tests.themes import everywhere as themes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

HERE = "consultations/internet-governance/"
DESK = "desk/consultations/internet-governance/"


@pytest.fixture
def place(consultation, author, participant, moderator, rapporteur, translator, organizer, thread, edition):
    """A world with something of every kind, and the ids that the pages below name."""
    reply = world.published(participant, moderator, thread, "I agree with it.", in_reply_to=edition.contribution)
    world.published(author, moderator, thread, "Nos membres vivent loin de toute réunion.", "fr", title="Loin de tout")
    gone = world.published(author, moderator, thread, "To be withdrawn.")
    withdraw(actor=author, contribution=gone.contribution)
    world.decided(
        returned := world.submitted(author, thread, "Sent back."),
        moderator,
        "RETURNED_FOR_REVISION",
        reason="R3",
        sentence="About a person.",
    )
    pending = world.submitted(author, thread, "It waits for a moderator.")
    draft = save_draft(actor=author, thread=thread, key="a-draft", text="Half a thought")
    shared = share(actor=author, draft=draft, days=7)
    remark(share=shared, name="Lena Brandt", text="Say why.")
    asked_to_sign, silent = ask_to_sign(
        actor=author, draft=draft, addresses=["lena@x.example", "samir@x.example"], language="en"
    )
    confirm(
        signatory=silent,
        sha256=draft_digest(draft),
        name="سمير حداد",
        stakeholder_group="civil_society",
        capacity="individual",
        country="LB",
    )
    report(actor=author, kind="contribution", pk=reply.contribution_id, reason="R4", text="Look at this.")
    removed = world.published(author, moderator, thread, "To be removed.")
    remove(actor=moderator, kind="contribution", pk=removed.contribution_id, reason="R4")
    published = making.summary(rapporteur, consultation)
    making.statement(
        rapporteur, published.document, "Nothing was contributed to question 2.", kind="frame", heading="Scope"
    )
    making.statement_of(rapporteur, published, edition)
    making.published(rapporteur, organizer, published)
    making.translated(translator, published.document, "ar")
    document_actions.reopen(actor=rapporteur, document=published.document)
    document_making.disagreement(rapporteur, published.document, edition, thread=thread)
    of_summary = making.published(rapporteur, organizer, published)
    request = correcting.published(author, moderator, of_summary, "Ce n’est pas ce qui est écrit.", language="fr")
    correcting.answered(organizer, request, "refused")
    unanswered = correcting.published(author, moderator, of_summary, statement=None)
    asked_for = correcting.asked(author, of_summary, "بعد آخر.", statement=2, language="ar")
    summary = making.summary(rapporteur, consultation, title="In the making")
    statement = making.statement_of(rapporteur, summary, edition)
    drafted = document_making.disagreement(rapporteur, summary.document, edition, machine="extract", thread=thread)
    comment = document_actions.comment(
        actor=organizer, document=summary.document, paragraph=statement, text="Who says so?"
    )
    assert Edition.objects.filter(pk=reply.pk).exists()
    today = f"{clock.now():%Y-%m-%d}"
    letter = entered(moderator, consultation, date=today)
    world.decided(letter, organizer, "RETURNED_FOR_REVISION", reason="R1")
    world.decided(entered(moderator, consultation, "another", STATEMENT, date=today), organizer)
    sheet = keep_sheet(
        actor=moderator,
        consultation=consultation,
        name="letters.csv",
        sha256="0" * 64,
        rows=[(2, STATEMENT | {"date": today, "name": "Oumar Ba"})],
    )
    second = thread.consultation.threads.get(number=2)
    together = world.campaign(second)
    decide_campaign(actor=moderator, campaign=together, code="APPROVED", until=10**9)
    return {
        **themes.places(),
        **calendar(),
        **listed.of_every_kind(edition),
        "lead": Contribution.objects.get(pk=together.first_id).number,
        "campaign": world.campaign(second, 4, "Every member of the group should be heard before it reports.").pk,
        "letter": letter.pk,
        "sheet": sheet.pk,
        "gone": gone.number,
        "returned": returned.pk,
        "pending": pending.pk,
        "item": Item.objects.get(kind="contribution", object_id=pending.pk).pk,
        "request": request.pk,
        "unanswered": unanswered.pk,
        "asked_for": asked_for.pk,
        "appeal": (made := world.appealed(author, moderator, thread)).pk,
        "appealed": made.decision.object_id,
        "asked": world.asked(author, moderator, thread).object_id,
        "removed": removed.number,
        "removed_id": removed.contribution_id,
        "drafted": drafted.pk,
        "comment": comment.pk,
        "draft": draft.pk,
        "shared": token_of(shared),
        "sign": token_of(asked_to_sign),
        "summary": summary.pk,
        "statement": statement.pk,
        "group": making.group_of(summary, [edition, reply]).pk,
        **waiting(rapporteur, translator, summary.document),
        "person": author.pk,
        **outcomes.places(consultation, rapporteur, edition),
        **public_outcomes.places(consultation, edition),
        **comments.places(moderator),
        **bodies.places(),
        **meetings.places(rapporteur, edition),
    }


def calendar():
    """Return the numbers of an event with all that one can have, of one that is cancelled, and of one that is gone."""
    for code in ("C1", "C2"):
        Theme.objects.get_or_create(code=code, defaults={"labels": {"en": f"Theme {code}"}})
    event = making_events.event(
        {"fr": "Réunion régionale", "ar": "اجتماع إقليمي"},
        themes=["C1", "C2"],
        description={"fr": "Deux jours.", "ar": "يومان."},
        dates=making_events.days("2026-12-01T09:00", "2090-12-08T22:00", hours="23:30"),
        online="https://meet.example.org/a",
        country="ML",
        languages=["fr", "bm"],
        organizer_name="Réseau Sahel",
        prepares="internet-governance",
        documents=[{"title": "Ordre du jour", "url": "https://example.org/a.pdf"}],
        report={"url": "https://example.org/r.pdf", "text": {"fr": "On a parlé."}},
    )
    cancelled = making_events.cancelled(making_events.event("No more", dates=making_events.days("2090-12-09")))
    gone = making_events.gone(making_events.event("Gone"))
    return {"event": event.number, "cancelled_event": cancelled.number, "gone_event": gone.number}


#: Who opens which pages.
PAGES = {
    None: [
        "shared/{shared}/", "sign/{sign}/",
        "", "consultations/", HERE, f"{HERE}threads/1/", f"{HERE}threads/2/", f"{HERE}threads/1/?group=government",
        f"{HERE}contributions/1/", f"{HERE}contributions/{{gone}}/", f"{HERE}contributions/1/report/",
        f"{HERE}contributions/{{lead}}/", f"{HERE}contributions/{{lead}}/signatories/",
        f"{HERE}contributions/1/report/confirm/no-such-link/", f"{HERE}summaries/", f"{HERE}summaries/1/",
        f"{HERE}summaries/1/changes/1/", f"{HERE}summaries/compilation/", f"{HERE}summaries/since/",
        f"{HERE}summaries/1/corrections/",
        f"{HERE}decisions/", f"{HERE}decisions/?code=REJECTED&thread=2", f"{HERE}decisions/turnaround/",
        f"{HERE}figures/",
        f"{HERE}downloads/", "community/downloads/",
        "search/", "search/?q=documents+loin+-xyz",
        "search/?q=loin&language=fr&consultation=internet-governance&thread=1",
        "search/?q=documents&order=relevance", "search/?q=a*&author=x", "search/?q=nothingsuch&country=ML",
        "events/", "events/past/", "events/month/2090-12/", "events/?country=ML&language=fr&tz=Asia/Shanghai",
        "events/?theme=C1&country=FR", "events/{event}/", "events/{cancelled_event}/", "events/{gone_event}/",
        "organizations/", "organizations/?theme=C2&country=ML&letter=R", "organizations/?country=FR", "people/",
        "projects/", "people/?organization={listed_organization}", "organizations/{listed_organization}/",
        "organizations/{listed_organization}/contributions/", "organizations/{doubted_organization}/",
        "organizations/{gone_organization}/", "people/{listed_person}/", "projects/{listed_project}/",
        "organizations/figures/", "people/figures/", "projects/figures/",
        *themes.PUBLIC, "search/?theme=C7", *meetings.PUBLIC, *public_outcomes.PUBLIC,
        *comments.PUBLIC,
        "about/how/", "about/rules/", "account/login/", "account/signup/", "account/erased/",
        "account/password/reset/", "no/such/page/",
    ],
    "author": [
        "my/", "my/byline/", "my/settings/", "my/data/", "my/data/erase/", "my/mail/",
        "my/follow/internet-governance/", "contribute/internet-governance/1/",
        "contribute/internet-governance/1/reply/1/", comments.MEMBER,
        "my/drafts/{draft}/", "my/contributions/{returned}/",
        "my/contributions/{returned}/revise/",
        "my/contributions/{pending}/withdraw/",
        "my/contributions/{appealed}/appeal/", "my/contributions/{removed_id}/appeal/",
        "my/contributions/{asked}/", "my/contributions/{asked}/redaction/", f"{HERE}summaries/1/correct/",
        "my/corrections/", "my/corrections/{request}/", "my/corrections/{unanswered}/withdraw/",
        "account/email/", "account/password/set/", "account/2fa/", "account/2fa/passkeys/add/", "account/logout/",
    ],
    "moderator": [
        "desk/", "desk/moderation/", "desk/moderation/?language=en&tab=held", "desk/moderation/preferences/",
        "desk/moderation/contribution/{pending}/", "desk/moderation/contribution/{pending}/redact/",
        "desk/moderation/campaigns/{campaign}/",
        "desk/moderation/contribution/{asked}/", "desk/moderation/items/{item}/hold/",
        "desk/moderation/published/internet-governance/1/", "desk/moderation/published/internet-governance/2/",
        "desk/moderation/published/internet-governance/{removed}/", "desk/moderation/appeals/{appeal}/",
        "desk/moderation/correction/{asked_for}/", "desk/moderation/correction/{request}/published/",
    ],
    "organizer": [
        "desk/", "desk/errands/", "desk/state/", "desk/search/", "desk/installation/", "desk/installation/rules/",
        "desk/people/", "desk/people/{person}/",
        "desk/consultations/new/", DESK, f"{DESK}edit/", f"{DESK}threads/", f"{DESK}threads/1/", f"{DESK}roles/",
        f"{DESK}extend/", f"{DESK}state/", f"{DESK}moderation/", f"{DESK}summaries/{{summary}}/review/",
        f"{DESK}letters/", f"{DESK}letters/new/", f"{DESK}letters/sheet/", f"{DESK}letters/sheet/{{sheet}}/",
        f"{DESK}letters/{{letter}}/", f"{DESK}letters/{{letter}}/correct/", f"{DESK}letters/{{letter}}/withdraw/",
        "desk/moderation/appeals/{appeal}/", f"{DESK}summaries/corrections/",
        f"{DESK}summaries/corrections/{{request}}/", f"{DESK}summaries/corrections/{{unanswered}}/", f"{DESK}packs/",
        *(f"desk/themes/{page}" for page in themes.DESK),
        bodies.HOME, *bodies.SEEN, *bodies.KEPT, *bodies.ARRANGED,
        *comments.SEEN,
    ],
    "rapporteur": [
        *meetings.SEEN, *meetings.KEPT,
        *outcomes.SEEN, *outcomes.WRITTEN, *outcomes.OF_STATEMENTS, outcomes.RESOLVED,
        *outcomes.TRANSLATED, outcomes.RETURNED,
        f"{DESK}summaries/", f"{DESK}summaries/new/", f"{DESK}summaries/schedule/", f"{DESK}summaries/{{summary}}/",
        f"{DESK}summaries/{{summary}}/statements/new/", f"{DESK}summaries/{{summary}}/statements/{{statement}}/",
        f"{DESK}summaries/{{summary}}/contributions/1/", f"{DESK}summaries/{{summary}}/draft/",
        f"{DESK}summaries/{{summary}}/groups/", f"{DESK}summaries/{{summary}}/groups/{{group}}/",
        f"{DESK}summaries/{{summary}}/statements/{{drafted}}/", f"{DESK}summaries/{{summary}}/review/",
        f"{DESK}summaries/{{summary}}/history/", f"{DESK}summaries/{{summary}}/comments/{{comment}}/",
        f"{DESK}summaries/{{summary}}/comments/new/?statement={{statement}}",
    ],
    "translator": [
        "desk/translations/", f"{DESK}summaries/{{summary}}/renditions/ar/?show=missing",
        f"{DESK}summaries/{{summary}}/renditions/ar/", f"{DESK}summaries/{{summary}}/renditions/ar/files/",
        f"{DESK}summaries/{{summary}}/renditions/ar/files/{{returned}}/", f"{DESK}glossary/",
        f"{DESK}glossary/{{term}}/", f"{DESK}glossary/import/", f"{DESK}glossary/import/{{terms}}/",
        f"{DESK}memory/", f"{DESK}memory/files/{{memory}}/",
    ],
}  # fmt: skip

RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
}
WITHOUT_CONTRAST = {**RULES, "rules": {"color-contrast": {"enabled": False}}}


def told(node):
    """Return what axe says of a fault: the element, why, and what it stands beside."""
    whys = [why for kind in ("any", "all", "none") for why in node[kind]]
    beside = [each["html"][:120] for why in whys for each in why.get("relatedNodes", [])]
    return " | ".join([node["html"][:160], *(why["message"] for why in whys), *beside])


def faults_of(page, axe, path):
    """Return what axe finds on a page, and how far it scrolls sideways at each width."""
    # The menu of languages covers what is below it while it is open: it is opened on the first page alone.
    opened = "details" if path == "" else "details:not(.langs details)"
    page.evaluate(f"document.querySelectorAll('{opened}').forEach(each => {{ each.open = true }})")
    page.evaluate(axe)  # through the debugger, as the page's own policy lets no stranger's script in
    faults, is_english = [], page.url.split("/")[3] == "en"
    for width, size in WIDTHS.items():
        page.set_viewport_size(size)
        # What a width shows or hides is the same in every language, so the others are looked through on a phone alone,
        # where room is scarce. Colours change with neither: contrast, by far the slowest rule, is measured once.
        if is_english or width == "phone":
            rules = RULES if is_english and width == "desk" else WITHOUT_CONTRAST
            found = page.evaluate("rules => axe.run(document, rules)", rules)["violations"]
            faults += [f"{path} {width}: {each['id']}: {told(each['nodes'][0])}" for each in found]
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        faults += [f"{path} {width}: scrolls sideways by {over}"] if over > 0 else []
    return faults


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_every_page_is_accessible(language, place, visitor, request):
    axe, faults = axe_script(), []
    for role, paths in PAGES.items():
        someone = visitor(language=language)
        if role:
            someone.is_signed_in_as(request.getfixturevalue(role))
        for path in paths:
            faults += faults_of(someone.goes_to(f"/{language}/{path.format(**place)}"), axe, path)
    assert not faults, "\n".join(faults)
