"""Problems that tenants raise, and mentors who go part of the way with them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import append_only, audited

from ..stages import Stage
from ..states import UNSOLVED, ProblemState
from .tenants import Tenant


class ProblemQuerySet(models.QuerySet):
    def unsolved(self):
        """Return the problems that somebody of the park still has to solve, or the tenant to answer."""
        return self.filter(state__in=UNSOLVED)

    def visible_to(self, user):
        """Return every problem to staff who may see them, and to others those of the tenants they act for."""
        if user.has_perm("journey.view_problem"):
            return self.all()
        return self.filter(
            tenant__organisation__memberships__user=user, tenant__organisation__memberships__ended_at=None
        )


@audited()
class Problem(models.Model):
    """Something that keeps a tenant from going on, from the day it was raised until the tenant says it is solved."""

    class Category(models.TextChoices):
        SPACE = "space", _("Rooms and equipment")
        PERMITS = "permits", _("Permits and registration")
        MONEY = "money", _("Money and taxes")
        PEOPLE = "people", _("People and hiring")
        TECHNOLOGY = "technology", _("Technology and IP")
        MARKET = "market", _("Customers and market")
        LIFE = "life", _("Living here: housing, school, health")
        OTHER = "other", _("Something else")

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="problems", verbose_name=_("tenant"))
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)  # in which it was raised
    category = models.CharField(pgettext_lazy("problem", "what it is about"), max_length=12, choices=Category)
    title = models.CharField(_("in a few words"), max_length=120)
    text = models.TextField(_("what is wrong"))
    state = models.CharField(_("state"), max_length=10, choices=ProblemState, default=ProblemState.RAISED)
    version = models.PositiveIntegerField(default=1, editable=False)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("raised by")
    )
    raised_at = models.DateTimeField(_("raised"), default=timezone.now)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("who has it")
    )
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    reopened = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    documents = models.ManyToManyField("files.Document", related_name="+", blank=True, verbose_name=_("files"))

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("problem"), _("problems")
        ordering = ["-raised_at", "-pk"]
        permissions = [("handle_problem", "Can take and solve problems")]
        indexes = [
            models.Index(fields=["tenant", "state"], name="problems_of_a_tenant"),
            models.Index(fields=["state", "raised_at"], name="problems_by_state"),
        ]
        constraints = [
            models.CheckConstraint(name="a_problem_has_a_known_state", condition=Q(state__in=ProblemState.values)),
            models.CheckConstraint(name="a_problem_is_of_a_known_stage", condition=Q(stage__in=Stage.values)),
            models.CheckConstraint(
                name="a_problem_being_solved_has_an_owner",
                condition=~Q(state__in=["in_hand", "asked", "solved", "confirmed"]) | Q(owner__isnull=False),
            ),
            models.CheckConstraint(
                name="a_solved_problem_says_when",
                condition=~Q(state__in=["solved", "confirmed"]) | Q(solved_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Mentorship(models.Model):
    """A mentor at the side of a tenant, for a time."""

    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="mentorships", verbose_name=_("tenant"))
    mentor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentorships", verbose_name=_("mentor")
    )
    since = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name, verbose_name_plural = _("mentorship"), _("mentorships")
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "mentor"], condition=Q(ended_on=None), name="a_mentor_is_assigned_once",
                violation_error_message=_("This mentor is at its side already."),
            ),
            models.CheckConstraint(
                name="a_mentorship_ends_after_it_began", condition=Q(ended_on=None) | Q(ended_on__gte=F("since"))
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.mentor} · {self.tenant}"


class MentorMeeting(models.Model):
    """One meeting of a mentor and a tenant, as it was written down. Nothing of the log is changed later."""

    mentorship = models.ForeignKey(Mentorship, models.PROTECT, related_name="meetings")
    held_on = models.DateField(_("held on"))
    minutes = models.PositiveSmallIntegerField(pgettext_lazy("length", "minutes"))
    text = models.TextField(_("what was talked about, what comes next"))
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    logged_at = models.DateTimeField(_("written down"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("meeting with a mentor"), _("meetings with mentors")
        ordering = ["-held_on", "-pk"]
        triggers = [append_only()]
        constraints = [
            models.CheckConstraint(name="a_meeting_lasts_a_while", condition=Q(minutes__gte=5, minutes__lte=600)),
            models.CheckConstraint(name="a_meeting_is_written_down", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship} · {self.held_on}"
