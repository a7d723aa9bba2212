"""Which network a request came from, where proxies that are trusted say it and where they do not."""

import ipaddress


def network_of(peer: str, forwarded: str, trusted: int) -> str:
    """Return the IP address that `trusted` proxies name in X-Forwarded-For, or else that of the connection.

    Of IPv6 only the network is returned (/64): one household has 2**64 addresses. Nothing where it cannot be read.
    """
    named = [part.strip() for part in forwarded.split(",") if part.strip()]
    # Each trusted proxy added one at the end; what stands before them, the caller may have invented.
    written = named[-min(trusted, len(named))] if trusted and named else peer
    try:
        address = ipaddress.ip_address(written.strip("[]").split("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
