"""What this floor adds to a company's public card."""

from enterprises.registry.models import PublicField
from enterprises.registry.showcase import shows

from .models import Tenant
from .stages import Stage


@shows(PublicField.STAGE)
def stages(enterprises) -> dict[int, str]:
    """Return the stage of each company that is in the park now."""
    standing = Tenant.objects.in_the_park().filter(enterprise__in=enterprises).values_list("enterprise", "stage")
    return {enterprise: str(Stage(stage).label) for enterprise, stage in standing}
