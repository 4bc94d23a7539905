"""What people said, ready to be shown: tallies, comparisons of measures, breakdowns, charts and the report."""

from feedback.results.tallies import QuestionResult, Row, answered_count, published_counts, results_of

__all__ = ["QuestionResult", "Row", "answered_count", "published_counts", "results_of"]
