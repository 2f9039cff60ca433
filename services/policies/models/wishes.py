"""What a tenant does not want to hear of."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import audited

from .policies import Policy


class SetAsideQuerySet(models.QuerySet):
    def standing(self):
        """Return what is set aside now."""
        return self.filter(taken_back_at=None)

    def of(self, policy, tenant="tenant"):
        """Return whether a tenant has set a policy aside, as a condition; a name is a column of the outer row."""
        policy, tenant = (OuterRef(each) if isinstance(each, str) else each for each in (policy, tenant))
        return Exists(self.standing().filter(policy=policy, tenant=tenant))


@audited()
class SetAside(models.Model):
    """That a tenant said of a policy: not for me. It is hidden from its list, and nobody is told or reminded of it."""

    class Reason(models.TextChoices):
        FIELD = "field", _("It is not what we do")
        HAVE = "have", _("We have it already, or something like it")
        EFFORT = "effort", _("Too much work for what it brings")
        LATER = "later", _("Not now, perhaps another time")
        WRONG = "wrong", _("We do not meet it, whatever the check says")
        OTHER = "other", pgettext_lazy("reason", "Something else")

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="set_aside", verbose_name=_("policy"))
    tenant = models.ForeignKey("journey.Tenant", models.CASCADE, related_name="set_aside", verbose_name=_("tenant"))
    reason = models.CharField(_("why"), max_length=8, choices=Reason)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = SetAsideQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("set aside"), _("set aside")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "tenant"], condition=Q(taken_back_at=None), name="a_policy_is_set_aside_once"
            ),
            models.CheckConstraint(
                name="set_aside_for_a_known_reason",
                condition=Q(reason__in=["field", "have", "effort", "later", "wrong", "other"]),
            ),
            models.CheckConstraint(
                name="taken_back_after_it_was_set_aside",
                condition=Q(taken_back_at=None) | Q(taken_back_at__gte=models.F("at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy_id} {self.tenant_id}"
