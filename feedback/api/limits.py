"""What the API says of its limits: `RateLimit-Policy` and `RateLimit`, and a 429 where one is reached.

Headers as in the IETF's draft "RateLimit header fields for HTTP".
"""

from django.utils.translation import gettext as _

from feedback import limits
from feedback.api.problems import Problem
from feedback.limits import WINDOW, Count


def count_read(request) -> dict[str, str]:
    """Count one read of the client's network; the headers that tell what is left, or a 429."""
    count = limits.count_read(request)
    return _headers(count) if count else {}


def count_write(user) -> dict[str, str]:
    """Count one write of `user`; the headers that tell what is left, or a 429."""
    return _headers(limits.count_write(user))


def _headers(count: Count) -> dict[str, str]:
    left = max(0, count.limit - count.number)
    headers = {
        "RateLimit-Policy": f'"{count.what}";q={count.limit};w={WINDOW}',
        "RateLimit": f'"{count.what}";r={left};t={count.reset}',
    }
    if count.over:
        raise Problem(
            429,
            _("Too many requests. Please go on in %(seconds)s seconds.") % {"seconds": count.reset},
            headers=headers | {"Retry-After": str(count.reset)},
        )
    return headers
