"""What clients send, field by field. Serializers parse; actions write."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from feedback.api.problems import Problem
from feedback.models.comment import Language, Stance
from feedback.text import LONGEST_COMMENT, has_words
from portal.plain_text import clean_text


class Text(serializers.CharField):
    """Plain text of several lines, cleaned as on pages; a number is no text."""

    def __init__(self, *, longest: int, **options):
        super().__init__(trim_whitespace=False, max_length=4 * longest, **options)
        self.longest = longest

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        text = clean_text(data)
        if len(text) > self.longest:
            raise serializers.ValidationError(
                _("The text is longer than %(longest)s characters.") % {"longest": self.longest}
            )
        if (self.required or text) and not has_words(text):
            raise serializers.ValidationError(_("There is nothing to read in this text."))
        return text


class Word(serializers.CharField):
    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Whole(serializers.IntegerField):
    """A whole number, as JSON writes one."""

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class Body(serializers.Serializer):
    """An object with these fields and no others."""

    def to_internal_value(self, data):
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            raise serializers.ValidationError({unknown[0][:60]: [_("There is no such field.")]})
        return super().to_internal_value(data)

    @classmethod
    def read(cls, data) -> dict:
        """The values, or a 422 that names every field that is wrong."""
        form = cls(data=data if isinstance(data, dict) else {})
        if form.is_valid():
            return form.validated_data
        errors = [
            {"name": str(name), "reason": str(reason)} for name, reasons in form.errors.items() for reason in reasons
        ]
        raise Problem(422, str(_("Some fields are wrong.")), errors=errors)


class NewComment(Body):
    measure = Word(max_length=80)
    text = Text(longest=LONGEST_COMMENT)
    parent = serializers.UUIDField(required=False, allow_null=True, default=None)
    language = serializers.ChoiceField(Language.values, required=False, allow_null=True, default=None)
    stance = serializers.ChoiceField(Stance.values, required=False, allow_null=True, default=None)
    edition = Whole(required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1)


class EditedComment(Body):
    text = Text(longest=LONGEST_COMMENT)
    language = serializers.ChoiceField(Language.values, required=False, allow_null=True, default=None)
    stance = serializers.ChoiceField(Stance.values, required=False, allow_null=True, default=None)


class NewRating(Body):
    value = Whole(min_value=1, max_value=5)
    edition = Whole(min_value=1, max_value=2**31 - 1)


class RatingTakenBack(Body):
    edition = Whole(required=False, allow_null=True, default=None, min_value=1, max_value=2**31 - 1)


class NewVote(Body):
    value = Whole(min_value=-1, max_value=1)


class NewReport(Body):
    rule = Word(max_length=40)
    note = Text(longest=1000, required=False, allow_blank=True, default="")


class Nothing(Body):
    """An empty body, or an empty object."""
