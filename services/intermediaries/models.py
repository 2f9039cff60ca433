"""Intermediary institutions, what they may and do offer, and the requests of tenants."""

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Aggregate, Count, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.audit.tracking import audited
from park.workflow.calendar import beijing_day
from talents.profiles.sectors import Sector

from . import licences, needs
from .kinds import InstitutionType, Language
from .states import FINAL, LIVE, State

A_YEAR = dt.timedelta(days=365)


def today() -> dt.date:
    """Return the day on the park's calendar: licences begin and end by it."""
    return beijing_day(timezone.now())


class Median(Aggregate):
    """The middle value: half of the rows lie below it."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    allow_distinct = False


class InstitutionQuerySet(models.QuerySet):
    def listed(self):
        """Return the institutions that the park shows."""
        return self.filter(listed=True)

    def serving(self, day: dt.date, **about_the_offer):
        """Return those with at least one service that they may offer on a day; ``about_the_offer`` narrows which."""
        return self.filter(Exists(Offer.objects.open_on(day).filter(institution=OuterRef("pk"), **about_the_offer)))

    def acted_for_by(self, user):
        """Return the institutions that a person may act for now."""
        return self.filter(organisation__memberships__user=user, organisation__memberships__ended_at=None)

    def mentioning(self, text: str):
        """Return those whose name, kind of service or way of saying it holds every one of the words."""
        found = self
        for word in text.split():
            offered = Offer.objects.filter(institution=OuterRef("pk")).filter(
                Q(name_en__icontains=word) | Q(name_zh_hans__icontains=word) | Q(code__in=_codes_of(word))
            )
            found = found.filter(
                Q(organisation__name_en__icontains=word)
                | Q(organisation__name_zh_hans__icontains=word)
                | Exists(offered)
            )
        return found

    def measured(self, now: dt.datetime):
        """Add how they do: ``first_reply`` (the middle value of a year), ``replies`` behind it, and ``cases`` taken."""
        year = Match.objects.filter(institution=OuterRef("pk"), replied_at__gte=now - A_YEAR).order_by()
        answered = year.filter(reply__in=[Match.Reply.TAKEN, Match.Reply.DECLINED]).values("institution")
        taken = year.filter(reply=Match.Reply.TAKEN).values("institution")
        took = ExpressionWrapper(F("replied_at") - F("told_at"), models.DurationField())
        return self.annotate(
            first_reply=Subquery(
                answered.annotate(value=Median(took, output_field=models.DurationField())).values("value")
            ),
            replies=Coalesce(Subquery(answered.annotate(value=Count("pk")).values("value")), 0),
            cases=Coalesce(Subquery(taken.annotate(value=Count("pk")).values("value")), 0),
        )


def _codes_of(word: str) -> list[str]:
    """Return the services of the needs whose words, in the reader's language, hold ``word``."""
    found = [need for need in needs.NEEDS if word.casefold() in str(need.label).casefold()]
    return [code for need in found for code in need.offers]


