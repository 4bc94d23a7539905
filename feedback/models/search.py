"""What search reads: the words of each visible comment, and the words that are in use."""

from django.db import models

from feedback.models.comment import Comment


class CommentWords(models.Model):
    """The normalised, stemmed words of a comment that everybody may read; no row for any other comment.

    Its number follows the order of writing, so that the newest matches come first without sorting them all.
    PostgreSQL keeps a text-search vector of `words` beside it, SQLite a full-text table (`feedback.search.engines`).
    """

    id = models.BigAutoField(primary_key=True)
    comment = models.OneToOneField(Comment, on_delete=models.CASCADE, related_name="words")
    words = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.comment_id)


class KnownWord(models.Model):
    """A stem that some visible comment has: what a mistyped word of a query is mended from. Bounded in number."""

    id = models.BigAutoField(primary_key=True)
    word = models.CharField(max_length=40, unique=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.word
