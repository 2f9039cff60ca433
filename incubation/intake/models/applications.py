"""Applications, and the numbers on their receipts."""

import secrets

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited
from talents.profiles.sectors import Sector

from ..states import DECIDED, WITH_THE_PARK, State
from .calls import Call
from .forms import FormVersion
from .team import CoApplicant, Role

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is read for another


def new_draft_ref() -> str:
    """Return a reference for a draft that nobody can guess: D-7K3M9QXT."""
    return "D-" + "".join(secrets.choice(LETTERS) for _place in range(8))


def taking_part(user) -> Q:
    """Return the condition under which an application is this person's: begun by them, or joined and not left."""
    return Q(talent__user=user) | Q(pk__in=CoApplicant.objects.current().filter(user=user).values("application"))


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return what was sent to officers, and to an applicant only what they take part in."""
        if user.has_perm("intake.view_application"):
            return self.filter(taking_part(user) | Q(submitted_at__isnull=False))
        return self.filter(taking_part(user))

    def taken_part_in_by(self, user):
        """Return the applications that this person began, and those in which they are a co-applicant now."""
        return self.filter(taking_part(user))

    def with_the_park(self):
        """Return the applications that wait for the park or, asked by it, for the applicant."""
        return self.filter(state__in=WITH_THE_PARK)


@audited(exclude=["answers", "saved_at"])  # a draft is its writer’s; what was sent is kept whole in its revisions
class Application(models.Model):
    """A person's request for a place in the park, for a project that needs no company yet.

    ``ref`` is ``draft_ref`` (D-…) until it is sent, then its receipt number (LJ-2026-0391). ``answers`` is what was
    typed so far, by task:
    ``{"idea": {"raw": {name: [text, …]}, "checked": true, "version": 3, "edit": "…", "at": "…"}}``.
    """

    call = models.ForeignKey(Call, models.PROTECT, related_name="applications", verbose_name=_("call"))
    form = models.ForeignKey(FormVersion, models.PROTECT, related_name="applications")
    talent = models.ForeignKey("profiles.Talent", models.PROTECT, related_name="applications")
    ref = models.CharField(_("reference"), max_length=20, unique=True)
    draft_ref = models.CharField(
        _("reference of the draft"), max_length=20, unique=True, editable=False, default=new_draft_ref
    )
    title = models.CharField(_("project"), max_length=200, blank=True)
    sector = models.CharField(_("field"), max_length=40, choices=Sector, blank=True)
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("case officer"),
    )
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("application"), _("applications")
        permissions = [
            ("screen_application", "Can take, ask about and pass on applications"),
            ("decide_application", "Can accept and reject applications"),
            ("propose_decision", "Can close reviews and propose decisions for a panel"),
        ]
        constraints = [
            models.CheckConstraint(name="an_application_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="only_a_draft_was_never_sent",
                condition=Q(submitted_at__isnull=False) | Q(state__in=[State.DRAFT, State.CLOSED]),
            ),
            models.CheckConstraint(
                name="a_decision_has_its_moment",
                condition=~Q(state__in=DECIDED) | Q(decided_at__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="an_application_keeps_its_form", operation=pgtrigger.Update, condition=pgtrigger.AnyChange("form")
            ),
            pgtrigger.Protect(
                name="what_is_over_stays_over",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=[State.ACCEPTED, State.CLOSED]) & ~pgtrigger.Q(
                    new__state=pgtrigger.F("old__state")
                ),
            ),
            pgtrigger.Protect(
                name="a_refusal_is_left_by_a_second_look",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=State.REJECTED)
                & ~pgtrigger.Q(new__state__in=[State.REJECTED, State.RECONSIDERATION]),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "submitted_at"], name="applications_by_state"),
            models.Index(fields=["officer", "state"], name="applications_by_officer"),
            GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="applications_by_like_title"),
        ]

    def __str__(self) -> str:
        return self.ref

    @cached_property
    def roles(self) -> dict[int, str]:
        """Return who takes part, and as what: the applicant leads. Read once a copy; verbs lock a new one."""
        joined = dict(self.co_applicants.current().values_list("user", "role"))
        return joined | ({self.talent.user_id: Role.LEAD} if self.talent.user_id else {})

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def waits_for_applicant(self) -> bool:
        return self.state == State.MORE_INFO


class ReceiptNumber(models.Model):
    """The last number given in a year. Its row is locked while a number is taken, so there is no gap and no double."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("receipt number"), _("receipt numbers")

    def __str__(self) -> str:
        return f"LJ-{self.year}-{self.last:04d}"
