"""Network addresses."""

import ipaddress


def is_loopback(address: str | None) -> bool:
    """Whether ``address`` (IPv4 or IPv6, in text) is this very machine; False for anything else."""
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
