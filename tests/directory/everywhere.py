"""The directory's part of the tests of every address: its ids, its addresses, its permissions."""

from typing import Any

from plenara.contributions.models import Edition
from plenara.contributions.organizations.actions import dispute
from plenara.directory.models import Representative
from tests import world
from tests.directory import making


def places(author: Any, edition: Edition) -> dict[str, Any]:
    """Return ids: entries of the author, a representation, an entry of another person, a disputed byline."""
    curator = making.curator("Keeper of the directory")
    organization = making.verified(author, curator, name={"en": "Kestrel Observatory"}, site="https://kestrel.example/")
    waits = making.proposed(author, "project")
    other = making.verified(world.person("Moussa Keita"), curator)
    speaks = Representative.objects.create(organization=other, person=author, named_by=other.owner)
    disputed = dispute(actor=other.owner, edition=edition, organization=other, text="She left us.", language="en")
    return {
        "organization": organization.pk,
        "organization_number": organization.number,
        "project": waits.pk,
        "speaks": speaks.pk,
        "dispute": disputed.pk,
        "public_id": edition.contribution.public_id,
    }


def addresses(desk: str, *, signed_in: set[str], can_act: set[str], moderators: set[str]) -> list[tuple[str, set[str]]]:
    """Return each address with the roles that may open it. Nobody of that cast moderates the community."""
    own = "/en/my/listings/{organization}/"
    return [
        ("/en/organizations/propose/", signed_in),
        ("/en/people/propose/", signed_in),
        ("/en/projects/propose/", signed_in),
        ("/en/my/listings/", signed_in),
        (own, {"author"}),
        *((f"{own}{page}/", {"author"}) for page in ("change", "withdraw", "confirm", "hand-over", "verify")),
        (f"{own}representatives/", {"author"}),
        ("/en/my/listings/{project}/", {"author"}),
        ("/en/my/representing/{speaks}/end/", {"author"}),
        ("/en/my/disputes/", signed_in),
        ("/en/my/disputes/new/{public_id}/", signed_in),
        ("/en/desk/directory/", set()),
        ("/en/desk/directory/organization/{organization_number}/", set()),
        (f"{desk}disputes/", moderators),
        (f"{desk}disputes/{{dispute}}/", moderators),
    ]


def forms(desk: str, *, signed_in: set[str], moderators: set[str]) -> list[tuple[str, dict[str, str], set[str]]]:
    """Return forms with the people who may send them."""
    own = "/en/my/listings/{organization}/"
    return [
        ("/en/organizations/propose/", {"name_en": "Owned", "group": "other", "send": "1"}, signed_in),
        (f"{own}change/", {"name_en": "Owned", "group": "other", "send": "1"}, {"author"}),
        (f"{own}withdraw/", {}, {"author"}),
        (f"{own}confirm/", {}, {"author"}),
        (f"{own}hand-over/", {"address": "x@x.example", "language": "en"}, {"author"}),
        (f"{own}verify/", {"mailbox": "info"}, {"author"}),
        (f"{own}representatives/", {"address": "x@x.example", "language": "en"}, {"author"}),
        ("/en/my/representing/{speaks}/end/", {}, {"author"}),
        ("/en/my/disputes/new/{public_id}/", {"text": "Owned", "language": "en"}, set()),
        ("/en/my/disputes/", {"dispute": "1"}, set()),
        ("/en/desk/directory/", {"of": "organization", "source": "1", "target": "2", "sure": "1"}, set()),
        ("/en/desk/directory/organization/{organization_number}/", {"what": "verify", "note": "Owned"}, set()),
        (f"{desk}disputes/{{dispute}}/", {"status": "upheld", "answer": "Owned", "answer_language": "en"}, moderators),
    ]


def listing_of(author: Any) -> Any:
    """Return a verified organization of the author."""
    return making.verified(author, making.curator("Keeper of the directory"), name={"en": "Kestrel Observatory"})
