"""The way of a form version, as a table: written, looked through by a second person, in use, out of use."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from park.workflow.machine import Machine, Move


class FormState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("form", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("form", "Being checked")
    PUBLISHED = "published", pgettext_lazy("form", "In use")
    RETIRED = "retired", pgettext_lazy("form", "Out of use")
    DISCARDED = "discarded", pgettext_lazy("form", "Discarded")


DRAFT, IN_REVIEW, PUBLISHED, RETIRED, DISCARDED = map(str, FormState.values)
WRITER, PUBLISHER, SYSTEM = "writer", "publisher", "system"
WRITING = ("draft", "write", "send")  # whoever made one of these on a version does not put it into use

MACHINE = Machine(
    "form version",
    FormState,
    (
        Move("draft", (), DRAFT, WRITER, pgettext_lazy("form", "Start a version")),
        Move("write", DRAFT, None, WRITER, pgettext_lazy("form", "Change")),
        Move("send", DRAFT, IN_REVIEW, WRITER, _("Send for checking")),
        Move("return", IN_REVIEW, DRAFT, PUBLISHER, _("Return for changes"), note_required=True),
        Move("publish", IN_REVIEW, PUBLISHED, PUBLISHER, _("Put into use"), other_than=WRITING),
        Move("replace", PUBLISHED, RETIRED, SYSTEM, _("Replace by a newer version")),
        Move("retire", PUBLISHED, RETIRED, PUBLISHER, _("Take out of use"), note_required=True),
        Move("discard", (DRAFT, IN_REVIEW), DISCARDED, WRITER, _("Discard this version")),
    ),
    finals=(RETIRED, DISCARDED),
)
