"""The e-mails about outcomes: to members and translators about work, to authors about responses and meetings."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import override

from plenara.accounts.models import Person
from plenara.consultations.actions.follows import enqueue_responses
from plenara.consultations.emails import MOST_NEWS, NewsLine, news_provider
from plenara.consultations.models import Follow
from plenara.core import clock
from plenara.core.languages import Localized, django_code, in_language
from plenara.core.life_cycle import State
from plenara.core.tasks import task
from plenara.core.transaction import writes
from plenara.documents.emails import ReviewEmails, recipient, review_emails
from plenara.documents.models import Document, Paragraph, ParagraphText, Response
from plenara.documents.queries.drafts import part_of
from plenara.email import delivery
from plenara.outcomes import permissions
from plenara.outcomes.kind import NAME, address
from plenara.outcomes.models import Dossier, ItemMatter, Member, Outcome, OutcomeEdition, Position, Proposal, Trace
from plenara.outcomes.queries.contributions import titles_of, version_name

#: A paragraph's response to a contribution, to compare two versions: permanent number, response, reason.
type Way = tuple[int, str, str]


@dataclass(frozen=True)
class NewResponse:
    """A version's response to a contribution that differs from the version before."""

    contribution: int
    number: int
    symbol: str
    version: OutcomeEdition
    traces: list[Trace]

    @property
    def paragraphs(self) -> list[int]:
        """The distinct numbers of the paragraphs."""
        return list(dict.fromkeys(each.paragraph.public_number for each in self.traces))

    @property
    def responses(self) -> list[str]:
        """The distinct responses, in words."""
        return [str(Response(each).label) for each in dict.fromkeys(each.response for each in self.traces) if each]

    @property
    def stage_label(self) -> str:
        return version_name(self.version.stage, self.version.draft)

    def reason(self, language: str) -> Localized:
        """Return the first reason, in a language if it is translated."""
        given = next((each.reason for each in self.traces if each.reason), None)
        return in_language(given.words(), language) if given else Localized("", language)


def new_responses(version: OutcomeEdition, authors: Collection[int]) -> Iterable[NewResponse]:
    """Yield the new responses of a version, for some authors. Three queries."""
    earlier = (
        OutcomeEdition.objects.filter(outcome=version.outcome_id, edition__revision__lt=version.edition.revision)
        .order_by("-edition__revision")
        .first()
    )
    before = _ways(earlier, authors) if earlier else {}
    traces: dict[int, list[Trace]] = {}
    found = _traces_of(version, authors).select_related("paragraph", "reason__edition", "cited", "contribution")
    for each in found.order_by("number", "paragraph__number", "pk").iterator(chunk_size=1000):
        if each.response:
            traces.setdefault(each.contribution_id, []).append(each)
    for pk, some in traces.items():
        if {_way(each) for each in some} != before.get(pk):
            contribution = some[0].contribution
            yield NewResponse(pk, some[0].number, contribution.symbol or some[0].cited.symbol, version, some)


def _traces_of(version: OutcomeEdition, authors: Collection[int]):  # type: ignore[no-untyped-def]
    return Trace.objects.filter(edition=version, contribution__author__in=authors)


def _ways(version: OutcomeEdition, authors: Collection[int]) -> dict[int, set[Way]]:
    ways: dict[int, set[Way]] = {}
    for each in _traces_of(version, authors).select_related("paragraph", "reason").iterator(chunk_size=1000):
        if each.response:
            ways.setdefault(each.contribution_id, set()).add(_way(each))
    return ways


def _way(trace: Trace) -> Way:
    return trace.paragraph.public_number, trace.response, trace.reason.text if trace.reason else ""


