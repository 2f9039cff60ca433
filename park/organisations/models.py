"""Organisations that people act for, and who may act for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited


class Kind(models.TextChoices):
    ENTERPRISE = "enterprise", _("Enterprise")
    INSTITUTION = "institution", _("Intermediary institution")
    PARTNER = "partner", _("Partner")
    STATION = "station", _("Liaison station")
    PROJECT = "project", _("Project team")


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    MANAGER = "manager", _("Manager")
    FINANCE = "finance", _("Finance")
    MEMBER = "member", _("Member")


class OrganisationQuerySet(models.QuerySet):
    def acting_for(self, user):
        """Return the organisations for which this person may act now."""
        return self.filter(pk__in=Membership.objects.current().filter(user=user).values("organisation"))


@audited(translated=["name"])
class Organisation(models.Model):
    """A body that several people may act for: an enterprise, a project team, an institution, a partner, a station."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    name = models.CharField(_("name"), max_length=200)  # name_en, name_zh_hans
    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("organisation"), _("organisations")
        constraints = [
            models.CheckConstraint(name="an_organisation_has_a_known_kind", condition=Q(kind__in=Kind.values)),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet):
    def current(self):
        """Return the memberships that have not ended."""
        return self.filter(ended_at=None)

    def acting_for(self, user):
        """Return the memberships by which this person may act now, with their organisations."""
        return self.current().filter(user=user).select_related("organisation")


@audited()
class Membership(models.Model):
    """A person's right to act for an organisation, from its start to its end. Never deleted: it tells who could act."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    since = models.DateTimeField(_("since"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("membership"), _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(ended_at=None), name="a_person_joins_an_organisation_once"
            ),
            models.CheckConstraint(name="a_membership_has_a_known_role", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="a_membership_ends_after_it_began", condition=Q(ended_at=None) | Q(ended_at__gte=models.F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"
