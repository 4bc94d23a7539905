"""Where "your rating is in" waits for the next page: in a signed cookie of its own, and not in the session.

A message in the session is a write to the database with each rating and each comment, and another one when it is shown.
What does not fit into a cookie goes into the session as before.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class MessageCookie(CookieStorage):
    cookie_name = settings.MESSAGE_COOKIE_NAME


class MessageStorage(FallbackStorage):
    storage_classes = (MessageCookie, SessionStorage)
