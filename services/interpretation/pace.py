"""How fast policies come to those they are for, and how clear they are: a page of the staff's desk."""

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.utils import timezone

from park.workflow.models import Clock
from services.policies import measuring
from services.policies.models import PolicyVersion
from services.policies.states import State

from .models import Clarity, Question

A_PAGE = 50
COUNTED = (State.DRAFT, State.IN_REVIEW, State.APPROVED, State.SCHEDULED, State.RELEASED)


def shown(page: str | None, late: bool) -> dict:
    """Return the rows of a page, and the medians over all: a constant number of statements.

    ``late`` leaves only those whose handbook came later than promised, or is still to come.
    """
    versions = (
        PolicyVersion.objects.filter(state__in=COUNTED)
        .select_related("policy")
        .defer("rule", "benefits", "documents", "steps", "policy__search")
        .order_by("-policy__issued_on", "-pk")
    )
    everything = measuring.of(versions)
    chosen = [pace for pace in everything if pace.handbook_late] if late else everything
    listed = Paginator(chosen, A_PAGE).get_page(page)
    ids = [pace.version.pk for pace in listed.object_list]
    voices = {
        entry["version"]: entry
        for entry in Clarity.objects.filter(version__in=ids)
        .order_by()
        .values("version")
        .annotate(yes=Count("pk", filter=Q(clear=True)), no=Count("pk", filter=Q(clear=False)))
    }
    waiting = Question.objects.filter(policy__in=[pace.version.policy_id for pace in listed.object_list])
    overdue = Clock.objects.of_all(Question, waiting.filter(state="asked").values("pk")).running()
    overdue = overdue.filter(due_at__lt=timezone.now()).values("object_id")
    asked = {
        entry["policy"]: entry
        for entry in waiting.order_by()
        .values("policy")
        .annotate(asked=Count("pk"), late=Count("pk", filter=Q(pk__in=overdue)))
    }
    return {
        "page_obj": listed,
        "late": late,
        "late_count": sum(pace.handbook_late for pace in everything),
        "to_release": measuring.middle(pace.to_release for pace in everything),
        "to_first_read": measuring.middle(pace.to_first_read for pace in everything),
        "rows": [
            {
                "pace": pace,
                "state": pace.version.get_state_display(),
                "voices": voices.get(pace.version.pk, {"yes": 0, "no": 0}),
                "questions": asked.get(pace.version.policy_id, {"asked": 0, "late": 0}),
            }
            for pace in listed.object_list
        ],
    }
