"""Keeping a codebook of themes, and giving themes to comments."""

from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from feedback.actions.access import staff_member_of
from feedback.actions.decisions import NotAllowed
from feedback.actions.refusals import Invalid
from feedback.models import Comment, CommentTheme, Theme, ThemeVersion
from feedback.models.comment import CommentQuerySet
from portal.plain_text import clean_text
from principles.models import LANGUAGES, Programme

MOST = 10_000  # comments at once
READ = 1000
LONGEST = {"name": 120, "description": 1000}


@transaction.atomic
def write_theme(
    theme: Theme | None,
    *,
    by: AbstractBaseUser,
    wording: dict[str, str],
    programme: Programme | None = None,
    code: str = "",
    order: int = 0,
    retired: bool = False,
) -> Theme:
    """Add the theme `code` to the codebook of `programme` (where `theme` is None), or change one.

    `wording` is {"name_kk", "description_kk", …}; a name is needed in every language. A new wording is a new version.
    """
    if not by.has_perm("feedback.change_theme"):
        raise NotAllowed
    if theme is None:
        theme, made = Theme.objects.get_or_create(programme=programme, code=code)
        if not made:
            raise Invalid(_("There is a theme with this code already."))
    theme = (
        Theme.objects.select_for_update(no_key=True, of=("self",)).select_related("current_version").get(pk=theme.pk)
    )
    texts = {
        f"{field}_{language}": clean_text(wording.get(f"{field}_{language}", ""))
        for field in LONGEST
        for language in LANGUAGES
    }
    if not all(texts[f"name_{language}"] for language in LANGUAGES) or any(
        len(text) > LONGEST[name[:-3]] for name, text in texts.items()
    ):
        raise Invalid(_("A theme needs a name in every language, of the length that fits."))
    current = theme.current_version
    if current is None or any((getattr(current, name) or "") != text for name, text in texts.items()):
        number = current.number + 1 if current else 1
        theme.current_version = ThemeVersion.objects.create(theme=theme, number=number, by=staff_member_of(by), **texts)
    theme.order, theme.retired = order, retired
    theme.save()
    return theme


@transaction.atomic
def give_themes(
    comments: CommentQuerySet, themes: Iterable[Theme], *, by: AbstractBaseUser | None = None, machine: str = ""
) -> int:
    """Give `themes` to `comments`, each to those of its own programme; `by` a person, or the name of a machine.

    What a comment has already stays as it was given. Returns how many tags are new.
    """
    themes = [theme for theme in themes if not theme.retired]
    giver = _giver(by, machine)
    before = CommentTheme.objects.filter(theme__in=themes).count()
    for keys in _in_parts(comments, themes):
        tags = [
            CommentTheme(comment_id=key, theme=theme, version=theme.current_version.number, **giver)
            for key, programme in keys
            for theme in themes
            if theme.programme_id == programme
        ]
        CommentTheme.objects.bulk_create(tags, ignore_conflicts=True)
    return CommentTheme.objects.filter(theme__in=themes).count() - before


@transaction.atomic
def take_themes(comments: CommentQuerySet, themes: Iterable[Theme], *, by: AbstractBaseUser) -> int:
    """Take `themes` from `comments`; returns how many tags there were."""
    themes = list(themes)
    _giver(by, "")
    taken = 0
    for keys in _in_parts(comments, themes):
        tags = CommentTheme.objects.filter(comment__in=[key for key, _programme in keys], theme__in=themes)
        taken += tags.delete()[0]
    return taken


@transaction.atomic
def set_themes(comment: Comment, themes: Iterable[Theme], *, by: AbstractBaseUser) -> None:
    """Let `comment` have exactly these themes; what it has already stays as it was given."""
    themes, mine = list(themes), Comment.objects.filter(pk=comment.pk)
    has = [tag.theme for tag in comment.comment_themes.select_related("theme")]
    take_themes(mine, [theme for theme in has if theme not in themes], by=by)
    give_themes(mine, [theme for theme in themes if theme not in has], by=by)


def _giver(by: AbstractBaseUser | None, machine: str) -> dict:
    if by is None:
        return {"by": None, "machine": machine}
    if not by.has_perm("feedback.code_comments"):
        raise NotAllowed
    return {"by": staff_member_of(by)}


def _in_parts(comments: CommentQuerySet, themes: list[Theme]) -> Iterable[list[tuple]]:
    """(key, programme) of the comments, in parts; refuses where they are more than 10,000."""
    if not themes:
        return
    rows = comments.order_by("pk").values_list("pk", "measure__principle__programme")
    keys = list(rows[: MOST + 1])
    if len(keys) > MOST:
        raise Invalid(_("More than 10,000 comments are selected. Narrow the list down with its filters."))
    for start in range(0, len(keys), READ):
        yield keys[start : start + READ]
