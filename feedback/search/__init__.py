"""Search over measures and comments, forgiving of case, keyboards, word endings and typos (docs/decisions/0005)."""
