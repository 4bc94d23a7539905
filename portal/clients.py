"""Where a request comes from, and how that is kept: as a keyed digest that changes each day."""

import hashlib
from ipaddress import IPv6Address, ip_address, ip_network

from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

IPV6_PREFIX = 64  # bits; whoever has one address of version 6 has at least so large a network


def client_address(request) -> str:
    """The address that the outermost trusted proxy saw; without trusted proxies the header counts for nothing."""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    seen = hops[-settings.TRUSTED_PROXIES] if 0 < settings.TRUSTED_PROXIES <= len(hops) else ""
    return clean_client_ip(seen) or clean_client_ip(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"  # noqa: S104


def client_network(request) -> str:
    """What one client is counted by: its address of version 4, or the network that its address of version 6 is in."""
    address = ip_address(client_address(request))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


def hidden(text: str) -> str:
    """`text` as a digest (24 hex digits) under a key of this day (UTC): the same text is another digest tomorrow."""
    day = timezone.now().strftime("%Y-%m-%d")
    key = salted_hmac("portal.clients", day, algorithm="sha256").digest()
    return hashlib.blake2b(text.encode(), key=key, digest_size=12).hexdigest()


def hidden_key(key: str, prefix: str, version: int) -> str:
    """The key of a value in the cache: allauth's hold addresses. What is counted begins anew at midnight (UTC)."""
    return f"{prefix}:{version}:{hidden(key)}"
