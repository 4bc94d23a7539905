"""Why an action did nothing. Pages and API show `message` in the person's language, with the HTTP `status`."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """An action's refusal; nothing was written."""

    status = 400
    message = _("This cannot be done.")

    def __init__(self, message=None):
        self.message = message or self.message
        super().__init__(str(self.message))


class ConsultationClosed(Refused):
    """The consultation has not opened, has closed, or the measure left the programme."""

    status = 403
    message = _("This consultation takes no contributions now. Everything in it stays readable.")


class StaleEdition(Refused):
    """The write names an edition that a substantive one has replaced."""

    status = 409
    message = _("The wording of this measure has changed. Please read the new wording below, then send again.")


class NotYours(Refused):
    status = 403
    message = _("Only its author can do this.")


class NotPossibleNow(Refused):
    """The comment is in a state that does not take this action."""

    status = 409
    message = _("This comment can no longer be changed in this way.")


class Invalid(Refused):
    """A value that the rules of the field refuse."""

    status = 422
    message = _("This value is not allowed.")


class Suspended(Refused):
    """The staff has suspended the participant from writing until a time; rating stays possible."""

    status = 403

    def __init__(self, until: datetime):
        super().__init__(
            _t("You cannot write until %(until)s: the staff has suspended you from writing. Your profile says why.")
            % {"until": date_format(timezone.localtime(until), "DATETIME_FORMAT")}
        )