@audited()
class Institution(models.Model):
    """A professional firm that serves tenants. Whether it may be matched depends on its licences today."""

    organisation = models.OneToOneField(
        "organisations.Organisation", models.PROTECT, related_name="institution", verbose_name=_("organisation")
    )
    type = models.CharField(_("type"), max_length=30, choices=InstitutionType)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    group = models.CharField(_("affiliated group"), max_length=40, blank=True)
    key_partner = models.BooleanField(_("key intermediary"), default=False)
    languages = ArrayField(models.CharField(max_length=5, choices=Language), verbose_name=_("languages"), default=list)
    sectors = ArrayField(
        models.CharField(max_length=40, choices=Sector),
        verbose_name=_("fields"),
        default=list,
        blank=True,
        help_text=_("Empty means every field."),
    )
    monthly_capacity = models.PositiveSmallIntegerField(_("cases a month at most"), default=5)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=30, blank=True)
    note = models.TextField(_("note"), blank=True)
    fictitious = models.BooleanField(_("fictitious, for the demo"), default=False)
    listed = models.BooleanField(_("listed"), default=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("institution"), _("institutions")
        ordering = ["organisation__name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_institution_has_a_known_type", condition=Q(type__in=InstitutionType.values)
            ),
            models.CheckConstraint(
                name="an_institution_works_in_known_languages",
                condition=Q(languages__contained_by=Language.values) & Q(languages__len__gte=1),
                violation_error_message=_("Name at least one language."),
            ),
            models.CheckConstraint(
                name="an_institution_works_in_known_fields", condition=Q(sectors__contained_by=Sector.values)
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

    def get_absolute_url(self) -> str:
        return reverse("intermediaries:institution", args=[self.organisation.slug])


class LicenceQuerySet(models.QuerySet):
    def valid_on(self, day: dt.date):
        """Return the licences that hold on a day: begun, and not ended before it. The last day counts."""
        return self.filter(Q(issued_on=None) | Q(issued_on__lte=day), Q(expires_on=None) | Q(expires_on__gte=day))

    def ending_within(self, day: dt.date, days: int):
        """Return the licences that hold on a day and end within so many days of it."""
        return self.valid_on(day).filter(expires_on__lte=day + dt.timedelta(days=days))


@audited(translated=["name"])
class Licence(models.Model):
    """A licence of an institution. Without an end date it does not expire."""

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="licences")
    code = models.CharField(_("kind"), max_length=40, choices=licences.choices)
    name = models.CharField(_("licence"), max_length=200)  # name_en, name_zh_hans
    number = models.CharField(_("number"), max_length=80)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("licence"), _("licences")
        ordering = ["institution", "code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "code", "number"], name="a_licence_is_listed_once"),
            models.CheckConstraint(
                name="a_licence_ends_after_it_began",
                condition=Q(issued_on=None) | Q(expires_on=None) | Q(expires_on__gte=F("issued_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def holds_on(self, day: dt.date) -> bool:
        """Return whether the licence holds on a day: what ``valid_on`` asks, of one row."""
        return (self.issued_on or day) <= day <= (self.expires_on or day)


class OfferQuerySet(models.QuerySet):
    def licensed_on(self, day: dt.date) -> Exists:
        """Return the condition that the licence an offer needs is held on a day."""
        held = Licence.objects.valid_on(day)
        return Q(licence_code="") | Exists(
            held.filter(institution=OuterRef("institution"), code=OuterRef("licence_code"))
        )

    def open_on(self, day: dt.date):
        """Return the services that may be offered on a day: a lapsed licence closes what needs it the same day."""
        return self.filter(self.licensed_on(day))


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
        _("licence needed"),
        max_length=40,
        blank=True,
        help_text=_("Empty where the law asks for none."),
        choices=licences.choices,
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("offer"), _("offers")
        ordering = ["institution", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "code"], name="an_offer_is_listed_once"),
            models.CheckConstraint(
                name="a_price_range_is_a_range",
                condition=Q(price_min=None) | Q(price_max=None) | Q(price_max__gte=F("price_min")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RequestQuerySet(models.QuerySet):
    def live(self):
        """Return the requests that still want something from somebody."""
        return self.filter(state__in=LIVE)

    def visible_to(self, user):
        """Return every request to staff who may see them, and to others the requests of the tenants they act for."""
        if user.is_staff and user.has_perm("intermediaries.view_servicerequest"):
            return self.all()
        return self.filter(
            tenant__organisation__memberships__user=user, tenant__organisation__memberships__ended_at=None
        )

    def sent_to(self, institution):
        """Return the requests that an institution was asked about; what it was left out of stays unknown to it."""
        return self.filter(Exists(Match.objects.told().filter(request=OuterRef("pk"), institution=institution)))


@audited()
class ServiceRequest(models.Model):
    """A tenant's request for a professional service."""

    class Outcome(models.TextChoices):
        HELPED = "helped", _("It helped")
        NO_HELP = "no_help", _("It did not help")
        UNREACHABLE = "unreachable", _("We could not reach them")
        NOT_OURS = "not_ours", _("It was not for us")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ref = models.CharField(_("reference"), max_length=20, unique=True)  # S-2026-0732
    tenant = models.ForeignKey(
        "journey.Tenant", models.PROTECT, related_name="service_requests", verbose_name=_("tenant")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    need = models.CharField(_("what you need"), max_length=60, choices=needs.choices)
    text = models.TextField(_("in your words"), max_length=2000)
    amount = models.DecimalField(_("amount, CNY"), max_digits=18, decimal_places=2, null=True, blank=True)
    wanted_by = models.DateField(_("by when"), null=True, blank=True)
    language = models.CharField(_("working language"), max_length=5, choices=Language, blank=True)
    share_contact = models.BooleanField(_("share my contact with the one that takes it"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    round = models.PositiveSmallIntegerField(_("round"), default=0)  # how many times institutions were asked
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("service request"), _("service requests")
        ordering = ["-created_at", "-pk"]
        permissions = [("triage_servicerequest", "Can match service requests with institutions")]
        constraints = [
            models.CheckConstraint(name="a_request_has_a_known_state", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="a_request_asks_for_a_positive_amount",
                condition=Q(amount=None) | Q(amount__gt=0),
                violation_error_message=_("Write an amount above 0."),
            ),
            models.CheckConstraint(
                name="a_delivered_request_says_what_came_of_it", condition=~Q(state=State.DELIVERED) | ~Q(outcome="")
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-created_at"], name="requests_of_a_tenant"),
            models.Index(fields=["state", "created_at"], condition=~Q(state__in=FINAL), name="requests_in_work"),
        ]

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        return reverse("intermediaries:request", args=[self.tenant.organisation.slug, self.ref])


class MatchQuerySet(models.QuerySet):
    def told(self):
        """Return the matches whose institution was asked."""
        return self.filter(told_at__isnull=False)

    def left_out(self):
        return self.filter(reply=Match.Reply.EXCLUDED)

    def engaged(self):
        """Return the matches of institutions that work, or worked, for a tenant."""
        return self.filter(reply=Match.Reply.TAKEN).exclude(request__state__in=[State.CANCELLED, State.EXPIRED])


class Match(models.Model):
    """An institution weighed for a request: its rank and reasons, or the reasons why it was left out.

    ``reasons`` are codes with what they speak of (``reasons.py`` says them in the reader's language), as they were when
    the request was matched.
    """

    class Reply(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("reply", "Waiting")
        TAKEN = "taken", pgettext_lazy("reply", "Taken")
        DECLINED = "declined", pgettext_lazy("reply", "Declined")
        PASSED = "passed", _("Went to another")
        EXCLUDED = "excluded", pgettext_lazy("reply", "Left out")
        RESERVE = "reserve", _("In reserve")

    class Decline(models.TextChoices):
        FULL = "full", _("We have no time for it now")
        FIELD = "field", _("It is outside what we do")
        SIZE = "size", _("The amount does not suit us")
        CONFLICT = "conflict", _("We have a conflict of interest")
        OTHER = "other", _("Another reason")

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="matches", verbose_name=_("request"))
    institution = models.ForeignKey(Institution, models.PROTECT, related_name="matches", verbose_name=_("institution"))
    offer = models.ForeignKey(
        Offer, models.PROTECT, null=True, blank=True, related_name="matches", verbose_name=_("service")
    )
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    score = models.DecimalField(_("score"), max_digits=6, decimal_places=2, null=True, blank=True)
    reasons = models.JSONField(_("reasons"), default=list)
    reply = models.CharField(_("reply"), max_length=10, choices=Reply)
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    replied_at = models.DateTimeField(_("replied"), null=True, blank=True)
    decline_code = models.CharField(_("reason"), max_length=10, choices=Decline, blank=True)
    decline_reason = models.CharField(_("in their words"), max_length=200, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("match"), _("matches")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "institution"], name="an_institution_is_weighed_once"),
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(reply="taken"),
                name="one_institution_takes_a_request",
                violation_error_message=_("Another institution has taken this request."),
            ),
            models.CheckConstraint(
                name="a_match_has_a_known_reply",
                condition=Q(reply__in=["waiting", "taken", "declined", "passed", "excluded", "reserve"]),
            ),
            models.CheckConstraint(
                name="who_is_left_out_has_no_rank", condition=~Q(reply="excluded") | Q(rank__isnull=True)
            ),
            models.CheckConstraint(
                name="only_who_was_asked_can_reply",
                condition=~Q(reply__in=["waiting", "taken", "declined"]) | Q(told_at__isnull=False),
            ),
            models.CheckConstraint(
                name="who_is_left_out_or_in_reserve_was_not_asked",
                condition=~Q(reply__in=["excluded", "reserve"]) | Q(told_at__isnull=True),
            ),
            models.CheckConstraint(
                name="who_declines_says_why",
                condition=~Q(reply="declined") | ~Q(decline_code=""),
                violation_error_message=_("Say why you decline."),
            ),
        ]
        indexes = [models.Index(fields=["institution", "reply", "-replied_at"], name="replies_of_an_institution")]

    def __str__(self) -> str:
        return f"{self.request_id} · {self.institution_id} {self.reply}"
