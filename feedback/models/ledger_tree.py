"""What proves the ledger: nodes of its tree, signed checkpoints, public keys, and the witnesses of its checkpoints."""

from django.db import models
from django.db.models.functions import Now


class TreeNode(models.Model):
    """The hash of one complete subtree, at every fourth level of the RFC 9162 tree; `feedback.ledger.tree` writes it.

    `place` is level × 2^48 + index: the node of level L and index I covers the leaves I·2^L … (I+1)·2^L − 1. Leaves
    themselves (level 0) are rows of the ledger. Derived from these: `recount` compares, and it may be made anew.
    """

    STEP = 4
    SHIFT = 48

    place = models.BigIntegerField(primary_key=True)
    hash = models.BinaryField(max_length=32)

    def __str__(self):
        return f"{self.place >> self.SHIFT}/{self.place % (1 << self.SHIFT)}"


class Checkpoint(models.Model):
    """A published checkpoint: `note` is the whole C2SP signed note, without cosignatures; `root` is 32 bytes."""

    log = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="one_checkpoint_per_size")]

    def __str__(self):
        return f"{self.log} {self.size}"


class SigningKey(models.Model):
    """The public half (base64) of a key that signs; the private half lies in a file outside of the database.

    The last row of a role is the key in use. `announced` is the seq of the entry that names it in the ledger.
    """

    class Role(models.TextChoices):
        LOG = "log"
        RECEIPTS = "receipts"

    role = models.CharField(max_length=8, choices=Role)
    public_key = models.CharField(max_length=44, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    announced = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=["log", "receipts"]), name="signing_key_role_known")
        ]

    def __str__(self):
        return f"{self.role} {self.public_key}"


class Witness(models.Model):
    """An independent party that compares checkpoints and cosigns them; one that has left is not `active`."""

    name = models.CharField(max_length=120, unique=True)
    public_key = models.CharField(max_length=44)
    email = models.EmailField(blank=True)
    active = models.BooleanField(default=True)
    mailed_on = models.DateField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Cosignature(models.Model):
    """A witness's signature line under a checkpoint; `signed_at` is the time that the witness states in it."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.ForeignKey(Witness, on_delete=models.PROTECT, related_name="cosignatures")
    line = models.CharField(max_length=400)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["-signed_at"]
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="one_cosignature_each")]

    def __str__(self):
        return f"{self.witness} {self.checkpoint}"
