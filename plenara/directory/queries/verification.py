"""Limits of verification by e-mail, and what is known of an organization that asks for it: facts, no judgement."""

import datetime
import hashlib
import hmac
import re
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from plenara.accounts.models import Person
from plenara.core import clock
from plenara.core.life_cycle import State
from plenara.core.refusals import Answer, Denied
from plenara.core.text import digest
from plenara.core.validation import short_enough
from plenara.directory.models import Kind, Listing, Proof, Verification
from plenara.directory.queries.duplicates import SHARED_HOSTS, alike, names_of
from plenara.directory.validation import host_of

#: How long a link is valid.
PROOF_LIFE = datetime.timedelta(days=3)
#: E-mails a day: requested by one person, for one organization, to one domain, to one address.
BY_PERSON, BY_ORGANIZATION, BY_DOMAIN, BY_ADDRESS = 5, 5, 10, 2
#: Characters of the secretariat's note.
MOST_OF_A_NOTE = 300
_MAILBOXES = """
gmail.com googlemail.com outlook.com hotmail.com hotmail.fr hotmail.es live.com msn.com yahoo.com yahoo.fr
yahoo.es yahoo.co.uk ymail.com icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me gmx.net gmx.de
gmx.com gmx.fr web.de mail.com mail.ru bk.ru inbox.ru list.ru yandex.ru yandex.com ya.ru rambler.ru qq.com
163.com 126.com sina.com sina.cn sohu.com foxmail.com aliyun.com yeah.net orange.fr wanadoo.fr free.fr
laposte.net sfr.fr zoho.com fastmail.com tutanota.com tuta.io posteo.de mailbox.org riseup.net disroot.org
maktoob.com uol.com.br bol.com.br terra.com.br rediffmail.com hey.com inbox.lv seznam.cz libero.it
"""
#: Domains at which anybody can have a mailbox or a page: an address there does not identify an organization.
FREE_MAIL = SHARED_HOSTS | frozenset(_MAILBOXES.split())
_MAILBOX = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_+-]|\.(?!\.)){0,62}(?<!\.)", re.ASCII)


def is_shared(domain: str) -> bool:
    """Return whether anybody can have a mailbox or a page at a domain."""
    return any(domain == free or domain.endswith(f".{free}") for free in FREE_MAIL)


def is_domain_of_site(domain: str, site: str) -> bool:
    """Return whether an e-mail domain is the site's: the same, or one below or above it."""
    return bool(domain and site) and (domain == site or domain.endswith(f".{site}") or site.endswith(f".{domain}"))


def is_own_domain(domain: str) -> Answer:
    """The domain of the organization's site is not one at which anybody can have a mailbox or a page."""
    if not domain:
        return Denied(
            _("The entry does not give a website. Add the web address, and ask again when the change is published."),
            "no_site",
        )
    if is_shared(domain):
        return Denied(
            _(
                "Anyone can get an e-mail address at %(domain)s. Ask the moderators to verify your organization "
                "another way."
            )
            % {"domain": domain},
            "free_mail",
        )
    return True


def note_fits(note: str) -> Answer:
    """The secretariat gives its evidence, in a few words."""
    if not note:
        return Denied(_("Write how you confirmed the identity of the organization."), "empty", "note")
    return short_enough(note, MOST_OF_A_NOTE, "note")


def is_mailbox(mailbox: str) -> Answer:
    """The part before the “@”: Latin letters, digits, and dots, hyphens, underlines or plus signs between them."""
    return bool(_MAILBOX.fullmatch(mailbox)) or Denied(
        _("Enter the part before the “@”, such as info or secretariat."), "mailbox", "mailbox"
    )


def not_too_often(person: Person, organization: Listing, domain: str) -> Answer:
    """Daily limits on requests by a person, for an organization and to a domain. Three queries."""
    today = Proof.objects.filter(at__gt=clock.now() - datetime.timedelta(days=1))
    if (
        today.filter(asked_by=person).count() >= BY_PERSON
        or today.filter(organization=organization).count() >= BY_ORGANIZATION
        or today.filter(domain=domain).count() >= BY_DOMAIN
    ):
        return Denied(_("Too many links have been requested today. Try again tomorrow."), "too_often")
    return True


def had_enough(address: str) -> bool:
    """Return whether an address has had its e-mails of the day. One query."""
    today = Proof.objects.filter(at__gt=clock.now() - datetime.timedelta(days=1))
    return today.filter(address_digest=address_hash(address)).count() >= BY_ADDRESS


def address_hash(address: str) -> str:
    """Return the keyed hash of an address: it identifies the address without revealing it."""
    return hmac.new(settings.SECRET_KEY.encode(), f"plenara.proof:{address}".encode(), hashlib.sha256).hexdigest()


def find_proof(token: str) -> Proof | None:
    """Return the e-mail that a link belongs to, valid or not."""
    return Proof.objects.select_related("organization").filter(token_digest=digest(token)).first()


#: Minimal similarity of the organization in a profile with that of the entry.
SAME_NAME = 0.8
#: E-mails to its domain, and earlier verifications, that are listed.
MOST = 10


@dataclass(frozen=True)
class KnownPerson:
    """What is known of the owner or of a person who asked for verification. Never the address."""

    person: Person
    is_owner: bool
    mail_domain: str
    says: str  # "same" domain as the site's, "free" where anybody can have a mailbox, or "other"
    names_it: bool  # their profile names this organization
    entries: int  # number of their published contributions


@dataclass(frozen=True)
class KnownFacts:
    """What is known of the entry and of people."""

    site: str
    domain: str
    refusal: str  # why the domain is no evidence
    proposed_at: datetime.datetime
    confirmed_at: datetime.datetime | None
    people: list[KnownPerson] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    earlier: list[Verification] = field(default_factory=list)


def known_of(organization: Listing) -> KnownFacts:
    """Return what is known of an organization. Five queries, and one for each person, of whom there are few."""
    domain = host_of(str(organization.details.get("site", "")))
    own = is_own_domain(domain)
    proofs = list(organization.proofs.select_related("asked_by").order_by("-pk")[:MOST])
    earlier = organization.verifications.exclude(ended_at=None).exclude(ended_at=F("at")).order_by("-pk")[:MOST]
    owner = organization.owner
    people = {each.pk: each for each in [owner, *(proof.asked_by for proof in proofs)] if each is not None}
    return KnownFacts(
        site=str(organization.details.get("site", "")),
        domain=domain,
        refusal=str(own.sentence) if isinstance(own, Denied) else "",
        proposed_at=organization.proposed_at,
        confirmed_at=organization.confirmed_at,
        people=[_known(each, organization, domain) for each in list(people.values())[:MOST]],
        proofs=proofs,
        earlier=list(earlier),
    )


def _known(person: Person, organization: Listing, domain: str) -> KnownPerson:
    theirs = person.mail_domain
    if is_shared(theirs):
        says = "free"
    else:
        says = "same" if is_domain_of_site(theirs, domain) else "other"
    names = names_of(Kind.ORGANIZATION, organization.details)
    return KnownPerson(
        person=person,
        is_owner=organization.owner_id == person.pk,
        mail_domain=theirs,
        says=says,
        names_it=any(alike(person.organization, name) >= SAME_NAME for name in names if person.organization),
        entries=Listing.objects.filter(owner=person, state=State.PUBLISHED).count(),
    )
