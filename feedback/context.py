"""What the pages of somebody who is signed in know of them."""

from feedback.actions.notices import number_unread

MOST_SHOWN = 99


def unread_text(number: int) -> str:
    """How many notices wait to be read, as the header shows it: "3", or "99+", or nothing."""
    return f"{MOST_SHOWN}+" if number > MOST_SHOWN else str(number or "")


def unread(request):
    """How many notices wait to be read; asked for where it is shown alone."""
    return {"unread_notices": lambda: unread_text(number_unread(request.user.pk, MOST_SHOWN + 1))}
