"""The staff's pages of feedback: reading everything, deciding about comments."""

from feedback.admin import answers, bulk, comments, paper, records, rules, staff, watching  # noqa: F401 - registers the pages
