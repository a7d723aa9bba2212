"""Every type of page, and a world in which there is something of every kind to see on them."""

from types import SimpleNamespace
from typing import Any

from plenara.consultations.community import community
from plenara.contributions.actions import ask_to_sign, confirm, remark, save_draft, save_sheet, share, withdraw
from plenara.contributions.models import Contribution, Edition
from plenara.contributions.queries.signatures import draft_digest, token_of
from plenara.core import clock
from plenara.directory import emails
from plenara.directory.models import Listing
from plenara.documents import actions as document_actions
from plenara.moderation.actions import decide_campaign, remove, report
from plenara.moderation.models import Item
from plenara.themes.models import Theme
from tests import world
from tests.contributions.entered import STATEMENT, entered
from tests.directory import everywhere as directory
from tests.directory import listed
from tests.directory import making as listings
from tests.documents import making as document_making
from tests.documents.exchange.making import waiting
from tests.events import entered as making_events
from tests.events import everywhere as events
from tests.events import making as proposing
from tests.outcomes import bodies_everywhere as bodies
from tests.outcomes import comments_everywhere as comments
from tests.outcomes import everywhere as outcomes
from tests.outcomes import meetings_everywhere as meetings
from tests.outcomes import public_everywhere as public_outcomes
from tests.summaries import making
from tests.summaries.corrections import making as correcting
from tests.themes import everywhere as themes

HERE = "consultations/internet-governance/"
DESK = "desk/consultations/internet-governance/"


