"""Lists of comments: the orders and filters that a page's address may ask for, each read by keyset."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from feedback.models import Comment
from feedback.models.comment import CommentQuerySet, Language, Stance
from feedback.views.cursor import cursor, key_of, place_of
from principles.models import Measure

PER_PAGE = 20
PER_SIDE = 10
MOST_BESIDE = 1000
ORDERS = {
    "newest": _("newest"),
    "agreed": _("most agreed with"),
    "discussed": _("most discussed"),
    "sides": _("for and against"),
}
# Which kept number an order goes by, highest first; the newest stand first where it is equal.
MOST = 10**9
YES = "yes"
NUMBERS = {"agreed": ("agreement", float), "discussed": ("reply_count", int)}


@dataclass(frozen=True)
class Choice:
    """What a reader asked for: an order, a language and a stance (blank: all), whether only comments with an official
    answer, and a place to go on from."""

    order: str = "newest"
    language: str = ""
    stance: str = ""
    answered: bool = False
    before: str | None = None

    @classmethod
    def of(cls, parameters) -> "Choice":
        """The choice that an address names; what it cannot name counts as not chosen."""
        order, language, stance = (parameters.get(name, "") for name in ("sort", "language", "stance"))
        return cls(
            order if order in ORDERS else "newest",
            language if language in Language.values else "",
            stance if stance in Stance.values else "",
            parameters.get("answered") == YES,
            parameters.get("before"),
        )

    def address(self, **changes) -> str:
        """The query of the address of this choice with `changes`, from its first page on."""
        answered = YES if self.answered else ""
        values = {"sort": self.order, "language": self.language, "stance": self.stance, "answered": answered} | changes
        values = {name: value for name, value in values.items() if value and value != "newest"}
        return f"?{urlencode(values)}" if values else "?"

    @property
    def is_plain(self) -> bool:
        """Whether everything is shown, newest first: then places of comments that are gone stand in the list too."""
        return (self.order, self.language, self.stance, self.answered) == ("newest", "", "", False)

    @property
    def address_of_answered(self) -> str:
        """Where the comments with an official answer stand, whatever their language and stance."""
        return Choice(self.order, answered=True).address()

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        return [(self.address(sort=order), label, order == self.order) for order, label in ORDERS.items()]

    @property
    def languages(self) -> list[tuple[str, str, bool]]:
        choices = [("", _("all languages")), *((code, _in_a_row(name)) for code, name in Language.choices)]
        return [(self.address(language=code), label, code == self.language) for code, label in choices]

    @property
    def answers(self) -> list[tuple[str, str, bool]]:
        choices = [("", _("answered or not")), (YES, _("with an official answer"))]
        return [(self.address(answered=value), label, bool(value) == self.answered) for value, label in choices]

    @property
    def stances(self) -> list[tuple[str, str, bool]]:
        choices = [("", _("every stance")), *Stance.choices]
        return [(self.address(stance=stance), label, stance == self.stance) for stance, label in choices]


@dataclass
class Page:
    """One page of comments, and the address of the next."""

    comments: list[Comment]
    next_address: str | None


def _in_a_row(name: Promise) -> str:
    """A language's name as one of several words: Kazakh and Russian write it small there."""
    return str(name) if get_language() == "en" else str(name)[:1].lower() + str(name)[1:]


def page_of(measure: Measure, choice: Choice) -> Page:
    """The comments of `measure` in the chosen order from the chosen place on."""
    comments = _chosen(measure, choice)
    if choice.stance:
        comments = comments.filter(stance=choice.stance)
    if choice.order in NUMBERS:
        return _by_number(comments, choice)
    comments = comments.newest_first()
    if choice.before is not None:
        comments = comments.before(*cursor(choice.before))
    return _page(comments, choice, place_of)


def sides_of(measure: Measure, choice: Choice) -> list[tuple[str, str, Page]]:
    """(stance, its name, its newest comments) for the two sides, to be shown beside each other."""
    sides = []
    for stance in (Stance.FOR, Stance.AGAINST):
        comments = _chosen(measure, choice).filter(stance=stance).newest_first()
        page = list(comments[: PER_SIDE + 1])
        more = choice.address(sort="newest", stance=stance) if len(page) > PER_SIDE else None
        sides.append((stance.value, stance.label, Page(page[:PER_SIDE], more)))
    return sides


def beside_sides(measure: Measure, choice: Choice) -> int:
    """How many comments of this choice are on neither side, being neutral or without a stance; at most `MOST_BESIDE`
    and one more are counted."""
    beside = _chosen(measure, choice).exclude(stance__in=[Stance.FOR, Stance.AGAINST])
    return beside.order_by()[: MOST_BESIDE + 1].count()


def _chosen(measure: Measure, choice: Choice) -> CommentQuerySet:
    """Comments on `measure` in the chosen language; replies stand among them only where answered ones are asked for."""
    comments = Comment.objects.on(measure).with_text()
    comments = comments.public() if choice.is_plain else comments.visible()
    comments = comments.answered() if choice.answered else comments.top_level()
    return comments.filter(language=choice.language) if choice.language else comments


def _by_number(comments, choice: Choice) -> Page:
    column, kind = NUMBERS[choice.order]
    comments = comments.order_by(f"-{column}", "-id")
    if choice.before is not None:
        number, _tilde, key = choice.before.partition("~")
        try:
            number = kind(number)
        except ValueError:
            raise Http404 from None
        if not 0 <= number <= MOST:  # "nan" is not
            raise Http404
        comments = comments.below(column, number, key_of(key))
    return _page(comments, choice, lambda comment: f"{getattr(comment, column)!r}~{comment.pk}")


def _page(comments, choice: Choice, place) -> Page:
    page = list(comments[: PER_PAGE + 1])
    more = choice.address(before=place(page[PER_PAGE - 1])) if len(page) > PER_PAGE else None
    return Page(page[:PER_PAGE], more)
