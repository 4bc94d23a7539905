"""Where a request comes from, and how that is kept: as a keyed digest that changes each day."""

import hashlib
from datetime import timedelta
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


def hidden(text: str, *, days_ago: int = 0) -> str:
    """`text` as a digest (24 hex digits) under a key of this day (UTC): the same text is another digest tomorrow."""
    day = (timezone.now() - timedelta(days=days_ago)).strftime("%Y-%m-%d")
    key = salted_hmac("portal.clients", day, algorithm="sha256").digest()
    return hashlib.blake2b(text.encode(), key=key, digest_size=12).hexdigest()


def hidden_now(text: str, *, longest: int) -> list[str]:
    """The digests under which something may stand that is kept for `longest` seconds: today's, and before it
    yesterday's while what was written before midnight may still count."""
    now = timezone.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return [hidden(text, days_ago=1)] * (now < midnight + timedelta(seconds=longest)) + [hidden(text)]
