"""Which tenants have acted on a policy already: they are not reminded of it. Rooms add their own answers.

    acted.register(lambda: Exists(Claim.objects.filter(   # in AppConfig.ready
        tenant=OuterRef("tenant"), policy=OuterRef("version__policy"),
    )))
"""

from collections.abc import Callable

from django.db.models import Q

Condition = Callable[[], object]  # returns a condition over rows of ``Verdict``
_conditions: list[Condition] = []


def register(condition: Condition) -> Condition:
    """Add an answer to "has this tenant acted?": a claim begun, "not for me" said."""
    if condition not in _conditions:
        _conditions.append(condition)
    return condition


def waiting(verdicts):
    """Return those of these verdicts whose tenant has not acted on the policy yet."""
    for condition in _conditions:
        verdicts = verdicts.filter(~Q(condition()))
    return verdicts
