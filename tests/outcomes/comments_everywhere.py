"""Every address of a draft opened for comment, with permissions: the short report of `public_everywhere.py`."""

from typing import Any

from plenara.outcomes.models import Outcome, OutcomeEdition
from tests import world
from tests.outcomes import making

SHORT = "outcomes/panel/short/"
COMMENTS = f"{SHORT}comments/"
PUBLIC = [
    COMMENTS, f"{COMMENTS}1/paragraphs/1/", f"{COMMENTS}1/paragraphs/1/from/{{last_comment}}/",
    f"{COMMENTS}1/sections/5/", f"{COMMENTS}1/sections/5/from/{{last_missing}}/",
    "consultations/{opened}/threads/1/",
]  # fmt: skip
DESK = f"desk/{SHORT}"
#: Pages for people who see the outcome; who lead its body or organize its home; who take part.
SEEN = [
    f"{DESK}public-comments/", f"{DESK}public-comments/sections/0/",
    f"{DESK}paragraphs/{{opened_paragraph}}/public-comments/",
]  # fmt: skip
LED = [f"{DESK}opening/"]
MEMBER = "contribute/{opened}/1/?part=1"


def places(moderator: Any) -> dict[str, Any]:
    """Open the short report for comment, and comment on it."""
    outcome = Outcome.objects.get(slug="short", body__slug="panel")
    chair = making.fresh(outcome.body.members.get(part="chair").person)
    version = OutcomeEdition.objects.select_related("edition").get(outcome=outcome, edition__in_force=True)
    child = making.opened(chair, version, slug="short-comments").consultation
    first, last = (child.threads.select_related("consultation").get(number=number) for number in (1, 5))
    mod = making.fresh(moderator)
    commented = world.published(world.person("Who comments"), mod, first, "Say for whom it is.", part=1)
    missing = world.published(world.person("Who misses something"), mod, last, "Nothing is said of cost.")
    return {
        "opened": child.slug,
        "opened_paragraph": outcome.document.paragraphs.get(mark=1).pk,
        "last_comment": commented.number,
        "last_missing": missing.number,
    }


def addresses(everybody: set[Any]) -> list[tuple[str, set[Any]]]:
    """Return addresses with the people who may open them."""
    sees = {"rapporteur", "organizer", "translator"}
    return [
        *((f"/en/{page}", everybody) for page in PUBLIC),
        *((f"/en/{page}", sees) for page in SEEN),
        *((f"/en/{page}", {"organizer"}) for page in LED),
    ]


def forms() -> list[tuple[str, dict[str, str], set[str]]]:
    """Return forms with the people who may send them: only the panel's own members answer."""
    sent = {"chosen": "1", "response": "noted", "reason": "Owned"}
    return [
        (f"/en/{DESK}public-comments/sections/0/", sent, set()),
        (f"/en/{DESK}paragraphs/{{opened_paragraph}}/public-comments/", sent, set()),
        (f"/en/{DESK}opening/", {"closes_at": "2099-01-01T12:00"}, {"organizer"}),
    ]