@news_provider(Follow.What.TREATED)
def response_news(follow: Follow, since: datetime.datetime, until: datetime.datetime) -> list[NewsLine]:
    """Return responses and meetings on a person's contributions between two moments, oldest first."""
    versions = (
        OutcomeEdition.objects.filter(
            edition__minted_at__gt=since, edition__minted_at__lte=until, traces__contribution__author=follow.person_id
        )
        .select_related("edition", "outcome")
        .distinct()
        .order_by("pk")
    )
    language = follow.person.language
    found: list[tuple[datetime.datetime, NewsLine]] = []
    for version in versions[: MOST_NEWS + 1]:
        title = titles_of([version.edition_id], language).get(version.edition_id)
        for new in new_responses(version, [follow.person_id]):
            line = NewsLine(
                "outcomes/mail/news_line.txt",
                f"{version.edition.address}paragraphs/{new.paragraphs[0]}/",
                {"new": new, "title": title, "reason": new.reason(language)},
            )
            found.append((version.edition.minted_at, line))
    found += list(_discussion_news(follow, since, until))
    return [line for _at, line in sorted(found, key=lambda each: each[0])][: MOST_NEWS + 1]


def _discussion_news(
    follow: Follow, since: datetime.datetime, until: datetime.datetime
) -> Iterable[tuple[datetime.datetime, NewsLine]]:
    matters = ItemMatter.objects.filter(
        contribution__author=follow.person_id, item__dossier__published_at__gt=since,
        item__dossier__published_at__lte=until, item__dossier__event__state=State.PUBLISHED,
    ).select_related("item__dossier__event", "contribution")  # fmt: skip
    for each in matters.order_by("item__dossier__published_at", "pk")[: MOST_NEWS + 1]:
        event, at = each.item.dossier.event, each.item.dossier.published_at
        title = in_language((event.details or {}).get("title"), follow.person.language)
        assert at is not None and each.contribution is not None
        yield (
            at,
            NewsLine(
                "outcomes/mail/discussed_line.txt",
                f"events/{event.number}/dossier/",
                {"contribution": each.contribution, "title": title, "number": each.item.number},
            ),
        )


#: Authors whose e-mails are enqueued in one transaction.
BATCH = 200


@task
def notify_responses(*, edition_id: int, after: int = 0) -> None:
    """Enqueue an e-mail to each author whose contributions have a new response in a version, a batch at a time.

    An e-mail lists everything that is new to its reader, so each author gets only one.
    """
    version = OutcomeEdition.objects.select_related("edition", "outcome").get(pk=edition_id)
    found = Trace.objects.filter(edition=version, contribution__author__gt=after).order_by("contribution__author")
    some = list(found.values_list("contribution__author", flat=True).distinct()[:BATCH])
    new = {each.traces[0].contribution.author_id for each in new_responses(version, some)}
    _enqueue_notifications(f"treated-{edition_id}", [each for each in some if each in new], version.edition.minted_at)
    if len(some) == BATCH:
        last = some[-1]
        notify_responses.using(key=f"outcome-treated-{edition_id}-after-{last}").enqueue(
            edition_id=edition_id, after=last
        )


@task
def notify_discussions(*, dossier_id: int) -> None:
    """Enqueue an e-mail to each author of a contribution that is on a meeting's agenda."""
    dossier = Dossier.objects.get(pk=dossier_id)
    if dossier.published_at is None:
        return
    authors = ItemMatter.objects.filter(item__dossier=dossier, contribution__author__isnull=False)
    ids = sorted(set(authors.values_list("contribution__author", flat=True)))
    _enqueue_notifications(f"discussed-{dossier_id}", ids, dossier.published_at)


def _enqueue_notifications(key: str, person_ids: list[int], at: datetime.datetime) -> None:
    with writes():
        enqueue_responses(
            key=key, person_ids=person_ids, since=min(at, clock.now()) - datetime.timedelta(milliseconds=1)
        )


@task
def proposal_email(*, proposal_id: int) -> None:
    """Send a member the answer to their proposal."""
    proposal = Proposal.objects.select_related("paragraph__document", "answered_by").filter(pk=proposal_id).first()
    person = recipient(proposal.by_id) if proposal else None
    if proposal is None or person is None:
        return
    outcome = _outcome(proposal.paragraph.document)
    if not permissions.may_see_body(person, outcome.body):
        return  # they have left the body
    _send(
        person,
        "proposal",
        outcome,
        key=f"outcome-proposal-{proposal_id}",
        tail=f"proposals/{proposal_id}/",
        proposal=proposal,
        part=_part_name(proposal.paragraph, person),
    )


