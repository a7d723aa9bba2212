"""What an import loses, if anything: the public pages of the demo, exported and imported elsewhere, are the same pages.

`OWN` is what pages say of the installation that shows them, `EXCEPTIONS` what an import does not show, with the
reason. Each excuses its own words alone, and one that no page needs any more fails.
"""

import re

import pytest
from django.core.cache import cache
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from plenara.accounts.models import Installation
from plenara.bundles.actions.bundle import import_bundle
from plenara.bundles.actions.community import import_community
from plenara.bundles.queries.community_bundle import export_community
from plenara.bundles.queries.consultation import export_with_rounds
from plenara.bundles.targets import written
from plenara.consultations.models import Consultation, State
from plenara.core.languages import NAMES, django_code
from plenara.mirror.queries.contents import PAGES, addresses
from plenara.mirror.queries.inventory import Record
from plenara.outcomes.models import Dossier
from tests.databases import empty_tables

pytestmark = pytest.mark.once

DISPUTED = "The organization says that this contribution does not speak for it"

#: Pages that are not compared, and why.
LEFT_OUT = {"site:downloads": "lists the files that this installation made, and when"}

#: Pages over all consultations, the calendar, the directory and the themes.
OF_THE_SITE = (
    "", "consultations/", "outcomes/", "events/", "events/past/", "organizations/", "people/", "projects/", "themes/",
)  # fmt: skip

#: What pages say of the installation that shows them.
OWN = (
    (r"(/c/|/disputes/new/)[a-z0-9]{10}\b", r"\1ID"),  # permalinks: each installation gives its own
    (r"(\?from=\d+T\d+-e)\d+\b", r"\1ID"),  # where the next page of the calendar begins: the key of a date
)


def _closed_step():
    """Return the pattern of the step of a consultation that follows its closing, whatever its promise."""
    one = (
        "Contributions are no longer accepted. Contributions that are still waiting will get a decision within "
        "%(count)d working day."
    )
    many = (
        "Contributions are no longer accepted. Contributions that are still waiting will get a decision within "
        "%(count)d working days."
    )
    forms = {ngettext(one, many, n).replace("%(count)d", "COUNT") for n in range(101)}
    return "|".join(re.escape(f"<p>{each}</p>").replace("COUNT", r"\d+") for each in sorted(forms))


def _verified():
    """Return what follows the name of a verified organization in the byline of an import."""
    alone = pgettext("text", "for <bdi>%(organization)s</bdi>")
    verified = pgettext("text", "for <bdi>%(organization)s</bdi>, verified")
    assert alone.endswith("</bdi>") and verified.startswith(alone) and verified != alone
    return verified.removeprefix(alone)


#: What an import does not show: the pages (all where None), what is taken out on both sides, and why.
EXCEPTIONS = (
    (
        ("site:consultation", "site:decisions", "site:decisions_from"),
        r'(<h2 id="(?:moderated|soon)">[^<]*</h2>)<p>[^<]*</p>(?=<p)',
        r"\1",
        "How soon moderators decide is a promise of the site where they work.",
    ),
    (
        ("site:consultation",),
        _closed_step,
        "",
        "The same promise, in the step that follows the closing.",
    ),
    (
        ("site:turnaround",),
        r'<p class="hint">[^<]*</p></header>',
        "",
        "The promise, and the holidays of a calendar that no bundle has.",
    ),
    (
        None,
        lambda: (
            r'</span>[^<]*<span>\s*<a href="/\w+/organizations/\d+/">[^<]*</a>\s*</span>'
            rf"|{re.escape(_verified())}</span>"
        ),
        "VERIFIED",
        "The date and the link are of the directory of the site that verified it; an import says “verified” alone.",
    ),
    (
        None,
        lambda: rf'<p class="tiny"><b class="state wait half">{re.escape(_(DISPUTED))}</b></p>',
        "",
        "A dispute that waits is decided where the organization is in the directory.",
    ),
    (
        ("summaries:summary", "summaries:edition", "summaries:corrections"),
        r'<b class="state wait half">[^<]*</b>',
        "",
        "A request for correction that came in waits for nobody here: no day is set.",
    ),
)


def taken_out(language):
    """Return the patterns of `OWN` and `EXCEPTIONS` in a language, with the pages that each is for."""
    with translation.override(django_code(language)):
        return [
            (names, re.compile(pattern() if callable(pattern) else pattern, re.DOTALL), instead)
            for names, pattern, instead, *_why in (*((None, *each) for each in OWN), *EXCEPTIONS)
        ]


def pieces(html, name, patterns):
    """Return a page as its tags and texts, without what is excused, and the places of the patterns that it needed."""
    html = re.sub(r">\s+<", "> <", html)
    html = re.sub(r"(?<=>) (?=</?(?:p|li|ul|ol|div|b|section|h\d|details|header)\b)", "", html)
    used = set()
    for k, (names, pattern, instead) in enumerate(patterns):
        if names is None or name in names:
            html, count = pattern.subn(instead, html)
            if count:
                used.add(k)
    return [each.strip() for each in re.sub(r"(?=<)|(?<=>)", "\n", html).split("\n") if each.strip()], used


def places_of(consultations):
    """Return the pages of some consultations by address: each in English, one of a kind in the other languages."""
    found = {}
    for each in consultations:
        record = Record(each)
        for name in PAGES.keys() - LEFT_OUT.keys():
            for path, _has_language in addresses(record, {name: PAGES[name]}):
                if name not in found.values():
                    found |= {path.replace("/en/", f"/{language}/", 1): name for language in NAMES}
                found[path] = name
    for number in Dossier.objects.filter(published_at__isnull=False).values_list("event__number", flat=True):
        found |= {f"/{language}/events/{number}/dossier/": "outcomes:dossier" for language in NAMES}
        found[f"/en/events/{number}/"] = "events:event"
    return found | {f"/{language}/{path}": f"/{path}" for path in OF_THE_SITE for language in NAMES}


def test_what_was_exported_is_the_same_public_page_elsewhere(read, client, tmp_path):
    chiefs = Consultation.objects.filter(parent=None).exclude(stage=State.DRAFT).order_by("pk")
    slugs = [each.slug for each in chiefs]
    places = places_of(Consultation.objects.exclude(stage=State.DRAFT))
    before = {path: read(path) for path in places}
    for slug in slugs:
        with written(tmp_path / slug) as target:
            export_with_rounds(Consultation.objects.get(slug=slug), target)
    with written(tmp_path / "community") as target:
        export_community(target)
    site = list(Installation.objects.all())

    empty_tables()
    cache.clear()
    Installation.objects.bulk_create(site)
    for slug in slugs:
        import_bundle(tmp_path / slug)
    import_community(tmp_path / "community")

    patterns = {language: taken_out(language) for language in NAMES}
    needed, different = set(), {}
    for path, name in places.items():
        answer, language = client.get(path), path.split("/")[1]
        assert answer.status_code == before[path].status_code, path
        (was, first), (now, second) = (
            pieces(each.content.decode(), name, patterns[language]) for each in (before[path], answer)
        )
        needed |= first | second
        if was != now:
            different[path] = next(pair for pair in zip([*was, ""], [*now, ""], strict=False) if pair[0] != pair[1])
    assert different == {}
    assert [EXCEPTIONS[k - len(OWN)] for k in range(len(OWN), len(OWN) + len(EXCEPTIONS)) if k not in needed] == []
