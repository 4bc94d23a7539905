"""The staff's pages of feedback: reading everything, deciding about comments."""

from feedback.admin import comments, paper, records  # noqa: F401 - registers the pages