@task
def lapsed_email(*, outcome_id: int, member_id: int, since: str) -> None:
    """Send a member the paragraphs that changed since a moment, so that their position on them lapsed."""
    outcome = Outcome.objects.select_related("document__consultation", "body").get(pk=outcome_id)
    member = Member.objects.filter(pk=member_id).first()
    person = recipient(member.person_id) if member else None
    if member is None or person is None or not permissions.may_take_position(person, outcome.body):
        return
    held = dict(
        Position.objects.filter(member=member, paragraph__document=outcome.document_id).values_list(
            "paragraph", "digest"
        )
    )
    texts = ParagraphText.objects.filter(
        paragraph__in=held,
        language=outcome.document.source_language,
        changed_at__gte=datetime.datetime.fromisoformat(since),
    ).select_related("paragraph__document")
    lapsed = [text for text in texts.order_by("paragraph__number") if text.digest != held[text.paragraph_id]]
    if not lapsed:
        return  # they have taken a new position, or the words were changed back
    _send(
        person,
        "lapsed",
        outcome,
        key=f"outcome-lapsed-{outcome_id}-{member_id}-{since}",
        tail="?show=lapsed",
        parts=[_part_name(text.paragraph, person) for text in lapsed],
    )


@task
def approval_email(*, occasion: int, document_id: int, person_id: int) -> None:
    """Notify a person that an outcome needs their approval."""
    _send_about(occasion, document_id, person_id, "approval", "review/")


@task
def sent_back_email(*, occasion: int, document_id: int, person_id: int) -> None:
    """Notify a writer that an outcome was sent back, with the note."""
    _send_about(occasion, document_id, person_id, "sent_back", "")


@task
def rendition_email(*, occasion: int, document_id: int, person_id: int, language: str) -> None:
    """Notify a translator that an outcome needs a translation."""
    _send_about(occasion, document_id, person_id, "rendition", f"renditions/{language}/", rendition=language)


review_emails[NAME] = ReviewEmails(approval_email, sent_back_email, rendition_email, to_submitter=False)


@task
def member_email(*, member_id: int) -> None:
    """Notify a person that they are now a member of a body, with the address of its work."""
    member = Member.objects.select_related("body").filter(pk=member_id).first()
    person = recipient(member.person_id) if member else None
    if member is None or person is None:
        return
    delivery.send(
        to=person,
        template="outcomes/mail/member",
        context={
            "body_name": in_language(member.body.name, person.language).text,
            "part": Member.Part(member.part).label,
            "path": f"desk/outcomes/{member.body.slug}/",
        },
        key=f"member-{member_id}",
    )


def _send_about(occasion: int, document_id: int, person_id: int, template: str, tail: str, **more: object) -> None:
    document = Document.objects.select_related("consultation").get(pk=document_id)
    person = recipient(person_id)
    if person is None:
        return
    outcome = _outcome(document)
    if not permissions.may_see_body(person, outcome.body):
        return  # a former writer gets no e-mails about drafts
    key = f"outcome-{template}-{occasion}-{person_id}-{more.get('rendition', '')}"
    _send(person, template, outcome, key=key, tail=tail, document=document, **more)


def _outcome(document: Document) -> Outcome:
    return Outcome.objects.select_related("document__consultation", "body__consultation").get(document=document)


def _part_name(paragraph: Paragraph, person: Person) -> str:
    """Return the name of a paragraph in the recipient's language."""
    with override(django_code(person.language)):
        return part_of(paragraph.document, paragraph)


def _send(person: Person, template: str, outcome: Outcome, *, key: str, tail: str, **context: object) -> None:
    """Send an e-mail about an outcome; `tail` is the page it leads to, below the workbench."""
    delivery.send(
        to=person,
        template=f"outcomes/mail/{template}",
        context={
            "outcome": outcome,
            "outcome_title": outcome.document.title.get(outcome.document.source_language, ""),
            "body_name": in_language(outcome.body.name, person.language).text,
            "path": f"desk/{address(outcome.body.slug, outcome.slug)}{tail}",
            **context,
        },
        key=key,
    )
