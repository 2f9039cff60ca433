"""The way of an application, as a table: states, moves, whose move, which clock."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Sent")
    SCREENING = "screening", _("Being checked")
    MORE_INFO = "more_info", _("We need something from you")
    IN_REVIEW = "in_review", _("Expert review")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CLOSED = "closed", _("Closed")
