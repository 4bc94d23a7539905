"""How much a comment is agreed with: a figure to sort by that few votes cannot win."""

from math import sqrt

Z = 1.96  # of a 95% interval


def agreement(agree: int, disagree: int) -> float:
    """The lower bound of Wilson's 95% interval of the share that agrees, 0 … 1; 0 without votes.

    Ninety of a hundred rank before three of three: with few votes the share is known badly.
    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    n = agree + disagree
    if n == 0:
        return 0.0
    share = agree / n
    margin = Z * sqrt((share * (1 - share) + Z * Z / (4 * n)) / n)
    return max(0.0, (share + Z * Z / (2 * n) - margin) / (1 + Z * Z / n))
