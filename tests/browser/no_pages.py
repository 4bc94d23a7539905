"""Addresses that show no page of the portal's own, and why."""

from feedback.api.root import LISTS

NO_PAGES = {
    "verify-consultation": "a program to download",
    "api-docs": "a package's page, for developers",
    **{f"api-{name}": "for programs" for name in ("root", "schema", *LISTS)},
    "measure-badge": "a picture",
    "revoke-token": "takes a form",
    "choose-language": "leads on",
    **dict.fromkeys(("robots", "sitemap", "healthz", "readyz"), "for machines"),
    "security-txt": "for those who found a hole",
    "programme-feed": "for feed readers",
    "measure-feed": "for feed readers",
    "measure-card": "a picture",
    "follow-programme": "takes a form",
    "follow-measure": "takes a form",
    "change-pace": "takes a form",
    "read-notices": "takes a form",
    "rate": "takes a form",
    "submit-comment": "takes a form",
    "reply": "takes a form",
    "vote": "takes a form",
    "mfa_download_recovery_codes": "a file",
    "programme-results-file": "a file",
    "measure-results-file": "a file",
    "moderation-log": "a file",
    "my-data-file": "a file",
    "moderation-figures": "a file",
    "moderation-sanctions": "a file",
}
