"""What can be read off a policy's rule and benefits: which stages and fields it is for, and how much it may bring."""

from decimal import Decimal

from enterprises.registry.models import Sector
from incubation.journey.stages import Stage
from park.rules.tree import Criterion, Rule
from park.rules.vocabulary import Op

from .kinds import Applicant, BenefitKind

COMPANY_STAGES = (Stage.STARTUP, Stage.GROWTH, Stage.ACCELERATED)
ALL_STAGES = tuple(Stage)
# Which stages an applicant of the kind can stand in; who is no tenant stands in none.
STAGES = {
    Applicant.TALENT: ALL_STAGES,
    Applicant.PROJECT: ALL_STAGES,
    Applicant.ENTERPRISE: COMPANY_STAGES,
    Applicant.PARK: (),
    Applicant.INVESTOR: (),
    Applicant.INSTITUTION: (),
}
STAGE_FACTS = {"enterprise.stage", "tenant.stage"}
SECTOR_FACTS = {"enterprise.sector", "project.sector", "tenant.sector"}
CASH = {BenefitKind.CASH.value, BenefitKind.SUBSIDY.value}


def _required(rule: Rule, keys: set[str]) -> set | None:
    """Return the values that every one who fits must have one of; None where the rule does not ask."""
    found = None
    for node in rule.conditions:
        if not isinstance(node, Criterion) or node.preferred or node.negated or node.when is not None:
            continue
        if node.test.fact.key in keys and node.test.op in {Op.EQ, Op.IN}:
            values = set(node.test.value if isinstance(node.test.value, tuple) else (node.test.value,))
            found = values if found is None else found & values
    return found


def stages(applicant: str, rule: Rule) -> list[str]:
    """Return the stages in which a tenant may fit, in their order."""
    possible, asked = STAGES[Applicant(applicant)], _required(rule, STAGE_FACTS)
    return [str(stage) for stage in possible if asked is None or stage in asked]


def sectors(applicant: str, rule: Rule) -> list[str]:
    """Return the fields in which a tenant may fit, in their order."""
    if not STAGES[Applicant(applicant)]:
        return []
    asked = _required(rule, SECTOR_FACTS)
    return [str(sector) for sector in Sector if asked is None or sector in asked]


def kinds_are_known(benefits: list[dict]) -> bool:
    """Tell whether of each benefit is said what it is: nothing counts as money because it has a ceiling."""
    return all(benefit.get("type") in BenefitKind.values for benefit in benefits)


def caps(benefits: list[dict]) -> list[Decimal]:
    """Return the ceilings in cash and CNY among the benefits."""
    return [
        Decimal(str(benefit["amount_max"]))
        for benefit in benefits
        if benefit.get("type") in CASH and benefit.get("currency") == "CNY" and benefit.get("amount_max") is not None
    ]


def amount_max(benefits: list[dict]) -> Decimal | None:
    """Return the largest ceiling in cash and CNY among the benefits; None where none is known."""
    return max(caps(benefits), default=None)
