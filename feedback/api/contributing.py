"""What people write by the API: comments, edits, votes, reports, ratings."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from feedback.actions.comments import edit_comment, submit_comment, withdraw_comment
from feedback.actions.rating import rate, withdraw_rating
from feedback.actions.reactions import report_comment, vote_on_comment
from feedback.api import serializers
from feedback.api.comments import Comments, OneComment
from feedback.api.problems import bad
from feedback.api.schemata import ref
from feedback.api.writing import Writing
from feedback.ledger.receipts import rating_receipt
from feedback.models import Comment, Rule
from feedback.models.comment import Channel, State
from principles.models import Measure, Question


class CommentsAndNew(Writing, Comments):
    """All comments; POST writes one."""

    http_method_names = ["get", "head", "options", "post"]
    summaries = {"GET": Comments.__doc__, "POST": "Write a comment or a reply."}
    takes = {
        "POST": {
            "schema": ref("NewComment"),
            "example": {"measure": "modern-classrooms", "text": "Our school has no science room.", "language": "en"},
            "answer": (201, "CommentWithReceipt"),
        }
    }

    def post(self, request):
        self.sign_in(request)
        values = serializers.NewComment.read(request.data)
        measure = Measure.objects.select_related("current_edition").filter(slug=values["measure"]).first()
        if measure is None:
            raise bad("measure", _("there is no measure with this slug"), status=422)
        parent = None
        if values["parent"]:
            parent = Comment.objects.public().filter(pk=values["parent"]).first()
            if parent is None:
                raise bad("parent", _("there is no comment with this id"), status=422)

        def action() -> tuple[int, str]:
            comment = submit_comment(
                self.participant,
                measure=measure.slug,
                edition=values["edition"] or measure.current_edition.number,
                text=values["text"],
                language=values["language"] or "",
                stance=values["stance"] or "",
                parent=parent,
                channel=Channel.API,
            )
            return 201, str(comment.pk)

        return self.write(request, "POST comments", dict(request.data), action, self.say_with_receipt)


class CommentAndEdit(Writing, OneComment):
    """One comment; PATCH edits it."""

    http_method_names = ["get", "head", "options", "patch"]
    summaries = {"GET": OneComment.__doc__, "PATCH": "Edit one's own comment."}
    takes = {
        "PATCH": {
            "schema": ref("EditedComment"),
            "example": {"text": "Our school has no science room, and no teacher for it."},
            "answer": (200, "CommentWithReceipt"),
        }
    }

    def patch(self, request, id):
        self.sign_in(request)
        values = serializers.EditedComment.read(request.data)
        comment = own_comment(id, self.participant)
        edit_comment(
            comment,
            by=self.participant,
            text=values["text"],
            language=values["language"] or "",
            stance=values["stance"] or "",
        )
        return self.say_with_receipt(200, str(id))


COMMENT_KEY = {"id": {"schema": {"type": "string", "format": "uuid"}}}


def own_comment(key, participant) -> Comment:
    """A comment that `participant` may know of: a public one, or their own."""
    comment = get_object_or_404(Comment, pk=key)
    if comment.state == State.PENDING and comment.author_id != participant.pk:
        raise Http404
    return comment


class Act(Writing):
    """One thing that is done to a comment by POST."""

    http_method_names = ["post", "options"]
    shape = "Comment"
    body = serializers.Nothing
    keys = COMMENT_KEY

    def post(self, request, id):
        self.sign_in(request)
        values = self.body.read(request.data or {})
        comment = own_comment(id, self.participant)
        route = f"POST comments/{id}/{self.name}"
        body = dict(request.data or {})
        return self.write(request, route, body, lambda: self.act(comment, values), self.say_comment)

    def act(self, comment: Comment, values: dict) -> tuple[int, str]:
        raise NotImplementedError


class Vote(Act):
    """Agree (1), disagree (-1), or take the vote back (0)."""

    name, body = "vote", serializers.NewVote
    takes = {"POST": {"schema": ref("NewVote"), "example": {"value": 1}, "answer": (200, "Comment")}}

    def act(self, comment, values):
        vote_on_comment(comment, by=self.participant, value=values["value"])
        return 200, str(comment.pk)


class Report(Act):
    """Tell the staff that a comment breaks a rule."""

    name, body = "report", serializers.NewReport
    takes = {
        "POST": {
            "schema": ref("NewReport"),
            "example": {"rule": "spam", "note": "It sells shoes."},
            "answer": (200, "Comment"),
        }
    }

    def act(self, comment, values):
        rule = Rule.objects.in_force().filter(code=values["rule"]).first()
        if rule is None:
            raise bad("rule", _("there is no rule with this code"), status=422)
        report_comment(comment, by=self.participant, rule=rule, note=values["note"])
        return 200, str(comment.pk)


class Withdraw(Act):
    """Take one's own comment back."""

    name = "withdraw"
    takes = {"POST": {"schema": ref("Nothing"), "example": {}, "answer": (200, "Comment")}}

    def act(self, comment, values):
        withdraw_comment(comment, by=self.participant)
        return 200, str(comment.pk)


class OwnRating(Writing):
    """One's own rating of a measure for a question."""

    http_method_names = ["put", "delete", "options"]
    shape = "Rating"
    summaries = {"PUT": "Rate a measure, or change the rating.", "DELETE": "Take the rating back."}
    keys = {
        "measure": {"schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}},
        "question": {"schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"}},
    }
    takes = {
        "PUT": {"schema": ref("NewRating"), "example": {"value": 4, "edition": 1}, "answer": (200, "Rating")},
        "DELETE": {"schema": ref("RatingTakenBack"), "example": {"edition": 1}, "answer": (204, None)},
    }

    def put(self, request, measure, question):
        self.sign_in(request)
        values = serializers.NewRating.read(request.data)
        self.require(measure, question)
        rating = rate(self.participant, measure=measure, question=question, channel=Channel.API, **values)
        return self.say(200, self.rating_body(measure, rating))

    def delete(self, request, measure, question):
        self.sign_in(request)
        values = serializers.RatingTakenBack.read(request.data or {})
        found = self.require(measure, question)
        edition = values["edition"] or found.current_edition.number
        withdraw_rating(self.participant, measure=measure, question=question, edition=edition)
        response = self.say(204, None)
        del response["Content-Type"]
        return response

    def require(self, measure: str, question: str) -> Measure:
        found = get_object_or_404(Measure.objects.with_wording(), slug=measure)
        get_object_or_404(Question, programme=found.principle.programme_id, slug=question)
        return found

    @staticmethod
    def rating_body(measure: str, rating) -> dict:
        return {
            "measure": measure,
            "question": rating.question.slug,
            "edition": rating.edition.number,
            "value": rating.value,
            "waiting": rating.waiting,
            "receipt": rating_receipt(rating),
        }
