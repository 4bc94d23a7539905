"""The staff's pages of feedback: reading everything, deciding about comments, taking it along."""

from feedback.admin import (  # noqa: F401 - registers the pages
    answers,
    brigades,
    bulk,
    comments,
    exports,
    measures,
    paper,
    people,
    records,
    reports,
    rules,
    staff,
    themes,
    watching,
)
