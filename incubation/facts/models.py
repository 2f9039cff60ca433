"""What the park knows of each tenant, fact by fact, and one wide row a tenant that rules are compiled against."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited

from .columns import columns
from .vocabulary import TENANT_FACTS


class Source(models.TextChoices):
    """Where a value comes from. The order is its weight: of two values of one day, the later-named source holds."""

    SELF = "self", _("said by the tenant")
    PROFILE = "profile", _("from the founder's profile")
    STAFF = "staff", _("checked by park staff")
    PARK = "park_record", _("from the park's records")
    REGISTER = "register", _("from a register")

    @property
    def weight(self) -> int:
        return list(Source).index(self)


class FactQuerySet(models.QuerySet):
    def holding(self):
        """Return what holds now: one value a tenant and key."""
        return self.filter(superseded_at=None)

    def disputed(self):
        """Return what tenants said against a value that still holds: an officer should look."""
        return self.filter(held_back=True, settled_at=None)

    def visible_to(self, user):
        """Return every fact to staff who may see them, and to others the facts of the tenants they act for."""
        if user.has_perm("facts.view_fact"):
            return self.all()
        return self.filter(
            tenant__organisation__memberships__user=user, tenant__organisation__memberships__ended_at=None
        )


@audited(inserts=False)  # a fact's own row tells how it came
class Fact(models.Model):
    """One value of one fact of one tenant, as known from a day on. The row that is not superseded holds; all stay.

    A value that came in against a stronger and no older one is kept here too, ``held_back``: it never held.
    """

    tenant = models.ForeignKey("journey.Tenant", models.CASCADE, related_name="facts", verbose_name=_("tenant"))
    key = models.CharField(_("fact"), max_length=60)
    value = models.JSONField(_("value"), null=True)  # NULL: declared unknown again
    source = models.CharField(_("source"), max_length=12, choices=Source)
    proof = models.ForeignKey(
        "files.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proof")
    )
    as_of = models.DateField(_("as of"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )  # NULL: the system
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)
    held_back = models.BooleanField(_("says otherwise"), default=False, editable=False)
    settled_at = models.DateTimeField(_("looked at"), null=True, blank=True, editable=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("fact"), _("facts")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "key"], condition=Q(superseded_at=None), name="one_value_of_a_fact_holds"
            ),
            models.CheckConstraint(name="a_fact_has_a_known_source", condition=Q(source__in=Source.values)),
            models.CheckConstraint(
                name="a_value_held_back_does_not_hold", condition=Q(held_back=False) | Q(superseded_at__isnull=False)
            ),
            models.CheckConstraint(
                name="a_fact_is_valid_from_its_day_on",
                condition=Q(valid_until=None) | Q(valid_until__gte=F("as_of")),
                violation_error_message=_("The end is before the start."),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "key", "-recorded_at"], name="history_of_a_fact"),
            models.Index(
                fields=["tenant"], condition=Q(held_back=True, settled_at=None), name="values_that_say_otherwise"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

    @property
    def good_until(self) -> dt.date | None:
        """The last day on which it counts as fresh: its own, or that of the paper that proves it."""
        ends = [self.valid_until, self.proof.valid_until if self.proof_id else None]
        return min((day for day in ends if day), default=None)

    @property
    def origin(self) -> list:
        """Where the value comes from, as the wide row keeps it."""
        until = self.good_until
        return [str(self.source), self.as_of.isoformat(), self.pk, until and until.isoformat()]


class TenantFactQuerySet(models.QuerySet):
    def changed_since(self, moment):
        """Return the rows in which a value became another after ``moment``."""
        return self.filter(changed_at__gt=moment)


class TenantFact(models.Model):
    """All that is known of one tenant, one typed column a fact; NULL is not known. Rules are compiled against it.

    It says nothing of its own: verbs write it together with the facts, and it can be made anew from them.
    ``origins`` holds, by key of each known fact, where its value comes from: ``[source, as of, fact id]``; of a
    recorded one also the last day it is good for, or null.
    The columns stand in the vocabulary (``columns.py``).
    """

    tenant = models.OneToOneField("journey.Tenant", models.CASCADE, primary_key=True, related_name="known")
    origins = models.JSONField(_("sources"), default=dict)
    derived_on = models.DateField(_("computed for"), null=True)  # the day for which ages and the like hold
    derived_at = models.DateTimeField(_("computed"), null=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = TenantFactQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("facts of a tenant"), _("facts of tenants")
        indexes = [models.Index(fields=["changed_at"], name="tenants_by_change_of_facts")]

    def __str__(self) -> str:
        return f"#{self.pk}"


for _name, _field in columns(TENANT_FACTS).items():
    TenantFact.add_to_class(_name, _field)
