"""The people of the park: who they are, where they come from, what they have been honoured for."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited

from .sectors import Sector


class Degree(models.TextChoices):
    DOCTOR = "doctor", _("Doctorate")
    MASTER = "master", _("Master's degree")
    BACHELOR = "bachelor", _("Bachelor's degree")
    VISITING_SCHOLAR = "visiting_scholar", _("Visiting scholar, degree from China")


class Gender(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class TalentState(models.TextChoices):
    PROSPECT = "prospect", _("Prospect")
    APPLICANT = "applicant", _("Applicant")
    RESIDENT = "resident", _("Resident")
    ALUMNUS = "alumnus", _("Alumnus")


class TalentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return every talent to staff who may see them, and to a person only their own profile."""
        return self.all() if user.has_perm("profiles.view_talent") else self.filter(user=user)

    def shown_in_public(self):
        """Return the talents who agreed to be shown."""
        return self.filter(consents__what=Consent.What.SHOWCASE, consents__withdrawn_at=None)


@audited()
class Talent(models.Model):
    """A person who came back, or is about to. ``user`` is empty while the person has no account."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="talent",
        null=True,
        blank=True,
        verbose_name=_("account"),
    )
    state = models.CharField(_("standing"), max_length=10, choices=TalentState, default=TalentState.PROSPECT)
    name = models.CharField(_("name as in the passport"), max_length=150, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60, blank=True)
    name_sort = models.CharField(max_length=200, blank=True, editable=False)  # pinyin, for the Chinese order
    gender = models.CharField(_("gender"), max_length=6, choices=Gender, blank=True)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    nationality = models.CharField(_("nationality"), max_length=3, blank=True, help_text=_("ISO 3166, three letters."))
    foreign_chinese = models.BooleanField(_("foreign national of Chinese origin"), null=True, blank=True)
    origin = models.CharField(_("country or region returned from"), max_length=3, blank=True)
    degree = models.CharField(_("highest degree"), max_length=20, choices=Degree, blank=True)
    degree_abroad = models.BooleanField(_("degree from abroad"), null=True, blank=True)
    sector = models.CharField(_("field"), max_length=40, choices=Sector, blank=True)
    specialty = models.CharField(_("specialty"), max_length=200, blank=True)
    months_abroad = models.PositiveSmallIntegerField(_("months abroad"), null=True, blank=True)
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    talent_class = models.CharField(_("Jilin talent class"), max_length=1, blank=True)
    about = models.TextField(_("about"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = TalentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("talent"), _("talents")
        ordering = ["name_sort", "pk"]
        constraints = [
            models.CheckConstraint(name="a_talent_has_a_known_standing", condition=Q(state__in=TalentState.values)),
            models.CheckConstraint(name="a_talent_has_a_known_degree", condition=Q(degree__in=["", *Degree.values])),
            models.CheckConstraint(
                name="a_talent_works_in_a_known_field", condition=Q(sector__in=["", *Sector.values])
            ),
            models.CheckConstraint(
                name="a_talent_class_is_a_to_e", condition=Q(talent_class__in=["", "A", "B", "C", "D", "E"]),
                violation_error_message=_("The class is A, B, C, D or E."),
            ),
        ]
        indexes = [
            models.Index(fields=["origin"], name="talents_by_origin"),
            models.Index(fields=["name_zh"], name="talents_by_chinese_name"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="talents_by_like_name"),
            GinIndex(fields=["name_sort"], opclasses=["gin_trgm_ops"], name="talents_by_like_pinyin"),
        ]

    def __str__(self) -> str:
        """The name in the reader's language, or the one there is."""
        return (get_language() == "zh-hans" and self.name_zh) or self.name or self.name_zh


class Stay(models.Model):
    """A time abroad: a study, a post, a visit. One continuous record, used wherever time abroad is asked for."""

    class Kind(models.TextChoices):
        STUDY = "study", _("Study")
        WORK = "work", _("Work")
        VISIT = "visit", _("Visiting scholar")

    talent = models.ForeignKey(Talent, models.CASCADE, related_name="stays")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    country = models.CharField(_("country or region"), max_length=3)
    place = models.CharField(_("university, institute or employer"), max_length=200)
    what = models.CharField(_("degree or post"), max_length=200, blank=True)
    began_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("time abroad"), _("times abroad")
        ordering = ["-began_on"]
        constraints = [
            models.CheckConstraint(name="a_stay_has_a_known_kind", condition=Q(kind__in=["study", "work", "visit"])),
            models.CheckConstraint(
                name="a_stay_ends_after_it_began",
                condition=Q(ended_on=None) | Q(ended_on__gte=models.F("began_on")),
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self) -> str:
        return self.place


class Honour(models.Model):
    """An honour a talent holds, with its granting body and batch."""

    class Level(models.TextChoices):
        NATIONAL = "national", _("National")
        PROVINCIAL = "provincial", _("Provincial")
        MUNICIPAL = "municipal", _("Municipal")

    talent = models.ForeignKey(Talent, models.CASCADE, related_name="honours")
    name = models.CharField(_("honour"), max_length=200)  # name_en, name_zh_hans
    granted_by = models.CharField(_("granted by"), max_length=200)  # granted_by_en, granted_by_zh_hans
    level = models.CharField(_("level"), max_length=12, choices=Level)
    year = models.PositiveSmallIntegerField(_("year"))
    batch = models.CharField(_("batch"), max_length=60, blank=True)
    document_no = models.CharField(_("document number"), max_length=80, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    cash = models.DecimalField(_("cash, CNY"), max_digits=18, decimal_places=2, null=True, blank=True)
    by_the_park = models.BooleanField(_("recommended by the park"), default=False)

    class Meta:
        verbose_name, verbose_name_plural = _("honour"), _("honours")
        ordering = ["-year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["talent", "name", "year"], name="an_honour_is_held_once_a_year"),
            models.CheckConstraint(name="an_honour_year_is_plausible", condition=Q(year__range=(1978, 2100))),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.year})"


class Consent(models.Model):
    """A person's yes to one use of their data, with the version of the text agreed to. Withdrawn, never deleted."""

    class What(models.TextChoices):
        SHOWCASE = "showcase", _("Shown on public pages and to partners")
        MATCHING = "matching", _("Matched with policies and services")
        DATA_IN_CHINA = "data_in_china", _("Data kept in mainland China")

    talent = models.ForeignKey(Talent, models.CASCADE, related_name="consents")
    what = models.CharField(_("for what"), max_length=20, choices=What)
    text_version = models.PositiveSmallIntegerField(_("version of the text"), default=1)
    given_at = models.DateTimeField(_("given"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("consent"), _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["talent", "what"], condition=Q(withdrawn_at=None), name="one_live_consent_a_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.talent_id} {self.what}"
