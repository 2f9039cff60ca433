"""People who sign in."""

import zoneinfo

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "简体中文"


def validate_time_zone(name: str) -> None:
    """Refuse a name that the IANA time zone database does not know."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list, for example Europe/Berlin."))


class UserManager(DjangoUserManager):
    """Addresses are kept in small letters, so that one person cannot sign up twice by spelling."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, **({"is_staff": True, "is_superuser": True} | fields))

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email=email.strip().lower())


@audited(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address. What a person is in the park stands in profiles and memberships."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name as in the passport"), max_length=150, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language, default=Language.ENGLISH)
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    terms_version = models.CharField(_("terms agreed to"), max_length=20, blank=True, editable=False)
    terms_agreed_at = models.DateTimeField(_("agreed"), null=True, blank=True, editable=False)
    is_staff = models.BooleanField(_("park staff"), default=False, help_text=_("May open the staff area."))
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Switched off instead of deleted."))
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name, verbose_name_plural = _("person"), _("people")
        constraints = [
            models.CheckConstraint(
                name="an_address_is_kept_in_small_letters",
                condition=models.Q(email=Lower("email")),
                violation_error_message=_("Write the e-mail address in small letters."),
            ),
            models.CheckConstraint(
                name="a_person_reads_a_known_language", condition=models.Q(language__in=Language.values)
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name to greet and list people by: the one in the reader's language, else the other, else the address."""
        names = (self.name_zh, self.name) if get_language() == Language.CHINESE else (self.name, self.name_zh)
        return next(filter(None, names), self.email)

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


@audited()
class DutyHeld(User.groups.through):
    """A duty that a person holds. Django keeps the table; its history is kept here."""

    class Meta:
        proxy = True
        default_permissions = ()


class LetterState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("message", "Waiting")
    SENDING = "sending", pgettext_lazy("message", "Being sent")
    SENT = "sent", pgettext_lazy("message", "Sent")
    FAILED = "failed", pgettext_lazy("message", "Refused")
    EXPIRED = "expired", _("Too late")


class Letter(models.Model):
    """An e-mail with a code, a link or a warning, about signing in or to a department; it waits for the mail server.

    Not a notice: it may go to an address that nobody here has confirmed, and its words are wiped once it is sent.
    """

    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=LetterState, default=LetterState.PENDING)
    due_at = models.DateTimeField(_("due"), db_default=Now())  # the database asks, so its clock answers
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    expires_at = models.DateTimeField(_("of no use after"))
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("account e-mail"), _("account e-mails")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(name="a_letter_has_a_known_state", condition=models.Q(state__in=LetterState.values)),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state__in=["pending", "sending"]), name="letters_that_are_due"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Attempts(models.Model):
    """How often something was tried from somewhere within an hour: the limits of sign-in count here."""

    key = models.CharField(max_length=64, primary_key=True)  # a digest: no address or account is kept
    count = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.count}"
