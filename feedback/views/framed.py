"""The page of a measure for somebody who is signed in, put together from what is kept of it.

A frame is the page without what differs from reader to reader: in its holes stand the pieces that fit the reader
(`feedback.templatetags.pieces`), and marks stand for their name, their key and the tokens of their forms. It is made
for a stand-in that has nothing else of anybody, so that nobody's data can get into it.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import gettext as _

from feedback.context import unread_text
from feedback.forms import CommentForm, form_token
from feedback.views.drafts import KEY as DRAFT
from feedback.views.kept_parts import kept_parts
from feedback.views.marks import FORM, FRAME, HOLE, NAME, PERSON, TOKEN
from feedback.views.measure import Parts, context_of, own_entries, own_results
from feedback.views.standing import Standing

TEMPLATE = "feedback/measure.html"
MOST_FRAMES = 6  # of one page
# What a frame is made without of the request at hand.
OF_A_READER = ("HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_ACCEPT_LANGUAGE")


@dataclass(frozen=True)
class StandIn:
    """Somebody who is signed in, and nobody in particular."""

    is_staff: bool
    pk: int = PERSON
    display_name: str = NAME
    is_authenticated: bool = True
    is_active: bool = True


@dataclass(frozen=True)
class Frame:
    """A page in pieces: what stands before, between and after its holes, and the key of the piece in each."""

    texts: list[str]
    holes: list[tuple]


def page_for(request, slug: str) -> HttpResponse:
    """The page of the measure `slug` for the reader who is signed in."""
    parts, standing = kept_parts.for_reader(request, slug)
    text = assembled(request, parts, standing)
    if text is None:
        return render(request, TEMPLATE, context_of(request, parts, standing=standing))
    return HttpResponse(text)


def assembled(request, parts: Parts, standing: Standing) -> str | None:
    """The page, put together; None where it has to be made: something on it is like nothing on others' pages."""
    if parts.pieces is None or standing.has_unseen or DRAFT in request.session or len(get_messages(request)):
        return None
    is_open = parts.measure.takes_contributions
    unread = unread_text(standing.unread)
    look = is_open, request.user.is_staff, unread
    frame = parts.frames.get(look)
    if frame is None:
        frame = frame_of(request, parts, standing, is_open, unread)
        while len(parts.frames) >= MOST_FRAMES:
            parts.frames.pop(next(iter(parts.frames)), None)
        parts.frames[look] = frame
    filled = fillings(frame, parts, standing, is_open)
    if filled is None:
        return None
    text = "".join(each for pair in zip(frame.texts, [*filled, ""], strict=True) for each in pair)
    user = request.user
    marks = {TOKEN: get_token(request), NAME: escape(user.display_name or _("My profile"))}
    for mark, value in (marks | {str(PERSON): str(user.pk), FORM: form_token()}).items():
        text = text.replace(mark, value)
    return text


def fillings(frame: Frame, parts: Parts, standing: Standing, is_open: bool) -> list[str] | None:
    """The pieces for the frame's holes, in order; None where one is not at hand."""
    keys = keys_for(parts, standing, is_open)
    filled = []
    for hole in frame.holes:
        key = (hole[0], *next(keys[hole[0]])) if hole[0] in keys else hole
        text = parts.pieces.get(key)
        if text is None:
            return None
        filled.append(text)
    return filled


def keys_for(parts: Parts, standing: Standing, is_open: bool) -> dict[str, Iterator[tuple]]:
    """The keys of those pieces that differ from reader to reader, in the order of the page."""
    return {
        "follow": iter([(standing.followed,)]),
        "question": iter([(result.key, is_open) for result in own_results(parts, standing)]),
        "comment": iter([(entry.key, is_open) for entry in own_entries(parts, standing)]),
    }


def frame_of(request, parts: Parts, standing: Standing, is_open: bool, unread: str) -> Frame:
    """The frame of the page; its pieces are made on the way, for a reader who has done nothing here."""
    blank, holes = copy(request), []
    blank.META = {name: value for name, value in request.META.items() if name not in OF_A_READER}
    for name in ("_cached_user", "_messages", "_csrf_hook"):
        blank.__dict__.pop(name, None)
    blank.COOKIES, blank.session, blank.user = {}, {}, StandIn(request.user.is_staff)
    form = None
    if is_open:
        form = CommentForm(edition=parts.context["edition"].number, initial={"token": FORM})
    unmoved = Standing(counts=standing.counts)
    context = context_of(blank, parts, standing=unmoved, form=form) | {
        "user": blank.user,
        "perms": None,
        "messages": [],
        "csrf_token": TOKEN,
        "unread_notices": unread,
        FRAME: holes,
    }
    return Frame(render_to_string(TEMPLATE, context, blank).split(HOLE), holes)
