"""The five stages, in the park's own words (长春海外学人创业园). Data, shared by every room that is stage-aware."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    PROJECT_PRE = "project_pre", _("Project pre-incubation")
    ENTERPRISE_PRE = "enterprise_pre", _("Enterprise pre-incubation")
    STARTUP = "startup", _("Start-up incubation")
    GROWTH = "growth", _("Growth")
    ACCELERATED = "accelerated", _("Accelerated development")

    @property
    def number(self) -> int:
        """1 to 5."""
        return list(Stage).index(self) + 1
