"""What officers said of records that look alike: whether two people, or two projects, are one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from park.audit.tracking import audited

from .applications import Application


class LikenessQuerySet(models.QuerySet):
    def of_person(self, talent_id: int):
        return self.filter(Q(one_person=talent_id) | Q(other_person=talent_id))

    def of_project(self, application_id: int):
        return self.filter(Q(one_project=application_id) | Q(other_project=application_id))


@audited()
class Likeness(models.Model):
    """An officer's word on two people, or two projects: the same, or not. It can be changed, and is not asked again.

    Both records keep their whole history; "the same" only ties them together, so it can be undone at any time.
    """

    class Answer(models.TextChoices):
        SAME = "same", _("The same")
        DIFFERENT = "different", _("Not the same")

    one_person = models.ForeignKey("profiles.Talent", models.PROTECT, related_name="+", null=True, blank=True)
    other_person = models.ForeignKey("profiles.Talent", models.PROTECT, related_name="+", null=True, blank=True)
    one_project = models.ForeignKey(Application, models.PROTECT, related_name="+", null=True, blank=True)
    other_project = models.ForeignKey(Application, models.PROTECT, related_name="+", null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer)
    note = models.TextField(_("why"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("said by"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = LikenessQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("likeness"), _("likenesses")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="a_likeness_is_of_two_people_or_of_two_projects",
                condition=Q(
                    one_person__isnull=False, other_person__isnull=False, one_project=None, other_project=None,
                    one_person__lt=F("other_person"),
                )
                | Q(
                    one_project__isnull=False, other_project__isnull=False, one_person=None, other_person=None,
                    one_project__lt=F("other_project"),
                ),
            ),
            models.CheckConstraint(
                name="a_likeness_has_a_known_answer", condition=Q(answer__in=["same", "different"])
            ),
            models.UniqueConstraint(fields=["one_person", "other_person"], name="two_people_are_judged_once"),
            models.UniqueConstraint(fields=["one_project", "other_project"], name="two_projects_are_judged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.one_person or self.one_project} · {self.other_person or self.other_project}: {self.answer}"

    def other_than(self, pk: int) -> int:
        """Return the id of the other record of the pair."""
        pair = {self.one_person_id, self.other_person_id, self.one_project_id, self.other_project_id} - {None, pk}
        return pair.pop()
