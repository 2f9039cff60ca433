"""Application forms, and their versions as data."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited

from ..form_states import FormState


class ApplicationFormQuerySet(models.QuerySet):
    def general(self):
        """Return the form of calls that name none; None while the park has no form at all."""
        return self.order_by("pk").first()


class ApplicationForm(models.Model):
    """A form that people apply with. What it asks stands in its versions, of which one at most is in use."""

    slug = models.SlugField(_("address name"), unique=True)
    name = models.CharField(_("name"), max_length=120)  # name_en, name_zh_hans

    objects = ApplicationFormQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("application form"), _("application forms")

    def __str__(self) -> str:
        return self.name

    @property
    def in_use(self) -> "FormVersion | None":
        """The version that a new application gets."""
        return self.versions.filter(state=FormState.PUBLISHED).first()


class FormVersionQuerySet(models.QuerySet):
    def in_use(self, form: ApplicationForm | None = None) -> "FormVersion | None":
        """Return the version that a new application gets: of this form, or of the general one."""
        form = form or ApplicationForm.objects.general()
        return form and form.in_use


@audited()
class FormVersion(models.Model):
    """One version of an application form: parts, tasks and questions as data. A sent application keeps its version."""

    form = models.ForeignKey(
        ApplicationForm, models.PROTECT, related_name="versions", verbose_name=_("application form")
    )  # fmt: skip
    number = models.PositiveIntegerField(_("version"))
    definition = models.JSONField(_("parts, tasks and questions"), default=dict)
    state = models.CharField(_("state"), max_length=20, choices=FormState, default=FormState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("started"), default=timezone.now)
    published_at = models.DateTimeField(_("in use since"), null=True, blank=True)

    objects = FormVersionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("form version"), _("form versions")
        ordering = ["form", "-number"]
        permissions = [("publish_formversion", "Can put form versions into use")]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="a_form_version_has_its_own_number"),
            models.UniqueConstraint(
                fields=["form"], condition=Q(state=FormState.PUBLISHED), name="one_version_of_a_form_is_in_use"
            ),
            models.CheckConstraint(
                name="a_form_version_has_a_known_state", condition=Q(state__in=FormState.values)
            ),
            models.CheckConstraint(
                name="a_form_in_use_has_its_moment",
                condition=Q(published_at__isnull=False, state__in=["published", "retired"])
                | Q(published_at=None, state__in=["draft", "in_review", "discarded"]),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="only_a_draft_is_written",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.state <> 'draft' AND (OLD.definition IS DISTINCT FROM NEW.definition"
                    " OR OLD.number <> NEW.number OR OLD.form_id <> NEW.form_id)"
                ),
            ),
            pgtrigger.Protect(name="a_version_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.number}"
