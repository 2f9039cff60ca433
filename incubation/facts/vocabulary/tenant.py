"""What the park itself knows of a tenant."""

from django.utils.translation import gettext_lazy as _

from incubation.facts.vocabulary.choices import SECTORS, STAGES, ZONES
from incubation.facts.vocabulary.kinds import NO, choice

TENANT = (
    choice("tenant.stage", _("Stage in the park"), _("Which stage of the park are you in?"), choices=STAGES),
    choice(
        "tenant.sector",
        _("Field of the project or company"),
        _("In which field do you work?"),
        choices=SECTORS,
        change=NO,
    ),
    choice("tenant.zone", _("Zone where you are settled"), _("In which zone are you settled?"), choices=ZONES),
)
