"""What may be asked of a draft."""

from django.utils.translation import gettext as _

from plenara.core.refusals import Answer, No

#: Statements of one draft: more than a person accepts one by one would be no help.
FEWEST, MOST, USUAL = 1, 60, 12


def number_of_statements(most: int) -> Answer:
    """A draft has some statements, and not too many."""
    return FEWEST <= most <= MOST or No(
        _("Choose a number from %(fewest)d to %(most)d.") % {"fewest": FEWEST, "most": MOST}, "number", "most"
    )


def one_at_a_time() -> str:
    """Return what is said to whoever asks while another draft is being made."""
    return _("A draft is being made already. Wait until it is there.")
