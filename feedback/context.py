"""What the pages of somebody who is signed in know of them."""

from feedback.actions.notices import number_unread

MOST_SHOWN = 99


def unread(request):
    """How many notices wait to be read, as the header shows it: "3", or "99+"; asked for where it is shown alone."""

    def unread_notices() -> str:
        number = number_unread(request.user.pk, MOST_SHOWN + 1)
        return f"{MOST_SHOWN}+" if number > MOST_SHOWN else str(number or "")

    return {"unread_notices": unread_notices}
