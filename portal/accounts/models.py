"""Who has an account. A leaf: this app knows nothing of programmes or feedback."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.mail import forget_mail_to


class Region(models.Model):
    """A first-level region of a country, as its official classifier names it; loaded by `load_regions`."""

    country = models.CharField(_("country"), max_length=2)
    code = models.CharField(_("code"), max_length=8)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(
        _("kind"), max_length=10, choices=[("region", _("region")), ("city", _("city of republican significance"))]
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ["country", "order"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [models.UniqueConstraint(fields=["country", "code"], name="region_code_unique")]

    def __str__(self):
        return self.name


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Public only under `display_name`; the address is never shown to others."""

    class AgeBand(models.TextChoices):
        """Bands of the year of birth; the year itself is never asked."""

        BEFORE_1960 = "-1959", _("before 1960")
        FROM_1960 = "1960-1969", _("1960–1969")
        FROM_1970 = "1970-1979", _("1970–1979")
        FROM_1980 = "1980-1989", _("1980–1989")
        FROM_1990 = "1990-1999", _("1990–1999")
        FROM_2000 = "2000-", _("2000 or later")

    class Gender(models.TextChoices):
        FEMALE = "female", _("woman")
        MALE = "male", _("man")
        OTHER = "other", _("another")

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    display_name = models.CharField(_("display name"), max_length=60)
    language = models.CharField(_("language of e-mails"), max_length=2, choices=settings.LANGUAGES, default="kk")
    region = models.ForeignKey(
        Region, verbose_name=_("region"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    age_band = models.CharField(_("year of birth"), max_length=9, choices=AgeBand, blank=True)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender, blank=True)
    is_staff = models.BooleanField(_("staff status"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.CheckConstraint(condition=models.Q(language__in=["kk", "ru", "en"]), name="user_language_known"),
        ]

    def __str__(self):
        return self.display_name or self.email

    def delete(self, *args, **kwargs):
        """Delete the account, and with it the mail that still waits for its addresses.

        An override, where an action would be the house's way: accounts are deleted from rooms that know this app
        by `AUTH_USER_MODEL` alone, and none of them should have to remember the mail. `QuerySet.delete()` does
        not come by here, so nobody deletes users in bulk.
        """
        with transaction.atomic():
            forget_mail_to([self.email, *self.emailaddress_set.values_list("email", flat=True)])
            return super().delete(*args, **kwargs)

    def get_full_name(self):
        return self.display_name

    def get_short_name(self):
        return self.display_name


class Consent(models.Model):
    """That a person agreed to one version of one text, and when."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    document = models.CharField(_("document"), max_length=20)
    version = models.CharField(_("version"), max_length=40)
    language = models.CharField(_("language"), max_length=2)
    given_at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [models.UniqueConstraint(fields=["user", "document", "version"], name="consent_once_per_version")]

    def __str__(self):
        return f"{self.document} {self.version}"


class UsedChallenge(models.Model):
    """A human check that was passed once and cannot be passed again; rows go when the check has expired anyway."""

    digest = models.CharField(_("digest"), max_length=64, unique=True)
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        verbose_name = _("used human check")
        verbose_name_plural = _("used human checks")

    def __str__(self):
        return self.digest


class CachedValue(models.Model):
    """A value that all web processes share for some minutes, where no cache server does: attempts, used codes.

    `key` is a digest under a key of the day, `expires_at` seconds since 1970.
    """

    key = models.CharField(max_length=100, primary_key=True)
    value = models.TextField()
    expires_at = models.FloatField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.key
