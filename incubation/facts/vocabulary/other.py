"""Facts about a single matter: one entry, one investment."""

from django.utils.translation import gettext_lazy as _

from incubation.facts.vocabulary.kinds import GROWS, NO, count, flag
from incubation.facts.vocabulary.units import MONTHS

OTHER = (
    flag("case.urgent", _("Entry is urgent"), _("Is the entry urgent?"), change=NO, who="other"),
    count(
        "investment.held_months",
        _("Time the investment has been held"),
        _("For how many months has the investment been held?"),
        unit=MONTHS,
        change=GROWS,
        who="other",
    ),
)
