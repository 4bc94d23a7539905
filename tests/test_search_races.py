"""Writers whose comments share words, all at once: nobody is refused, and the index is what readers see."""

import pytest

from feedback.actions.comments import edit_comment, withdraw_comment
from feedback.actions.departure import delete_account
from feedback.actions.moderation import hide_comment
from feedback.models import Comment, CommentWords, KnownWord
from feedback.search.index import learnable, words_of
from tests.builders import make_comment, make_moderator, make_participant, make_rule
from tests.programme_builders import make_measure
from tests.test_races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.races]
SHARED = "Bridges schools rivers hospitals teachers farmers"


def test_writing_editing_hiding_and_leaving_at_once_keeps_the_index_true():
    measure = make_measure()
    rule, moderator = make_rule(), make_moderator()
    people = [make_participant() for _ in range(8)]
    parent = make_comment(measure, by=people[0], text=SHARED)
    own = [[make_comment(measure, by=each, parent=parent, text=f"{SHARED} own") for _ in range(3)] for each in people]
    tasks = []
    for number, person in enumerate(people[1:], 1):
        tasks += [
            lambda person=person: make_comment(measure, by=person, text=f"new words {SHARED}", parent=parent),
            lambda person=person, comment=own[number][0]: edit_comment(
                comment, by=person, text="Other words entirely."
            ),
            lambda person=person, comment=own[number][1]: withdraw_comment(comment, by=person),
            lambda comment=own[number][2]: hide_comment(
                comment, by=moderator, version=1, after=None, rule=rule, explanation="It advertises a shop."
            ),
        ]
    tasks += [lambda person=person: delete_account(person.user, erase_comments=True) for person in people[4:]]
    at_once(tasks)
    visible = Comment.objects.visible().select_related("shown")
    rows = dict(CommentWords.objects.values_list("comment", "words"))
    assert rows == {comment.pk: words_of(comment).words for comment in visible}
    in_use = {word for words in rows.values() for word in learnable(words.split())}
    assert set(KnownWord.objects.values_list("word", flat=True)) - in_use == set()
