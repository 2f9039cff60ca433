"""The closed sets by which policies are told apart."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.TextChoices):
    NATIONAL = "national", pgettext_lazy("level", "Nation")
    PROVINCIAL = "provincial", pgettext_lazy("level", "Province")
    MUNICIPAL = "municipal", pgettext_lazy("level", "City")
    DISTRICT = "district", pgettext_lazy("level", "District")
    ZONE = "development_zone", pgettext_lazy("level", "Development zone")


class Kind(models.TextChoices):
    SUBSIDY = "subsidy", _("Grants and subsidies")
    TAX = "tax", _("Tax")
    TALENT = "talent", _("Talent programmes")
    FINANCE = "finance", _("Loans and investment")
    SPACE = "space", _("Space")
    VISA = "visa", _("Visas and permits")
    RECOGNITION = "recognition", _("Recognition of companies")
    HONOUR = "honour", _("Honours")


class BenefitKind(models.TextChoices):
    """What a benefit is. Only what is paid in money can be claimed."""

    CASH = "cash", pgettext_lazy("benefit", "Money")
    SUBSIDY = "subsidy", pgettext_lazy("benefit", "Subsidy in money")
    LOAN = "loan", pgettext_lazy("benefit", "Loan")
    EQUITY = "equity", pgettext_lazy("benefit", "Investment")
    TAX = "tax", pgettext_lazy("benefit", "Tax")
    SPACE = "space", pgettext_lazy("benefit", "Space")
    SERVICE = "service", pgettext_lazy("benefit", "Service")
    TITLE = "title", pgettext_lazy("benefit", "Title or honour")
    VISA = "visa", pgettext_lazy("benefit", "Visa or permit")


class Applicant(models.TextChoices):
    TALENT = "talent", _("People")
    ENTERPRISE = "enterprise", _("Companies")
    PROJECT = "project", _("Projects")
    PARK = "park", _("The park itself")
    INVESTOR = "investor", _("Investors")
    INSTITUTION = "institution", _("Institutions")


class Confidence(models.TextChoices):
    HIGH = "high", pgettext_lazy("confidence", "high")
    MEDIUM = "medium", pgettext_lazy("confidence", "medium")
    LOW = "low", pgettext_lazy("confidence", "low")


class CompilerStatus(models.TextChoices):
    """What whoever captured the policy thought of it that day; dates that are known go before it."""

    IN_FORCE = "in_force", _("In force")
    SUPERSEDED = "superseded", _("Replaced")
    CALL_CLOSED = "call_closed", _("Call closed")
    UNCLEAR = "expired_or_unclear", _("Ended, or not clear")


class Live(models.TextChoices):
    """How a policy stands today, computed from its dates."""

    OPEN = "open", pgettext_lazy("policy", "Open")
    CLOSING_SOON = "closing_soon", _("Closing soon")
    NOT_YET = "not_yet", _("Not open yet")
    UNCLEAR = "unclear", _("Ask whether it is open")
    CLOSED = "closed", pgettext_lazy("policy", "Closed")
    EXPIRED = "expired", _("No longer in force")
    SUPERSEDED = "superseded", _("Replaced by a newer one")

    @classmethod
    def running(cls) -> tuple["Live", ...]:
        """Return how a policy stands of which a tenant can make use, now or later."""
        return cls.OPEN, cls.CLOSING_SOON, cls.NOT_YET


class Closes(models.TextChoices):
    """When a policy closes, for the filter of the catalogue."""

    WITHIN_30 = "30", _("Within 30 days")
    LATER = "later", pgettext_lazy("deadline", "Later")
    NEVER = "none", _("No deadline")
