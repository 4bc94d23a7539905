"""How many queries a page costs, to people who are signed in and to everybody else."""

import pytest
from django.test import Client

from feedback.ledger.sequencer import sequence
from tests.builders import make_comment, make_participant, make_rule, rate_as, signed_in
from tests.programme_builders import make_measure, make_programme


def fill(measure, rows: int, person) -> None:
    """`rows` comments with a reply each, some by `person`, and ratings by ten."""
    for number in range(rows):
        comment = make_comment(measure, by=None if number % 2 else person, text=f"Comment {number}.")
        make_comment(measure, parent=comment, text=f"Reply {number}.")
    rate_as(person, measure, 3)
    sequence()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "anonymous", "participant"),
    [
        ("/en/", 7, 11),
        ("/en/programmes/{programme}/", 7, 11),
        ("/en/principles/{principle}/", 8, 11),
        ("/en/measures/{measure}/", 8, 11),
        ("/en/measures/{measure}/editions/1/", 5, 8),
        ("/en/measures/{measure}/comments/{comment}/", 3, 8),
        ("/en/measures/{measure}/comments/{comment}/versions/", 2, 5),
        ("/en/measures/{measure}/comments/{comment}/edit/", 1, 4),
        ("/en/measures/{measure}/comments/{comment}/withdraw/", 1, 4),
        ("/en/measures/{measure}/comments/{comment}/report/", 1, 5),
        ("/en/moderation/", 9, 12),
        ("/en/about/", 0, 3),
        ("/en/privacy/", 0, 3),
        ("/en/profile/", 0, 10),
        ("/en/accounts/login/", 0, 2),
        ("/en/accounts/signup/", 1, 2),
        ("/en/accounts/settings/", 0, 5),
        ("/en/accounts/email/", 0, 7),
        ("/en/nothing-here/", 0, 3),
    ],
)
def test_a_page_costs_the_same_queries_at_one_and_at_thirty_rows(
    django_assert_num_queries, address, anonymous, participant
):
    programme = make_programme(measures=1)
    measure = programme.principles.get().measures.get()
    person = make_participant()
    make_rule()
    fill(measure, 1, person)
    comment = measure.comments.top_level().first()
    path = address.format(
        programme=programme.slug, principle=programme.principles.get().slug, measure=measure.slug, comment=comment.pk
    )
    browser = signed_in(person)
    for rows in (1, 30):
        if rows > 1:
            fill(measure, rows - 1, person)
            for _ in range(29):
                make_measure(programme)
            for _ in range(29):
                make_comment(measure, parent=comment)
        with django_assert_num_queries(anonymous):
            Client().get(path)
        with django_assert_num_queries(participant):
            browser.get(path)
