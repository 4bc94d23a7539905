"""Participants and released ratings in the admin: to be looked at and exported."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from feedback.admin.exporting import EXPORTING, Exports
from feedback.admin.records import ReadOnlyAdmin
from feedback.models import Participant, Rating


class AccountFilter(admin.EmptyFieldListFilter):
    """Whether somebody still has an account; those who left have none."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.title = _("account")


@admin.register(Participant)
class ParticipantAdmin(Exports, ReadOnlyAdmin):
    """Participants as the public knows them: no list shows or searches their addresses."""

    export_kind = "participants"
    actions = EXPORTING
    list_display = ["pseudonym", "display_name", "joined"]
    list_filter = [("user", AccountFilter)]
    list_select_related = ["user"]
    search_fields = ["pseudonym", "user__display_name"]
    ordering = ["-pk"]
    fields = ["pseudonym", "display_name", "joined"]
    readonly_fields = ["display_name", "joined"]

    @admin.display(description=_("display name"))
    def display_name(self, participant):
        return participant.name or "-"

    @admin.display(description=_("date joined"))
    def joined(self, participant):
        return participant.user.date_joined if participant.user else None


@admin.register(Rating)
class RatingAdmin(Exports, ReadOnlyAdmin):
    """Released ratings under their random names: whose they are, and when they were given, is nobody's to see here."""

    export_kind = "ratings"
    actions = EXPORTING
    list_display = ["who", "measure", "question_asked", "released_value", "channel"]
    list_filter = ["released_value", "channel", "question__programme"]
    list_select_related = ["question", "edition__measure"]
    ordering = ["who"]
    sortable_by = []
    fields = ["who", "measure", "question_asked", "edition", "released_value", "channel"]
    readonly_fields = ["who", "measure", "question_asked"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(released_value__isnull=False)

    @admin.display(description=_("measure"))
    def measure(self, rating):
        return rating.edition.measure.code

    @admin.display(description=_("question"))
    def question_asked(self, rating):
        return rating.question.slug
