"""E-mail addresses and links, as they are written and as they are half hidden: name (at) mail.kz."""

import re

from feedback.signals.spans import Span, Taken

# Every repetition is bounded, and a search begins at the first character of a name only.
EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}(?: ?@ ?| ?[(\[](?:at|собака|ит белгісі)[)\]] ?)"
    r"(?:[\w\-]{1,63}\.){1,4}[^\W\d_]{2,24}(?![\w\-])",
    re.IGNORECASE,
)
DOMAIN = re.compile(r"[\w.\-]{1,300}$")
# Domains that a name with a dot in it is a link under, even without http://.
DOMAINS = (
    "kz|қаз|ru|рф|su|com|org|net|info|biz|io|uz|kg|by|cn|tr|eu|uk|app|online|site|store|shop|top|xyz|link|live|pro"
)
LINK = re.compile(
    r"(?:https?|ftp)://[^\s<>\"]{1,500}"
    r"|(?<![\w@.\-])www\.[^\s<>\"]{4,500}"
    r"|(?<![\w@.\-])(?:t|wa|vk|fb|m)\.(?:me|cc|com|link)/[^\s<>\"]{1,200}"
    rf"|(?<![\w@.\-])(?:[\w\-]{{1,63}}\.){{1,4}}(?:{DOMAINS})(?![\w\-])(?:/[^\s<>\"]{{0,500}})?",
    re.IGNORECASE,
)
HOST = re.compile(r"(?:[a-z]{3,5}://)?(?:[^\s/@]{0,100}@)?([^\s/:?#]{1,253})", re.IGNORECASE)
MESSENGERS = ("wa.me", "t.me", "api.whatsapp.com", "viber.click")


def find_emails(text: str) -> list[Span]:
    return [Span(*match.span()) for match in EMAIL.finditer(text)] if _may_have_email(text) else []


def domain_of(email: str) -> str:
    """What stands behind the sign of an e-mail address, however that is written."""
    return DOMAIN.search(email)[0].lower()


def find_links(text: str, *, emails: list[Span]) -> list[Span]:
    """Where links stand, without full stops and brackets behind them; none within an e-mail address."""
    found, taken = [], Taken(text, emails)
    for match in LINK.finditer(text):
        start, end = match.span()
        span = Span(start, start + len(text[start:end].rstrip(".,;:!?)]}»”'")))
        if not taken.has(span):
            found.append(span)
    return found


def host_of(link: str) -> str:
    """The host of a link, as people name it: kazinform.kz."""
    return HOST.match(link)[1].lower().removeprefix("www.")


def _may_have_email(text: str) -> bool:
    return "@" in text or "(" in text or "[" in text
