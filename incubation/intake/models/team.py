"""Who writes an application together: co-applicants, invitations to them, what they confirmed, and who did what."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import append_only, audited


class Role(models.TextChoices):
    """What somebody does in an application. Whoever began it is its applicant, and leads it too."""

    LEAD = "lead", pgettext_lazy("role in an application", "Lead: edits, invites, answers the park")
    EDITOR = "editor", pgettext_lazy("role in an application", "Editor: edits the tasks")
    READER = "reader", pgettext_lazy("role in an application", "Reader: reads along")


NOT_THE_APPLICANT = """
    IF EXISTS (
        SELECT 1 FROM intake_application application JOIN profiles_talent talent ON talent.id = application.talent_id
        WHERE application.id = NEW.application_id AND talent.user_id = NEW.user_id
    ) THEN
        RAISE EXCEPTION 'the applicant is no co-applicant' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'the_applicant_is_no_co_applicant',
            TABLE = 'intake_coapplicant';
    END IF;
    RETURN NEW;
"""


class CoApplicantQuerySet(models.QuerySet):
    def current(self):
        """Return those who take part now: neither removed nor past the day on which their access ends."""
        return self.filter(ended_at=None).filter(Q(until=None) | Q(until__gt=timezone.now()))


@audited()
class CoApplicant(models.Model):
    """A person's part in an application that somebody else began, from the day they joined to the day they left."""

    application = models.ForeignKey("intake.Application", models.PROTECT, related_name="co_applicants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=6, choices=Role)
    signs = models.BooleanField(_("confirms before it is sent"), default=False)
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = CoApplicantQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("co-applicant"), _("co-applicants")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user"], condition=Q(ended_at=None), name="a_co_applicant_joins_once",
                violation_error_message=_("This person takes part already."),
            ),
            models.CheckConstraint(name="a_co_applicant_has_a_known_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="a_co_applicant_leaves_after_joining",
                condition=(Q(ended_at=None) | Q(ended_at__gte=F("since"))) & (Q(until=None) | Q(until__gt=F("since"))),
            ),
        ]  # fmt: skip
        triggers = [
            pgtrigger.Trigger(
                name="not_the_applicant", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update,
                func=NOT_THE_APPLICANT,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user} · {self.application_id}"


class TeamInvitationQuerySet(models.QuerySet):
    def waiting(self):
        """Return the invitations that nobody has answered and nobody has taken back, too old ones among them."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self):
        """Return the invitations that can still be accepted."""
        return self.waiting().filter(expires_at__gt=timezone.now())


@audited(exclude=["key_digest"])
class TeamInvitation(models.Model):
    """An invitation by mail to take part in an application. Its link works once, for the address it was sent to."""

    LASTS = dt.timedelta(days=14)

    application = models.ForeignKey("intake.Application", models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=6, choices=Role)
    signs = models.BooleanField(_("confirms before it is sent"), default=False)
    until = models.DateTimeField(_("takes part until"), null=True, blank=True)
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("can be accepted until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = TeamInvitationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("invitation"), _("invitations")
        ordering = ["invited_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "email"], condition=Q(accepted_at=None, revoked_at=None),
                name="an_address_is_invited_once",
                violation_error_message=_("This address is invited already."),
            ),
            models.CheckConstraint(name="an_invitation_names_a_known_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(name="an_invitation_ends", condition=Q(expires_at__gt=F("invited_at"))),
            models.CheckConstraint(
                name="an_invitation_is_accepted_or_taken_back", condition=Q(accepted_at=None) | Q(revoked_at=None)
            ),
            models.CheckConstraint(
                name="an_accepted_invitation_says_by_whom",
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.email


class Signature(models.Model):
    """A co-applicant's yes to one wording of an application: a change after it asks for a new one."""

    application = models.ForeignKey("intake.Application", models.PROTECT, related_name="signatures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    digest = models.CharField(_("digest of what was read"), max_length=64)
    signed_at = models.DateTimeField(_("confirmed"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("confirmation"), _("confirmations")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "user", "digest"], name="a_wording_is_confirmed_once"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.user} · {self.application_id}"


class TeamAct(models.Model):
    """One thing that somebody did on the applicant's side of an application: who, what, when. Never changed."""

    class Kind(models.TextChoices):
        WROTE = "wrote", _("worked on a task")
        ADDED = "added", _("added a paper")
        REMOVED = "removed", _("took a paper out")
        EXCUSED = "excused", _("said that a paper cannot be provided")
        UNEXCUSED = "unexcused", _("took that back")
        COPIED = "copied", _("copied an earlier application")
        INVITED = "invited", _("invited somebody")
        UNINVITED = "uninvited", _("took an invitation back")
        JOINED = "joined", _("joined")
        ROLE = "role", _("changed a role")
        ENDED = "ended", _("ended somebody’s part")
        LEFT = "left", _("left")
        SIGNED = "signed", _("confirmed the application")

    application = models.ForeignKey("intake.Application", models.PROTECT, related_name="acts")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    about = models.CharField(max_length=254, blank=True)  # a task, a paper, an address, a name
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("act of an applicant"), _("acts of applicants")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="an_act_of_an_applicant_is_known",
                condition=Q(kind__in=[
                    "wrote", "added", "removed", "excused", "unexcused", "copied", "invited", "uninvited", "joined",
                    "role", "ended", "left", "signed",
                ]),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["application", "-at"], name="acts_of_an_application")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.actor} {self.get_kind_display()} {self.about}"
