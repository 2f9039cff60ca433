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

    @property
    def slug(self) -> str:
        """The word in the address of the stage's page, the same in every language."""
        return SLUGS[self.number - 1]

    @property
    def next(self) -> "Stage | None":
        """The stage behind the next gate; None after the last."""
        return dict(zip(Stage, list(Stage)[1:], strict=False)).get(self)

    @property
    def needs_enterprise(self) -> bool:
        """From the third stage on a tenant is a company."""
        return self.number >= 3


SLUGS = (
    "project-pre-incubation",
    "enterprise-pre-incubation",
    "start-up-incubation",
    "growth",
    "accelerated-development",
)
