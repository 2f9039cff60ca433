"""How large the park is: the counts that ``manage.py demo`` prints and the tests compare."""

from django.apps import apps

COUNTED = {
    "talents": "profiles.Talent", "honours": "profiles.Honour", "enterprises": "registry.Enterprise",
    "founders": "registry.Founder", "recognitions": "growth.Recognition", "ip_rights": "growth.IPRight",
    "financing_rounds": "growth.FinancingRound", "tenants": "journey.Tenant", "facts": "facts.Fact",
    "policies": "policies.Policy", "verdicts": "policies.Verdict", "institutions": "intermediaries.Institution",
    "requests": "intermediaries.ServiceRequest", "applications": "intake.Application", "notices": "notices.Notice",
}  # fmt: skip


def park() -> dict[str, int]:
    """Return the number of rows by name."""
    return {name: apps.get_model(model).objects.count() for name, model in COUNTED.items()}
