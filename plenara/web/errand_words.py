"""What the kinds of errand are called at the desk."""

from django.utils.translation import gettext_lazy as _

_WORDS = {
    "accounts.letter": _("Letter about signing in"),
    "accounts.list_erasures": _("Writing down which accounts were erased"),
    "accounts.send_invitation": _("Invitation"),
    "accounts.tell_suspended": _("Letter about a suspension"),
    "accounts.tell_unsuspended": _("Letter about the end of a suspension"),
    "archive.make_export": _("Making the files of the record"),
    "consultations.announce_extension": _("Letters about an extension, to be addressed"),
    "consultations.send_digests": _("Daily and weekly letters, to be addressed"),
    "consultations.tell_followers": _("Letters to those who follow, to be addressed"),
    "consultations.tell_news": _("Letter about what somebody follows"),
    "consultations.tell_extension": _("Letter about an extension"),
    "consultations.tell_role": _("Letter about a role"),
    "consultations.tell_role_revoked": _("Letter about the end of a role"),
    "consultations.turn": _("Opening or closing of a consultation"),
    "contributions.ask_to_sign": _("Letter that asks somebody to sign a text"),
    "contributions.forget_paper": _("Deleting a document that belongs to nothing"),
    "contributions.read_paper": _("Reading the words of a paper"),
    "contributions.send_receipt": _("Receipt for a contribution"),
    "contributions.tell_signatory": _("Letter about a signed text that was published"),
    "documents.forget_words": _("Erasing words from documents"),
    "documents.suggest": _("Suggestions of a machine for translators"),
    "moderation.ask_redaction": _("Letter about words to leave out"),
    "moderation.ask_reporter": _("Letter to verify a reader’s address"),
    "moderation.decide_campaign": _("Deciding on the rest of a campaign"),
    "moderation.learn": _("Looking through the texts of an import"),
    "moderation.look": _("Suggestions for moderators"),
    "moderation.publish_moved": _("Publishing what was moved to another question"),
    "moderation.remind": _("Looking for what waits too long"),
    "moderation.tell_digest": _("Letter to a moderator about what waits"),
    "moderation.tell_late": _("Letter to a moderator about what waits too long"),
    "moderation.tell_appeal": _("Letter about an appeal"),
    "moderation.tell_author": _("Letter about a decision"),
    "moderation.tell_reporter": _("Letter to a reader about a report"),
    "summaries.approval_letter": _("Letter about a summary to approve"),
    "summaries.cited_letter": _("Letter about being cited"),
    "summaries.due_letter": _("Letter about a summary that is due"),
    "summaries.keep_time": _("The hour's look at which summaries are due"),
    "summaries.late_letter": _("Letter about a summary that is late"),
    "summaries.period_letter": _("Letter about a period that has ended"),
    "summaries.make_draft": _("Making a first draft of a summary"),
    "summaries.rendition_letter": _("Letter about a translation"),
    "summaries.sent_back_letter": _("Letter about a summary that was sent back"),
    "summaries.translation_due_letter": _("Letter about a translation that is due"),
    "summaries.translation_late_letter": _("Letter about a translation that is late"),
    "summaries.tell_cited": _("Letters about being cited, to be addressed"),
    "web.sweep": _("Deleting what is not kept longer"),
}


def words_of(kind: str) -> str:
    """Return what an errand does, in words; of a kind that has none here, the kind itself."""
    return str(_WORDS.get(kind, kind))
