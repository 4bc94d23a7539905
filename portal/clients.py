"""Where a request comes from."""

from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings


def client_address(request) -> str:
    """The address that the outermost trusted proxy saw; without trusted proxies the header counts for nothing."""
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    seen = hops[-settings.TRUSTED_PROXIES] if 0 < settings.TRUSTED_PROXIES <= len(hops) else ""
    return clean_client_ip(seen) or clean_client_ip(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"  # noqa: S104
