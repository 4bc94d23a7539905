"""Atom feeds (RFC 4287) of what is new: visible comments on a programme, or on one measure."""

import re

from django.contrib.syndication.views import Feed
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from feedback.addresses import absolute
from feedback.models import Comment
from feedback.models.comment import Channel
from portal.localized import localized
from principles.models import Measure, Programme

NEWEST = 50
FRESH = 60  # seconds
# What XML 1.0 has no way to write.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def for_xml(text: str) -> str:
    return NOT_XML.sub("", text)


class CommentsAtom(Atom1Feed):
    """Atom whose entries carry plain text in the comment's own language; an empty feed is as old as its subject."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else self.feed["since"]

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["text"], {"type": "text", "xml:lang": item["language"]})


class Comments(Feed):
    """The newest comments on `obj`, which subclasses find and name."""

    feed_type = CommentsAtom
    item_description = None

    def __call__(self, request, *args, **kwargs) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        # A withdrawn comment leaves the feed without making it younger: the ETag alone says what has changed.
        del response["Last-Modified"]
        return response

    def title(self, obj):
        return for_xml(_("New comments: %(title)s") % {"title": self.name(obj)})

    def link(self, obj):
        return absolute(obj.get_absolute_url())

    def feed_url(self, obj):
        return absolute(reverse(self.address, args=[obj.slug]))

    def feed_extra_kwargs(self, obj):
        return {"since": self.since(obj)}

    def items(self, obj):
        return self.comments(obj).newest_first().with_text().select_related("measure__current_edition")[:NEWEST]

    def item_title(self, comment):
        return for_xml(f"{comment_author(comment)} · {measure_name(comment.measure)}")

    def item_link(self, comment):
        return absolute(comment.get_absolute_url())

    def item_guid(self, comment):
        """The same in every feed, language and host."""
        return comment.pk.urn

    def item_author_name(self, comment):
        return for_xml(comment_author(comment))

    def item_pubdate(self, comment):
        return comment.created_at

    def item_updateddate(self, comment):
        return comment.edited_at or comment.created_at

    def item_extra_kwargs(self, comment):
        return {"text": for_xml(comment.shown.text), "language": comment.language}


class ProgrammeComments(Comments):
    address = "programme-feed"

    def get_object(self, request, slug):
        return get_object_or_404(Programme, slug=slug)

    def name(self, programme):
        return localized(programme, "title").text

    def since(self, programme):
        return programme.created_at

    def comments(self, programme):
        return Comment.objects.visible().filter(measure__principle__programme=programme)


class MeasureComments(Comments):
    address = "measure-feed"

    def get_object(self, request, slug):
        return get_object_or_404(Measure.objects.with_wording(), slug=slug)

    def name(self, measure):
        return measure_name(measure)

    def since(self, measure):
        return measure.current_edition.created_at

    def comments(self, measure):
        return Comment.objects.visible().on(measure)


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


programme_feed = published(ProgrammeComments())
measure_feed = published(MeasureComments())
