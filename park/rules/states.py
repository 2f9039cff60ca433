"""The words for what a check finds: of one criterion, and of a whole rule."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """What is known of one criterion. One that does not apply to the subject is skipped."""

    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not met")
    UNKNOWN = "unknown", _("Not known yet")
    SKIPPED = "skipped", _("Does not apply")


class Verdict(models.TextChoices):
    """What a rule says of a subject.

    FITS: every condition is met. NOT_NOW: a condition is not met and cannot change any more. MAY_FIT: all between.
    """

    FITS = "fits", _("Fits")
    MAY_FIT = "may_fit", _("May fit")
    NOT_NOW = "not_now", _("Does not fit now")
