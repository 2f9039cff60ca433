"""Forms and calls of the demo park: versions in every state, by the verbs, and calls that were, are and will be."""

import copy
import datetime as dt

from django.utils import timezone

from incubation.intake.actions import forming
from incubation.intake.models import ApplicationForm, Call, FormVersion
from incubation.intake.seeds import GENERAL
from park.accounts.models import User
from park.workflow.calendar import BEIJING

SPACE = {
    "key": "rooms", "type": "entries", "min": 0, "max": 5, "required": False,
    "label_en": "Rooms you need", "label_zh": "所需房间", "entry_en": "Room", "entry_zh": "房间",
    "fields": [
        {"key": "use", "type": "choice", "label_en": "What for?", "label_zh": "用途", "choices": [
            {"value": "office", "label_en": "Office", "label_zh": "办公"},
            {"value": "laboratory", "label_en": "Laboratory", "label_zh": "实验室"},
            {"value": "pilot", "label_en": "Pilot line", "label_zh": "中试"}]},
        {"key": "size", "type": "whole_number", "min": 5, "max": 2000, "unit_en": "m²", "unit_zh": "平方米",
         "label_en": "Size", "label_zh": "面积"},
        {"key": "load", "type": "decimal", "required": False, "unit_en": "kN/m²", "unit_zh": "kN/㎡",
         "when": {"version": 1, "all": [
             {"fact": "needs.rooms.use", "op": "in", "value": ["laboratory", "pilot"]}]},
         "label_en": "Load on the floor", "label_zh": "楼面荷载"},
    ],
}  # fmt: skip
REVENUE = {
    "key": "revenue", "type": "money", "label_en": "Revenue of the last year", "label_zh": "上一年度营业收入",
    "hint_en": "Without tax", "hint_zh": "不含税",
}  # fmt: skip
CALLS = (  # slug, names, opens and closes in days from now, stages, places, what it is about, who may apply
    (
        "new-year-round", ("New year round", "新春专场"), -12, 33, ["project_pre", "enterprise_pre"], 16,
        (
            "Sixteen desks on the third floor come free in spring. Whoever is accepted starts with a mentor, a desk and"
            " help with the registration of the company.",
            "明年春季三层将有16个工位空出。入选者可获得工位、导师与注册协助。",
        ),
        (
            "People who studied or worked abroad, with a project and no company yet, or one that is being registered.",
            "有海外学习或工作经历、持有项目但尚未设立公司或正在注册公司的人员。",
        ),
    ),
    (
        "pilot-lines", ("Pilot lines", "中试专场"), 26, 71, ["growth", "accelerated"], 4,
        (
            "Four halls with high floor loads for companies that go from the laboratory to a small series.",
            "四间高荷载厂房，面向由实验室走向小批量生产的企业。",
        ),
        ("Companies with revenue, in any field of the park.", "已有收入、属于园区产业领域的企业。"),
    ),
    (
        "last-autumn", ("Last autumn round", "上一秋季专场"), -120, -75, [], None,
        ("For every stage and every field.", "面向各阶段、各领域。"), ("", ""),
    ),
)  # fmt: skip


def store(staff: dict[str, User]) -> None:
    """Store the versions of both forms, and the calls."""
    writer, second = staff["intake@park.example"], staff["intake2@park.example"]
    manager = staff["manager@park.example"]
    general = ApplicationForm.objects.get(slug=GENERAL)
    discarded = forming.start_version(form=general, by=second, based_on=general.in_use)
    forming.discard_version(form=discarded, by=second, note="Begun twice.")
    waiting = forming.start_version(form=general, by=writer, based_on=general.in_use)
    write(waiting, extended(waiting.definition, "needs", SPACE), writer, "Added: Rooms you need")
    forming.send(form=waiting, by=writer, note="Rooms are asked for one by one now.")
    draft = forming.start_version(form=general, by=second, based_on=waiting)
    write(draft, with_empty_part(draft.definition), second, "Added: Family")
    growth = store_growth(general.in_use, writer, manager)
    store_calls(growth)


def store_growth(based_on: FormVersion, writer: User, manager: User) -> ApplicationForm:
    """Store the form for companies: a version out of use, and the one that replaced it."""
    first = forming.start_form(
        slug="growth", name_en="Application of a company", name_zh="企业入园申请表", by=writer
    )  # fmt: skip
    write(first, copy.deepcopy(based_on.definition), writer, "Taken in from a file")
    forming.send(form=first, by=writer)
    forming.publish(form=first, by=manager)
    second = forming.start_version(form=first.form, by=writer, based_on=first)
    write(second, extended(second.definition, "market", REVENUE), writer, "Added: Revenue of the last year")
    forming.send(form=second, by=writer)
    forming.publish(form=second, by=manager)
    return first.form


def write(version: FormVersion, definition: dict, by: User, what: str) -> None:
    forming.write(form=version, definition=definition, by=by, what=what)


def extended(definition: dict, task: str, question: dict) -> dict:
    """Return a form with one more question at the end of a task."""
    changed = copy.deepcopy(definition)
    entry = next(each for part in changed["parts"] for each in part["tasks"] if each["key"] == task)
    entry["fields"].append(copy.deepcopy(question))
    return changed


def with_empty_part(definition: dict) -> dict:
    """Return a form somebody is still at: its last part has no task yet."""
    changed = copy.deepcopy(definition)
    changed["parts"].append({"key": "family", "label_en": "Family", "label_zh": "家属", "tasks": []})
    return changed


def store_calls(growth: ApplicationForm) -> None:
    """Store a call that is open, one that opens later, and one that is over."""
    today = timezone.now().astimezone(BEIJING).replace(hour=9, minute=0, second=0, microsecond=0)
    for slug, (name_en, name_zh), opens, closes, stages, places, about, who in CALLS:
        Call.objects.create(
            slug=slug, name=name_en, name_en=name_en, name_zh_hans=name_zh, stages=stages, places=places,
            opens_at=today + dt.timedelta(days=opens), closes_at=today + dt.timedelta(days=closes, hours=8),
            form=growth if "growth" in stages else None, about=about[0], about_en=about[0], about_zh_hans=about[1],
            who=who[0], who_en=who[0], who_zh_hans=who[1],
        )  # fmt: skip
