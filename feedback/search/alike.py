"""Which comments on the same measure say most nearly the same: by the words that they share, the rare ones first."""

import math
from collections import Counter

from feedback.models import Comment, CommentWords
from feedback.search.index import PLACE
from feedback.search.words import stems_in

LOOKED_AT = 500  # of the measure's newest comments, however many it has
LEAST = 0.15  # of the weight of the words of both; below, texts share little more than their subject
LEAST_WORDS = 2  # that are shared: one alone is chance


def most_alike(comment: Comment, number: int) -> list:
    """Keys of the `number` published comments most like the latest text of `comment`, the likest first.

    Two texts are as alike as the share of the weight of all their words that the words in both have; a word weighs the
    more, the fewer of the comments looked at have it (inverse document frequency). One query, of at most 500 rows.
    """
    own = set(stems_in(comment.latest.text, comment.latest.language)) if comment.latest else set()
    if len(own) < LEAST_WORDS:
        return []
    newest = Comment.objects.filter(measure=comment.measure_id).newest_first().values("pk")[:LOOKED_AT]
    rows = CommentWords.objects.filter(comment__in=newest).exclude(comment=comment.pk).values_list("comment", "words")
    texts = {key: {word for word in words.split() if not word.startswith(PLACE)} for key, words in rows}
    number_with = Counter(word for words in texts.values() for word in words)
    weight = {word: math.log(1 + len(texts) / number_with[word]) for word in number_with}
    unseen = math.log(1 + len(texts))
    total = {key: sum(weight[word] for word in words) for key, words in texts.items()}
    own_total = sum(weight.get(word, unseen) for word in own)
    found = []
    for key, words in texts.items():
        shared = own & words
        if len(shared) >= LEAST_WORDS:
            together = sum(weight[word] for word in shared)
            likeness = together / (own_total + total[key] - together)
            if likeness >= LEAST:
                found.append((-likeness, str(key), key))
    return [key for _likeness, _text, key in sorted(found)[:number]]
