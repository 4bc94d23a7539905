"""Atom feeds (RFC 4287) of what is new on a programme or a measure: visible comments, and official answers."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from django.contrib.syndication.views import Feed
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from feedback.addresses import absolute
from feedback.models import Answer, Comment
from feedback.models.comment import Channel
from portal.localized import localized
from principles.models import Measure, Programme

NEWEST = 50
FRESH = 10  # seconds, as the API's answers: a hidden text is soon gone from shared caches, too
# What XML 1.0 has no way to write.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def for_xml(text: str) -> str:
    return NOT_XML.sub("", text)


@dataclass(frozen=True)
class News:
    """One entry: a comment, or an official answer."""

    urn: str  # the same in every feed, language and host
    title: str
    address: str
    author: str
    published: datetime
    updated: datetime
    text: str
    language: str

    @classmethod
    def of_comment(cls, comment: Comment) -> "News":
        author = comment_author(comment)
        return cls(
            urn=comment.pk.urn,
            title=f"{author} · {measure_name(comment.measure)}",
            address=comment.get_absolute_url(),
            author=author,
            published=comment.created_at,
            updated=comment.edited_at or comment.created_at,
            text=comment.shown.text,
            language=comment.language,
        )

    @classmethod
    def of_answer(cls, answer: Answer) -> "News":
        text = localized(answer, "text")
        title = _("Official answer: %(outcome)s") % {"outcome": answer.get_outcome_display()}
        # When it was begun tells it from the answers of other portals.
        name = f"{answer.measure.slug}/{answer.code}/{answer.created_at.astimezone(UTC).isoformat()}"
        return cls(
            urn=uuid5(NAMESPACE_URL, name).urn,
            title=f"{title} · {measure_name(answer.measure)}",
            address=answer.get_absolute_url(),
            author=localized(answer, "body").text,
            published=answer.published_at,
            updated=answer.changed_at or answer.published_at,
            text=text.text,
            language=text.language,
        )


class NewsAtom(Atom1Feed):
    """Atom whose entries carry plain text in the entry's own language; an empty feed is as old as its subject."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else self.feed["since"]

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["text"], {"type": "text", "xml:lang": item["language"]})


class NewsFeed(Feed):
    """The newest comments and official answers on `obj`, which subclasses find and name."""

    feed_type = NewsAtom
    item_description = None

    def __call__(self, request, *args, **kwargs) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        # A withdrawn comment leaves the feed without making it younger: the ETag alone says what has changed.
        del response["Last-Modified"]
        return response

    def title(self, obj):
        return for_xml(_("Comments and answers: %(title)s") % {"title": self.name(obj)})

    def link(self, obj):
        return absolute(obj.get_absolute_url())

    def feed_url(self, obj):
        return absolute(reverse(self.address, args=[obj.slug]))

    def feed_extra_kwargs(self, obj):
        return {"since": self.since(obj)}

    def items(self, obj):
        """Both kinds together, newest first; of each there may be as many as the feed holds."""
        on = self.measures(obj)
        comments = Comment.objects.visible().filter(**on).newest_first().with_text()
        answers = Answer.objects.published().filter(**on).newest_first()
        news = [
            *map(News.of_comment, comments.select_related("measure__current_edition")[:NEWEST]),
            *map(News.of_answer, answers.select_related("measure__current_edition")[:NEWEST]),
        ]
        return sorted(news, key=lambda each: each.published, reverse=True)[:NEWEST]

    def item_title(self, item):
        return for_xml(item.title)

    def item_link(self, item):
        return absolute(item.address)

    def item_guid(self, item):
        return item.urn

    def item_author_name(self, item):
        return for_xml(item.author)

    def item_pubdate(self, item):
        return item.published

    def item_updateddate(self, item):
        return item.updated

    def item_extra_kwargs(self, item):
        return {"text": for_xml(item.text), "language": item.language}


class ProgrammeFeed(NewsFeed):
    address = "programme-feed"

    def get_object(self, request, slug):
        return get_object_or_404(Programme, slug=slug)

    def name(self, programme):
        return localized(programme, "title").text

    def since(self, programme):
        return programme.created_at

    def measures(self, programme):
        return {"measure__principle__programme": programme}


class MeasureFeed(NewsFeed):
    address = "measure-feed"

    def get_object(self, request, slug):
        return get_object_or_404(Measure.objects.with_wording(), slug=slug)

    def name(self, measure):
        return measure_name(measure)

    def since(self, measure):
        return measure.current_edition.created_at

    def measures(self, measure):
        return {"measure": measure}


def measure_name(measure: Measure) -> str:
    return f"{measure.code} {localized(measure.current_edition, 'title').text}"


def comment_author(comment: Comment) -> str:
    """The author's display name, or what stands in its place on pages."""
    if comment.author and comment.author.name:
        return comment.author.name
    return _("on paper") if comment.channel == Channel.PAPER else _("former participant")


def published(feed: Feed):
    """The view of `feed`: for reading, for shared caches, and answered with 304 where nothing has changed."""
    return require_safe(conditional_page(cache_control(public=True, max_age=FRESH)(feed)))


programme_feed = published(ProgrammeFeed())
measure_feed = published(MeasureFeed())
