"""Bodies: made, edited and shown. Their members stand in `members.py`."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from plenara.consultations.actions.common import clean_texts, require_current, take_hold
from plenara.consultations.models import Consultation
from plenara.core import audit, clock
from plenara.core.cache_tags import invalidate
from plenara.core.refusals import Invalid, require, require_valid
from plenara.core.text import clean, clean_line
from plenara.core.transaction import writing
from plenara.outcomes import checks, rules
from plenara.outcomes.behind import cache_tags_behind
from plenara.outcomes.models import Body, Outcome


@writing
def make_body(
    *,
    actor: Any,
    consultation: Consultation,
    slug: str,
    name: Mapping[str, str],
    mandate: Mapping[str, str] | None = None,
    begins_on: datetime.date | None = None,
    ends_on: datetime.date | None = None,
) -> Body:
    """Make a body whose home is a consultation; not public yet. The same twice (a double click) is made once."""
    require(rules.may_make_body(actor, consultation))
    consultation = take_hold(consultation)
    name, mandate = clean_texts(name, clean_line), clean_texts(mandate, clean)
    earlier = Body.objects.filter(consultation=consultation, slug=slug, name=name, created_by=actor).first()
    if earlier:
        return earlier
    require_valid(*_fit(name, mandate, begins_on, ends_on), checks.slug_fits(slug), checks.body_slug_is_free(slug))
    try:
        with transaction.atomic():
            body = Body.objects.create(
                consultation=consultation, slug=slug, name=name, mandate=mandate, begins_on=begins_on, ends_on=ends_on,
                created_by=actor,
            )  # fmt: skip
    except IntegrityError:  # another home, at this very moment
        raise Invalid(checks.body_slug_is_taken(), "taken", "slug") from None
    audit.log("body.made", actor=actor, about=body, consultation=consultation)
    return body


@writing
def edit_body(
    *,
    actor: Any,
    body: Body,
    name: Mapping[str, str],
    mandate: Mapping[str, str],
    begins_on: datetime.date | None,
    ends_on: datetime.date | None,
    stamp: int | None = None,
) -> Body:
    """Change what its page says. `stamp` is the body's when the form was opened."""
    body = held(body)
    require(rules.may_keep_body(actor, body))
    name, mandate = clean_texts(name, clean_line), clean_texts(mandate, clean)
    wanted = (name, mandate, begins_on, ends_on)
    if wanted == (body.name, body.mandate, body.begins_on, body.ends_on):
        return body
    require_current(stamp, body.stamp)
    require_valid(*_fit(name, mandate, begins_on, ends_on))
    body.name, body.mandate, body.begins_on, body.ends_on = wanted
    body.stamp += 1
    body.save(update_fields=["name", "mandate", "begins_on", "ends_on", "stamp"])
    audit.log("body.edited", actor=actor, about=body, consultation=body.consultation)
    invalidate_body(body, nothing_goes=True)
    return body


@writing
def publish_body(*, actor: Any, body: Body) -> Body:
    """Show a body's page. A second time changes nothing."""
    body = held(body)
    require(rules.may_keep_body(actor, body))
    if body.published_at is None:
        body.published_at = clock.now()
        body.save(update_fields=["published_at"])
        audit.log("body.published", actor=actor, about=body, consultation=body.consultation)
        invalidate_body(body, nothing_goes=True)
    return body


def held(body: Body) -> Body:
    """Return a body as it is now, held until the transaction ends."""
    return Body.objects.select_for_update(of=("self",)).select_related("consultation").get(pk=body.pk)


def invalidate_body(body: Body, *, nothing_goes: bool = False) -> None:
    """Make stale what shows a body; nothing does while it is being prepared."""
    if body.is_public:
        for cache_tag in sorted(cache_tags_of(body)):
            invalidate(cache_tag, nothing_goes=nothing_goes)


def cache_tags_of(body: Body) -> set[str]:
    """Return the cache tags of what shows a body: its home, and every consultation behind its outcomes. One query."""
    return set(cache_tags_behind(Outcome.objects.filter(body=body).values("pk"), body.consultation))


def _fit(name: Mapping[str, str], mandate: Mapping[str, str], first: Any, last: Any) -> list[Any]:
    return [
        checks.texts_fit("name", name),
        checks.in_some_language("name", name, "en"),
        checks.texts_fit("mandate", mandate),
        checks.days_fit(first, last, "ends_on"),
    ]
