"""What search reads: the words of each comment, for everybody and for the staff apart, and the words in use."""

from django.db import models

from feedback.models.comment import Comment


class Words(models.Model):
    """Normalised, stemmed words of one comment. A row's number follows the order of writing, so that the newest matches
    come first without sorting them all.

    PostgreSQL keeps a text-search vector of `words` beside it, SQLite a full-text table (`feedback.search.engines`).
    """

    id = models.BigAutoField(primary_key=True)
    words = models.TextField()

    class Meta:
        abstract = True
        default_permissions = ()

    def __str__(self):
        return str(self.comment_id)


class CommentWords(Words):
    """The words of a comment that everybody may read; no row for any other comment."""

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="words")


class DeskWords(Words):
    """The words of a comment's latest text where that is not what everybody reads: it waits, or is hidden or withdrawn.
    For the staff's search alone; no row for a comment that is erased.
    """

    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="desk_words")


class KnownWord(models.Model):
    """A stem that some visible comment has: what a mistyped word of a query is mended from. Bounded in number."""

    id = models.BigAutoField(primary_key=True)
    word = models.CharField(max_length=40, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.word
