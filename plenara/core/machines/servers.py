"""The servers that settings name: their addresses are parsed here, strictly, when Plenara starts; and how a request
to one fails.
"""

from dataclasses import dataclass, field
from typing import TypeGuard
from urllib.parse import parse_qsl, urlsplit

#: The codes of failures; `requests.failure_sentence` has a sentence for each.
CODES = ("unset", "unreachable", "slow", "cut_off", "busy", "refused", "too_large", "not_json", "wrong_shape")

#: Failures that may pass within a minute, so a retry helps. The others last until somebody fixes them.
PASSING = frozenset({"unreachable", "slow", "cut_off", "busy"})


class Failed(Exception):
    """A machine did not answer as it should. Its text is the code: no address, no key, nothing of what was sent."""

    def __init__(self, code: str, status: int = 0):
        super().__init__(code)
        self.code = code
        self.status = status  # HTTP status, if there was one

    @property
    def is_passing(self) -> bool:
        """Whether a retry after a minute may help."""
        return self.code in PASSING


OPENAI, LIBRETRANSLATE = "openai", "libretranslate"
#: The label of a machine is stored in columns of this width.
MOST_NAME = 100
#: A model cannot have this name: it marks texts that are copied word by word.
EXTRACT = "extract"


@dataclass(frozen=True)
class Server:
    """The address, protocol and key of a machine."""

    protocol: str  # openai, libretranslate
    base: str  # https://HOST[:PORT]/PATH, without a slash at its end
    model: str = ""  # the model's name; for openai only
    key: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """The label of its texts: the model, or the software. Never the address, which may be an internal one."""
        return self.model or "LibreTranslate"


def is_server(value: object) -> TypeGuard[Server]:
    """Return whether a setting names a server."""
    return isinstance(value, Server)


def read(url: str, *, protocols: tuple[str, ...], model: str = "", key: str = "") -> Server:
    """Return the server that an address names: PROTOCOL+https://HOST/PATH, of openai with ?model=NAME, else `model`.

    Raises ValueError with the error and the allowed values; the sentence never holds the address or the key.
    """
    shapes = " or ".join(f"{each}+https://HOST/PATH" for each in protocols)
    protocol, _plus, rest = url.partition("+")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(f"contains a space or a character that an address cannot have; it must be {shapes}")
    if protocol not in protocols or not rest.startswith(("https://", "http://")):
        raise ValueError(f"must be {shapes} (http:// for a server in your own network)")
    try:
        parts = urlsplit(rest)
        whole = bool(parts.hostname) and parts.port != 0 and not parts.fragment
    except ValueError:
        whole = False
    if not whole:
        raise ValueError(f"names no host, or an invalid port; it must be {shapes}")
    if "@" in parts.netloc:
        raise ValueError("contains a name or a password; put the key into the setting that ends in _KEY")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    named = options.pop("model", "") if protocol == OPENAI else ""
    if options:
        raise ValueError(f"has an unknown option; it must be {shapes} (with openai, ?model=NAME is allowed)")
    if protocol == OPENAI:
        model = named or model
        _require_model(model)
    else:
        model = ""
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("has a key with a space, a line break or a character that a key cannot have")
    return Server(protocol, f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}", model, key)


def _require_model(model: str) -> None:
    if not model:
        raise ValueError("needs the name of the model: set PLENARA_MODEL_NAME")
    if len(model) > MOST_NAME or not model.isprintable() or model.strip() != model or model == EXTRACT:
        raise ValueError(
            f"has a model name that is longer than {MOST_NAME} characters, not printable, or used by Plenara itself"
        )
