"""Hints in the reader's language: sentences made of the stored codes and figures."""

from dataclasses import dataclass, field

from django.db.models import Min
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.contributions.models import Version
from plenara.core import personal_details
from plenara.core.rows import Json
from plenara.core.templatetags.plenara import language_in_sentence
from plenara.core.text import mark_words, to_html
from plenara.moderation.models import CampaignMember, Suggestion
from plenara.moderation.queries.hints import scanned

What = Suggestion.What

#: The order of hints: those that a moderator acts on first.
_ORDER = [What.PERSONAL, What.SAME, What.LANGUAGE, What.QUESTION, What.LINKS, What.SIGN_UPS]


@dataclass(frozen=True)
class Place:
    """Words of the text that look like personal data, and the kind of data."""

    number: int
    kind: str
    words: str


@dataclass(frozen=True)
class Hint:
    """A machine's hint."""

    what: str
    label: str
    sentence: str
    hint: str = ""
    places: list[Place] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def hints(kind: str, version: Version) -> list[Hint]:
    """Return the hints about a version, without those that were switched off since. Three queries at most."""
    off = version.thing.consultation.suggestions_off
    saved = Suggestion.objects.filter(kind=kind, version_id=version.pk).exclude(what__in=off)
    found = dict(saved.values_list("what", "details"))
    functions = {
        What.PERSONAL: _personal,
        What.SAME: _same,
        What.LANGUAGE: _language,
        What.QUESTION: _question,
        What.LINKS: _links,
        What.SIGN_UPS: _sign_ups,
    }
    hints = [functions[what](version, found[what]) for what in _ORDER if what in found]
    return [hint for hint in hints if hint]


def mark_places(version: Version, hints: list[Hint]) -> SafeString | str:
    """Return a version's words as HTML with its personal data marked; nothing where none was found."""
    places = [place for hint in hints for place in hint.places]
    if not places:
        return ""
    marks = [(place.words, "#noticed", str(place.number)) for place in places]
    return mark_words(to_html(version.text.content), marks)


def _personal(version: Version, details: Json) -> Hint:
    found = personal_details.named(scanned(version), details["places"])
    places = [Place(number, name, words) for number, (name, words) in enumerate(found, 1)]
    count = len(places)
    sentence = ngettext(
        "%(count)d passage looks like personal data. It is marked in the text.",
        "%(count)d passages look like personal data. They are marked in the text.",
        count,
    )
    return Hint(What.PERSONAL, str(What.PERSONAL.label), sentence % {"count": count}, places=places)


def _same(version: Version, details: Json) -> Hint | None:
    if campaign := details.get("campaign"):
        members = CampaignMember.objects.filter(campaign_id=campaign, taken_out_at=None)
        share = members.aggregate(least=Min("shared"))["least"]
        count = members.exclude(object_id=version.contribution_id).count()
        if not count:
            return None
        address = reverse("moderation:campaign", args=[campaign])
        links = [(_("See the contributions and take one decision for all of them"), address)]
    else:
        count, share = len(details["with"]), min(percent for _pk, percent in details["with"])
        links = _others(version, [pk for pk, _percent in details["with"][:3]])
    sentence = ngettext(
        "%(count)d other contribution shares at least %(share)d%% of this text.",
        "%(count)d other contributions share at least %(share)d%% of this text.",
        count,
    )
    return Hint(What.SAME, str(What.SAME.label), sentence % {"count": count, "share": share}, links=links)


def _others(version: Version, pks: list[int]) -> list[tuple[str, str]]:
    """Return the address of each: its public page, or its page at the desk if it has no number."""
    where = version.contribution.consultation
    numbers = dict(where.contributions.filter(pk__in=pks, number__isnull=False).values_list("pk", "number"))
    return [
        (
            pgettext("label", "Contribution %(number)s") % {"number": numbers[pk]},
            reverse("moderation:after", args=[where.slug, numbers[pk]]),
        )
        if pk in numbers
        else (
            _("Compare with contribution %(number)d at the desk") % {"number": pk},
            reverse("moderation:decide", args=["contribution", pk]),
        )
        for pk in pks
    ]


def _language(version: Version, details: Json) -> Hint:
    sentence = _("%(share)d%% of the text seems to be in this language: %(found)s. Declared: %(declared)s.") % {
        "share": details["share"],
        "found": language_in_sentence(details["found"]),
        "declared": language_in_sentence(version.language),
    }
    return Hint(What.LANGUAGE, str(What.LANGUAGE.label), sentence)


def _question(version: Version, details: Json) -> Hint:
    own = version.contribution.thread.number
    sentence = _(
        "Similarity to Question %(other)d: %(other_figure)d out of 100. To Question %(own)d: %(own_figure)d."
    ) % {
        "other": details["thread"],
        "other_figure": details["other"],
        "own": own,
        "own_figure": details["own"],
    }
    return Hint(
        What.QUESTION,
        str(What.QUESTION.label),
        sentence,
        _(
            "The similarity is calculated from the words of the text and the questions. The result is often "
            "wrong when questions overlap."
        ),
    )


def _links(version: Version, details: Json) -> Hint:
    sentence = ngettext("The text has %(count)d link.", "The text has %(count)d links.", details["links"])
    return Hint(
        What.LINKS,
        str(What.LINKS.label),
        sentence % {"count": details["links"]},
        pgettext("suggestion", "Nothing else by this author is published here."),
    )


def _sign_ups(version: Version, details: Json) -> Hint:
    sentence = ngettext(
        "%(count)d account was created from one network within an hour, including the author’s account.",
        "%(count)d accounts were created from one network within an hour, including the author’s account.",
        details["accounts"],
    )
    return Hint(
        What.SIGN_UPS,
        str(What.SIGN_UPS.label),
        sentence % {"count": details["accounts"]},
        _("An office, a school or a whole village may share one network, so this number alone proves little."),
    )