def everything() -> SimpleNamespace:
    """Return a world with something of every kind: the ids that the pages below name, and who opens them."""
    consultation = world.consultation()
    thread = consultation.threads.get(number=1)
    people = world.cast(consultation)
    author, participant, moderator = people.author, people.participant, people.moderator
    rapporteur, translator, organizer = people.rapporteur, people.translator, people.organizer
    head = world.grant(world.person("Olga Lind"), community(), "organizer")
    curator = listings.curator("Nadia Keeper")
    edition = world.published(author, moderator, thread)

    reply = world.published(participant, moderator, thread, "I agree with it.", in_reply_to=edition.contribution)
    far = world.published(
        author, moderator, thread, "Nos membres vivent loin de toute réunion.", "fr", title="Loin de tout"
    )
    gone = world.published(author, moderator, thread, "To be withdrawn.")
    withdraw(actor=author, contribution=gone.contribution)
    world.decided(
        sent_back := world.submitted(author, thread, "Sent back."),
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
    summary = making.summary(rapporteur, consultation, title="In preparation")
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
    sheet = save_sheet(
        actor=moderator,
        consultation=consultation,
        name="letters.csv",
        sha256="0" * 64,
        rows=[(2, STATEMENT | {"date": today, "name": "Oumar Ba"})],
    )
    second = thread.consultation.threads.get(number=2)
    together = world.campaign(second)
    decide_campaign(actor=moderator, campaign=together, code="APPROVED", until=10**9)
    ids = {
        **themes.places(),
        **calendar(),
        **listed.of_every_kind(edition),
        **proposed(author, far),
        "series": proposing.published(author, head, proposing.series(3)).pk,
        "lead": Contribution.objects.get(pk=together.first_id).number,
        "campaign": world.campaign(second, 4, "Every member of the group should be heard before it reports.").pk,
        "letter": letter.pk,
        "sheet": sheet.pk,
        "gone": gone.number,
        "sent_back": sent_back.pk,
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
    people = {
        "author": author, "moderator": moderator, "organizer": organizer, "rapporteur": rapporteur,
        "translator": translator, "head": head, "curator": curator,
    }  # fmt: skip
    return SimpleNamespace(ids=ids, people=people)


def calendar() -> dict[str, Any]:
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


def proposed(author: Any, edition: Any) -> dict[str, Any]:
    """Return the ids of what the author proposed to calendar and directory, and of a byline that is disputed."""
    own = events.places(author)
    entries = directory.places(author, edition)
    own["own_event"] = own.pop("event")
    return {
        **own,
        **entries,
        "disputed": edition.number,
        "token": emails.confirmation_token(author, [Listing.objects.get(pk=entries["organization"])]),
    }


#: Who opens which pages.
PAGES = {
    None: [
        "", "consultations/", HERE, f"{HERE}threads/1/", f"{HERE}threads/2/", f"{HERE}threads/1/?group=government",
        "shared/{shared}/", "sign/{sign}/",
        f"{HERE}contributions/1/", f"{HERE}contributions/{{gone}}/", f"{HERE}contributions/1/report/",
        f"{HERE}contributions/{{disputed}}/",
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
        "events/{event_number}/report/",
        "organizations/", "organizations/?theme=C2&country=ML&letter=R", "organizations/?country=FR", "people/",
        "projects/", "people/?organization={listed_organization}", "organizations/{listed_organization}/",
        "organizations/{listed_organization}/contributions/", "organizations/{doubted_organization}/",
        "organizations/{gone_organization}/", "people/{listed_person}/", "projects/{listed_project}/",
        "organizations/figures/", "people/figures/", "projects/figures/",
        "directory/confirm/{token}/", "directory/confirm/no-such-link/", "organizations/verify/no-such-link/",
        *themes.PUBLIC, "search/?theme=C7", *meetings.PUBLIC, *public_outcomes.PUBLIC,
        *comments.PUBLIC,
        "about/how/", "about/rules/", "about/decisions/", "about/decisions/turnaround/",
        "account/login/", "account/signup/", "account/erased/",
        "account/password/reset/", "no/such/page/",
    ],
    "author": [
        "my/", "my/byline/", "my/settings/", "my/data/", "my/data/erase/", "my/mail/",
        "my/follow/internet-governance/", "contribute/internet-governance/1/",
        "contribute/internet-governance/1/reply/1/", comments.MEMBER,
        "my/drafts/{draft}/", "my/contributions/{sent_back}/",
        "my/contributions/{sent_back}/revise/",
        "my/contributions/{pending}/withdraw/",
        "my/contributions/{appealed}/appeal/", "my/contributions/{removed_id}/appeal/",
        "my/contributions/{asked}/", "my/contributions/{asked}/redaction/", "my/corrections/new/internet-governance/1/",
        "my/corrections/", "my/corrections/{request}/", "my/corrections/{unanswered}/withdraw/",
        "account/email/", "account/password/set/", "account/2fa/", "account/2fa/passkeys/add/", "account/2fa/app/add/",
        "account/logout/",
        "events/propose/", "events/propose/?consultation=internet-governance", "my/events/", "my/events/{own_event}/",
        "my/events/{event_waits}/", "my/events/{event_refused}/", "my/events/{own_event}/change/",
        "my/events/{series}/cancel/", "my/events/{own_event}/withdraw/", "my/events/{own_event}/outcome/",
        "my/events/import/", "my/events/import/{calendar_file}/", "my/appeals/event/{event_refused}/",
        "organizations/propose/", "people/propose/", "projects/propose/", "my/listings/", "my/listings/{organization}/",
        "my/listings/{organization}/change/", "my/listings/{organization}/withdraw/", "my/disputes/",
        "my/listings/{organization}/confirm/", "my/listings/{organization}/hand-over/",
        "my/listings/{organization}/verify/", "my/listings/{organization}/representatives/",
        "my/representing/{speaks}/end/", "my/disputes/new/{public_id}/",
    ],
    "moderator": [
        "desk/", "desk/moderation/", "desk/moderation/?language=en&tab=held", "desk/moderation/preferences/",
        "desk/moderation/contribution/{pending}/", "desk/moderation/contribution/{pending}/redact/",
        "desk/moderation/campaigns/{campaign}/",
        "desk/moderation/contribution/{asked}/", "desk/moderation/items/{item}/hold/",
        "desk/moderation/published/internet-governance/1/", "desk/moderation/published/internet-governance/2/",
        "desk/moderation/published/internet-governance/{removed}/", "desk/moderation/appeals/{appeal}/",
        "desk/moderation/correction/{asked_for}/", "desk/moderation/correction/{request}/published/",
        f"{DESK}disputes/", f"{DESK}disputes/{{dispute}}/",
    ],
    "organizer": [
        "desk/", "desk/background-tasks/", "desk/state/", "desk/processing/", "desk/search/",
        "desk/installation/", "desk/installation/look/", "desk/installation/rules/", "desk/people/",
        "desk/people/{person}/",
        "desk/consultations/new/", DESK, f"{DESK}edit/", f"{DESK}threads/", f"{DESK}threads/1/", f"{DESK}roles/",
        f"{DESK}translations/", f"{DESK}translations/fr/",
        f"{DESK}extend/", f"{DESK}state/", f"{DESK}moderation/", f"{DESK}summaries/{{summary}}/review/",
        f"{DESK}letters/", f"{DESK}letters/new/", f"{DESK}letters/sheet/", f"{DESK}letters/sheet/{{sheet}}/",
        f"{DESK}letters/{{letter}}/", f"{DESK}letters/{{letter}}/correct/", f"{DESK}letters/{{letter}}/withdraw/",
        "desk/moderation/appeals/{appeal}/", f"{DESK}summaries/corrections/",
        f"{DESK}summaries/corrections/{{request}}/", f"{DESK}summaries/corrections/{{unanswered}}/", f"{DESK}packs/",
        *(f"desk/themes/{page}" for page in themes.DESK),
        bodies.HOME, *bodies.SEEN, *bodies.KEPT, *bodies.ARRANGED,
        *comments.SEEN, *comments.LED,
    ],
    "head": [  # organizes calendar and directory
        "desk/", "desk/moderation/", "desk/moderation/event/{event_waits}/",
        "desk/moderation/event/{own_event}/published/", "desk/consultations/community/",
        "desk/consultations/community/roles/", "desk/consultations/community/moderation/",
    ],
    "curator": [  # moderates calendar and directory
        "desk/directory/", "desk/directory/?q=e", "desk/directory/organization/{organization_number}/", "desk/events/",
        "desk/moderation/project/{project}/",
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

#: What is gone through with the Tab key besides: calendar, directory, themes, and outcomes.
WALKED = {
    None: [
        "events/?country=ML&language=fr&tz=Asia/Shanghai", "events/past/", "events/month/2090-12/", "events/{event}/",
        "organizations/?theme=C2&country=ML&letter=R", "organizations/{listed_organization}/", "people/",
        "people/{listed_person}/", "projects/", "projects/{listed_project}/", "organizations/figures/", "themes/",
        "themes/C7-e-health/", "directory/confirm/no-such-link/", "organizations/verify/no-such-link/",
        "community/downloads/", *public_outcomes.PUBLIC, *meetings.PUBLIC, *comments.PUBLIC,
    ],
    "author": [
        "events/propose/", "my/events/", "my/events/{series}/cancel/", "my/events/{own_event}/withdraw/",
        "my/events/{own_event}/outcome/", "my/events/import/", "my/events/import/{calendar_file}/",
        "organizations/propose/", "people/propose/", "projects/propose/", "my/listings/",
        "my/listings/{organization}/change/", "my/listings/{organization}/hand-over/",
        "my/listings/{organization}/verify/", "my/listings/{organization}/representatives/",
        "my/disputes/new/{public_id}/", "my/disputes/",
    ],
    "moderator": [f"{DESK}disputes/", f"{DESK}disputes/{{dispute}}/"],
    "organizer": [
        *(f"desk/themes/{page}" for page in themes.DESK),
        bodies.HOME, *bodies.SEEN, *bodies.KEPT, *bodies.ARRANGED, *comments.SEEN, *comments.LED,
    ],
    "curator": ["desk/directory/", "desk/directory/organization/{organization_number}/"],
    "rapporteur": [
        *meetings.SEEN, *meetings.KEPT, *outcomes.SEEN, *outcomes.WRITTEN, *outcomes.OF_STATEMENTS,
        outcomes.RESOLVED, *outcomes.TRANSLATED, outcomes.RETURNED,
    ],
}  # fmt: skip

#: What is gone, or was never there: how such a page answers.
OTHERWISE = {
    "no/such/page/": 404,
    "directory/confirm/no-such-link/": 404,
    "organizations/verify/no-such-link/": 404,
    f"{HERE}contributions/1/report/confirm/no-such-link/": 410,
    f"{HERE}contributions/{{gone}}/": 410,
    "events/{gone_event}/": 410,
    "organizations/{gone_organization}/": 410,
}
