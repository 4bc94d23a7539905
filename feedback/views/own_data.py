"""What the portal holds about me: to read, and as a file."""

import json

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from feedback.own_data import own_data
from feedback.own_data_page import own_data_shown


@never_cache
@require_safe
@reauthentication_required
def my_data(request):
    """Everything in readable form."""
    return render(request, "feedback/my_data.html", {"sections": own_data_shown(request.user)})


@never_cache
@require_safe
@reauthentication_required
def my_data_file(request):
    """Everything as JSON."""
    body = {"made_at": timezone.now().isoformat(), **own_data(request.user)}
    text = json.dumps(body, ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)
