"""The data dictionary: every column of every table, with its meaning, unit and values."""

from dataclasses import dataclass

from feedback.api.comments import PUBLIC_STATES
from feedback.export.columns import Described
from feedback.models import Answer, Decision
from feedback.models.comment import Channel, Language, Stance, State
from principles.models import Programme, Reading, TargetFigure

IN_LANGUAGE = {"kk": "in Kazakh", "ru": "in Russian", "en": "in English"}


@dataclass(frozen=True)
class Column(Described):
    """One column of CSV and Parquet. `path` leads to its value in the JSON body: keys and places in arrays.

    A `list` is an array of strings in JSON, and one string with blanks between in CSV and Parquet.
    """

    path: tuple[str | int, ...] = ()

    def value_in(self, body: dict):
        """The value in a body; None where something on the way to it is null."""
        value = body
        for step in self.path:
            if value is None:
                return None
            value = value[step]
        return value


def column(name: str, kind: str, meaning: str, *path: str | int, unit: str = "", values=()) -> Column:
    values = tuple(getattr(value, "value", value) for value in values)
    return Column(name, kind, meaning, unit, values, path or (name,))


def string(name: str, meaning: str, *path, **more) -> Column:
    return column(name, "string", meaning, *path, **more)


def whole(name: str, meaning: str, *path, **more) -> Column:
    return column(name, "integer", meaning, *path, **more)


def moment(name: str, meaning: str) -> Column:
    return column(name, "datetime", meaning, unit="UTC, to the second")


def texts(name: str, meaning: str, *path) -> tuple[Column, ...]:
    """A text in each language; empty where it is missing."""
    where = path or (name,)
    return tuple(
        string(f"{name}_{code}", f"{meaning}, {language}", *where, code) for code, language in IN_LANGUAGE.items()
    )


def counts(meaning: str) -> tuple[Column, ...]:
    return tuple(
        whole(f"c{value}", f"{meaning} with the value {value}.", "counts", value - 1, unit="ratings")
        for value in range(1, 6)
    )


PROGRAMME = string("programme", "Slug of the programme.")
MEASURE = string("measure", "Slug of the measure.")
QUESTION = string("question", "Slug of the question.")
URL = string("url", "Address of its page.")
SEQ = whole("seq", "Number of the entry in the ledger, counted from 1 without gaps over all kinds.")
HOUR = string("hour", "Hour of the release, such as 2026-11-24T07Z.", unit="UTC hour")
SERIES = whole("edition", "Number of the substantive edition that was rated.")

