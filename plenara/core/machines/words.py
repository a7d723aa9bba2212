"""What the codes of a failure say at a desk."""

from django.utils.translation import gettext_lazy as _

_SENTENCES = {
    "unset": _("No such server is named in the settings."),
    "unreachable": _("The server could not be reached."),
    "slow": _("The server took too long to answer."),
    "cut_off": _("The answer broke off before its end."),
    "busy": _("The server was too busy, or out of order."),
    "refused": _("The server refused the request: its address, its key or the name of the model may be wrong."),
    "too_large": _("The question or the answer was larger than we allow."),
    "not_json": _("The answer was not in the form that machines agree on (JSON)."),
    "wrong_shape": _("The answer did not hold what was asked for."),
}


def sentence_of(code: str) -> str:
    """Return what a failure's code says, in the active language; of an unknown one that it failed."""
    return str(_SENTENCES.get(code, _("The server did not answer as it should.")))
