"""The shapes of what the API answers, as JSON Schema (OpenAPI 3.1): one component for each."""

from feedback.api.bodies import BODIES
from feedback.api.breakdowns import BREAKDOWN
from feedback.api.comments import PUBLIC_STATES
from feedback.api.ledger_shapes import LEDGER_SCHEMAS
from feedback.api.participation import PARTICIPATION
from feedback.api.schemata import COUNTS, DATE, INT, STRING, TEXTS, TIME, URL, UUID, null_or, one_of, record, ref, said
from feedback.api.themes import THEME
from feedback.api.weighted import WEIGHTED
from feedback.models import Answer, Decision
from feedback.models.comment import Channel, Language, Stance, State

SCHEMAS = {
    "Texts": TEXTS,
    "Problem": record(
        "An error, as problem details (RFC 9457).",
        type=URL,
        title=STRING,
        status=INT,
        detail=said(STRING, "What is wrong, in the language of Accept-Language."),
        errors={
            "type": "array",
            "items": record("One parameter or field.", name=STRING, reason=STRING),
        },
    )
    | {"required": ["type", "title", "status", "detail"]},
    "Programme": record(
        "A programme put to consultation.",
        slug=STRING,
        title=ref("Texts"),
        summary=ref("Texts"),
        announced_on=null_or(DATE),
        announced_by=ref("Texts"),
        source=record("Where it is published.", title=null_or(STRING), url=null_or(STRING), published_on=null_or(DATE)),
        opens=null_or(TIME),
        closes=null_or(TIME),
        open=said({"type": "boolean"}, "Whether it takes contributions now."),
        moderation=one_of(["before", "after"], "Whether comments wait for the staff before they are published."),
        url=URL,
    ),
    "Principle": record(
        "A chapter of a programme.",
        slug=STRING,
        programme=STRING,
        code=STRING,
        title=ref("Texts"),
        summary=ref("Texts"),
        retired=null_or(TIME),
        url=URL,
    ),
    "Measure": record(
        "One proposal, with the wording of its current edition.",
        slug=STRING,
        programme=STRING,
        principle=STRING,
        code=STRING,
        area=null_or(record("Its policy area.", slug=STRING, name=ref("Texts"))),
        paragraph=null_or(INT),
        edition=said(INT, "The number of the current edition."),
        substantive_edition=said(INT, "The edition that ratings now belong to: the last substantive one."),
        edition_created=TIME,
        title=ref("Texts"),
        summary=ref("Texts"),
        retired=null_or(TIME),
        comments=record(
            "Comments by state, at most 2 s late; submitted is the sum of the others.",
            submitted=INT,
            **dict.fromkeys(State.values, INT),
        ),
        url=URL,
    ),
    "Question": record(
        "What a programme asks of each measure, answered 1-5.",
        slug=STRING,
        programme=STRING,
        text=ref("Texts"),
        labels=said({"type": "array", "items": ref("Texts")}, "What 1 to 5 mean."),
    ),
    "Target": record(
        "A figure that a measure promises, with its readings.",
        slug=STRING,
        programme=STRING,
        measure=STRING,
        edition=INT,
        label=ref("Texts"),
        comparison=null_or(one_of(["equal", "at_least", "at_most", "more_than", "less_than"]))
        | {"enum": ["equal", "at_least", "at_most", "more_than", "less_than", None]},
        value=null_or(said(STRING, "A decimal as text.")),
        unit=null_or(STRING),
        due=said(null_or(INT), "By the end of this year."),
        readings={
            "type": "array",
            "items": record(
                "One dated, sourced value.",
                date=DATE,
                value=STRING,
                voice=one_of(["government", "independent"]),
                source=STRING,
                source_url=URL,
            ),
        },
    ),
    "Comment": record(
        "A comment or reply. Text, salt, author and stance are null unless it is published.",
        id=UUID,
        programme=STRING,
        principle=STRING,
        measure=STRING,
        edition=said(INT, "The edition that its author saw."),
        parent=null_or(UUID),
        state=one_of([*PUBLIC_STATES, State.PENDING], "pending: seen by its author alone"),
        text=null_or(STRING),
        language=one_of(Language.values),
        stance=null_or(STRING) | {"enum": [*Stance.values, None]},
        author=null_or(
            record(
                "Who wrote it; name is null for paper and for people who left.", name=null_or(STRING), pseudonym=STRING
            )
        ),
        created=TIME,
        edited=null_or(TIME),
        votes=record("Of other participants; live, not in the ledger.", agree=INT, disagree=INT),
        replies=said(INT, "Published replies; live, not in the ledger."),
        channel=one_of(Channel.values),
        answers=said({"type": "array", "items": STRING}, "Codes of the official answers to it."),
        commitment=said(null_or(STRING), "SHA-256 that the ledger holds; see docs/ledger.md."),
        salt=null_or(STRING),
        url=URL,
    ),
    "Tally": record(
        "Counts per value of a measure, question and substantive edition.",
        log=said(null_or(STRING), "The ledger's name."),
        measure=STRING,
        question=STRING,
        edition=INT,
        n=said(INT, "Everybody who rated, at most 2 s late."),
        released_n=INT,
        counts=said(null_or(COUNTS), "Released ratings of 1 to 5; null below ten."),
        median=said(null_or(INT), "The lower median."),
        share_positive=said(null_or({"type": "number"}), "The share of 4 and 5, 0 to 1."),
        seq=said(null_or(INT), "The change that these counts stem from."),
    ),
    "Breakdown": BREAKDOWN,
    "Weighted": WEIGHTED,
    "Participation": PARTICIPATION,
    "Theme": THEME,
    "Answer": record(
        "An official answer to a measure or to comments.",
        code=STRING,
        programme=STRING,
        measure=STRING,
        comments=said({"type": "array", "items": UUID}, "What it answers; empty: the measure itself."),
        outcome=one_of(Answer.Outcome.values),
        text=ref("Texts"),
        body=ref("Texts"),
        date=DATE,
        link=null_or(STRING),
        edition=said(null_or(INT), "The edition that came of it."),
        published=TIME,
        changed=null_or(TIME),
    ),
    "Rule": record(
        "A rule of participation.",
        code=STRING,
        version=INT,
        title=ref("Texts"),
        text=ref("Texts"),
        retired={"type": "boolean"},
    ),
    "Decision": record(
        "A decision of the staff about a comment.",
        id=INT,
        comment=UUID,
        programme=STRING,
        measure=STRING,
        action=one_of(Decision.Action.values),
        rule=null_or(STRING),
        rule_version=null_or(INT),
        rule_title=ref("Texts"),
        authority=said(null_or(STRING), "Who demanded it, where an authority did."),
        role=STRING,
        commitment=said(STRING, "Of the version that was judged."),
        **{"from": one_of(State.values), "to": one_of(State.values)},
        about=said(null_or(INT), "The decision that this one undoes, upholds or reverses."),
        decided=TIME,
    ),
    "Rating": record(
        "One's own rating.",
        measure=STRING,
        question=STRING,
        edition=INT,
        value=null_or(INT),
        waiting=said({"type": "boolean"}, "Whether it waits to join the results with the next group of ten."),
        receipt=null_or(ref("Receipt")),
    ),
    "Change": record(
        "One entry of the ledger, with the state as it is now.",
        seq=INT,
        hour=said(STRING, "2026-11-24T07Z"),
        kind=STRING,
        resource=one_of(["comments", "measures", "ratings", "tallies", "answers", "programmes", "ledger"]),
        key=STRING,
        measure=null_or(STRING),
        data=said(null_or({"type": "object"}), "What the resource's own list has now; null where it has nothing."),
        reason=said(null_or(STRING), "The rule under which a comment is hidden."),
    ),
    "Dump": record(
        "The open data as files: one snapshot, at an entry of the ledger.",
        name=STRING,
        date=said(DATE, "UTC day of the snapshot."),
        created=TIME,
        seq=said(INT, "The ledger's last entry in it: go on with changes/?after= this."),
        log=said(null_or(STRING), "The ledger's name."),
        url=URL,
        datapackage=said(URL, "What each column means: a Frictionless Data Package."),
        checksums=said(URL, "SHA256SUMS of all files."),
        files={
            "type": "array",
            "items": record(
                "One table in one format.",
                table=STRING,
                format=one_of(["csv", "jsonl", "parquet"]),
                url=URL,
                bytes=INT,
                sha256=STRING,
                rows=INT,
            ),
        },
    ),
    "File": {"description": "The bytes of a file."},
    "Root": {
        "type": "object",
        "description": "The addresses of everything.",
        "additionalProperties": {"type": "string"},
    },
    "Changes": record(
        "Changes in order.",
        log=null_or(STRING),
        results={"type": "array", "items": ref("Change")},
        next_after=INT,
        head=INT,
    )
    | {"required": ["log", "results", "next_after", "head"]},
}


def page_of(name: str) -> dict:
    """A page of a list."""
    return {
        "type": "object",
        "properties": {
            "next": null_or(URL),
            "previous": null_or(URL),
            "results": {"type": "array", "items": ref(name)},
        },
        "required": ["next", "previous", "results"],
    }


SCHEMAS |= (
    BODIES
    | LEDGER_SCHEMAS
    | {
        f"{name}Page": page_of(name)
        for name in (
            "Programme",
            "Principle",
            "Measure",
            "Question",
            "Target",
            "Comment",
            "Tally",
            "Breakdown",
            "Weighted",
            "Participation",
            "Theme",
            "Answer",
            "Rule",
            "Decision",
            "Dump",
        )
    }
)
