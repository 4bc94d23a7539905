"""What cannot be shown so far, said once for all the figures that it is true of."""

from collections.abc import Sequence
from dataclasses import dataclass

from feedback.results.figure import Figure

Parts = Sequence[tuple[str, Sequence[Figure]]]  # name of a part of the page, its figures


@dataclass(frozen=True)
class Unshown:
    """Why nothing is shown (`text`), and of which figures that is true."""

    text: str
    titles: list[str]


def parted(parts: Parts) -> tuple[list[list[Figure]], list[Unshown]]:
    """The figures of each part without those that share the reason why they are empty, and these by reason.

    A figure is named with its part, unless the reason holds for it in every part.
    """
    reasons: dict[str, list[tuple[str, str]]] = {}
    for name, figures in parts:
        for figure in figures:
            if figure.empty:
                reasons.setdefault(figure.empty, []).append((name, figure.title))
    shared = {text: found for text, found in reasons.items() if len(found) > 1}
    unshown = [Unshown(text, _titles(found, len(parts))) for text, found in shared.items()]
    return [[figure for figure in figures if figure.empty not in shared] for _name, figures in parts], unshown


def _titles(found: list[tuple[str, str]], parts: int) -> list[str]:
    titles = [title for _name, title in found]
    return list(dict.fromkeys(title if titles.count(title) == parts else f"{name} {title}" for name, title in found))
