"""What is told of questions and of departments, and to whom."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Count, Q

from park.notices import actions as notices
from park.notices.kinds import Kind, Topic, register
from services.policies.models import Policy

from .models import Coordination, Question
from .states import QuestionState

KINDS = {
    "question-asked": (Topic.WORK, True),
    "question-due": (Topic.WORK, True),
    "question-late": (Topic.WORK, True),
    "question-answered": (Topic.POLICIES, False),
    "department-silent": (Topic.WORK, True),
    "department-answered": (Topic.WORK, True),
}  # its topic, and whether the reader may turn it down


def register_kinds() -> None:
    for name, (topic, mutable) in KINDS.items():
        register(Kind(name, topic, mutable=mutable, icon="doc"))


def officers():
    """Return the staff who write policies and answer for them."""
    permission = Permission.objects.filter(codename="change_policyversion", content_type__app_label="policies")
    people = get_user_model().objects.filter(is_active=True, is_staff=True)
    return people.filter(Q(groups__permissions__in=permission) | Q(user_permissions__in=permission)).distinct()


def desk_of(policy: Policy):
    """Return who answers for a policy: who wrote it, else the officer with the fewest open questions; None without."""
    author = policy.current.author if policy.current else None
    if author is not None and author.is_active and author.has_perm("policies.change_policyversion"):
        return author
    waiting = dict(
        Question.objects.filter(state=QuestionState.ASKED).values_list("owner").annotate(n=Count("pk")).order_by()
    )
    return min(officers(), key=lambda officer: (waiting.get(officer.pk, 0), officer.pk), default=None)


def tell(kind: str, people, question: Question, version: int = 1) -> None:
    current = question.policy.current
    notices.tell(
        kind, recipients=people, subject_id=question.pk, version=version,
        context={
            "title": current.title_en or current.title_zh_hans, "title_zh": current.title_zh_hans or current.title_en,
            "question": question.text, "answer": question.answer, "pk": question.pk, "slug": question.policy.slug,
        },
    )  # fmt: skip


def tell_of_silence(coordination: Coordination, version: int) -> None:
    _tell_of_department("department-silent", coordination, version)


def tell_of_answer(coordination: Coordination) -> None:
    _tell_of_department("department-answered", coordination, coordination.version)


def _tell_of_department(kind: str, coordination: Coordination, version: int) -> None:
    about = coordination.policy_version
    notices.tell(
        kind, recipients=[coordination.asked_by], subject_id=coordination.pk, version=version,
        context={
            "title": about.title_en or about.title_zh_hans, "title_zh": about.title_zh_hans or about.title_en,
            "department": coordination.department.name_en or coordination.department.name_zh_hans,
            "department_zh": coordination.department.name_zh_hans, "pk": coordination.pk,
        },
    )  # fmt: skip
