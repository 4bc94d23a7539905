"""Comments and replies, with placeholders for those that are no longer shown."""

from django.http import Http404

from feedback.api.cursor import Order
from feedback.api.labels import moment, page
from feedback.api.parameters import choice, identifier, slug, yes_or_no
from feedback.api.parameters import moment as moment_parameter
from feedback.api.reading import Detail, List
from feedback.api.signing_in import reader_of
from feedback.compiled import Listed
from feedback.models import AnsweredComment, Comment, CommentVersion
from feedback.models.comment import Channel, Language, Stance, State
from principles.models import Measure

NO_VERSION = (None, None, None)  # text, salt and commitment of one that is erased
GONE = {"state": State.ERASED.value, "author_id": None, "stance": ""}
PUBLIC_STATES = (State.PUBLISHED.value, State.HIDDEN.value, State.WITHDRAWN.value, State.ERASED.value)
COLUMNS = (
    "id",
    "measure_id",
    "edition",
    "parent_id",
    "state",
    "shown_id",
    "latest_id",
    "language",
    "stance",
    "author_id",
    "author__pseudonym",
    "author__user__display_name",
    "created_at",
    "edited_at",
    "agree_count",
    "disagree_count",
    "reply_count",
    "channel",
    "answered_at",
)

PLACES = Listed(
    Measure.id,
    lambda: Measure.objects.order_by().values_list("pk", "principle__programme__slug", "principle__slug", "slug"),
)
ANSWERS = Listed(
    AnsweredComment.comment_id,
    lambda: AnsweredComment.objects.published().order_by("answer_id").values_list("comment_id", "answer_id"),
)
VERSIONS = Listed(
    CommentVersion.id, lambda: CommentVersion.objects.order_by().values_list("pk", "text", "salt", "commitment")
)


def completed(rows: list[dict]) -> list[dict]:
    """Rows of COLUMNS with what else a body needs, by three queries whatever their number: `place` (slugs of
    programme, principle and measure), `answers` (codes of the published ones, oldest first) and `version` (text, salt
    and commitment of the one that is shown; of a comment that is not published, of its newest).

    Joined into the list's own query these cost PostgreSQL ten times longer to plan than to read.
    """
    places = {key: place for key, *place in PLACES.rows({row["measure_id"] for row in rows})}
    answers = _answers([row["id"] for row in rows if row["answered_at"]])
    keys = {row[_version_of(row)] for row in rows} - {None}
    versions = {key: tuple(version) for key, *version in VERSIONS.rows(keys)}
    for row in rows:
        row["place"] = places[row["measure_id"]]
        row["answers"] = answers.get(row["id"], [])
        row["version"] = versions.get(row[_version_of(row)], NO_VERSION)
        if row["version"] is NO_VERSION:
            row |= GONE  # also where it was erased after the list was read
    return rows


def _version_of(row: dict) -> str:
    return "shown_id" if row["state"] == State.PUBLISHED else "latest_id"


def comment_body(row: dict, *, own: bool = False) -> dict:
    """A comment as the API writes it; `row` is a completed one. Text, salt, author and stance of one that is not
    published are null, but for its author's own (`own`)."""
    shown = row["state"] == State.PUBLISHED
    says = shown or own
    text, salt, commitment = row["version"]
    programme, principle, measure = row["place"]
    return {
        "id": str(row["id"]),
        "programme": programme,
        "principle": principle,
        "measure": measure,
        "edition": row["edition"],
        "parent": str(row["parent_id"]) if row["parent_id"] else None,
        "state": row["state"],
        "text": text if says else None,
        "language": row["language"],
        "stance": (row["stance"] or None) if says else None,
        "author": _author(row) if says else None,
        "created": moment(row["created_at"]),
        "edited": moment(row["edited_at"]),
        "votes": {"agree": row["agree_count"], "disagree": row["disagree_count"]},
        "replies": row["reply_count"],
        "channel": row["channel"],
        "answers": row["answers"] if shown else [],
        "commitment": commitment,
        "salt": salt if says else None,
        "url": page(f"measures/{measure}/comments/{row['id']}/", row["language"]),
    }


def _author(row: dict) -> dict | None:
    """Name (null for paper and for people who left) and pseudonym."""
    if row["author_id"] is None:
        return None
    return {"name": row["author__user__display_name"], "pseudonym": row["author__pseudonym"]}


def _answers(comments: list) -> dict:
    found: dict = {}
    for comment, answer in ANSWERS.rows(comments):
        found.setdefault(comment, []).append(f"a{answer}")
    return found


def comment_bodies(rows: list[dict]) -> list[dict]:
    """The bodies of public comments, `rows` of COLUMNS."""
    return [comment_body(row) for row in completed(rows)]


class Comments(List):
    """Comments and replies in every public state, newest first; a hidden, withdrawn or erased one stands as a
    placeholder without text."""

    shape = "CommentPage"
    names = (
        "id",
        "programme",
        "principle",
        "measure",
        "edition",
        "parent",
        "state",
        "text",
        "language",
        "stance",
        "author",
        "created",
        "edited",
        "votes",
        "replies",
        "channel",
        "answers",
        "commitment",
        "salt",
        "url",
    )
    speaks = False
    orders = {
        "-created": Order((("created_at", "moment"), ("id", "uuid")), descending=True),
        "created": Order((("created_at", "moment"), ("id", "uuid"))),
    }
    filters = (
        slug("programme", "Only on this programme.", "measure__principle__programme__slug", "fair-kazakhstan"),
        slug("principle", "Only on this principle.", "measure__principle__slug", "fair-society"),
        slug("measure", "Only on this measure.", "measure__slug", "modern-classrooms"),
        choice("language", Language.values, "Only in this language.", lambda rows, value: rows.filter(language=value)),
        choice("state", PUBLIC_STATES, "Only in this state.", lambda rows, value: rows.filter(state=value)),
        choice("channel", Channel.values, "Only by this channel.", lambda rows, value: rows.filter(channel=value)),
        choice(
            "stance",
            Stance.values,
            "Only published ones with this stance.",
            lambda rows, value: rows.visible().filter(stance=value),
        ),
        yes_or_no(
            "answered",
            "Only published ones that have an official answer (true), or none (false).",
            lambda rows, value: rows.visible().filter(answered_at__isnull=not value),
        ),
        identifier("parent", "Only replies to the comment with this id.", "parent"),
        yes_or_no(
            "replies",
            "Only replies (true), or only comments that are none (false).",
            lambda rows, value: rows.filter(parent__isnull=not value),
        ),
        moment_parameter("created_after", "Only from this moment on.", "created_at__gte"),
        moment_parameter("created_before", "Only before this moment.", "created_at__lt"),
    )

    def rows(self):
        return Comment.objects.public().values(*COLUMNS)

    def present(self, rows):
        return comment_bodies(rows)


class OneComment(Detail, Comments):
    """One comment, by its id; its author, with a token, sees it in every state."""

    shape = "Comment"
    lookup = "pk"
    keys = {"id": {"schema": {"type": "string", "format": "uuid"}}}

    def get(self, request, id):
        row = Comment.objects.filter(pk=id).values(*COLUMNS).first()
        reader = reader_of(request)
        own = bool(row and reader and row["author_id"] == reader.pk)
        if row is None or (row["state"] == State.PENDING and not own):
            raise Http404
        body = comment_body(*completed([row]), own=own)
        return self.answer(request, self.chosen(body), private=own)
