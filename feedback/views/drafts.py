"""What a person typed while their session had ended: kept on the server until they have signed in again."""

from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.urls import reverse

from feedback.text import LONGEST_COMMENT

KEY = "draft"
# What the forms of contributions know, and how much of it is kept: four times the longest comment. Whoever has no
# account may send this, so that nothing else of it stays on the server.
FIELDS = frozenset({"text", "stance", "language", "token", "value", "take_back", "rule", "note"})
LONGEST = 4 * LONGEST_COMMENT


def sign_in_first(request, page: str) -> HttpResponseRedirect:
    """Keep what was posted, and send the person to sign-in, which leads back to `page`."""
    if request.method == "POST":
        fields = {name: value[:LONGEST] for name, value in request.POST.items() if name in FIELDS}
        if request.resolver_match.kwargs.get("question"):
            fields["question"] = request.resolver_match.kwargs["question"]
        request.session[KEY] = {"page": page, "fields": fields}
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': page})}")


def take_draft(request, page: str) -> dict | None:
    """The fields that were kept for `page`, once."""
    draft = request.session.get(KEY)
    if not draft or draft["page"].split("/", 2)[-1] != page.split("/", 2)[-1]:
        return None
    del request.session[KEY]
    return draft["fields"]


def kept_text(form, draft: dict | None) -> str | None:
    """What was typed for a consultation that has closed meanwhile: nothing takes it, and nothing loses it."""
    return form.data.get("text") if form is not None and form.is_bound else (draft or {}).get("text")


def draft_of_comment(draft: dict | None) -> dict:
    return {name: draft[name] for name in ("text", "stance", "language") if draft and name in draft}
