"""What is kept beside policies, valid as it comes."""

from itertools import count

from services.interpretation import actions
from services.interpretation.models import Coordination, Department, Involvement, Question

from .accounts import make_user
from .policies import make_officer, make_policy

number = count(1)


def make_department(**fields) -> Department:
    nth = next(number)
    standard = {"name_en": f"Department {nth}", "name_zh_hans": f"部门{nth}", "email": f"d{nth}@dept.example"}
    return Department.objects.create(**standard | fields)


def make_involvement(policy, **fields) -> Involvement:
    department = fields.pop("department", None) or make_department()
    return Involvement.objects.create(policy=policy, department=department, **{"asked": "Is it right?"} | fields)


def make_coordination(version, *, by=None, **fields) -> Coordination:
    return actions.ask(
        policy_version=version, by=by or version.author,
        **{"department": fields.pop("department", None) or make_department(), "asked": "Is the amount right?"} | fields,
    )  # fmt: skip


def make_question(*, policy=None, by=None, **fields) -> Question:
    return actions.ask_question(
        policy=policy or make_policy(), by=by or make_user(),
        **{"topic": "condition", "text": "Do interns count?"} | fields,
    )  # fmt: skip


PUBLIC = {
    "public_question_en": "Do interns count?", "public_question_zh_hans": "实习生是否计入？",
    "public_answer_en": "No.", "public_answer_zh_hans": "不计入。",
}  # fmt: skip


def make_published(**fields) -> Question:
    question, officer = make_question(**fields), make_officer()
    actions.answer_question(question=question, by=officer, note="No, only those with a contract.")
    actions.publish(question=question, by=officer, **PUBLIC)
    return question
