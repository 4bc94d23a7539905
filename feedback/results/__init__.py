"""What people said, ready to be shown: tallies, comparisons of measures, breakdowns, charts and the report."""

from feedback.results.tallies import OwnRating, QuestionResult, Row, answered_count, published_counts, results_of

__all__ = ["OwnRating", "QuestionResult", "Row", "answered_count", "published_counts", "results_of"]
