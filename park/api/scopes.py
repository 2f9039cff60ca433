"""What a key may be good for. A scope opens resources; which rows and fields they show is the resource's own affair."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    POLICIES_READ = "policies:read", _("Read policies")
    INSTITUTIONS_READ = "institutions:read", _("Read institutions")
    COMPANIES_READ = "companies:read", _("Read companies that agreed")
    TALENTS_READ = "talents:read", _("Read people who agreed")
    STAGES_READ = "stages:read", _("Read the five stages")
    SCENARIOS_READ = "scenarios:read", _("Read opportunities and capabilities")
    SCENARIOS_WRITE = "scenarios:write", _("Publish opportunities")
    EVENTS_READ = "events:read", _("Read events")
    NUMBERS_READ = "numbers:read", _("Read the park in numbers")
    WEBHOOKS_MANAGE = "webhooks:manage", _("Manage webhooks")


# What is public on the pages too, and everything that can be read.
PUBLIC = (
    Scope.POLICIES_READ,
    Scope.INSTITUTIONS_READ,
    Scope.STAGES_READ,
    Scope.SCENARIOS_READ,
    Scope.EVENTS_READ,
    Scope.NUMBERS_READ,
)
READ = (*PUBLIC, Scope.COMPANIES_READ, Scope.TALENTS_READ)
