"""Addresses that may be requested: those of the public internet only.

`ipaddress` alone is not enough: it calls multicast, NAT64, 6to4 and the metadata service of Azure (168.63.129.16)
global, and the shared range 100.64.0.0/10, which contains that of Alibaba, neither private nor global.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_BLOCKED_NETWORKS = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "168.63.129.16/32",  # the wire server of Azure, on whose machines hosted runners live
        "192.0.0.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "::/96",  # IPv4-compatible, unspecified, loopback
        "64:ff9b:1::/48",  # NAT64 for local use
        "100::/64",
        "2001::/23",  # Teredo, ORCHID and other special purposes
        "2002::/16",  # 6to4, may embed any IPv4 address
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/9",  # link-local and site-local
        "ff00::/8",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


def explain_blocked_address(address: str) -> str:
    """Return why this address, as a resolver gives it, must not be requested, in a few words; empty if it may be."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "it is no address"
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id is not None:
            return "it is not public"
        parsed = _unwrap_ipv4(parsed)
    if not parsed.is_global or any(
        parsed in network for network in _BLOCKED_NETWORKS if network.version == parsed.version
    ):
        return "it is not public"
    return ""


def _unwrap_ipv4(address: IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address embeds; DNS64 networks give such an address for IPv4-only hosts."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address
