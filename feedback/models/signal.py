"""What the machine notes about a comment, and the words that staff watch for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from feedback.models.comment import Comment, Language


class Signal(models.Model):
    """Something about one version of a comment that speaks for looking at it: explained, and never a verdict."""

    class Kind(models.TextChoices):
        IIN = "iin", _("an individual identification number")
        PHONE = "phone", _("a phone number")
        EMAIL = "email", _("an e-mail address")
        LINK = "link", _("a link")
        CAPITALS = "capitals", _("many capital letters")
        DUPLICATE = "duplicate", _("nearly the same text as another comment")
        BURST = "burst", _("one of many from new accounts")
        WORD = "word", _("a word from the list")

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="signals")
    version = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("signal"), max_length=10, choices=Kind)
    # What was found, masked where it is personal: "***1234", a word, a number of accounts.
    detail = models.CharField(_("what was found"), max_length=200, blank=True)
    other = models.ForeignKey(
        Comment, verbose_name=_("the other comment"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["comment", "version", "kind"], name="one_signal_of_a_kind")]

    def __str__(self):
        return self.get_kind_display()


class TextPrint(models.Model):
    """The 64-bit simhash of a comment's latest text, and its four bands of 16 bits by which near ones are found.

    Two texts whose hashes differ in at most three bits share a band whole. (M. Charikar, "Similarity estimation
    techniques from rounding algorithms", STOC 2002; G. Manku et al., "Detecting near-duplicates for web crawling",
    WWW 2007.)
    """

    comment = models.OneToOneField(Comment, primary_key=True, on_delete=models.CASCADE, related_name="text_print")
    simhash = models.BigIntegerField()  # signed: databases know no other
    band_1 = models.PositiveIntegerField()
    band_2 = models.PositiveIntegerField()
    band_3 = models.PositiveIntegerField()
    band_4 = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=[f"band_{n}", "comment"], name=f"text_print_band_{n}") for n in range(1, 5)]

    def __str__(self):
        return str(self.comment_id)


class WatchWord(models.Model):
    """A word that staff want to be told of, in one language; found in all its endings."""

    language = models.CharField(_("language"), max_length=2, choices=Language)
    word = models.CharField(_("word"), max_length=60)
    note = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        ordering = ["language", "word"]
        verbose_name = _("word to watch")
        verbose_name_plural = _("words to watch")
        constraints = [models.UniqueConstraint(fields=["language", "word"], name="watch_word_unique")]

    def __str__(self):
        return self.word
