"""Giving themes to comments in the admin: to the ticked ones, to all that match, or to one."""

from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.actions.refusals import Refused
from feedback.actions.themes import MOST, give_themes, set_themes, take_themes
from feedback.admin.exporting import LONGEST_QUERY
from feedback.models import Theme
from feedback.signals.detect import mask

TAGGING = ["tag_selected", "tag_matching"]


def tagging_address(query: str = "", keys=()) -> str:
    """Where themes are given to the comments of a list with this query string, or to those with the keys."""
    return f"{reverse('admin:feedback_comment_themes')}?{urlencode({'query': query, 'key': keys}, doseq=True)}"


class TaggingForm(forms.Form):
    """Which themes; of many comments, whether they are given or taken."""

    act = forms.ChoiceField(
        label=_("What to do"),
        choices=[("give", _("give these themes")), ("take", _("take these themes away"))],
        widget=forms.RadioSelect,
        initial="give",
    )
    themes = forms.ModelMultipleChoiceField(
        Theme.objects.none(), label=_("Themes"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, themes, one, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["themes"].queryset = themes
        self.fields["themes"].label_from_instance = lambda theme: f"{theme} ({theme.code})"
        if one is not None:
            del self.fields["act"]
            self.fields["themes"].required = False
            self.fields["themes"].initial = [tag.theme_id for tag in one.comment_themes.all()]


class TagsComments:
    """Mixed into the admin of comments, beside `Exports`, whose way to find the rows of a list it takes."""

    def has_tag_permission(self, request) -> bool:
        return request.user.has_perm("feedback.code_comments")

    @admin.action(description=_("Give themes to the selected comments…"), permissions=["tag"])
    def tag_selected(self, request, queryset):
        everything = request.POST.get("select_across") == "1"
        keys = [] if everything else request.POST.getlist(ACTION_CHECKBOX_NAME)
        return HttpResponseRedirect(tagging_address(request.GET.urlencode(), keys))

    @admin.action(description=_("Give themes to all comments that match…"), permissions=["tag"])
    def tag_matching(self, request, queryset):
        return HttpResponseRedirect(tagging_address(request.GET.urlencode()))

    def get_urls(self):
        own = path("themes/", self.admin_site.admin_view(self.themes_view), name="feedback_comment_themes")
        return [own, *super().get_urls()]

    def themes_view(self, request):
        """The codebook, to give themes to some comments or take them away; of one, to set them."""
        if not self.has_tag_permission(request):
            raise PermissionDenied
        query, keys = request.GET.get("query", ""), request.GET.getlist("key")
        if len(query) > LONGEST_QUERY:
            raise Http404
        rows = self.rows_to_export(request.user, query, keys)
        number = rows.order_by()[: MOST + 1].count()
        one = rows.select_related("latest").first() if len(keys) == 1 else None
        programmes = rows.order_by().values("measure__principle__programme").distinct()
        themes = Theme.objects.in_use().filter(programme__in=programmes)
        form, status = TaggingForm(themes, one, request.POST if request.method == "POST" else None), 200
        if form.is_bound:
            status = 422
            if form.is_valid():
                try:
                    self._tag(request, form, rows, one)
                    return HttpResponseRedirect(self._back(request, query, one))
                except Refused as refusal:
                    form.add_error(None, refusal.message)
                    status = refusal.status
        context = self.admin_site.each_context(request) | {
            "title": _("Themes of comments"),
            "opts": self.opts,
            "form": form,
            "number": number,
            "most": MOST,
            "one": one,
            "text": mask(one.latest.text) if one and one.latest else "",
            "given": one.comment_themes.select_related("theme__current_version", "by__user") if one else [],
            "has_themes": themes.exists(),
            "back": self._back(request, query, one),
        }
        return TemplateResponse(request, "admin/feedback/themes/tag.html", context, status=status)

    @staticmethod
    def _tag(request, form: TaggingForm, rows, one) -> None:
        themes = list(form.cleaned_data["themes"])
        if one is not None:
            set_themes(one, themes, by=request.user)
            messages.success(request, _("The themes of the comment are kept."))
            return
        take = form.cleaned_data["act"] == "take"
        number = (take_themes if take else give_themes)(rows, themes, by=request.user)
        if take:
            said = ngettext("%(n)d theme was taken from a comment.", "%(n)d themes were taken from comments.", number)
        else:
            said = ngettext("%(n)d theme was given to a comment.", "%(n)d themes were given to comments.", number)
        messages.success(request, said % {"n": number})

    @staticmethod
    def _back(request, query: str, one) -> str:
        if one is not None and request.GET.get("from") == "desk" and request.user.has_perm("feedback.decide"):
            return reverse("desk:item", args=[one.pk])
        if one is not None:
            return reverse("admin:feedback_comment_change", args=[one.pk])
        return f"{reverse('admin:feedback_comment_changelist')}?{query}"
