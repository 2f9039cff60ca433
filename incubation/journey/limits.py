"""How long a tenant may stay in a stage and in all, by dated rules."""

import datetime as dt

from dateutil.relativedelta import relativedelta

from .models import StageGuide, StageLimit, Tenant
from .stages import Stage


def months(stage: str, sector: str, day: dt.date) -> int | None:
    """Return how many months a stay in a stage (``""``: in all) may last; a rule for the field goes first."""
    rules = StageLimit.objects.on(day).filter(stage=stage, sector__in=[sector, ""])
    found = rules.order_by("-sector", "-since").values_list("months", flat=True).first()
    if found is None and stage:
        found = StageGuide.objects.filter(stage=stage).values_list("months_to", flat=True).first()
    return found


def due(tenant: Tenant, stage: Stage, day: dt.date) -> dt.date | None:
    """Return the day by which a tenant that enters a stage on ``day`` should stand at the next gate."""
    found = months(stage, tenant.sector, day)
    return day + relativedelta(months=found) if found else None
