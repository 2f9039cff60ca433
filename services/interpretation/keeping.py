"""What this room asks of a version on its way: plain words before it is sent, every department before approval."""

from django.utils.translation import gettext as _

from services.policies.beside import Beside
from services.policies.models import PolicyVersion

from . import actions
from .models import Coordination, Involvement
from .states import CoordinationState


def missing(version: PolicyVersion) -> list[str]:
    return [] if version.articles.exists() else [_("the interpretation: articles in plain words")]


def hindrances(version: PolicyVersion) -> list[str]:
    """Return a sentence for each department that has a part and neither answered nor was passed over."""
    asked = list(
        Coordination.objects.filter(policy_version=version)
        .exclude(state=CoordinationState.CALLED_OFF)
        .select_related("department")
    )
    waiting = [each.department for each in asked if each.state == CoordinationState.ASKED]
    known = {each.department_id for each in asked}
    never = [
        part.department
        for part in Involvement.objects.filter(policy=version.policy_id).select_related("department")
        if part.department_id not in known and part.department.is_active
    ]
    return [
        *(_("%(department)s has not answered yet.") % {"department": each} for each in waiting),
        *(_("%(department)s has a part in it and was not asked.") % {"department": each} for each in never),
    ]


def sent(version: PolicyVersion, by) -> None:
    actions.ask_involved(policy_version=version, by=by)


BESIDE = Beside(carry=actions.carry, missing=missing, sent=sent, hindrances=hindrances)
