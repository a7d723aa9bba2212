"""Validation of bodies, outcomes and responses. Each refusal names its field."""

import datetime
import re
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.consultations.models import Consultation
from plenara.core import validation
from plenara.core.refusals import Answer, Denied
from plenara.core.vocabulary import StakeholderGroup, country_choices, language_in_sentence
from plenara.documents.models import DocumentEdition, Paragraph, PublishedParagraph, Response
from plenara.outcomes.bundle import TAKEN
from plenara.outcomes.models import (
    Body,
    Member,
    Outcome,
    OutcomeEdition,
    Position,
    Proposal,
    Section,
    Stage,
)

#: The most characters of each text, in any language.
MOST = {"name": 200, "mandate": 10_000, "title": 200, "guidance": 2_000, "why_left": 500, "reason": 500}
MOST_MEMBERS, MOST_SECTIONS = 300, 40

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def texts_fit(name: str, texts: Mapping[str, str], limits: Mapping[str, int] = MOST) -> Answer:
    """A text in several languages has words in each, and is not too long in any."""
    return next(iter(validation.texts_fit(name, texts, limits[name])), True)


def in_some_language(name: str, texts: Mapping[str, str], language: str) -> Answer:
    """A text exists in at least one language."""
    return validation.in_some_language(name, texts, _("Fill in this field in at least one language."), language)


def slug_fits(slug: str) -> Answer:
    """An address is well-formed."""
    if len(slug) <= 80 and _SLUG.fullmatch(slug) and slug not in TAKEN:
        return True
    return Denied(
        _("Enter the web address in lower-case Latin letters, digits and hyphens, such as final-report."),
        "slug",
        "slug",
    )


def body_slug_is_free(slug: str) -> Answer:
    """No other body has the address."""
    return not Body.objects.filter(slug=slug).exists() or Denied(body_slug_is_taken(), "taken", "slug")


def body_slug_is_taken() -> str:
    """Return the sentence that refuses the address of another body."""
    return _("Another body has this web address. Choose a different one.")


def outcome_slug_is_free(slug: str, body: Body) -> Answer:
    """No other outcome of its body has the address."""
    return not body.outcomes.filter(slug=slug).exists() or Denied(
        _("Another outcome of this body has this web address. Choose a different one."), "taken", "slug"
    )


def outcome_is_named(title: str) -> Answer:
    """An outcome has a title."""
    return any(letter.isalnum() for letter in title) or Denied(pgettext("text", "Enter the title."), "missing", "title")


def days_fit(first: datetime.date | None, last: datetime.date | None, field: str) -> Answer:
    """An end is not before its beginning."""
    return not (first and last and last < first) or Denied(
        _("Enter a last day that is not before the first day."), "dates", field
    )


def known_response(response: str) -> Answer:
    """A response is one of the four."""
    return response in Response.values or Denied(
        _("Choose a response: taken up, taken up in part, noted or not taken up."), "response", "response"
    )


def reason_given(reason: str) -> Answer:
    """Each response has a reason, in one sentence."""
    if not any(letter.isalnum() for letter in reason):
        return Denied(
            _("Enter the reason, in one sentence. The author of the contribution will read it."), "empty", "reason"
        )
    return _one_sentence(reason)


def objection_explained(reason: str) -> Answer:
    """An objection has a reason, in one sentence."""
    if not any(letter.isalnum() for letter in reason):
        return Denied(
            _("Enter the reason for your objection, in one sentence. We will publish the reason with your name."),
            "empty",
            "reason",
        )
    return _one_sentence(reason)


def _one_sentence(reason: str) -> Answer:
    return len(reason) <= MOST["reason"] or Denied(
        _("The reason has %(count)d characters. Shorten it to one sentence of at most %(limit)d characters.")
        % {"count": len(reason), "limit": MOST["reason"]},
        "too_long",
        "reason",
    )


def declining_explained(answer: str) -> Answer:
    """Declining a proposal needs a reason for its proposer."""
    return bool(answer) or Denied(
        _("Say why you decline the proposal. The person who made the proposal will read your reason."),
        "empty",
        "answer",
    )


