"""Addresses that may be requested: those of the public internet only.

IPv6 is allowed where it is handed out to anybody (`2000::/3`), and IPv4 inside it only where a translator may stand in
for a public address; all else of IPv6 is refused, whatever it may come to mean.

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
        "2001::/23",  # Teredo, ORCHID and other special purposes
        "2002::/16",  # 6to4, may embed any IPv4 address
        "2001:db8::/32",  # documentation, as is the next
        "3fff::/20",
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
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
    if isinstance(parsed, IPv6Address) and parsed not in _GLOBAL_UNICAST:
        return "it is not public"
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
