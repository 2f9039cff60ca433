"""Intermediary institutions, what they may and do offer, and the requests of tenants."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .states import State


class InstitutionType(models.TextChoices):
    GUARANTEE = "guarantee_company", _("Guarantee company")
    ACCOUNTING = "accounting_firm", _("Accounting firm")
    BOOKKEEPING = "bookkeeping_agency", _("Bookkeeping agency")
    APPRAISAL = "asset_appraisal", _("Asset appraiser")
    EXCHANGE = "property_rights_exchange", _("Property-rights exchange")
    LAW = "law_firm", _("Law firm")
    PATENT = "patent_agency", _("Patent and trademark agency")
    HR = "hr_agency", _("Recruitment agency")
    TESTING = "testing_lab", _("Testing laboratory")
    BANK = "bank", _("Bank, technology branch")
    VENTURE = "vc_pe", _("Venture capital")
    INSURANCE = "insurance_broker", _("Insurance broker")
    TAX = "tax_agent", _("Tax agent")
    TRANSFER = "technology_transfer", _("Technology-transfer agency")
    CONSULTANT = "incubation_consultant", _("Project consultant")
    TRANSLATION = "translation_notary", _("Translation and notary")
    IMMIGRATION = "immigration_service", _("Immigration service")
    CDMO = "cro_cdmo", _("CRO and CDMO")
    CYBER = "cyber_lab", _("Cyber-security laboratory")
    LOGISTICS = "logistics_customs", _("Customs and logistics")


class Institution(models.Model):
    """A professional firm that serves tenants. Whether it may be matched depends on its licences today."""

    organisation = models.OneToOneField("organisations.Organisation", models.PROTECT, related_name="institution")
    type = models.CharField(_("type"), max_length=30, choices=InstitutionType)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    group = models.CharField(_("affiliated group"), max_length=40, blank=True)
    key_partner = models.BooleanField(_("key intermediary"), default=False)
    languages = ArrayField(models.CharField(max_length=5), verbose_name=_("languages"), default=list)
    sectors = ArrayField(
        models.CharField(max_length=40), verbose_name=_("fields"), default=list, blank=True,
        help_text=_("Empty means every field."),
    )
    monthly_capacity = models.PositiveSmallIntegerField(_("cases a month at most"), default=5)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)
    note = models.TextField(_("note"), blank=True)
    fictitious = models.BooleanField(_("fictitious, for the demo"), default=False)
    listed = models.BooleanField(_("listed"), default=True)

    class Meta:
        verbose_name, verbose_name_plural = _("institution"), _("institutions")
        constraints = [
            models.CheckConstraint(
                name="an_institution_has_a_known_type", condition=Q(type__in=InstitutionType.values)
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class Licence(models.Model):
    """A licence of an institution. Without an end date it does not expire."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="licences")
    code = models.CharField(_("kind"), max_length=40)
    name = models.CharField(_("licence"), max_length=200)  # name_en, name_zh_hans
    number = models.CharField(_("number"), max_length=80)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("licence"), _("licences")
        constraints = [
            models.UniqueConstraint(fields=["institution", "code", "number"], name="a_licence_is_listed_once"),
            models.CheckConstraint(
                name="a_licence_ends_after_it_began",
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """A service that an institution offers, with its price basis, promised time and the stages it suits."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="offers")
    code = models.SlugField(_("service code"), max_length=60)
    name = models.CharField(_("service"), max_length=200)  # name_en, name_zh_hans
    deliverable = models.CharField(_("what you receive"), max_length=200, blank=True)  # …_en, …_zh_hans
    price_basis = models.CharField(_("price basis"), max_length=40, blank=True)
    price_min = models.DecimalField(_("price from"), max_digits=18, decimal_places=2, null=True, blank=True)
    price_max = models.DecimalField(_("price to"), max_digits=18, decimal_places=2, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    working_days = models.PositiveSmallIntegerField(_("working days"), null=True, blank=True)
    stages = ArrayField(models.CharField(max_length=20), verbose_name=_("stages"), default=list)
    licence_code = models.CharField(
        _("licence needed"), max_length=40, blank=True, help_text=_("Empty where the law asks for none.")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("offer"), _("offers")
        constraints = [
            models.UniqueConstraint(fields=["institution", "code"], name="an_offer_is_listed_once"),
            models.CheckConstraint(
                name="a_price_range_is_a_range",
                condition=Q(price_min=None) | Q(price_max=None) | Q(price_max__gte=F("price_min")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceRequest(models.Model):
    """A tenant's request for a professional service."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("reference"), max_length=20, unique=True)  # S-2026-0732
    tenant = models.ForeignKey("journey.Tenant", models.PROTECT, related_name="service_requests")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    need = models.CharField(_("what you need"), max_length=60)  # a need code of needs.py
    text = models.TextField(_("in your words"))
    amount = models.DecimalField(_("amount, CNY"), max_digits=18, decimal_places=2, null=True, blank=True)
    wanted_by = models.DateField(_("by when"), null=True, blank=True)
    language = models.CharField(_("working language"), max_length=5, blank=True)
    share_contact = models.BooleanField(_("share my contact with the one that takes it"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("service request"), _("service requests")
        permissions = [("triage_servicerequest", "Can match service requests with institutions")]
        constraints = [
            models.CheckConstraint(name="a_request_has_a_known_state", condition=Q(state__in=State.values)),
        ]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="requests_of_a_tenant")]

    def __str__(self) -> str:
        return self.ref


class Match(models.Model):
    """An institution weighed for a request: its rank and reasons, or the reasons why it was left out."""

    class Reply(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        TAKEN = "taken", _("Taken")
        DECLINED = "declined", _("Declined")
        PASSED = "passed", _("Went to another")
        EXCLUDED = "excluded", _("Left out")
        RESERVE = "reserve", _("In reserve")

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="matches")
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="matches")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, blank=True, related_name="+")
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)
    reasons = models.JSONField(_("reasons"), default=list)
    reply = models.CharField(_("reply"), max_length=10, choices=Reply)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    decline_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("match"), _("matches")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "institution"], name="an_institution_is_weighed_once"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(reply="taken"), name="one_institution_takes_a_request"
            ),
            models.CheckConstraint(
                name="who_is_left_out_has_no_rank", condition=~Q(reply="excluded") | Q(rank__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.institution_id} {self.reply}"
