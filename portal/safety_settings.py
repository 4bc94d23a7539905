"""Settings of safety that no operator needs to change: headers and sessions."""

from csp.constants import NONE, SELF

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# What no page of ours asks a device for; passkeys stay allowed.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "camera",
        "display-capture",
        "geolocation",
        "microphone",
        "midi",
        "payment",
        "usb",
        "browsing-topics",
    )
)

SESSION_ENGINE = "portal.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14  # seconds without a visit
SESSION_LONGEST = 60 * 60 * 24 * 60  # seconds since signing in
SESSION_TOUCH_EVERY = 60 * 10  # seconds
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# The administration asks for the second factor again after so many seconds without a visit, and since it was given.
STAFF_IDLE = 60 * 60
STAFF_LONGEST = 60 * 60 * 12
MESSAGE_STORAGE = "portal.message_storage.MessageStorage"

CSRF_FAILURE_VIEW = "portal.views.csrf_failure"
