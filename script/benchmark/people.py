"""People who are signed in, and places in the data: `python -m script.benchmark.people` on the settings' database.

Writes JSON to standard output: cookies and form tokens of participants and of a moderator, the measure with the most
comments, the cursors of a page of comments deep in the API's list and of the first that holds none of the benchmark's
own, and the last comment before the deep one.
"""

import json
import secrets
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from feedback.api import cursor  # noqa: E402
from feedback.models import Comment, CommentCount, Participant  # noqa: E402
from tests.builders import staff_client  # noqa: E402

PEOPLE = 64
PER_PAGE, DEEP = 100, 10_000


def main() -> None:
    count = CommentCount.objects.order_by("-submitted").select_related("measure__current_edition")[0]
    measure = count.measure
    comments = Comment.objects.public().order_by("-created_at", "-id")
    page = max(1, min(DEEP, comments.count() // PER_PAGE))
    last = comments.values("created_at", "id")[max(0, (page - 1) * PER_PAGE - 1)]
    demo = comments.exclude(author__user__email__startswith="bench").values("created_at", "id")[0]
    facts = {
        "measure": measure.slug,
        "principle": measure.principle.slug,
        "programme": measure.principle.programme.slug,
        "question": measure.principle.programme.questions.first().slug,
        "edition": measure.current_edition.number,
        "page": page,
        "row": str(last["id"]),
        "cursor": written(last),
        "first": written(demo),
        "people": [signed_in(number) for number in range(PEOPLE)],
        "staff": staff(),
    }
    json.dump(facts, sys.stdout)


def written(row: dict) -> str:
    """The cursor of the page behind `row`."""
    return cursor.written([row["created_at"], row["id"]], backwards=False)


def signed_in(number: int) -> dict[str, str]:
    """One participant's cookies, and the token of their forms."""
    user, _made = get_user_model().objects.get_or_create(
        email=f"bench{number}@demo.invalid",
        defaults={"display_name": f"Bench {number}", "language": "en", "date_joined": timezone.now()},
    )
    Participant.objects.get_or_create(user=user)
    client = Client()
    client.force_login(user)
    return cookies_of(client) | {"name": user.display_name}


def staff() -> dict[str, str]:
    """A moderator, signed in with a second factor."""
    user, _made = get_user_model().objects.get_or_create(
        email="bench-staff@demo.invalid",
        defaults={"display_name": "Bench staff", "language": "en", "is_staff": True, "is_superuser": True},
    )
    return cookies_of(staff_client(user))


def cookies_of(client: Client) -> dict[str, str]:
    token = secrets.token_hex(16)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {
        "cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={token}",
        "token": token,
        "session": session,
    }


if __name__ == "__main__":
    main()
