"""Rubrics as versioned data: what is scored, how much it weighs, and what each score means."""

from functools import cached_property

import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited

WHOLE = 100  # what the weights of a rubric add up to


class RubricQuerySet(models.QuerySet):
    def published(self):
        """Return the versions that a round may take."""
        return self.filter(published_at__isnull=False)


@audited(translated=["name"])
class Rubric(models.Model):
    """One version of a rubric. Published, it is never changed again; a round keeps the version it began with.

    Each criterion is scored from 0 to ``highest``. The park's rules speak of bands from 0 to 100: 60 is fair, 75 good,
    90 excellent. On a scale of 0 to 5 these are 3, 4 and 5; the weighted total is still counted to 100, so that every
    limit of the rules can be read off it.
    """

    slug = models.SlugField(_("address name"), help_text=_("The same for all versions of one rubric."))
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=120)  # name_en, name_zh_hans
    highest = models.PositiveSmallIntegerField(_("highest score"), default=5)
    reason_up_to = models.PositiveSmallIntegerField(
        _("a reason is needed at this score and below"), default=2, help_text=_("The applicant reads the reason.")
    )
    reason_from = models.PositiveSmallIntegerField(
        _("a reason is needed at this score and above"), default=5
    )
    made_at = models.DateTimeField(_("written"), auto_now_add=True)
    published_at = models.DateTimeField(_("in use since"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )

    objects = RubricQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("rubric"), _("rubrics")
        ordering = ["slug", "-number"]
        permissions = [("publish_rubric", "Can publish a version of a rubric")]
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "number"], name="a_rubric_version_has_its_own_number",
                violation_error_message=_("There is a version with this number already."),
            ),
            models.CheckConstraint(
                name="a_scale_has_three_to_eleven_scores", condition=Q(highest__range=(2, 10)),
                violation_error_message=_("The highest score lies between 2 and 10."),
            ),
            models.CheckConstraint(
                name="the_extremes_of_a_scale_do_not_meet",
                condition=Q(reason_up_to__lt=F("reason_from"), reason_from__lte=F("highest")),
                violation_error_message=_("The low scores that need a reason have to end below the high ones."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_published_rubric_stays", operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            pgtrigger.Trigger(
                name="weights_add_up", when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__published_at__isnull=False),
                func="""
                    IF coalesce((SELECT sum(weight) FROM review_criterion WHERE rubric_id = NEW.id), 0) <> 100 THEN
                        RAISE EXCEPTION 'the weights of a published rubric add up to 100'
                            USING ERRCODE = '23514', CONSTRAINT = 'weights_add_up';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} · {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @cached_property
    def items(self) -> list["Criterion"]:
        return list(self.criteria.all())

    @property
    def scores(self) -> range:
        return range(self.highest + 1)

    def needs_reason(self, score: int) -> bool:
        """Tell whether a score is at one of the extremes, where a reason is asked."""
        return score <= self.reason_up_to or score >= self.reason_from


@audited(translated=["label", "hint", "meanings"])
class Criterion(models.Model):
    """One thing that is scored, with its weight and the meaning of each score, one a line from 0 up."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField(_("position"))
    key = models.SlugField(_("key"), max_length=40, help_text=_("The same in every version, so that two compare."))
    label = models.CharField(_("criterion"), max_length=120)  # label_en, label_zh_hans
    hint = models.TextField(_("what to look at"), blank=True)  # hint_en, hint_zh_hans
    weight = models.PositiveSmallIntegerField(_("weight"))
    meanings = models.TextField(_("what each score means"), help_text=_("One line a score, from 0 up."))
    veto_up_to = models.SmallIntegerField(
        _("stops the file at this score and below"), null=True, blank=True,
        help_text=_("The panel is shown it. Nothing is rejected by itself."),
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("criterion"), _("criteria")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "key"], name="a_criterion_is_in_a_rubric_once"),
            models.UniqueConstraint(
                fields=["rubric", "position"], name="criteria_have_an_order", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                name="a_weight_is_a_share_of_a_hundred", condition=Q(weight__range=(1, 100)),
                violation_error_message=_("A weight lies between 1 and 100."),
            ),
            models.CheckConstraint(name="a_veto_is_a_score", condition=Q(veto_up_to=None) | Q(veto_up_to__gte=0)),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="criteria_of_a_published_rubric_stay",
                when=pgtrigger.Before, operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM review_rubric r WHERE r.published_at IS NOT NULL AND r.id IN (
                        CASE WHEN TG_OP = 'INSERT' THEN NEW.rubric_id ELSE OLD.rubric_id END,
                        CASE WHEN TG_OP = 'DELETE' THEN OLD.rubric_id ELSE NEW.rubric_id END
                    )) THEN
                        RAISE EXCEPTION 'a published rubric is never changed'
                            USING ERRCODE = '23514', CONSTRAINT = 'criteria_of_a_published_rubric_stay';
                    END IF;
                    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label

    @property
    def anchors(self) -> list[str]:
        """Return what each score means, from 0 up, in the reader's language."""
        return [line.strip() for line in (self.meanings or "").splitlines() if line.strip()]

    def clean(self):
        for name in ("meanings_en", "meanings_zh_hans"):
            lines = [line for line in (getattr(self, name) or "").splitlines() if line.strip()]
            if self.rubric_id and len(lines) != self.rubric.highest + 1:
                words = {"wanted": self.rubric.highest + 1, "found": len(lines)}
                raise ValidationError(
                    {name: _("Write %(wanted)s lines, one for each score; there are %(found)s.") % words}
                )
