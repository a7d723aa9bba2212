"""What the kinds of task are called at the desk."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

_WORDS = {
    "accounts.ask_to_confirm_passkeys": _("E-mail that asks an organizer to confirm the removal of passkeys"),
    "accounts.letter": _("Letter about signing in"),
    "accounts.list_erasures": _("Writing down which accounts were erased"),
    "accounts.send_invitation": _("Invitation"),
    "accounts.tell_passkeys_removed": _("E-mail about passkeys that an organizer removed"),
    "accounts.tell_suspended": _("Letter about a suspension"),
    "accounts.tell_unsuspended": _("Letter about the end of a suspension"),
    "archive.make_community_export": _("Making the file of calendar, directory and themes"),
    "archive.make_export": _("Making the files of the record"),
    "consultations.ask_to_confirm": _("E-mail that asks an organizer to confirm an announcement"),
    "consultations.announce_extension": _("Letters about an extension, to be addressed"),
    "consultations.send_digests": _("Daily and weekly letters, to be addressed"),
    "consultations.tell_followers": _("Letters to those who follow, to be addressed"),
    "consultations.tell_news": _("Letter about what somebody follows"),
    "consultations.tell_extension": _("Letter about an extension"),
    "consultations.tell_role": _("Letter about a role"),
    "consultations.tell_role_revoked": _("Letter about the end of a role"),
    "consultations.translate_texts": _("Translation of a consultation’s own texts by a machine"),
    "consultations.turn": _("Opening or closing of a consultation"),
    "contributions.ask_to_sign": _("Letter that asks somebody to sign a text"),
    "contributions.forget_paper": _("Deleting a document that belongs to nothing"),
    "contributions.index_thread": _("Finding contributions by the themes of their question"),
    "contributions.read_paper": _("Reading the words of a paper"),
    "contributions.send_receipt": _("Receipt for a contribution"),
    "contributions.translate": _("Translation of a contribution by a machine"),
    "contributions.translate_all": _("Translations of contributions, to be asked for"),
    "contributions.tell_signatory": _("Letter about a signed text that was published"),
    "contributions.mark_organization": _("Marking what was said for a verified organization"),
    "contributions.tell_dispute": _("Letter about a byline that an organization disputes"),
    "directory.ask_owner": _("Letter that asks whether entries of the directory still hold"),
    "directory.ask_owners": _("The day's look at which entries nobody has confirmed"),
    "directory.carry_out": _("Carrying out a decision on an entry of the directory"),
    "directory.receipt": _("Receipt for an entry of the directory"),
    "directory.send_proof": _("Letter that verifies an organization"),
    "documents.compare": _("Comparing the meaning of texts"),
    "documents.forget_words": _("Erasing words from documents"),
    "documents.index_thread": _("Finding statements by the themes of their question"),
    "documents.suggest": _("Suggestions of a machine for translators"),
    "events.receipt": _("Receipt for an event"),
    "events.reckon_zones": _("The day's look at the rules of time zones"),
    "moderation.ask_redaction": _("Letter about words to leave out"),
    "moderation.ask_reporter": _("Letter to verify a reader’s address"),
    "moderation.decide_campaign": _("Deciding on the rest of a campaign"),
    "moderation.learn": _("Looking through the texts of an import"),
    "moderation.look": _("Suggestions for moderators"),
    "moderation.publish_approved": _("Publishing what was approved"),
    "moderation.publish_moved": _("Publishing what was moved to another question"),
    "moderation.remind": _("Looking for what waits too long"),
    "moderation.tell_digest": _("Letter to a moderator about what waits"),
    "moderation.tell_late": _("Letter to a moderator about what waits too long"),
    "moderation.tell_appeal": _("Letter about an appeal"),
    "moderation.tell_author": _("Letter about a decision"),
    "moderation.tell_reporter": _("Letter to a reader about a report"),
    "outcomes.approval_letter": _("Letter about an outcome to approve"),
    "outcomes.member_letter": _("Letter about becoming a member of a body"),
    "outcomes.rendition_letter": _("Letter about a translation of an outcome"),
    "outcomes.sent_back_letter": _("Letter about an outcome that was sent back"),
    "outcomes.make_dossier": _("Making the files of a meeting’s dossier"),
    "outcomes.print_edition": _("Making the files of an outcome"),
    "outcomes.print_changed": _("Making files of outcomes anew"),
    "outcomes.lapsed_letter": _("Letter about paragraphs that changed"),
    "outcomes.proposal_letter": _("Letter about a proposal"),
    "search.read": _("Reading texts by their meaning, for the search"),
    "summaries.forget_vectors": _("Forgetting what a machine read of erased words"),
    "summaries.group": _("Groups of like sentences for a summary"),
    "summaries.read_period": _("Reading a period’s contributions, to group them"),
    "summaries.approval_letter": _("Letter about a summary to approve"),
    "summaries.cited_letter": _("Letter about being cited"),
    "summaries.due_letter": _("Letter about a summary that is due"),
    "summaries.keep_time": _("The hour's look at which summaries are due"),
    "summaries.late_letter": _("Letter about a summary that is late"),
    "summaries.period_letter": _("Letter about a period that has ended"),
    "summaries.make_draft": _("Making a first draft of a summary"),
    "summaries.correction_answered": _("Letter about the answer to a request for correction"),
    "summaries.correction_made": _("Letter about a correction that was made"),
    "summaries.correction_receipt": _("Receipt for a request for correction"),
    "summaries.correction_waits": _("Letter about a request for correction to answer"),
    "summaries.tell_answerers": _("Letters about a request for correction, to be addressed"),
    "summaries.make_pack": _("Making a conference pack"),
    "summaries.print_edition": _("Making the files of a summary"),
    "summaries.print_changed": _("Making anew the files of summaries that changed"),
    "summaries.rendition_letter": _("Letter about a translation"),
    "summaries.sent_back_letter": _("Letter about a summary that was sent back"),
    "summaries.translation_due_letter": _("Letter about a translation that is due"),
    "summaries.translation_late_letter": _("Letter about a translation that is late"),
    "outcomes.tell_treated": _("Letters about what an outcome does with contributions, to be addressed"),
    "outcomes.tell_discussed": _("Letters about contributions on an agenda, to be addressed"),
    "summaries.tell_cited": _("Letters about being cited, to be addressed"),
    "themes.forget_file": _("Forgetting a file of themes that nobody confirmed"),
    "web.index": _("Comparing the search index with the record"),
    "web.sweep": _("Deleting what is not kept longer"),
}


_ONE_LETTER = ("Letter ", "E-mail ", "Receipt ", "Invitation")


def is_letter(kind: str) -> bool:
    """Say whether a task of a kind sends one letter: it is called a letter, a receipt or an invitation."""
    with override("en"):
        words = words_of(kind)
    return words.startswith(_ONE_LETTER)


def words_of(kind: str) -> str:
    """Return what a task does, in words; of a kind that has none here, the kind itself."""
    return str(_WORDS.get(kind, kind))
