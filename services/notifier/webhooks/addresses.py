"""Where webhooks may go: never into the house, unless a network is allowed by setting.

Place in the pipeline: `check_url` refuses plainly inner addresses when an endpoint is made; `may_dial` is asked by
`dialling` for the very address that is dialled, after the name was resolved.
Trust level: addresses are a customer's words. The lists are IANA's special-purpose registries (as of 2026-11),
written out because `ipaddress.is_private` and `is_global` disagree with them and with one another.
Residual risk: a public address may still lead inside through somebody else's gateway.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
_INNER_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_OUTER_V6 = IPv6Network("2000::/3")
_INNER_V6 = tuple(IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_NEVER = tuple(
    ip_network(network) for network in ("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "100.100.100.200/32")
)
"""Link-local and the metadata services of clouds: not even by setting."""
_INNER_NAMES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa", ".corp")
_MAX_URL = 2_000


def may_dial(address: Address, allowed: Sequence[Network], *, is_tls: bool) -> bool:
    """Whether a webhook may be sent to `address`; without TLS only into `allowed` networks."""
    if any(_is_within(one, _NEVER) for one in _meanings(address)):
        return False
    real = _unwrapped(address)
    if _is_within(real, allowed):
        return True
    return is_tls and _is_outer(real)


def check_url(untrusted_url: str, allowed: Sequence[Network]) -> None:
    """Raise `ValueError` with the reason, for people, when a webhook plainly may not go to that URL."""
    if len(untrusted_url) > _MAX_URL or not untrusted_url.isascii() or not untrusted_url.isprintable():
        raise ValueError(
            "Write the address in plain ASCII (punycode for other letters), at most 2,000 characters."
        )
    if " " in untrusted_url or "\\" in untrusted_url:
        raise ValueError("The address must not hold spaces or backslashes.")
    parts = urlsplit(untrusted_url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise ValueError("Give a complete address that begins with https://.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise ValueError("The address must not hold a user, a password or a fragment.")
    _check_host(parts.hostname.rstrip("."), allowed, is_tls=parts.scheme == "https")
    if parts.port == 0:
        raise ValueError("The address's port must be 1 to 65535.")


def _check_host(host: str, allowed: Sequence[Network], *, is_tls: bool) -> None:
    literal = _literal(host)
    if literal is not None:
        if not may_dial(literal, allowed, is_tls=is_tls):
            raise ValueError("Webhooks go to public addresses by https; an administrator may allow others.")
    elif allowed:
        return  # a name: what it resolves to is checked when it is dialled
    elif not is_tls:
        raise ValueError("Webhooks go by https.")
    elif "." not in host or f".{host}".endswith(_INNER_NAMES):
        raise ValueError("Webhooks go to public addresses; an administrator may allow inner ones.")


def _literal(host: str) -> Address | None:
    """The address that `host` writes, in any spelling that a resolver accepts (`127.1`, `0x7f000001`)."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _is_within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks if network.version == address.version)


def _meanings(address: Address) -> list[Address]:
    """The address, and the IPv4 address that it may lead to through a gateway: 6to4, mapped, compatible, NAT64."""
    if isinstance(address, IPv6Address) and address.sixtofour:
        return [address, address.sixtofour]
    if isinstance(address, IPv6Address) and address not in _OUTER_V6:
        return [address, IPv4Address(int(address) & 0xFFFF_FFFF)]
    return [address]


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv4-mapped one."""
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _is_outer(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _INNER_V4)
    return address in _OUTER_V6 and not any(address in network for network in _INNER_V6)
