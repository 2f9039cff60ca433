"""What happens when a department is silent, or an answer to a question is due or late (see ``apps.py``)."""

from . import telling
from .models import Coordination, Question


def department_is_silent(clocks) -> None:
    for clock in clocks:
        found = Coordination.objects.select_related("policy_version", "department", "asked_by")
        telling.tell_of_silence(found.get(pk=clock.object_id), version=clock.pk)


def question_is_due(clocks) -> None:
    _tell("question-due", clocks)


def question_is_late(clocks) -> None:
    _tell("question-late", clocks)


def _tell(kind: str, clocks) -> None:
    for clock in clocks:
        question = Question.objects.select_related("policy__current", "owner").get(pk=clock.object_id)
        telling.tell(kind, [question.owner] if question.owner else telling.officers(), question, version=clock.pk)
