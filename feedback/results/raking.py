"""Raking: weights under which a sample has the margins of a population (iterative proportional fitting).

Deming and Stephan, "On a least squares adjustment of a sampled frequency table", 1940; effective size and design
effect as in Kish, "Weighting for unequal Pi", 1992; the interval is Wilson's, with the effective size.
"""

from collections.abc import Sequence
from math import sqrt

import numpy as np

TOLERANCE = 1e-10  # of a margin's share
ROUNDS = 2000
Z = 1.959963984540054  # 95% of a normal distribution


class NoWeights(Exception):
    """No weights give these margins: a group of the population is missing, or the rounds do not settle."""


def rake(groups: Sequence[np.ndarray], targets: Sequence[np.ndarray]) -> np.ndarray:
    """Weights of mean 1, one per person. `groups` are, by dimension, the number of each person's group; `targets`
    the people of the population in each group, in any unit."""
    shares = [np.asarray(target, dtype=float) / np.sum(target) for target in targets]
    size = len(groups[0])
    weights = np.ones(size)
    for _round in range(ROUNDS):
        furthest = 0.0
        for group, share in zip(groups, shares, strict=True):
            now = np.bincount(group, weights=weights, minlength=len(share)) / size
            if np.any((now == 0) & (share > 0)):
                raise NoWeights
            furthest = max(furthest, float(np.max(np.abs(now - share))))
            factors = np.divide(share, now, out=np.zeros_like(share), where=now > 0)
            weights = weights * factors[group]
        if furthest < TOLERANCE:
            return weights
    raise NoWeights


def effective_size(weights: np.ndarray) -> float:
    """How many people of equal weight would say as much: (Σw)² / Σw²."""
    return float(np.sum(weights) ** 2 / np.sum(weights**2))


def interval(share: float, size: float) -> tuple[float, float]:
    """Wilson's 95% interval of a share among `size` people."""
    middle = (share + Z**2 / (2 * size)) / (1 + Z**2 / size)
    half = Z / (1 + Z**2 / size) * sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return max(0.0, middle - half), min(1.0, middle + half)