def nobody_objects(objections: Iterable[Position]) -> Answer:
    """A paragraph is declared agreed while no member objects to its words."""
    count = len(list(objections))
    return not count or Denied(
        ngettext(
            "%(count)d member objects to this paragraph. The member must withdraw the objection first, or the wording "
            "must change.",
            "%(count)d members object to this paragraph. They must withdraw their objections first, or the wording "
            "must change.",
            count,
        )
        % {"count": count},
        "objections",
    )


def says_otherwise(words: tuple[str, str], now: tuple[str, str]) -> Answer:
    """A proposal differs from the present words (heading, text)."""
    return words != now or Denied(
        _("Your wording is the same as the current wording. Change your wording."), "same", "text"
    )


def no_proposal_waits(paragraph: Paragraph) -> Answer:
    """A paragraph with an open proposal is not deleted."""
    waiting = Proposal.objects.filter(paragraph=paragraph, state=Proposal.State.PENDING).count()
    return not waiting or Denied(
        ngettext(
            "%(count)d proposal for this paragraph is waiting for an answer. Answer it first.",
            "%(count)d proposals for this paragraph are waiting for an answer. Answer them first.",
            waiting,
        )
        % {"count": waiting},
        "proposals",
    )


def may_be_referred_to(statement: PublishedParagraph, paragraph: Paragraph, scope: Iterable[int]) -> Answer:
    """A statement can be cited while its edition is in force, in a consultation that the outcome answers."""
    edition: DocumentEdition = statement.edition
    if edition.document_id == paragraph.document_id:
        return Denied(
            _("A paragraph cannot cite its own document. Choose a statement of another document."),
            "itself",
            "statement",
        )
    if edition.consultation_id not in scope:
        return Denied(
            _("This statement belongs to another consultation. Choose a different statement."), "elsewhere", "statement"
        )
    if not edition.in_force:
        return Denied(
            _("A later edition has replaced this edition. Cite the statement from the later edition."),
            "superseded",
            "statement",
        )
    return True


def section_of(section: Section | None, outcome: Outcome) -> Answer:
    """A paragraph is in a section of its own outcome."""
    return (section is not None and section.outcome_id == outcome.pk) or Denied(
        _("Choose one of the sections of this outcome."), "section", "section"
    )


def member_fits(part: str, name: str, group: str, organization: str, country: str) -> list[Answer]:
    """A member has a part and a name; group, organization and country are valid or blank."""
    return [
        part in Member.Part.values or Denied(_("Choose the role of the member in this body."), "part", "part"),
        bool(name) or Denied(_("Enter the member’s name."), "empty", "name"),
        len(name) <= 120 or Denied(_("The name is too long. Shorten it."), "too_long", "name"),
        not group
        or group in StakeholderGroup.values
        or Denied(_("Choose a stakeholder group."), "group", "stakeholder_group"),
        len(organization) <= 200 or Denied(_("The name is too long. Shorten it."), "too_long", "organization"),
        not country
        or country in dict(country_choices())
        or Denied(_("Choose a country from the list."), "country", "country"),
    ]


def is_member_once(member: Member) -> Answer:
    """A person is a present member of a body only once."""
    others = member.body.members.filter(person=member.person_id, until=None).exclude(pk=member.pk)
    return (
        member.person_id is None
        or not others.exists()
        or Denied(
            _("This person is already listed as a current member of the body. Enter a last day."),
            "member_already",
            "until",
        )
    )


def may_be_removed(member: Member, body: Body) -> Answer:
    """A member who was public or took a position is not removed: they leave, and are listed as a former one."""
    return (not body.is_public and not member.positions.exists()) or Denied(
        _("The public page has listed this member, or the member has taken a position. Enter a last day instead."),
        "shown",
    )


def may_be_invited(member: Member, day: datetime.date) -> Answer:
    """A present member without an account can be invited to act with one."""
    if member.until is not None and member.until < day:
        return Denied(
            _("This membership has ended, so you cannot send an invitation. Change the last day first."), "ended"
        )
    return member.person_id is None or Denied(
        _("This member already has access with an account, so no invitation is needed."), "has_account"
    )


def too_many_members() -> str:
    """Return the sentence that refuses one more member."""
    return _("A body has at most %(limit)d members, including former members. To add a member, remove one first.") % {
        "limit": MOST_MEMBERS
    }


def may_be_answered(consultation: Consultation) -> Answer:
    """An outcome answers consultations that are public."""
    return consultation.is_public or Denied(_("This consultation is not public yet."), "draft", "consultations")


