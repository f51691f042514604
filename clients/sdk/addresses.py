"""Where a service is: one address, several of them, or a name that stands for several."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address


def target_of(addresses: str | Sequence[str]) -> str:
    """gRPC's name for `host:port`, one or several, between which calls are balanced.

    Several are numeric, of one family: a group of machines that move has one name in the DNS.

    Raises:
        ValueError: no address, one that is not `host:port`, or several that are not numeric.
    """
    listed = [addresses] if isinstance(addresses, str) else list(addresses)
    if not listed:
        raise ValueError("give the address of the service, as 10.0.0.5:8443")
    numeric = [_numeric(each) for each in listed]
    if len(listed) == 1 and numeric[0] is None:
        return f"dns:///{listed[0]}"
    families = {None if each is None else each.version for each in numeric}
    if len(families) != 1 or None in families:
        raise ValueError(
            f"{', '.join(listed)}: several addresses are numeric and of one family; "
            "for machines with names, give one name that the DNS resolves to all of them"
        )
    return f"ipv{families.pop()}:{','.join(listed)}"


def is_several(target: str) -> bool:
    """Whether gRPC's name is of several machines, or may be: a name in the DNS."""
    return "," in target or target.startswith("dns:")


def _numeric(address: str) -> IPv4Address | IPv6Address | None:
    """The numeric host of `host:port`; None where it is a name.

    Raises:
        ValueError: it is not `host:port`.
    """
    host, colon, port = address.rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65_536):
        raise ValueError(f"{address!r} is not of the form host:port")
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
