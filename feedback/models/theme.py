"""What comments are about: a codebook of themes for each programme, and who found which theme in which comment."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Comment, State
from feedback.models.person import StaffMember
from principles.models import Programme


class ThemeQuerySet(models.QuerySet):
    def in_use(self):
        """Themes that comments may be given today, with their wording."""
        return self.filter(retired=False).select_related("current_version")

    def shown(self, fewest: int):
        """Themes in use of which published comments of at least `fewest` participants are."""
        of_published = Q(comment_themes__comment__state=State.PUBLISHED)
        people = models.Count("comment_themes__comment__author", filter=of_published, distinct=True)
        return self.in_use().annotate(people=people).filter(people__gte=fewest)


class Theme(models.Model):
    """A theme under its stable code; its wording is its current version's. Retired, it stays where it was given."""

    programme = models.ForeignKey(
        Programme, verbose_name=_("programme"), on_delete=models.PROTECT, related_name="themes"
    )
    code = models.SlugField(_("code"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired = models.BooleanField(_("retired"), default=False)
    current_version = models.ForeignKey(
        "ThemeVersion", null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "order", "pk"]
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        default_permissions = ("view", "add", "change")
        permissions = [("code_comments", "Can give themes to comments")]
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="theme_code_unique")]

    def __str__(self):
        return self.current_version.name if self.current_version else self.code


class ThemeVersion(models.Model):
    """One wording of a theme; never changed, so that it can be seen what a tag meant when it was given."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("what belongs to it"), max_length=1000, blank=True)
    by = models.ForeignKey(StaffMember, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        ordering = ["theme", "-number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["theme", "number"], name="theme_version_unique")]

    def __str__(self):
        return f"{self.name} ({self.number})"


class CommentTheme(models.Model):
    """That a comment has a theme, in the wording `version`, found by a member of the staff or by a machine."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="comment_themes")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="comment_themes")
    version = models.PositiveIntegerField(_("version"))
    by = models.ForeignKey(
        StaffMember, verbose_name=_("by"), null=True, on_delete=models.PROTECT, related_name="comment_themes"
    )
    machine = models.CharField(_("machine"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        ordering = ["theme__order", "theme_id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["comment", "theme"], name="one_tag_of_a_theme"),
            models.CheckConstraint(
                condition=Q(by=None) & ~Q(machine="") | Q(by__isnull=False, machine=""),
                name="tag_is_a_person_s_or_a_machine_s",
            ),
        ]

    def __str__(self):
        return f"{self.comment_id}: {self.theme_id}"
