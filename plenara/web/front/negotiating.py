"""What a reader asks for besides an address: an encoding, and whether what they have still holds."""

_ENCODINGS = (b"br", b"gzip")


def preferred(accepted: bytes) -> bytes:
    """Return the encoding to answer in, by Accept-Encoding (RFC 9110, 12.5.3): Brotli, gzip, or plain."""
    weights: dict[bytes, float] = {}
    for part in accepted.lower().split(b","):
        name, _semicolon, parameter = part.strip().partition(b";")
        parameter = parameter.strip()
        try:
            weight = float(parameter[2:]) if parameter.startswith(b"q=") else 1.0
        except ValueError:
            weight = 0.0
        weights[name.strip()] = weight
    return next((each for each in _ENCODINGS if weights.get(each, weights.get(b"*", 0.0)) > 0), b"")


def matches(known: bytes, etag: bytes) -> bool:
    """Say whether a reader who has `known` has the page, in whatever encoding (RFC 9110, 13.1.2)."""
    if known.strip() == b"*":
        return True
    bare = etag.strip(b'"')
    ours = {bare, bare + b"-gzip", bare + b"-br"}
    return any(each.strip().removeprefix(b"W/").strip(b'"') in ours for each in known.split(b","))
