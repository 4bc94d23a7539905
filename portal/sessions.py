"""Sessions that end: after a time without a visit (`SESSION_COOKIE_AGE`), and after `SESSION_LONGEST` in any case."""

import time

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError, router

from portal.faults import is_outage

STARTED, SEEN = "_started", "_seen"  # seconds since 1970


class SessionStore(db.SessionStore):
    """Django's own in the database, which knows when it began and moves its end on while it is used.

    The end is moved at most once in `SESSION_TOUCH_EVERY` seconds, so that reading seldom writes; and where nothing
    can be written just now, the reader does without that. Signing in and a new password begin it anew (`cycle_key`).
    """

    touched = changed = False

    @property
    def modified(self) -> bool:
        return self.changed or self.touched

    @modified.setter
    def modified(self, value: bool) -> None:
        self.changed = value
        self.touched = self.touched and value

    def load(self):
        data = super().load()
        now = int(time.time())
        if data and now - data.get(STARTED, now) > settings.SESSION_LONGEST:
            self._session_key = None
            return {}
        if data and now - data.get(SEEN, 0) >= settings.SESSION_TOUCH_EVERY:
            data[SEEN] = now
            self.touched = True
        return data

    def note(self, key: str, seconds: int) -> None:
        """Write down that somebody was seen: the reader does without that, too, where nothing can be written."""
        self._get_session()[key] = seconds
        self.touched = True

    def save(self, must_create=False):
        data = self._get_session(no_load=must_create)
        now = int(time.time())
        data.setdefault(STARTED, now)
        data.setdefault(SEEN, now)
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        fresh = self.create_model_instance(data)
        rows = self.model.objects.using(router.db_for_write(self.model, instance=fresh)).filter(pk=fresh.pk)
        try:
            # Django's own save has a transaction around this one statement: two more trips, with each message.
            found = rows.update(session_data=fresh.session_data, expire_date=fresh.expire_date)
        except DatabaseError as fault:
            if not self.changed:
                return
            # Django takes any failure for a session that somebody ended in between, and would answer 400.
            if is_outage(fault):
                raise
            raise UpdateError from fault
        if not found and self.changed:
            raise UpdateError

    def cycle_key(self):
        self._session.pop(STARTED, None)
        super().cycle_key()
