"""What this floor adds to a company's public card."""

from enterprises.registry.models import PublicField
from enterprises.registry.showcase import shows

from .models import TenantFact


@shows(PublicField.HEADCOUNT)
def headcounts(enterprises) -> dict[int, int]:
    """Return how many people work in each company, where that is known."""
    known = TenantFact.objects.filter(tenant__enterprise__in=enterprises, enterprise_headcount__isnull=False)
    return dict(known.values_list("tenant__enterprise", "enterprise_headcount"))
