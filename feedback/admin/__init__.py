"""The staff's pages of feedback: reading everything, deciding about comments."""

from feedback.admin import answers, comments, paper, records, rules  # noqa: F401 - registers the pages