COLUMNS: dict[str, tuple[Column, ...]] = {
    "programmes": (
        string("slug", "Name of the programme in addresses and in other tables."),
        *texts("title", "Title"),
        *texts("summary", "Summary"),
        column("announced_on", "date", "Day on which it was announced."),
        *texts("announced_by", "Who announced it"),
        string("source_title", "Title of the document it was taken from.", "source", "title"),
        string("source_url", "Address of that document.", "source", "url"),
        column("source_published_on", "date", "Day on which that document was published.", "source", "published_on"),
        moment("opens", "When the consultation opens; empty: it was open from the first day."),
        moment("closes", "When it closes; empty: no end is set."),
        column("open", "boolean", "Whether it took contributions when the snapshot was cut."),
        string(
            "moderation",
            "Whether comments wait for the staff before they are published.",
            values=Programme.Moderation.values,
        ),
        URL,
    ),
    "principles": (
        string("slug", "Name of the principle in addresses and in other tables."),
        PROGRAMME,
        string("code", "Number in the programme, such as 2."),
        *texts("title", "Title"),
        *texts("summary", "Summary"),
        moment("retired", "Since when it is no longer in the programme."),
        URL,
    ),
    "measures": (
        string("slug", "Name of the measure in addresses and in other tables."),
        PROGRAMME,
        string("principle", "Slug of the principle."),
        string("code", "Number in the programme, such as 2.10: a text, not a decimal."),
        string("area_slug", "Slug of its policy area.", "area", "slug"),
        *texts("area_name", "Its policy area", "area", "name"),
        whole("paragraph", "Paragraph of the source document."),
        whole("edition", "Number of the current edition."),
        whole("substantive_edition", "Number of the edition that ratings now belong to: the last substantive one."),
        moment("edition_created", "When the current edition was made."),
        *texts("title", "Title in the current edition"),
        *texts("summary", "Wording in the current edition"),
        moment("retired", "Since when it is no longer in the programme."),
        whole("comments_submitted", "Comments ever received: the sum of the states.", "comments", "submitted"),
        *(
            whole(f"comments_{state}", f"Comments of the state {state}.", "comments", state)
            for state in ("published", "pending", "hidden", "withdrawn", "erased")
        ),
        URL,
    ),
    "editions": (
        MEASURE,
        whole("edition", "Number of the edition, counted from 1 within the measure."),
        whole("substantive_edition", "Number of the substantive edition that it belongs to; its own, where it is one."),
        column("substantive", "boolean", "Whether it changed what is proposed; otherwise it is a correction."),
        *texts("title", "Title"),
        *texts("summary", "Wording"),
        string("note", "What changed and why."),
        moment("created", "When it was made."),
        whole("seq", "Number of its entry in the ledger; empty while it has none."),
    ),
    "questions": (
        string("slug", "Name of the question, unique within the programme."),
        PROGRAMME,
        *texts("text", "The question"),
        *(
            label
            for value in range(1, 6)
            for label in texts(f"label_{value}", f"What {value} means", "labels", value - 1)
        ),
    ),
    "targets": (
        string("slug", "Name of the target, the same over editions."),
        PROGRAMME,
        MEASURE,
        whole("edition", "Number of the edition that is current."),
        *texts("label", "What is counted"),
        string("comparison", "How a reading compares with the value.", values=sorted(TargetFigure.Comparison.values)),
        column("value", "number", "The value promised.", unit="the one that the column unit names"),
        string("unit", "Slug of the unit of value and of the readings."),
        whole("due", "By the end of this year.", unit="year"),
    ),
    "readings": (
        string("target", "Slug of the target."),
        column("date", "date", "The day that the value is of."),
        column("value", "number", "The value read.", unit="the one that the target names"),
        string("voice", "Who says so.", values=Reading.Voice.values),
        string("source", "Title of the source."),
        string("source_url", "Address of the source."),
    ),
    "comments": (
        string("id", "UUID of the comment."),
        PROGRAMME,
        string("principle", "Slug of the principle."),
        MEASURE,
        whole("edition", "Number of the edition that its author saw."),
        string("parent", "UUID of the comment that it replies to; empty: it is not a reply."),
        string(
            "state",
            "Who may read it. Text, stance, author and salt of one that is not published are empty.",
            values=PUBLIC_STATES,
        ),
        string("text", "What was said: plain text."),
        string("language", "Language of the text.", values=Language.values),
        string("stance", "Where its author stands, as the author picked it.", values=Stance.values),
        string("author_name", "Display name of the author; empty on paper, and after leaving.", "author", "name"),
        string("author_pseudonym", "Random name of the author, the same on all comments.", "author", "pseudonym"),
        moment("created", "When it was received."),
        moment("edited", "When it was last edited."),
        whole("votes_agree", "Participants who agree; live, not in the ledger.", "votes", "agree", unit="people"),
        whole(
            "votes_disagree", "Participants who disagree; live, not in the ledger.", "votes", "disagree", unit="people"
        ),
        whole("replies", "Published replies; live, not in the ledger.", unit="comments"),
        string("channel", "How it came.", values=Channel.values),
        column("answers", "list", "Codes of the official answers to it."),
        string("commitment", "SHA-256 that the ledger holds, as hex digits; empty once erased."),
        string("salt", "Salt of the commitment, as hex digits."),
        URL,
    ),
    "ratings": (
        SEQ,
        HOUR,
        string("kind", "A rating, or that one was taken back.", values=("rating", "rating_withdrawn")),
        MEASURE,
        QUESTION,
        SERIES,
        string("who", "Random name of one participant's rating of this question and edition: later rows replace it."),
        whole("value", "The value; empty where it was taken back.", unit="scale of 1 to 5", values=range(1, 6)),
    ),
    "tallies": (
        string("log", "Name of the ledger."),
        MEASURE,
        QUESTION,
        SERIES,
        whole("n", "Everybody who rated, those who wait for the next group included.", unit="participants"),
        whole("released_n", "Ratings that are released: the sum of the counts.", unit="ratings"),
        *counts("Released ratings"),
        whole("median", "Lower median of the released ratings.", unit="scale of 1 to 5", values=range(1, 6)),
        column("share_positive", "number", "Share of 4 and 5 among the released ratings.", unit="share, 0 to 1"),
        whole("seq", "Number of the entry in the ledger that the counts stem from."),
    ),
    "tallies_over_time": (
        SEQ,
        HOUR,
        MEASURE,
        QUESTION,
        SERIES,
        string("pool", "Whether first ratings joined, or changes of them.", values=("first", "change")),
        *(
            whole(f"c{value}", f"Released ratings with the value {value}, from then on.", unit="ratings")
            for value in range(1, 6)
        ),
    ),
    "ledger": (
        SEQ,
        string("kind", "What the entry is about."),
        MEASURE,
        string("leaf_hash", "SHA-256 of 0x00 and the leaf's canonical JSON, in hex (RFC 9162, RFC 8785)."),
    ),
    "answers": (
        string("code", "Name of the answer."),
        PROGRAMME,
        MEASURE,
        column("comments", "list", "UUIDs of the comments that it answers; empty: the measure itself."),
        string("outcome", "What became of it.", values=Answer.Outcome.values),
        *texts("text", "Answer and reason"),
        *texts("body", "Body in charge"),
        column("date", "date", "Day of the answer."),
        string("link", "Address of more about it."),
        whole("edition", "Number of the edition that came of it."),
        moment("published", "When it was published."),
        moment("changed", "When it was last changed after that."),
    ),
    "rules": (
        string("code", "Name of the rule."),
        whole("version", "Number of its current wording."),
        *texts("title", "Title"),
        *texts("text", "Wording"),
        column("retired", "boolean", "Whether it is no longer in force."),
    ),
    "decisions": (
        whole("id", "Number of the decision."),
        string("comment", "UUID of the comment."),
        PROGRAMME,
        MEASURE,
        string("action", "What was decided.", values=Decision.Action.values),
        string("rule", "Code of the rule it was decided under."),
        whole("rule_version", "Number of the rule's wording at the time."),
        *texts("rule_title", "Title of the rule"),
        string("authority", "Who demanded it, where an authority did."),
        string("role", "Role of who decided."),
        string("commitment", "Commitment of the version that was judged, as hex digits."),
        string("from", "State before.", values=State.values),
        string("to", "State after.", values=State.values),
        whole("about", "Number of the decision that this one undoes, upholds or reverses."),
        moment("decided", "When it was decided."),
    ),
}
