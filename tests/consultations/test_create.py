"""Creating a draft."""

import pytest

from plenara.consultations import actions, permissions
from plenara.consultations.models import Consultation, State
from plenara.core.models import AuditEntry, Revision
from plenara.core.refusals import InvalidInput, NotPermitted
from tests import world

pytestmark = pytest.mark.django_db

TITLE = {"en": "Cables under the sea"}


def test_a_new_consultation_is_a_draft_and_its_maker_its_organizer(founder):
    made = actions.create(actor=founder, title=TITLE, symbol="CABLES/2027")
    assert (made.stage, made.slug) == (State.DRAFT, "cables-under-the-sea")
    assert permissions.may_organize(founder, made)
    assert AuditEntry.objects.get(verb="consultation.created").consultation_id == made.pk
    assert not Revision.objects.exists()  # nothing public has changed


def test_only_an_organizer_of_the_installation_creates(participant, moderator, operator, outsider):
    for who in (participant, moderator, operator, outsider):
        with pytest.raises(NotPermitted):
            actions.create(actor=who, title=TITLE, symbol="CABLES/2027")
    assert not Consultation.objects.filter(stage=State.DRAFT).exists()


def test_a_suspended_organizer_creates_nothing(founder):
    from plenara.core import clock

    founder.suspended_at = clock.now()
    with pytest.raises(NotPermitted, match="suspended"):
        actions.create(actor=founder, title=TITLE, symbol="CABLES/2027")


def test_a_double_click_makes_one_draft(founder):
    first = actions.create(actor=founder, title=TITLE, symbol="CABLES/2027")
    assert actions.create(actor=founder, title=TITLE, symbol="CABLES/2027") == first
    assert AuditEntry.objects.filter(verb="consultation.created").count() == 1


@pytest.mark.once
@pytest.mark.parametrize(
    "slug", ["new", "Großes", "a b", "-a", "a--b", "../etc", "a/b", "x" * 81, "<script>", "متن", "a\u202eb!"]
)
def test_a_bad_address_is_refused(founder, slug):
    with pytest.raises(InvalidInput) as refused:
        actions.create(actor=founder, title=TITLE, symbol="CABLES/2027", slug=slug)
    assert refused.value.field == "slug"


@pytest.mark.once
@pytest.mark.parametrize("symbol", ["", "cables/2027", "CABLES//2027", "/CABLES", "CABLES/", "CÂBLES", "A" * 41, "A B"])
def test_a_bad_symbol_is_refused(founder, symbol):
    with pytest.raises(InvalidInput) as refused:
        actions.create(actor=founder, title=TITLE, symbol=symbol)
    assert refused.value.field == "symbol"


@pytest.mark.parametrize("symbol", ["WGIG/2004", "WGIG/2004/Q1", "WGIG"])
def test_a_symbol_that_could_be_mixed_up_with_another_is_refused(founder, symbol):
    world.consultation(symbol="WGIG/2004")
    with pytest.raises(InvalidInput, match=r"This symbol is too similar to that of another consultation, WGIG/2004."):
        actions.create(actor=founder, title=TITLE, symbol=symbol)
    assert actions.create(actor=founder, title=TITLE, symbol="WGIG/2005")


def test_the_address_of_another_consultation_is_refused(founder, consultation):
    with pytest.raises(InvalidInput, match=r"Another consultation has this web address. Choose a different one."):
        actions.create(actor=founder, title=TITLE, symbol="CABLES/2027", slug=consultation.slug)


@pytest.mark.once
@pytest.mark.parametrize(
    "title", [{}, {"en": ""}, {"en": " \n\t "}, {"en": "\x00\x07"}, {"en": "…!?"}, {"en": "x" * 201}, {"de": "Kabel"}]
)
def test_a_title_that_says_nothing_or_too_much_is_refused(founder, title):
    with pytest.raises(InvalidInput) as refused:
        actions.create(actor=founder, title=title, symbol="CABLES/2027", slug="cables")
    assert refused.value.field.startswith("title_")


def test_a_title_is_kept_on_one_line_without_control_characters(founder):
    made = actions.create(
        actor=founder, title={"en": " Cables\x00 under\n the\u202e sea ", "fr": ""}, symbol="C/1", slug="c"
    )
    made.refresh_from_db()
    assert made.title == {"en": "Cables under the sea"}


def test_what_is_no_detail_of_a_consultation_is_a_error_of_ours(founder):
    with pytest.raises(TypeError):
        actions.create(actor=founder, title=TITLE, symbol="CABLES/2027", stage="reported")
