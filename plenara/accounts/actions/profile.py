"""Actions of a person on their own profile and sessions."""

from plenara.accounts import permissions, queries, validation
from plenara.accounts.models import Person, Session
from plenara.accounts.queries import installation_row
from plenara.core import audit, clock
from plenara.core.languages import NAMES
from plenara.core.refusals import require, require_valid
from plenara.core.text import clean_line, digest
from plenara.core.transaction import writing
from plenara.core.vocabulary import Capacity


@writing
def set_profile(*, actor: Person, name: str, language: str) -> Person:
    """Change the actor's name and the language of their e-mails. Published bylines keep the old name."""
    name = clean_line(name)
    require(permissions.may_act(actor))
    require_valid(validation.a_name(name), language in NAMES)
    actor.name, actor.language = name, language
    actor.save(update_fields=["name", "language"])
    audit.log("person.changed_profile", actor=actor, about=actor)
    return actor


@writing
def set_byline(
    *,
    actor: Person,
    stakeholder_group: str,
    capacity: str,
    organization: str = "",
    country: str = "",
    withholds_name: bool = False,
    withholds_country: bool = False,
) -> Person:
    """Set the actor's byline, and what of it is withheld, from the next contribution on."""
    organization = clean_line(organization) if capacity == Capacity.ORGANIZATION else ""
    require(permissions.may_act(actor))
    require_valid(
        validation.a_byline(
            stakeholder_group=stakeholder_group,
            capacity=capacity,
            organization=organization,
            country=country,
            withholds_country=withholds_country,
        )
    )
    actor.stakeholder_group, actor.capacity, actor.organization = stakeholder_group, capacity, organization
    actor.country, actor.withholds_name, actor.withholds_country = country, withholds_name, withholds_country
    actor.save(
        update_fields=[
            "stakeholder_group",
            "capacity",
            "organization",
            "country",
            "withholds_name",
            "withholds_country",
        ]
    )
    audit.log("person.told_byline", actor=actor, about=actor)
    return actor


@writing
def accept_rules(*, actor: Person) -> Person:
    """Accept the current rules and licence."""
    actor.rules_version, actor.rules_accepted_at = installation_row().rules_version, clock.now()
    actor.save(update_fields=["rules_version", "rules_accepted_at"])
    audit.log("person.accepted_rules", actor=actor, about=actor, rules_version=actor.rules_version)
    return actor


@writing
def end_sessions(*, actor: Person, current_key: str | None, name: str = "") -> int:
    """End the actor's session of this name (`queries.OpenSession`), or all but the current one; return how many."""
    others = [session.pk for session, _data in queries.sessions_of(actor) if session.pk != current_key]
    ended = Session.objects.filter(pk__in=[key for key in others if not name or digest(key) == name]).delete()[0]
    if ended:
        audit.log("person.ended_sessions", actor=actor, about=actor, count=ended)
    return ended