def section_slug_is_free(slug: str, outcome: Outcome) -> Answer:
    """No other section of the outcome has the address."""
    return not outcome.sections.filter(slug=slug).exists() or Denied(
        _("Another section has this web address. Choose a different one."), "taken", "slug"
    )


def slug_stays(outcome: Outcome) -> Answer:
    """The address of a published outcome never changes."""
    return outcome.document.number is None or Denied(
        _(
            "This outcome has been published, so you cannot change its web address. Enter the previous web address "
            "again."
        ),
        "published",
        "slug",
    )


def section_is_empty(section: Section) -> Answer:
    """Only a section without paragraphs is deleted."""
    return not section.outcome_paragraphs.exists() or Denied(
        _("This section contains paragraphs. Move or delete them first."), "not_empty", "section"
    )


def section_is_gone() -> str:
    """Return the sentence that says that somebody has deleted a section."""
    return _("This section has been deleted. You can add it again.")


def too_many_sections() -> str:
    """Return the sentence that refuses one more section."""
    return _("An outcome has at most %(limit)d sections. Delete a section before you add another.") % {
        "limit": MOST_SECTIONS
    }


def stands_in(paragraph: Paragraph | None, section: Section) -> Answer:
    """A paragraph is moved to after one of its new section."""
    return (
        paragraph is None
        or section.outcome_paragraphs.filter(paragraph=paragraph).exists()
        or Denied(
            _("You chose a place after a paragraph that is now in another section. Choose the place again."),
            "elsewhere",
            "after",
        )
    )


def few_enough_paragraphs(count: int, limit: int) -> Answer:
    """One action agrees with at least one paragraph, and not too many."""
    if not count:
        return Denied(_("Choose at least one paragraph."), "empty")
    return count <= limit or Denied(
        _("You chose %(count)d paragraphs. Choose at most %(limit)d paragraphs at a time.")
        % {"count": count, "limit": limit},
        "too_many",
    )


def few_enough(count: int, limit: int) -> Answer:
    """One action answers at least one contribution, and not too many."""
    if not count:
        return Denied(_("Choose at least one contribution."), "empty", "chosen")
    return count <= limit or Denied(
        _("You chose %(count)d contributions. Answer at most %(limit)d contributions at a time.")
        % {"count": count, "limit": limit},
        "too_many",
        "chosen",
    )


def can_be_opened(version: OutcomeEdition) -> Answer:
    """The version in force is opened for comment, while it is a draft."""
    if not version.edition.in_force:
        return Denied(_("A later version has replaced this version. Open the later version for comment."), "superseded")
    if version.stage == Stage.FINAL:
        return Denied(_("The final text cannot be opened for comment. You can open only drafts."), "final")
    return home_is_public(version.outcome.body)


def home_is_public(body: Body) -> Answer:
    """A body's public pages name its home, which must be announced before."""
    return body.consultation.is_public or Denied(_("The consultation is not public yet. Announce it first."), "draft")


def sections_named(missing: Iterable[tuple[int, str]]) -> list[Answer]:
    """Each section has a heading in every language in which people may comment, since it becomes a question."""
    return [
        Denied(
            _(
                "Section %(number)d of the published version has no heading in %(language)s. Add the "
                "heading and publish again, or leave out this language."
            )
            % {"number": number, "language": language_in_sentence(code)},
            "missing",
            "languages",
        )
        for number, code in missing
    ]


def left_is_explained(stage: str, left: int, why: Mapping[str, str], language: str) -> Answer:
    """A final text answers everybody, or has a public reason, at least in its own language."""
    if stage != Stage.FINAL or not left or why.get(language):
        return True
    if any(why.values()):
        sentence = _("Explain in the language of the text too (%(language)s) why these contributions have no response.")
        return Denied(sentence % {"language": language_in_sentence(language)}, "left", f"why_left_{language}")
    sentence = ngettext(
        "%(count)d contribution has no response with a reason. Answer it, or explain in one public sentence why it "
        "has no response.",
        "%(count)d contributions have no response with a reason. Answer them, or explain in one public sentence why "
        "they have no response.",
        left,
    )
    return Denied(sentence % {"count": left}, "left", f"why_left_{language}")
